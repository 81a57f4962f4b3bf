"""When one line decides, and when it must not."""

import pytest

from assistant.chat.question import read_question
from assistant.chat.rules import PER_PROTOCOL, decides
from assistant.chat.synonyms import concepts
from index.trial import Criterion, Span


def verdict(kind: str, criterion: str, question: str) -> str | None:
    read = read_question(question)
    line = Criterion("T/x/1", kind, criterion, Span("d", 0, 1))  # type: ignore[arg-type]
    return decides(line, read, concepts(question, read.stems))


@pytest.mark.parametrize(
    ("kind", "criterion", "question", "expected"),
    [
        pytest.param(
            "exclusion", "Pulmonary fibrosis", "I have lung scarring. Can I join?", "no", id="named without a qualifier"
        ),
        pytest.param(
            "exclusion", "Pulmonary fibrosis", "Does lung scarring rule me out?", "yes", id="the same asked the other way round"
        ),
        pytest.param("exclusion", "Active gout", "Does gout rule me out?", "depends", id="active is a qualifier"),
        pytest.param(
            "exclusion", "Stroke within 6 months", "I had a stroke. Can I join?", "depends", id="a window is a qualifier"
        ),
        pytest.param(
            "exclusion",
            "Pulmonary fibrosis",
            "I have no lung scarring. Can I join?",
            "depends",
            id="a denied condition never counts as had",
        ),
        pytest.param(
            "exclusion",
            "Thyroid disease, except stable hypothyroidism",
            "My underactive thyroid is stable. Does it rule me out?",
            "no",
            id="exception met in full",
        ),
        pytest.param(
            "exclusion",
            "Thyroid disease, except stable hypothyroidism",
            "Does my underactive thyroid rule me out?",
            "depends",
            id="exception's qualifier not said",
        ),
        pytest.param(
            "exclusion",
            "Thyroid disease, except stable hypothyroidism",
            "My underactive thyroid is stable. Can I join?",
            "depends",
            id="one line never lets anybody in",
        ),
        pytest.param(
            "inclusion", "Confirmed asthma", "I have asthma. Can I join?", "depends", id="an inclusion line never decides alone"
        ),
        pytest.param("exclusion", "Gout", "I have psoriasis. Can I join?", None, id="not about it"),
        pytest.param(
            "exclusion", "Pregnant or lactating women", "I am a woman. Can I join?", "depends", id="a sex is no condition"
        ),
        pytest.param(
            "exclusion",
            "Women who are pregnant, or who plan a pregnancy during the study",
            "I am pregnant. Can I join?",
            "no",
            id="each relative clause has its own qualifiers",
        ),
        pytest.param("exclusion", "Cirrhosis", "I have a liver cyst. Can I join?", "depends", id="one organ, another disease"),
        pytest.param(
            "exclusion", "Rheumatoid arthritis", "I have lupus. Can I join?", "depends", id="one family, another disease"
        ),
        pytest.param(
            "exclusion", "Second malignancy", "I have cancer. Can I join?", "depends", id="only a part of the line is said"
        ),
        pytest.param("exclusion", "Gout", "My mother has gout. Can I join?", "depends", id="a relative's disease"),
        pytest.param("exclusion", "Gout", "My mother has gout. Can she join?", "no", id="asked for the relative"),
        pytest.param(
            "exclusion", "Hepatitis B", "I was vaccinated against hepatitis B. Can I join?", "depends", id="vaccinated"
        ),
        pytest.param("exclusion", "Gout", "I might have gout. Can I join?", "depends", id="not sure"),
        pytest.param(
            "exclusion", "pregnant/breastfeeding", "She is breastfeeding. Can she join?", "no", id="two conditions in one line"
        ),
        pytest.param(
            "exclusion",
            "Uncontrolled diabetes, hypertension or gout",
            "I have gout. Can I join?",
            "depends",
            id="a qualifier may hold for the whole list",
        ),
        pytest.param(
            "exclusion",
            "Other cancer, except basal cell carcinoma",
            "I had a melanoma. Does it rule me out?",
            "depends",
            id="a neighbour of the exception",
        ),
        pytest.param(
            "exclusion",
            "Dialysis; patients with gout may be included",
            "I have gout. Can I join?",
            "depends",
            id="a line that lets some in",
        ),
    ],
)
def test_one_line(kind: str, criterion: str, question: str, expected: str | None) -> None:
    assert verdict(kind, criterion, question) == expected


@pytest.mark.parametrize(
    ("text", "defers"),
    [
        pytest.param("Adequate marrow reserve per protocol thresholds", True, id="per protocol"),
        pytest.param("Other protocol-specified exclusions", True, id="protocol-specified"),
        pytest.param("Able to comply with the protocol", False, id="complying with it"),
        pytest.param("Protocol treatment must start within 7 days", False, id="protocol treatment"),
    ],
)
def test_what_defers_to_the_protocol(text: str, defers: bool) -> None:
    assert bool(PER_PROTOCOL.search(text)) is defers
