"""Verdicts as answers: of the lines that a question about a person is decided by, or of all lines together."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Final, Literal

from assistant.eligibility.assessment import Assessment, CriterionVerdict
from assistant.eligibility.bounds.spoken import NOTHING, Spoken, spoken, touch
from assistant.eligibility.patient import Words
from assistant.reply import Citation, Finding, Reply, ReplyKind, Sentence, Verdict
from assistant.voices import sentence

MOST: Final = 4
"""Lines of a question said one by one."""
LONG: Final = 400
"""Characters of a line that are said; its citation has all of it."""
SHORT: Final = 80
"""Characters of a line that is only named."""
MOST_LINES: Final = 8
"""Lines that decide a check and are said in words; the assessment holds them all."""
MOST_BESIDE: Final = 3
"""Sentences of the plain answer said beside a verdict."""
MOST_MET: Final = 6
"""Lines that are met and are named in a check."""
MOST_OPEN: Final = 3
"""Lines said to be open, where none decides."""
_WHAT_IS_DONE: Final = frozenset({"arms", "interventions", "description", "summary"})
"""Sections that say nothing of who may take part."""
_FIRM: Final = frozenset({"yes", "no"})
_NUMBER: Final = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|(?:day|week|month|year)s?)\b", re.IGNORECASE
)
_AGED: Final = re.compile(r"\bage[ds]?\b|\byears?\b|\bolder\b|\byounger\b", re.IGNORECASE)
_DECIDED: Final = frozenset({"satisfied", "violated", "not_applicable"})


@dataclass(frozen=True, slots=True)
class Asked:
    """How a question is put."""

    excluded: bool
    """It asks whether something rules out, so that "yes" is the bad news."""
    whole: bool
    """It asks about joining as a whole, which no line alone lets anybody do."""
    picked: frozenset[str]
    """Ids of the criteria that the question's own words lead to."""
    when: bool
    """It asks from which day on a line is met."""
    tells: bool
    """The message tells something of the patient itself, so that it is not about what was told before."""
    since: int
    """Where the message begins in the patient's text: what was told before is known, but not what is asked about."""
    changed: frozenset[str] | None = None
    """Of what is only supposed: ids of the lines that it changes."""
    person: frozenset[Words] = frozenset()
    """The words that tell the sex, or the age of somebody of whom more is told and asked."""
    of_sex: bool = False
    """The sex is all that the message tells, by more than a pronoun: else no line is in question for it beside earlier words."""
    of_a_thing: bool = False
    """Its last words name what it asks about ("do the tablets rule me out?"), so that a line on the age alone is no answer."""
    several: int = 0
    """How many things it asks about: "both", "all three"."""
    named: frozenset[Words] = frozenset()
    """The words that it asks the verdict on, of all that it tells ("excluded on Hb?"); none where it names nothing."""
    partly: bool = False
    """Something that the message tells was not understood, so that nobody passes for sure."""
    about: Spoken = NOTHING
    """What the question itself speaks of, beside what was told before it."""
    measures: Literal["age", "any"] | None = None
    """It asks whether a number or a time fits, an age or another one."""


def judged(
    assessment: Assessment,
    asked: Asked,
    alone: Callable[[], Assessment],
    by_its_words: Callable[[], CriterionVerdict | None],
) -> Reply | None:
    """The answer of the lines in question, or None where none of them bears on what was told.

    `alone`: the same patient, the lines asked of what is told alone; `by_its_words`: the line that one bound or one permission of it
    decides.
    """
    lines = in_question(assessment.criteria, asked)
    if (
        not lines and not asked.whole and asked.tells and asked.changed is None
    ):  # one limb denied shows in no line that others keep open
        lines = [line for line in in_question(alone().criteria, asked) if line.status == "satisfied"]
    found = by_its_words() if asked.measures else None
    if asked.measures and not asked.when:
        lines = by_one_part([one for one in lines if _measures(one, asked)], asked, found)
    if not asked.whole and any(_told_of(line) for line in lines):
        lines = _weighed(on_what_was_told(lines, alone().criteria))
    contradicted = _contradicted(assessment)
    if not lines or outcome(lines, asked, contradicted)[1] == "depends":
        lines = by_one_part(lines, asked, found or by_its_words())
    if not lines:
        return None
    kind, verdict = outcome(lines, asked, contradicted)
    shown = _shown(lines, asked)
    cited = list(dict.fromkeys(line.citation for line in shown))
    findings = _bearing(assessment, shown, cited)
    contradictory = (Sentence(one.text, one.citations) for one in findings if one.kind == "contradiction")
    return Reply(
        kind=kind,
        verdict=verdict,
        sentences=(*_sentences(shown, verdict, asked, cited), *contradictory),
        citations=tuple(cited),
        trials=(assessment.trial,),
        findings=findings,
        next_question=assessment.next_question.text if assessment.next_question and asked.whole else None,
    )


def in_question(lines: Sequence[CriterionVerdict], asked: Asked) -> list[CriterionVerdict]:
    """The lines that bear on this message's facts and on its words; else on the one that says more.

    Of a question about joining every line that this message's facts fail is in question; where it tells nothing ("so can she
    join?"), every line that anything told before fails.
    """
    if asked.changed is not None:
        return [line for line in lines if line.id in asked.changed]
    touched = [line for line in lines if _touched(line, asked)]
    if not asked.whole:
        touched = [line for line in touched if touch(spoken(line.text), asked.about)] or touched
    known = [line for line in lines if line.patient_evidence and line.id in asked.picked]
    if asked.whole and not asked.tells:
        failed = [line for line in lines if line.patient_evidence and line.status in {"violated", "conflicting"}]
        return list(dict.fromkeys((*failed, *known)))
    failed = [line for line in touched if line.status in {"violated", "conflicting"}]
    both = _weighed([line for line in touched if line.id in asked.picked])
    if asked.whole:
        return list(dict.fromkeys((*failed, *both, *known)))
    decided = [line for line in both if line.status in _DECIDED]
    silent = [line for line in lines if line.id in asked.picked and line.status == "unknown"][:MOST_OPEN]
    return decided or failed or both or ([] if asked.tells else known or silent)


def _touched(line: CriterionVerdict, asked: Asked) -> bool:
    """Whether something that this message tells bears on a line; of the person alone, a line that this fails by itself."""
    new = [words for words in line.patient_evidence if words.start >= asked.since]
    if asked.named and not asked.named & set(new):
        return False
    if asked.of_sex or any(words not in asked.person for words in new):
        return bool(new)
    if asked.of_a_thing and not asked.whole:
        return False
    return bool(new) and len(new) == len(line.patient_evidence) and line.status in {"violated", "conflicting"}


def _measures(line: CriterionVerdict, asked: Asked) -> bool:
    """Whether a line can answer whether a number fits: it has one, of an age where that is asked; or it fails."""
    numbers = _AGED if asked.measures == "age" else _NUMBER
    return line.status in {"violated", "conflicting"} or numbers.search(line.text) is not None


def _weighed(lines: list[CriterionVerdict]) -> list[CriterionVerdict]:
    """The lines without those of another group, and those beside which the patient's words only stand, where others weigh them."""
    bound = [line for line in lines if line.status != "not_applicable"] or lines
    return [line for line in bound if line.weighed] or bound


def on_what_was_told(lines: Sequence[CriterionVerdict], alone: Sequence[CriterionVerdict]) -> list[CriterionVerdict]:
    """The lines, an open one as passed where what was told passes it: what the line names beside was not asked about.

    "I had a transfusion 7 weeks ago, does that rule me out?" is asked of the transfusion, not of the iron that the line names beside.
    """
    passed = {line.id: line for line in alone if line.status == "satisfied"}
    return [passed.get(line.id, line) if _told_of(line) else line for line in lines]


def by_one_part(lines: list[CriterionVerdict], asked: Asked, found: CriterionVerdict | None) -> list[CriterionVerdict]:
    """The line that one bound or permission decides in place of lines that are open; of joining as a whole only a failed one."""
    if found is None or asked.when or (found.status != "violated" and asked.whole and lines):
        return lines
    return [found]


def _told_of(line: CriterionVerdict) -> bool:
    return line.status == "unknown" and bool(line.patient_evidence)


def outcome(
    lines: Sequence[CriterionVerdict], asked: Asked, contradicted: Collection[str] = ()
) -> tuple[ReplyKind, Verdict | None]:
    """The kind of reply and the verdict to the question as it is put: a failed line decides, an open one leaves it open.

    `contradicted`: ids of lines that the record itself contradicts; failing one of those decides nothing.
    """
    if asked.when:
        return "answer", None
    statuses = {"conflicting" if line.id in contradicted else line.status for line in lines}
    if "violated" in statuses:
        return "answer", "yes" if asked.excluded else "no"
    if statuses == {"needs_protocol"}:
        return "not_stated", None
    of_others = statuses == {"not_applicable"} and not asked.excluded  # a line for others is neither met nor failed
    weighed = {words for line in lines for words in line.patient_evidence if words not in asked.person}
    partly = asked.partly or len(weighed) < asked.several
    advised = statuses == {"satisfied"} and not any(line.weighed or line.assumed for line in lines)
    if asked.whole or partly or of_others or advised or not statuses <= _DECIDED:
        return "answer", "depends"
    return "answer", "no" if asked.excluded else "yes"


def _contradicted(assessment: Assessment) -> frozenset[str]:
    found = (finding for finding in assessment.findings if finding.kind == "contradiction")
    return frozenset(assessment.criteria[at].id for finding in found for at in finding.citations)


def _shown(lines: Sequence[CriterionVerdict], asked: Asked) -> list[CriterionVerdict]:
    """The lines said, those that decide first."""
    order = ("violated", "conflicting", "needs_protocol", "unknown", "satisfied", "not_applicable")
    ranked = sorted(lines, key=lambda line: (order.index(line.status), line.id not in asked.picked))
    return ranked[:MOST]


_LEADS: Final[dict[tuple[Verdict | None, bool], str]] = {  # a plain no and "it depends" are the verdict's to say
    ("yes", False): "yes-point",
    ("yes", True): "yes-out",
    ("no", True): "no-out",
}


def _sentences(
    lines: Sequence[CriterionVerdict], verdict: Verdict | None, asked: Asked, cited: Sequence[Citation]
) -> Sequence[Sentence]:
    lead = _LEADS.get((verdict, asked.excluded), "")
    said = [Sentence(f"{_label(line)}: {_quoted(line)} {line.reason}", (cited.index(line.citation),)) for line in lines]
    first = (cited.index(lines[0].citation),)
    changes = [sentence("would-change", first, change=line.would_change) for line in lines[:1] if line.would_change]
    close = [sentence("close")] if verdict in {"yes", "depends"} else []
    return [*([sentence(lead, first)] if lead else []), *said, *changes, *close]


def _quoted(line: CriterionVerdict, most: int = LONG) -> str:
    """The line in its own words; a long one by its beginning."""
    return f"“{shorten(' '.join(line.text.split()), most, placeholder=' …')}”"


def _label(line: CriterionVerdict) -> str:
    return f"{line.kind.capitalize()} {line.id.rpartition('/')[2]}"


def _bearing(assessment: Assessment, shown: Collection[CriterionVerdict], cited: list[Citation]) -> tuple[Finding, ...]:
    """The record's own faults on the lines shown; what they quote beside is cited too."""
    ids = {line.id for line in shown}
    found = []
    for finding in assessment.findings:
        lines = [assessment.criteria[at] for at in finding.citations]
        if any(line.id in ids for line in lines):
            cited.extend(line.citation for line in lines if line.citation not in cited)
            found.append(Finding(finding.kind, finding.text, tuple(cited.index(line.citation) for line in lines)))
    return tuple(found)


def of_all(assessment: Assessment, *, asked: bool) -> Reply:
    """A check as an answer: what comes of it, how much is decided, and the lines that decide it, each with its citation.

    `asked`: the message was a question, so that the reply has a verdict: "no", or "depends" for whatever is not ruled out.
    """
    deciding = [line for line in assessment.criteria if line.status in {"violated", "conflicting"}][:MOST_LINES]
    lines = deciding or [line for line in assessment.criteria if line.status in {"unknown", "needs_protocol"}][:MOST_OPEN]
    beside = [assessment.criteria[at] for finding in assessment.findings for at in finding.citations]
    cited = list(dict.fromkeys(line.citation for line in (*lines, *beside)))
    counts = assessment.coverage
    met = [line for line in assessment.criteria if line.status == "satisfied" and line.patient_evidence][:MOST_MET]
    cited += [line.citation for line in met if line.citation not in cited]
    sentences = (
        sentence(assessment.overall, tuple(cited.index(line.citation) for line in lines) if deciding else ()),
        sentence("coverage", decided=counts.decided, criteria=counts.criteria, unknown=counts.unknown),
        *(Sentence(f"{_label(line)}: {line.reason}", (cited.index(line.citation),)) for line in lines),
        *([_met(met, cited)] if met else []),
        sentence("team-decides"),
    )
    verdict: Verdict = "no" if assessment.overall == "does_not_match" else "depends"
    return Reply(
        kind="answer",
        sentences=sentences,
        citations=tuple(cited),
        verdict=verdict if asked else None,
        trials=(assessment.trial,),
        assessment=assessment.as_json(),
        findings=tuple(
            replace(one, citations=tuple(cited.index(assessment.criteria[at].citation) for at in one.citations))
            for one in assessment.findings
        ),
        next_question=assessment.next_question.text if assessment.next_question else None,
    )


def _met(lines: Sequence[CriterionVerdict], cited: Sequence[Citation]) -> Sentence:
    named = "; ".join(f"{_label(line)} {_quoted(line, SHORT)}" for line in lines)
    return sentence("met", tuple(cited.index(line.citation) for line in lines), names=named)


def together(verdicts: Sequence[Reply], plain: Reply) -> Reply:
    """What each trial's lines decide as one reply, each under its trial's name, with what the plain answer has beside. At least one trial.

    One verdict of several trials is theirs where they agree, else "depends". Where the lines leave open what a field decides (the
    status, an arm), the plain answer stands. Beside a firm verdict nothing is said that leaves it open.
    """
    agreed = {one.verdict for one in verdicts}
    verdict = agreed.pop() if len(agreed) == 1 else "depends"
    if plain.verdict in _FIRM and verdict not in _FIRM and _by_a_field(plain):
        return plain
    named = [_under(one) for one in verdicts] if len(verdicts) > 1 else verdicts
    said = _joined(named)
    quoted = {citation.quote for citation in said.citations}
    beside = _beside(plain, quoted, MOST_BESIDE if verdict == "depends" else 1) if verdict in {plain.verdict, "depends"} else ()
    whole = _joined((said, replace(plain, sentences=beside))) if beside else said
    return replace(whole, kind=said.kind, verdict=verdict, as_of=plain.as_of)


def _by_a_field(plain: Reply) -> bool:
    """Whether what is said first stands in a field of the record, not in a criterion."""
    first = plain.sentences[0].citations if plain.sentences else ()
    return bool(first) and all(plain.citations[at].section not in {"inclusion", "exclusion"} for at in first)


def _beside(plain: Reply, quoted: Collection[str], most: int) -> tuple[Sentence, ...]:
    """The first sentences of the plain answer that quote what is not quoted yet, but no related passages, and one of what is
    done in the trial."""
    new = (
        one
        for one in plain.sentences
        if not one.text.startswith("Related") and any(plain.citations[at].quote not in quoted for at in one.citations)
    )
    kept, done = [], False
    for one in new:
        told_what_is_done = all(plain.citations[at].section in _WHAT_IS_DONE for at in one.citations)
        if not (told_what_is_done and done):
            kept.append(one)
        done = done or told_what_is_done
    return tuple(kept[:most])


def one_after_another(parts: Sequence[Reply]) -> Reply:
    """The replies to the questions of one message, in its order. A verdict only where all have the same. At least one reply."""
    verdicts = {part.verdict for part in parts}
    dates = [part.as_of for part in parts if part.as_of]
    return replace(_joined(parts), verdict=verdicts.pop() if len(verdicts) == 1 else None, as_of=min(dates) if dates else None)


def _under(reply: Reply) -> Reply:
    first, *rest = reply.sentences
    return replace(reply, sentences=(first.under(reply.trials[0]), *rest))


def _joined(parts: Sequence[Reply]) -> Reply:
    """Replies as one, their citations counted through; an answer as soon as one part is."""
    cited: list[Citation] = []
    sentences: list[Sentence] = []
    findings: list[Finding] = []
    for part in parts:
        places = []
        for citation in part.citations:
            if citation not in cited:
                cited.append(citation)
            places.append(cited.index(citation))
        sentences += [replace(one, citations=tuple(places[at] for at in one.citations)) for one in part.sentences]
        findings += [replace(one, citations=tuple(places[at] for at in one.citations)) for one in part.findings]
    kinds = [part.kind for part in parts]
    return replace(
        parts[0],
        kind="answer" if "answer" in kinds else kinds[0],
        sentences=tuple(dict.fromkeys(sentences)),
        citations=tuple(cited),
        trials=tuple(dict.fromkeys(trial for part in parts for trial in part.trials)),
        findings=tuple(dict.fromkeys(findings)),
        next_question=next((part.next_question for part in parts if part.next_question), None),
    )
