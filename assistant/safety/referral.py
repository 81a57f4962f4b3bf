"""The reply to a danger: who to call now, in the fewest words, and nothing else."""

from functools import cache

from assistant.reply import Reply, Sentence
from assistant.safety.tables import rows
from assistant.safety.triage import Danger


def referral(danger: Danger, country: str | None = None) -> Reply:
    """Where to turn. `country`: ISO 3166, as "GB" or "en_GB"; an unknown one gets the numbers of several."""
    emergency, crisis = _numbers((country or "*").replace("-", "_").split("_")[-1].upper())
    said: tuple[str, ...]
    if danger.route == "crisis":
        said = (
            "I am sorry that it is this hard. You do not have to face it alone.",
            f"Please call {crisis} now.",
            f"If you have taken something, or may act on it soon, call {emergency}.",
            "Stay with someone you trust until you have spoken to a person.",
        )
    else:
        said = (
            "This can be an emergency.",
            f"Call {emergency} now. Or have someone take you to the nearest emergency department.",
            "Do not wait for an answer here.",
            "If you are in a trial, say so to the ambulance crew. Then have someone call the study team.",
        )
        if danger.category == "overdose":
            said = (*said, f"If you did this to end your life, {crisis} is there for you too.")
    return Reply(kind="emergency", sentences=tuple(map(Sentence, said)))


@cache
def _table() -> dict[str, tuple[str, str]]:
    return {row["country"]: (row["emergency"], row["crisis"]) for row in rows("help.tsv")}


def _numbers(country: str) -> tuple[str, str]:
    return _table().get(country, _table()["*"])
