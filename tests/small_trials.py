"""Trials built by hand, each over a page that prints what it states, and a shelf that finds their passages by shared words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.eligibility.assess import assess
from assistant.eligibility.assessment import Assessment
from assistant.eligibility.clock import Clock
from assistant.eligibility.patient import Patient
from assistant.reply import Audience, Reply
from index.errors import UnknownTrial
from index.passages import passages
from index.trial import (
    Arm,
    Contact,
    Criterion,
    Hit,
    Intervention,
    Outcome,
    Passage,
    Related,
    Section,
    Site,
    Source,
    Span,
    Trial,
)
from index.words import stems

ID = "NCT00000051"


class Page:
    """A document in the making: what is put on it can be quoted."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.text = ""

    def put(self, line: str) -> Span:
        start = len(self.text)
        self.text += f"{line}\n"
        return Span(self.document, start, start + len(line))


def trial(
    id: str = ID,
    *,
    summary: str | None = None,
    description: str | None = None,
    inclusion: Sequence[str] = (),
    exclusion: Sequence[str] = (),
    arms: Sequence[tuple[str, str | None, str | None]] = (),
    drugs: Sequence[str] = (),
    primary: Sequence[tuple[str, str | None]] = (),
    secondary: Sequence[tuple[str, str | None]] = (),
    sites: Sequence[tuple[str, str, str, str | None]] = (),
    contacts: Sequence[tuple[str, str | None]] = (),
    officials: Sequence[tuple[str, str]] = (),
    related: Sequence[str] = (),
    results: str | None = None,
    about: Sequence[tuple[str, str]] = (),
    printed: Mapping[str, str] = {},
    **fields: Any,
) -> Trial:
    """A trial that states just what is given. `about`: further sections; `printed`: how the page prints a field; `sites`: facility,
    city, country, status; an item of `inclusion` under the one before it begins with "- "."""
    page = Page(f"{id.lower()}.txt")
    evidence = {
        name: (page.put(printed.get(name, f"{name}: {value}")),) for name, value in fields.items() if value not in (None, ())
    }
    if results:
        evidence["results"] = (page.put(results),)
    sections = [
        Section(name, name, page.put(text))
        for name, text in (("summary", summary), ("description", description), *about)
        if text
    ]
    built: dict[str, Any] = {
        "arms": tuple(Arm(label, kind, about, page.put(f"{label} {kind or ''} {about or ''}")) for label, kind, about in arms),
        "interventions": tuple(Intervention("DRUG", name, None, page.put(f"Drug {name}")) for name in drugs),
        "primary_outcomes": tuple(Outcome(measure, frame, page.put(f"{measure} {frame or ''}")) for measure, frame in primary),
        "secondary_outcomes": tuple(
            Outcome(measure, frame, page.put(f"{measure} {frame or ''}")) for measure, frame in secondary
        ),
        "sites": tuple(Site(f, c, None, n, s, page.put(f"{f}, {c}, {n} {s or ''}")) for f, c, n, s in sites),
        "contacts": tuple(Contact(name, "CONTACT", phone, None, page.put(f"{name} {phone or ''}")) for name, phone in contacts),
        "officials": tuple(Contact(name, role, None, None, page.put(f"{name} {role}")) for name, role in officials),
        "related": tuple(Related(nct, None, None, page.put(f"See {nct}")) for nct in related),
        "criteria": (*criteria(page, id, "inclusion", inclusion), *criteria(page, id, "exclusion", exclusion)),
    }
    source = Source(page.document, "text", "0" * 64, page.text or "An empty page.\n", "2026-01-01T00:00:00Z")
    return Trial(id, (source,), sections=tuple(sections), evidence=evidence, **built, **fields)


def criteria(page: Page, trial: str, kind: str, texts: Sequence[str]) -> list[Criterion]:
    found: list[Criterion] = []
    number, child = 0, 0
    for text in texts:
        under = text.startswith("- ")
        number, child = (number, child + 1) if under else (number + 1, 0)
        parent = f"{trial}/{kind}/{number}"
        id, words = (f"{parent}.{child}", text.removeprefix("- ")) if under else (parent, text)
        found.append(Criterion(id, kind, words, page.put(words), parent if under else None))  # type: ignore[arg-type]
    return found


@dataclass
class SmallShelf:
    """Trials in memory; a passage is found by the words that it shares with the query."""

    kept: Sequence[Trial]
    generation: int = 1

    def trials(self) -> Sequence[Trial]:
        return self.kept

    def trial(self, trial_id: str) -> Trial:
        for trial in self.kept:
            if trial.id.lower() == trial_id.lower():
                return trial
        raise UnknownTrial(f"No indexed trial is called {trial_id}. eligibility show lists them.")

    def passages(self, trial_ids: Sequence[str]) -> Sequence[Passage]:
        return [passage for trial_id in trial_ids for passage in passages(self.trial(trial_id))]

    def search(self, query: str, *, trials: Sequence[str] = (), k: int = 10) -> Sequence[Hit]:
        asked = set(stems(query))
        found = self.passages(trials or [trial.id for trial in self.kept])
        scored = [(len(asked & set(stems(passage.text))), passage) for passage in found]
        ranked = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], pair[1].id))
        return [Hit(passage, float(score), rank, ("lexical",)) for rank, (score, passage) in enumerate(ranked[:k], 1)]


def judged(
    trial: Trial, patient: Patient, clock: Clock, audience: Audience, *, alone: bool = False, hints: bool = True
) -> Assessment:
    """The assessment without likeness of meaning, which needs a model."""
    return assess(trial, patient, clock, alone=alone, audience=audience)


def check(reply: Reply, trials: Sequence[Trial]) -> None:
    """What holds for every reply whatever the question: exact quotes, of the reply's own trials, and no sentence that points nowhere."""
    known = {trial.id: trial for trial in trials}
    assert reply.text
    assert set(reply.trials) <= set(known)
    for citation in reply.citations:
        assert citation.trial in reply.trials
        text = known[citation.trial].source(citation.document).text
        assert text[citation.start : citation.end] == citation.quote != ""
    for said in (*reply.sentences, *reply.findings):
        assert all(0 <= index < len(reply.citations) for index in said.citations)
