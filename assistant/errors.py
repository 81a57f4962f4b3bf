"""The errors of the assistant, each saying what to do next; those of the index stand in `index.errors`.

AssistantFault
├── UnusablePrompt     a prompt's file that its caller can't fill
└── UnusableRequest    what was asked for can't be done as it was asked
    ├── UnusableQuestion   empty, or longer than the assistant reads
    └── UnusableSettings   a setting that can't be what was given
ModelFault             why a chat model gave no usable answer; never reaches a user: the answer is worded without it
"""


class AssistantFault(Exception):
    """Something that stops the assistant's work. `str()` is what a user reads."""


class UnusablePrompt(AssistantFault):
    """A prompt's file whose variables are not those that its caller fills."""


class UnusableRequest(AssistantFault):
    """Something asked for in a way that can't be done: wrong usage."""


class UnusableQuestion(UnusableRequest):
    """A question that is empty or too long."""


class UnusableSettings(UnusableRequest):
    """A setting, from the environment or the command line, that can't be what was given."""


class ModelFault(Exception):
    """A chat model gave no usable answer. `str()` is the reason, said of "it"; the answer is then worded without the model."""

    def __init__(self, reason: str, *, out_of_reach: bool = False) -> None:
        super().__init__(reason)
        self.out_of_reach = out_of_reach
        """Whether asking it something else is of no use either."""
