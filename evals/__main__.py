"""`python -m evals …`: the same as `eligibility eval …`."""

import sys

from assistant.interfaces.cli import main

if __name__ == "__main__":
    sys.exit(main(["eval", *sys.argv[1:]]))
