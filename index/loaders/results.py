"""The results section of a registry record as readable lines: flow, baseline, outcome measures, adverse events."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from index.loaders.fields import Fields
from index.loaders.page import Page

Groups = Mapping[str, str]
"""Group id ("OG000") → the group's title."""


def write_results(page: Page, results: Fields) -> None:
    """Write what the results section holds, each table's row as one line that names its groups."""
    _write(page, "Results: Participant Flow", _flow(results.child("participantFlowModule")))
    _write(page, "Results: Baseline Characteristics", _baseline(results.child("baselineCharacteristicsModule")))
    measures = results.child("outcomeMeasuresModule").children("outcomeMeasures")
    _write(page, "Results: Outcome Measures", ("\n".join(_outcome(measure)) for measure in measures))
    _write(page, "Results: Adverse Events", _adverse_events(results.child("adverseEventsModule")))
    _write(page, "Results: Limitations", _limitations(results.child("moreInfoModule")))


def _write(page: Page, title: str, paragraphs: Iterator[str]) -> None:
    page.section("results", title)
    for paragraph in paragraphs:
        page.evidence["results"].append(page.add(paragraph, "\n\n"))


def _flow(flow: Fields) -> Iterator[str]:
    groups = _groups(flow, "groups")
    yield from _fact("Recruitment", flow.block("recruitmentDetails"))
    yield from _fact("Before Assignment", flow.block("preAssignmentDetails"))
    yield from _descriptions(flow, "groups")
    for period in flow.children("periods"):
        yield "\n".join((f"Period: {period.line('title')}", *_period(period, groups)))


def _period(period: Fields, groups: Groups) -> Iterator[str]:
    for milestone in period.children("milestones"):
        yield f"{milestone.line('type')}: {_row(milestone.children('achievements'), groups, 'numSubjects')}"
    for reason in period.children("dropWithdraws"):
        yield f"Left, {reason.line('type')}: {_row(reason.children('reasons'), groups, 'numSubjects')}"


def _baseline(baseline: Fields) -> Iterator[str]:
    groups = _groups(baseline, "groups")
    yield from _fact("Baseline Population", baseline.block("populationDescription"))
    yield from _descriptions(baseline, "groups")
    for count in baseline.children("denoms"):
        yield f"Baseline {count.line('units')}: {_row(count.children('counts'), groups)}"
    for measure in baseline.children("measures"):
        yield "\n".join((f"Baseline Measure: {_headed(measure)}", *_values(measure, groups)))


def _outcome(outcome: Fields) -> Iterator[str]:
    groups = _groups(outcome, "groups")
    yield f"Outcome Measure: {_headed(outcome)}"
    yield from _fact("Type", outcome.word("type"))
    yield from _fact("Time Frame", outcome.line("timeFrame"))
    yield from _fact("Description", outcome.block("description"))
    yield from _fact("Population", outcome.block("populationDescription"))
    yield from _descriptions(outcome, "groups")
    for count in outcome.children("denoms"):
        yield f"{count.line('units')} Analyzed: {_row(count.children('counts'), groups)}"
    yield from _values(outcome, groups)
    for analysis in outcome.children("analyses"):
        yield f"Analysis: {_analysis(analysis, groups)}"


def _headed(measure: Fields) -> str:
    notes = ", ".join(filter(None, (measure.word("paramType"), measure.line("dispersionType"), measure.line("unitOfMeasure"))))
    return f"{measure.line('title')} ({notes})" if notes else measure.line("title") or "unnamed"


def _values(measure: Fields, groups: Groups) -> Iterator[str]:
    for one in measure.children("classes"):
        for category in one.children("categories"):
            label = ", ".join(filter(None, (one.line("title"), category.line("title")))) or "Value"
            yield f"{label}: {_row(category.children('measurements'), groups)}"


def _analysis(analysis: Fields, groups: Groups) -> str:
    low, high = analysis.line("ciLowerLimit"), analysis.line("ciUpperLimit")
    interval = f"{analysis.line('ciPctValue') or '?'}% CI {low or '?'} to {high or '?'}" if low or high else None
    estimate = " ".join(filter(None, (analysis.line("paramType"), analysis.line("paramValue"))))
    chance = analysis.line("pValue")
    parts = (
        " versus ".join(groups.get(name, name) for name in analysis.lines("groupIds")),
        estimate,
        interval,
        chance and f"p-value {chance}",
        analysis.line("statisticalMethod"),
        analysis.block("groupDescription"),
        analysis.block("estimateComment"),
    )
    return "; ".join(part for part in parts if part)


def _adverse_events(events: Fields) -> Iterator[str]:
    groups = _groups(events, "eventGroups")
    yield from _fact("Time Frame", events.line("timeFrame"))
    yield from _fact("Description", events.block("description"))
    yield from _descriptions(events, "eventGroups")
    for label, name in (("Deaths", "deaths"), ("Serious Adverse Events", "serious"), ("Other Adverse Events", "other")):
        totals = [
            f"{group.line('title')}: {_share(group, f'{name}NumAffected', f'{name}NumAtRisk')}"
            for group in events.children("eventGroups")
            if group.number(f"{name}NumAffected") is not None
        ]
        yield from _fact(label, "; ".join(totals))
    for label, name in (("Serious Adverse Event", "seriousEvents"), ("Other Adverse Event", "otherEvents")):
        for _, system in groupby(events.children(name), key=lambda event: event.line("organSystem")):
            yield "\n".join(f"{label}: {_event(event, groups)}" for event in system)


def _event(event: Fields, groups: Groups) -> str:
    shares = (
        f"{groups.get(stat.line('groupId') or '', '?')}: {_share(stat, 'numAffected', 'numAtRisk')}"
        for stat in event.children("stats")
        if stat.number("numAffected") is not None
    )
    return f"{event.line('term')} ({event.line('organSystem') or 'no system given'}) — {'; '.join(shares)}"


def _share(counts: Fields, affected: str, at_risk: str) -> str:
    number, total = counts.number(affected), counts.number(at_risk)
    return f"{number}" if total is None else f"{number} of {total}"


def _limitations(more: Fields) -> Iterator[str]:
    yield from _fact("Limitations and Caveats", more.child("limitationsAndCaveats").block("description"))


def _groups(module: Fields, name: str) -> Groups:
    return {group.line("id") or "": group.line("title") or "unnamed" for group in module.children(name)}


def _descriptions(module: Fields, name: str) -> Iterator[str]:
    lines = [
        f"Group: {group.line('title')} — {text}" for group in module.children(name) if (text := group.block("description"))
    ]
    yield from ("\n".join(lines),) if lines else ()


def _row(cells: tuple[Fields, ...], groups: Groups, name: str = "value") -> str:
    """ "Arm A: 84.2 (81.0 to 87.0); Arm B: …" """
    return "; ".join(f"{groups.get(cell.line('groupId') or '', '?')}: {_cell(cell, name)}" for cell in cells)


def _cell(cell: Fields, name: str) -> str:
    value, spread = cell.line(name) or "not given", cell.line("spread")
    low, high = cell.line("lowerLimit"), cell.line("upperLimit")
    noted = f"{low or '?'} to {high or '?'}" if low or high else spread and f"spread {spread}"
    comment = cell.line("comment")
    return " ".join(filter(None, (value, noted and f"({noted})", comment and f"[{comment}]")))


def _fact(label: str, value: str | None) -> Iterator[str]:
    if value:
        yield f"{label}: {value}"
