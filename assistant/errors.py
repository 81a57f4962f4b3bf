"""The errors of the assistant, each saying what to do next; those of the index stand in `index.errors`.

AssistantFault
└── UnusableRequest    what was asked for can't be done as it was asked
    ├── UnusableQuestion   empty, or longer than the assistant reads
    └── UnusableSettings   a setting that can't be what was given
"""


class AssistantFault(Exception):
    """Something that stops the assistant's work. `str()` is what a user reads."""


class UnusableRequest(AssistantFault):
    """Something asked for in a way that can't be done: wrong usage."""


class UnusableQuestion(UnusableRequest):
    """A question that is empty or too long."""


class UnusableSettings(UnusableRequest):
    """A setting, from the environment or the command line, that can't be what was given."""
