"""The results of an old registry XML record (`clinical_results`), brought into API v2's shape."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element  # the type only

from index.loaders.fields import word

Record = dict[str, object]
_TOTALS = {
    "Total, all-cause mortality": "deaths",
    "Total, serious adverse events": "serious",
    "Total, other adverse events": "other",
}
"""The rows that stand for a table's sum → API v2's prefix for it."""


def results(study: Element) -> Record:
    """The results section; empty where the record has none."""
    found = study.find("clinical_results")
    if found is None:
        return {}
    return {
        "participantFlowModule": _flow(found),
        "baselineCharacteristicsModule": _baseline(found),
        "outcomeMeasuresModule": {"outcomeMeasures": [_outcome(one) for one in found.iterfind("outcome_list/outcome")]},
        "adverseEventsModule": _adverse_events(found),
        "moreInfoModule": {"limitationsAndCaveats": {"description": found.findtext("limitations_and_caveats")}},
    }


def _flow(found: Element) -> Record:
    return {
        "recruitmentDetails": found.findtext("participant_flow/recruitment_details"),
        "preAssignmentDetails": found.findtext("participant_flow/pre_assignment_details"),
        "groups": _groups(found, "participant_flow/group_list/group"),
        "periods": [_period(period) for period in found.iterfind("participant_flow/period_list/period")],
    }


def _period(period: Element) -> Record:
    milestones = period.iterfind("milestone_list/milestone")
    reasons = period.iterfind("drop_withdraw_reason_list/drop_withdraw_reason")
    return {
        "title": period.findtext("title"),
        "milestones": [{"type": one.findtext("title"), "achievements": _participants(one)} for one in milestones],
        "dropWithdraws": [{"type": one.findtext("title"), "reasons": _participants(one)} for one in reasons],
    }


def _participants(one: Element) -> list[Record]:
    people = one.iterfind("participants_list/participants")
    return [{"groupId": group.get("group_id"), "numSubjects": group.get("count"), "comment": group.text} for group in people]


def _baseline(found: Element) -> Record:
    return {
        "populationDescription": found.findtext("baseline/population"),
        "groups": _groups(found, "baseline/group_list/group"),
        "denoms": _analyzed(found, "baseline/"),
        "measures": [_measure(measure) for measure in found.iterfind("baseline/measure_list/measure")],
    }


def _outcome(one: Element) -> Record:
    measure = one.find("measure")
    return {
        **({} if measure is None else _measure(measure)),
        "title": one.findtext("title"),
        "type": word(one.findtext("type") or ""),
        "timeFrame": one.findtext("time_frame"),
        "description": one.findtext("description"),
        "populationDescription": one.findtext("population"),
        "groups": _groups(one, "group_list/group"),
        "denoms": _analyzed(one, "measure/"),
        "analyses": [_analysis(analysis) for analysis in one.iterfind("analysis_list/analysis")],
    }


def _measure(measure: Element) -> Record:
    return {
        "title": measure.findtext("title"),
        "paramType": word(measure.findtext("param") or ""),
        "dispersionType": measure.findtext("dispersion"),
        "unitOfMeasure": measure.findtext("units"),
        "classes": [
            {"title": one.findtext("title"), "categories": [_category(part) for part in one.iterfind("category_list/category")]}
            for one in measure.iterfind("class_list/class")
        ],
    }


def _category(part: Element) -> Record:
    cells = [
        {
            "groupId": cell.get("group_id"),
            "value": cell.get("value"),
            "spread": cell.get("spread"),
            "lowerLimit": cell.get("lower_limit"),
            "upperLimit": cell.get("upper_limit"),
            "comment": cell.text,
        }
        for cell in part.iterfind("measurement_list/measurement")
    ]
    return {"title": part.findtext("title"), "measurements": cells}


def _analyzed(parent: Element, path: str) -> list[Record]:
    return [
        {
            "units": one.findtext("units"),
            "counts": [{"groupId": n.get("group_id"), "value": n.get("value")} for n in one.iterfind("count_list/count")],
        }
        for one in parent.iterfind(f"{path}analyzed_list/analyzed")
    ]


def _analysis(one: Element) -> Record:
    return {
        "groupIds": [group.text for group in one.iterfind("group_id_list/group_id")],
        "groupDescription": one.findtext("groups_desc"),
        "paramType": one.findtext("param_type"),
        "paramValue": one.findtext("param_value"),
        "pValue": one.findtext("p_value"),
        "statisticalMethod": one.findtext("method"),
        "ciPctValue": one.findtext("ci_percent"),
        "ciLowerLimit": one.findtext("ci_lower_limit"),
        "ciUpperLimit": one.findtext("ci_upper_limit"),
        "estimateComment": one.findtext("estimate_desc"),
    }


def _adverse_events(found: Element) -> Record:
    events = found.find("reported_events")
    if events is None:
        return {}
    groups = _groups(events, "group_list/group")
    for group in groups:
        group |= _totals(events, str(group["id"]))
    return {
        "timeFrame": events.findtext("time_frame"),
        "description": events.findtext("desc"),
        "eventGroups": groups,
        "seriousEvents": list(_events(events, "serious_events")),
        "otherEvents": list(_events(events, "other_events")),
    }


def _totals(events: Element, group: str) -> Record:
    """The group's numbers out of the rows that sum up a table."""
    totals: Record = {}
    for event in events.iter("event"):
        name = _TOTALS.get(event.findtext("sub_title") or "")
        for count in event.iterfind("counts"):
            if name and count.get("group_id") == group:
                totals |= {
                    f"{name}NumAffected": count.get("subjects_affected"),
                    f"{name}NumAtRisk": count.get("subjects_at_risk"),
                }
    return totals


def _events(events: Element, table: str) -> Iterator[Record]:
    for category in events.iterfind(f"{table}/category_list/category"):
        for event in category.iterfind("event_list/event"):
            if event.findtext("sub_title") not in _TOTALS:
                yield {
                    "term": event.findtext("sub_title"),
                    "organSystem": category.findtext("title"),
                    "stats": [_counts(count) for count in event.iterfind("counts")],
                }


def _counts(count: Element) -> Record:
    return {
        "groupId": count.get("group_id"),
        "numAffected": count.get("subjects_affected"),
        "numAtRisk": count.get("subjects_at_risk"),
    }


def _groups(parent: Element, path: str) -> list[Record]:
    return [
        {"id": group.get("group_id"), "title": group.findtext("title"), "description": group.findtext("description")}
        for group in parent.iterfind(path)
    ]
