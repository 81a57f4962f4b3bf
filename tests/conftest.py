"""What holds for all tests: an example may take its time, for the first reads the tables and machines differ."""

from hypothesis import settings

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
