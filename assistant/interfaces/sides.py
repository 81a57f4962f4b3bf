"""Trials side by side as `compare` gives them: one JSON document, and the page that people read of it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assistant.audit.trials.comparison import FIELDS, Comparison, compare, stated
from assistant.audit.trials.facts import Fact, facts_in
from assistant.audit.trials.rulings import ruled, silence, verdict
from assistant.audit.trials.strictness import Pair, Stand, Strictness
from assistant.citations import Citations, section_at
from assistant.errors import UnusableRequest
from assistant.interfaces.render import REMINDER, plain, standing, words
from index.trial import Trial

FEWEST, MOST = 2, 8
"""Trials that can be set side by side."""
_SITES = 3
"""Countries named one by one."""


def compared(trials: Sequence[Trial], on: str | None = None) -> Comparison:
    """The trials side by side. Raises UnusableRequest for too few or too many trials, and for words that name no fact."""
    different = tuple({trial.id: trial for trial in trials}.values())
    if not FEWEST <= len(different) <= MOST:
        raise UnusableRequest(f"Name {FEWEST} to {MOST} different trials to compare; {len(different)} were named.")
    return compare(different, _facts(on) if on is not None else ())


def _facts(on: str) -> tuple[Fact, ...]:
    found = facts_in(on)
    if not found:
        raise UnusableRequest(f"“{plain(on)}” names nothing to compare by. Try hemoglobin, age, hepatitis B, surgery or ECOG.")
    return found


def document(comparison: Comparison) -> dict[str, Any]:
    """The comparison as `compare --json` prints it: citations count in "citations"."""
    citations = Citations()
    return {
        "trials": [_trial(trial, citations) for trial in comparison.trials],
        "facts": [_fact(one, citations) for one in comparison.facts],
        "citations": [asdict(one) for one in citations.collected],
    }


def _trial(trial: Trial, citations: Citations) -> dict[str, Any]:
    fields = {name: {"value": value, "citations": _cited(trial, name, citations)} for name, value in _values(trial).items()}
    return {"id": trial.id, "title": trial.title or trial.official_title, "as_of": trial.as_of, "fields": fields}


def _cited(trial: Trial, field: str, citations: Citations) -> list[int]:
    return [citations.add(trial, span, section_at(trial, span)) for span in stated(trial, field)]


def _values(trial: Trial) -> dict[str, Any]:
    """The fields that are set side by side as JSON has them; null or empty where no document gives one."""
    listed: dict[str, Any] = {
        "interventions": [one.name for one in trial.interventions],
        "arms": [arm.label for arm in trial.arms],
        "primary_outcomes": [one.measure for one in trial.primary_outcomes],
        "sites": [", ".join(filter(None, (one.facility, one.city, one.country))) for one in trial.sites],
        "phase": list(trial.phase),
        "conditions": list(trial.conditions),
    }
    return {name: listed[name] if name in listed else getattr(trial, name) for name in FIELDS}


def _fact(one: Strictness, citations: Citations) -> dict[str, Any]:
    silent = silence(one)
    return {
        "id": one.fact.id,
        "name": one.fact.name,
        "strictest": [stand.trial.id for stand in one.strictest],
        "verdict": [said.exact for said in (*verdict(one), *([silent] if silent else []))],
        "cells": [_cell(stand, one.fact, citations) for stand in one.stands],
        "pairs": [_pair(pair) for pair in one.pairs],
    }


def _cell(stand: Stand, fact: Fact, citations: Citations) -> dict[str, Any]:
    return {
        "trial": stand.trial.id,
        "state": stand.state,
        "text": ruled(stand, fact),
        "criteria": [line.id for line in stand.lines],
        "citations": [citations.add(stand.trial, line.span, line.section) for line in stand.lines],
    }


def _pair(pair: Pair) -> dict[str, Any]:
    stricter = {"first": pair.first.trial.id, "second": pair.second.trial.id}.get(pair.relation)
    return {
        "trials": [pair.first.trial.id, pair.second.trial.id],
        "relation": "stricter" if stricter else pair.relation,
        "stricter": stricter,
        "working": [order.working for order in pair.orders if order.working],
    }


def page(comparison: Comparison) -> RenderableType:
    """The comparison in a terminal: fields, then each fact with its verdict and the lines quoted."""
    parts: list[RenderableType] = [_fields(comparison)]
    parts += [_shown(one) for one in (comparison.shared or comparison.facts)]
    single = comparison.single if comparison.shared else ()
    for trial in comparison.trials:
        alone = [one.fact.name for one in single if one.ruling[0].trial.id == trial.id]
        if alone:
            parts.append(
                Padding(Text(plain(f"Only {trial.id} states a rule about: {', '.join(alone)}."), style="dim"), (1, 0, 0, 0))
            )
    return Group(*parts, Text(f"\nA rule that is not stated is no leave for anything. {REMINDER}", style="dim"))


def _fields(comparison: Comparison) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("", style="dim", overflow="fold")
    for trial in comparison.trials:
        table.add_column(Text(plain(trial.id), style="bold"), overflow="fold", ratio=1)
    rows = [_row(trial) for trial in comparison.trials]
    for name in rows[0]:
        if any(row[name] for row in rows):
            table.add_row(name, *(Text(plain(row[name] or "not given")) for row in rows))
    return table


def _row(trial: Trial) -> dict[str, str]:
    """The fields of one trial as people read them."""
    countries = list(dict.fromkeys(site.country for site in trial.sites if site.country))
    where = f" ({', '.join(countries[:_SITES])}{' …' if len(countries) > _SITES else ''})" if countries else ""
    return {
        "Title": trial.title or trial.official_title or "",
        "Status": standing(trial.status, trial.as_of) if trial.status else "",
        "Phase": ", ".join(map(words, trial.phase)),
        "Design": ", ".join(words(one) for one in (trial.allocation, trial.intervention_model, trial.masking) if one),
        "Conditions": ", ".join(trial.conditions),
        "Interventions": ", ".join(one.name for one in trial.interventions),
        "Ages": " to ".join(filter(None, (trial.minimum_age or ("any age" if trial.maximum_age else None), trial.maximum_age))),
        "Sex": words(trial.sex) if trial.sex else "",
        "Participants": "" if trial.enrollment is None else f"{trial.enrollment:,}",
        "Arms": "; ".join(arm.label for arm in trial.arms),
        "Primary outcome": "; ".join(one.measure for one in trial.primary_outcomes),
        "Sponsor": trial.sponsor or "",
        "Sites": f"{len(trial.sites)}{where}" if trial.sites else "",
        "Start": trial.start_date or "",
    }


def _shown(one: Strictness) -> RenderableType:
    lines = [Text(plain(one.fact.name.capitalize()), style="bold")]
    lines += [Text(plain(said.exact)) for said in verdict(one)]
    for stand in one.stands:
        lines.append(Text.assemble((f"  {plain(stand.trial.id)}", "cyan"), f"  {plain(ruled(stand, one.fact))}"))
        lines += [Text(plain(f"      {line.id.partition('/')[2]}: “{line.text}”"), style="dim") for line in stand.lines]
    return Padding(Group(*lines), (1, 0, 0, 0))
