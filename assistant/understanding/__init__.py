"""A message, understood without a model: what it tells of a patient, how it asks, and what it points back at."""
