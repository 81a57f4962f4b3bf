"""Reads a FHIR R4 bundle into a patient: a readable sheet, one line a resource, and typed facts that quote it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from assistant.eligibility.intake.sheet import (
    Line,
    Standing,
    Value,
    days,
    held,
    line,
    measured,
    named,
    quantity_of,
    sheet,
    speaks_of_past,
    standing,
)
from assistant.eligibility.knowledge import rows
from assistant.eligibility.numbers.quantities import Quantity, quantities_by_loinc, quantity
from assistant.eligibility.patient import Days, Fact, Finding, Grading, Measurement, Patient, Sex, Words
from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.times.dates import year_of
from assistant.eligibility.vocabulary.concepts import concept, is_a
from assistant.errors import UnusableRequest

_MOST_NAMED = 12
_FLAGS: dict[str, Literal["normal", "high", "low", "abnormal"]] = {
    "N": "normal",
    "H": "high",
    "HH": "high",
    "HU": "high",
    "L": "low",
    "LL": "low",
    "LU": "low",
    "A": "abnormal",
    "AA": "abnormal",
}
"""HL7 v3 ObservationInterpretation."""
_COMPARED: dict[str, Callable[[float], Range]] = {
    "<": lambda value: Range(high=value, high_open=True),
    "<=": lambda value: Range(high=value),
    ">": lambda value: Range(value, low_open=True),
    ">=": lambda value: Range(value),
}
_SEXES: dict[str, Sex] = {"female": "female", "male": "male"}
_NOWHERE = Words(0, 0, "")


@dataclass(frozen=True, slots=True)
class _Bundle:
    """The resources of one patient, by every way that they are referred to."""

    patient: Any
    by_reference: Mapping[str, Any]
    born: Days | None

    def follow(self, reference: str | None, contained: Sequence[Any] = ()) -> Any:
        """The resource of a reference, or None."""
        if reference and reference.startswith("#"):
            return next((each for each in contained if each.id == reference[1:]), None)
        return self.by_reference.get(_tail(reference)) if reference else None


def _tail(reference: str) -> str:
    """A reference as "Type/id", without the server before it or the version behind; a urn as it is."""
    parts = reference.split("/_history/")[0].rstrip("/").split("/")
    return reference if reference.startswith("urn:") or len(parts) < 2 else "/".join(parts[-2:])


def read_bundle(document: Mapping[str, Any]) -> Patient:
    """The patient of a FHIR R4 bundle. A resource that breaks the standard is named in `problems`, and the rest is read.

    Raises UnusableRequest for what is no bundle, and for a bundle of no patient or of several.
    """
    kind = document.get("resourceType")
    if kind != "Bundle":
        raise UnusableRequest(
            f"This is a FHIR {kind}, not a Bundle. Put the Patient and all that belongs to them into one Bundle."
        )
    entries = document.get("entry")
    entries = entries if isinstance(entries, list) else []
    patients = [entry for entry in entries if _type(entry) == "Patient"]
    if not patients:
        raise UnusableRequest("The bundle holds no Patient. Export the patient together with their resources.")
    if len(patients) > 1 and len({str(entry["resource"].get("id", place)) for place, entry in enumerate(patients)}) > 1:
        raise UnusableRequest(
            f"The bundle holds {len(patients)} patients. Give one bundle for each: facts of two people must not mix."
        )
    problems: list[str] = []
    read = list(_valid(entries, problems))
    bundle = _bundle(read)
    lines: list[Line] = []
    for _, resource in read:
        reader = _READERS.get(resource.get_resource_type())
        if reader:
            problem = _strayed(resource, bundle)
            lines += [Line("", problems=(problem,))] if problem else reader(resource, bundle)
    problems += [each for one in lines if not one.text for each in one.problems]
    said = _person(bundle.patient, problems) if bundle.patient else {}
    return sheet(
        [*(line(text) for text in said.values()), *(one for one in lines if one.text)],
        sex=_SEXES.get(str(bundle.patient.gender)) if bundle.patient else None,
        sex_line=said.get("sex"),
        born=bundle.born,
        age_line=said.get("born"),
        problems=problems,
    )


def _type(entry: object) -> str | None:
    resource = entry.get("resource") if isinstance(entry, Mapping) else None
    return str(resource.get("resourceType")) if isinstance(resource, Mapping) else None


def _valid(entries: Sequence[Any], problems: list[str]) -> Iterator[tuple[str, Any]]:
    """The entries that are read, each with its full URL, held to the standard one by one."""
    from fhir.resources.R4B import get_fhir_model_class
    from pydantic import ValidationError

    passed_over: Counter[str] = Counter()
    for place, entry in enumerate(entries):
        kind = _type(entry)
        if kind is None:
            problems.append(f"Entry {place + 1} of the bundle holds no resource; it was left out.")
        elif kind not in _KINDS:
            passed_over[kind] += 1
        else:
            try:
                model = get_fhir_model_class(kind).model_validate(entry["resource"])
            except (ValidationError, ValueError, TypeError, RecursionError) as fault:
                problems.append(f"{_label(entry['resource'])} breaks the FHIR standard and was left out: {_why(fault)}.")
            else:
                yield str(entry.get("fullUrl") or ""), model
    if passed_over:
        listed = ", ".join(f"{kind[:40]} ({count})" for kind, count in sorted(passed_over.items())[:_MOST_NAMED])
        problems.append(f"Kinds of resource that were not read: {listed}.")


def _label(resource: Mapping[str, Any]) -> str:
    return f"{resource.get('resourceType')}/{str(resource.get('id', '?'))[:64]}"


def _why(fault: Exception) -> str:
    """The first faults of a validation, with the element that each is in."""
    from pydantic import ValidationError

    if not isinstance(fault, ValidationError):
        return " ".join(str(fault).split())[:120]
    named = [f"{'.'.join(map(str, each['loc'])) or 'the whole'}: {each['msg']}" for each in fault.errors()[:2]]
    return "; ".join(named)[:240]


def _bundle(read: Sequence[tuple[str, Any]]) -> _Bundle:
    found: dict[str, Any] = {}
    for url, resource in read:
        for reference in (url, _tail(url), f"{resource.get_resource_type()}/{resource.id}", f"urn:uuid:{resource.id}"):
            if reference:
                found.setdefault(reference, resource)
    patient = next((resource for _, resource in read if resource.get_resource_type() == "Patient"), None)
    return _Bundle(patient, found, _date(patient.birthDate) if patient else None)


def _person(patient: Any, problems: list[str]) -> dict[str, str]:
    """The lines on sex and birth."""
    said: dict[str, str] = {}
    if str(patient.gender) in _SEXES:
        said["sex"] = f"Sex: {patient.gender}"
    elif patient.gender:
        problems.append(f"The administrative gender is {patient.gender!r}: what a criterion asks of the sex stays open.")
    if _date(patient.birthDate):
        said["born"] = f"Born: {patient.birthDate}"
    if patient.deceasedBoolean or patient.deceasedDateTime:
        problems.append("The record says that the patient has died.")
    return said


def _strayed(resource: Any, bundle: _Bundle) -> str | None:
    """Why a resource is not this patient's: its reference is broken, or names somebody else."""
    about = getattr(resource, "subject", None) or getattr(resource, "patient", None)
    if about is None or about.reference is None or bundle.patient is None:
        return None
    if bundle.follow(about.reference) is bundle.patient:
        return None
    name = f"{resource.get_resource_type()}/{resource.id}"
    return f"{name} speaks of {about.reference[:80]!r}, who is not the patient of this bundle; it was left out."


# ── parts that resources share ────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _codes(table: str) -> Mapping[str, Mapping[str, str]]:
    return {row["code"]: row for row in rows(table)}


def _name(coded: Any) -> str | None:
    """What a coded element says in words: its text, a display, or what the tables know of its code."""
    if coded is None:
        return None
    codings = coded.coding or ()
    said = coded.text or next((each.display for each in codings if each.display), None)
    return " ".join(said.split()) if said and said.strip() else next(filter(None, map(_decoded, codings)), None)


def _decoded(coding: Any) -> str | None:
    """A code in words: SNOMED CT, RxNorm and LOINC from tables, ICD-10 from the classification."""
    code, system = str(coding.code or "").strip(), str(coding.system or "").lower()
    for part, table in (("snomed", "codes-snomed.tsv"), ("rxnorm", "codes-rxnorm.tsv")):
        if part in system:
            return _codes(table)[code]["name"] if code in _codes(table) else None
    if "loinc" in system and code in _codes("codes-loinc.tsv"):
        return _codes("codes-loinc.tsv")[code]["name"] or _codes("codes-loinc.tsv")[code]["test"]
    if "icd-10" in system and code:
        name = concept(f"icd:{code}").name
        return None if name == code or not name else name
    return None


def _loinc(coded: Any) -> tuple[str, ...]:
    return tuple(str(each.code) for each in (coded.coding or ()) if "loinc" in str(each.system).lower() and each.code)


def _unnamed(resource: Any, coded: Any) -> Line:
    """A problem that names a code which says nothing."""
    codes = [f"{each.system or 'no system'} {each.code}" for each in ((coded.coding if coded else None) or ())]
    what = f"the code {codes[0][:120]}" if codes else "no code and no text"
    return Line(
        "", problems=(f"{resource.get_resource_type()}/{resource.id} has {what}, which says nothing here; it was left out.",)
    )


def _date(value: object) -> Days | None:
    return days(str(value)) if value else None


def _when(resource: Any, stem: str) -> tuple[Days | None, Days | None]:
    """When something began and ended, of `onset`, `performed`, `effective` …: a date, a period or an age. One date is a beginning."""
    moment = getattr(resource, f"{stem}DateTime", None) or getattr(resource, f"{stem}Instant", None)
    if moment:
        return _date(moment), None
    period = getattr(resource, f"{stem}Period", None)
    return (_date(period.start), _date(period.end)) if period else (None, None)


def _at_age(age: Any, born: Days | None) -> Days | None:
    """The calendar years in which someone is of an age in years."""
    if age is None or age.value is None or born is None or born.first is None or str(age.code or age.unit or "a") not in _YEARS:
        return None
    first = born.first.year + int(age.value)
    return Days(year_of(first).first, year_of(first + 1).last) if 1 <= first < 9999 else None


_YEARS = frozenset(("a", "y", "yr", "year", "years"))


def _span(started: Days | None, ended: Days | None) -> str:
    """Dates as the sheet writes them."""
    if started and started == ended:
        return f", on {_shown(started)}"
    since = f", from {_shown(started)}" if started else ""
    return since + (f", until {_shown(ended)}" if ended else "")


def _shown(moment: Days) -> str:
    if moment.first is None or moment.last is None or moment.first == moment.last:
        return str(moment.first or moment.last)
    same_month = (moment.first.year, moment.first.month) == (moment.last.year, moment.last.month)
    whole = "%Y-%m" if same_month else "%Y"
    return (
        moment.first.strftime(whole)
        if same_month or moment.first.year == moment.last.year
        else f"{moment.first} to {moment.last}"
    )


def _stands(*statuses: str | None) -> Standing:
    """The standing of statuses; one that no table knows leaves everything open."""
    return standing(*statuses) or Standing(certain=False)


def _first_code(coded: Any) -> str | None:
    return next((str(each.code) for each in (coded.coding or ()) if each.code), coded.text) if coded else None


def _told(title: str, name: str, stands: Standing, statuses: str, moments: str, facts: Iterator[Fact]) -> Line:
    """The line of a resource with its facts."""
    shown = f"{title}: {name}{f' ({statuses})' if statuses else ''}{moments}"
    made = tuple(facts)
    denied = not stands.present or any(isinstance(fact, Finding) and not fact.present for fact in made)
    return line(shown, *made, denied=denied, certain=stands.certain)


# ── a reader for each resource ────────────────────────────────────────────────────────────────────────────────────────────────


def _condition(resource: Any, bundle: _Bundle) -> Iterator[Line]:
    """A diagnosis, with its stage. What is refuted is denied; what is provisional decides nothing.

    A denial has no dates, which would narrow it, nor has "History of …", whose entry is what began then.
    """
    clinical, verified = _first_code(resource.clinicalStatus), _first_code(resource.verificationStatus)
    stands = _stands(clinical, verified)
    if not stands.counts:
        return
    name = _name(resource.code)
    if name is None:
        yield _unnamed(resource, resource.code)
        return
    started, _ = _when(resource, "onset")
    started = started or _at_age(resource.onsetAge, bundle.born) or _text_date(resource.onsetString)
    ended, last = _when(resource, "abatement")
    ended = last or ended or _at_age(resource.abatementAge, bundle.born) or _text_date(resource.abatementString)
    if ended and stands.ongoing is None:
        stands = replace(stands, ongoing=False)
    undated = not stands.present or speaks_of_past(name)
    told = replace(stands, ongoing=None, traits=frozenset()) if undated else stands
    dates = (None, None) if undated else (started, ended)
    facts = held(_diagnosed(name, resource.code), told, *dates)
    yield _told("Condition", name, stands, ", ".join(filter(None, (clinical, verified))), _span(started, ended), facts)
    for stage in resource.stage or ():
        yield from _stage(stage, stands)


def _diagnosed(name: str, coded: Any) -> Iterator[Fact]:
    """What a diagnosis names; its ICD-10 code too, where the text is in words that no table knows."""
    facts = named(name, "any" if speaks_of_past(name) else "thing")
    yield from facts
    known = any(isinstance(fact, Finding) and not fact.concept.startswith("w:") for fact in facts)
    for coding in coded.coding or ():
        if not known and "icd-10" in str(coding.system).lower() and coding.code:
            yield Finding(f"icd:{coding.code}", True, _NOWHERE)


def _stage(stage: Any, stands: Standing) -> Iterator[Line]:
    said = _name(stage.summary)
    if said:
        system = _name(stage.type)
        words = f"{'' if 'stage' in said.lower() else 'Stage '}{said}{f' ({system})' if system else ''}"
        classes = [fact for fact in named(words) if isinstance(fact, Grading)]
        if classes and stands.present and stands.certain:
            yield line(words, *classes)


def _text_date(said: str | None) -> Days | None:
    return days(said) if said else None


def _observation(resource: Any, bundle: _Bundle) -> Iterator[Line]:
    """A measurement or a test with its result; each component of a panel by itself."""
    stands = _stands(resource.status)
    if not stands.counts or not stands.certain:
        return
    start, end = _when(resource, "effective")
    taken = Days(start.first, (end or start).last) if start else None
    parts = [resource, *(resource.component or ())]
    said = [one for part in parts for one in _observed(part, taken, resource)]
    yield from said
    if not said and not resource.hasMember and not any(part.dataAbsentReason for part in parts):
        yield Line(
            "", problems=(f"Observation/{resource.id} ({_name(resource.code) or 'no name'}) has no result that could be read.",)
        )


def _observed(part: Any, taken: Days | None, resource: Any) -> Iterator[Line]:
    quantity_value = part.valueQuantity
    if quantity_value is not None and quantity_value.value is not None:
        yield _number(part, taken, resource)
        return
    if part.valueInteger is not None:
        yield _number_line(part, Value(exactly(float(part.valueInteger)), None, taken), resource)
        return
    answer = next((_codes("codes-answers.tsv").get(str(each.code)) for each in _answers(part) if each.code), None)
    if answer:
        yield _number_line(part, Value(exactly(float(answer["value"])), None, taken), resource)
        return
    said = _name(part.valueCodeableConcept) or part.valueString
    if said is None and part.valueBoolean is not None:
        said = "positive" if part.valueBoolean else "negative"
    if said:
        yield _result(part, " ".join(said.split()), taken, resource)
    elif part.valueCodeableConcept:
        yield _unnamed(resource, part.valueCodeableConcept)


def _answers(part: Any) -> Sequence[Any]:
    return (part.valueCodeableConcept.coding or ()) if part.valueCodeableConcept else ()


def _analyte(part: Any, value: Value) -> Quantity | None:
    for code in _loinc(part.code):
        if code in quantities_by_loinc():
            return quantities_by_loinc()[code]
        row = _codes("codes-loinc.tsv").get(code)
        if row and row["quantity"]:
            return quantity(row["quantity"])
    name = _name(part.code)
    return quantity_of(name, value) if name else None


def _number(part: Any, taken: Days | None, resource: Any) -> Line:
    given = part.valueQuantity
    number = float(given.value)
    read = _COMPARED.get(str(given.comparator), exactly)(number)
    unit = given.code or given.unit
    limits = _limits(part, unit)
    flags = [_FLAGS[code] for each in part.interpretation or () if (code := _first_code(each)) in _FLAGS]
    return _number_line(part, Value(read, unit, taken, limits[0], limits[1], flags[0] if flags else None), resource, given.unit)


def _limits(part: Any, unit: str | None) -> tuple[float | None, float | None]:
    """The laboratory's limits of normal; none where there are several ranges, or one in another unit."""
    ranges = [each for each in part.referenceRange or () if (_first_code(each.type) or "normal") == "normal"]
    if len(ranges) != 1:
        return None, None
    ends = [
        each if each is None or (each.code or each.unit or unit) == unit else None for each in (ranges[0].low, ranges[0].high)
    ]
    low, high = (float(each.value) if each is not None and each.value is not None else None for each in ends)
    return low, high


def _number_line(part: Any, value: Value, resource: Any, unit: str | None = None) -> Line:
    analyte = _analyte(part, value)
    name = _name(part.code) or (analyte.name if analyte else None)
    if name is None:
        return _unnamed(resource, part.code)
    made = measured(analyte, value) if analyte else None
    shown = f"{name} {_digits(value.range)}{f' {unit or value.unit}' if unit or value.unit else ''}{_bounds(value)}"
    text = f"{_shown(value.taken)} {shown}" if value.taken else shown
    if isinstance(made, str):
        return Line(text, problems=(f"Observation/{resource.id}: {made}",))
    return line(text, made) if made else line(text)


def _digits(value: Range) -> str:
    if value.low == value.high:
        return f"{value.low:g}"
    if value.high == float("inf"):
        return f"{'>' if value.low_open else '≥'} {value.low:g}"
    return f"{'<' if value.high_open else '≤'} {value.high:g}"


def _bounds(value: Value) -> str:
    said = [f"LLN {value.low:g}" if value.low is not None else "", f"ULN {value.high:g}" if value.high is not None else ""]
    return f" ({', '.join(filter(None, said))})" if any(said) else ""


def _result(part: Any, said: str, taken: Days | None, resource: Any) -> Line:
    """A test with a result in words. What is found is dated; what is denied is denied altogether, for a date would narrow it."""
    rows_of = [_codes("codes-loinc.tsv")[code] for code in _loinc(part.code) if code in _codes("codes-loinc.tsv")]
    test = next((row["test"] for row in rows_of if row["test"]), None)
    analyte = _analyte(part, Value(Range(), None)) if _loinc(part.code) else None
    name = test if test and test != "=" else (analyte.name if analyte else _name(part.code))
    if name is None:
        return _unnamed(resource, part.code)
    words = said if test == "=" else f"{name}: {said}"
    facts = [_dated(fact, taken) for fact in named(words) if not (isinstance(fact, Finding) and fact.concept.startswith("w:"))]
    shown = f"{_shown(taken)} {words}" if taken else words
    denied = any(isinstance(fact, Finding) and not fact.present for fact in facts)
    return line(shown, *facts, denied=denied)


def _dated(fact: Fact, taken: Days | None) -> Fact:
    if isinstance(fact, Finding):
        return replace(fact, started=taken, ended=taken) if fact.present else fact
    if isinstance(fact, Measurement):
        return replace(fact, taken=taken)
    return replace(fact, given=taken)


def _medication(resource: Any, bundle: _Bundle) -> Iterator[Line]:
    """A drug taken, prescribed or given. A plan, a proposal and an order never begun decide nothing."""
    kind = resource.get_resource_type()
    stands = _stands(resource.status)
    if not stands.counts or getattr(resource, "doNotPerform", None):
        return
    if getattr(resource, "intent", None) in ("proposal", "plan"):
        stands = replace(stands, certain=False)
    coded = resource.medicationCodeableConcept
    if coded is None and resource.medicationReference:
        drug = bundle.follow(resource.medicationReference.reference, resource.contained or ())
        if drug is None and not resource.medicationReference.display:
            broken = str(resource.medicationReference.reference)[:80]
            yield Line(
                "", problems=(f"{kind}/{resource.id} refers to {broken!r}, which the bundle does not hold; it was left out.",)
            )
            return
        coded = drug.code if drug is not None else None
    name = _name(coded) or (resource.medicationReference.display if resource.medicationReference else None)
    if name is None:
        yield _unnamed(resource, coded)
        return
    started, ended = _when(resource, "effective")
    if kind == "MedicationAdministration":
        ended = ended or started
        stands = replace(stands, ongoing=None if stands.ongoing is False else stands.ongoing)
    if kind == "MedicationRequest":
        started = started or _date(resource.authoredOn)
    facts = held(named(name, "act"), replace(stands, traits=frozenset()), started, ended)
    dose = next((each.text for each in _doses(resource) if each.text), None)
    given = (replace(fact, dose=dose) if isinstance(fact, Finding) and dose else fact for fact in facts)
    yield _told(
        _TITLES[kind],
        f"{name}{f', {dose}' if dose else ''}",
        stands,
        str(resource.status),
        _span(started, ended),
        given,
    )


def _doses(resource: Any) -> Sequence[Any]:
    found = getattr(resource, "dosage", None) or getattr(resource, "dosageInstruction", None) or ()
    return found if isinstance(found, (list, tuple)) else (found,)


_TITLES = {
    "MedicationStatement": "Medication",
    "MedicationRequest": "Prescription",
    "MedicationAdministration": "Given",
}


def _procedure(resource: Any, bundle: _Bundle) -> Iterator[Line]:
    """A procedure done; one not done is denied."""
    stands = _stands(resource.status)
    if not stands.counts:
        return
    name = _name(resource.code)
    if name is None:
        yield _unnamed(resource, resource.code)
        return
    started, ended = _when(resource, "performed")
    started = started or _at_age(resource.performedAge, bundle.born)
    if stands.ongoing is not True:
        ended = ended or started
    facts = held(named(name, "act"), replace(stands, traits=frozenset()), started, ended)
    yield _told("Procedure", name, stands, str(resource.status), _span(started, ended), facts)


def _allergy(resource: Any, bundle: _Bundle) -> Iterator[Line]:
    """An allergy, or that there is none. The substance itself is nothing that the patient takes."""
    clinical, verified = _first_code(resource.clinicalStatus), _first_code(resource.verificationStatus)
    stands = _stands(clinical, verified)
    if not stands.counts:
        return
    name = _name(resource.code)
    if name is None:
        yield _unnamed(resource, resource.code)
        return
    words = name if "allerg" in name.lower() else f"Allergy to {name}"
    found = [fact for fact in named(words) if isinstance(fact, Finding) and is_a(fact.concept, "allergy")]
    drug = any(str(each) == "medication" for each in resource.category or ())
    facts = found or [Finding("drug-allergy" if drug else "allergy", True, _NOWHERE)]
    started, _ = _when(resource, "onset")
    told = held(facts, stands, started, None)
    yield _told("Allergy", words, stands, ", ".join(filter(None, (clinical, verified))), _span(started, None), told)


def _immunization(resource: Any, bundle: _Bundle) -> Iterator[Line]:
    """A vaccine given. The disease that it prevents is nothing that the patient has."""
    stands = _stands(resource.status)
    if not stands.counts:
        return
    name = _name(resource.vaccineCode)
    if name is None:
        yield _unnamed(resource, resource.vaccineCode)
        return
    words = name if "vaccin" in name.lower() else f"{name} vaccine"
    found = [fact for fact in named(words) if isinstance(fact, Finding) and is_a(fact.concept, "vaccine")]
    given = _date(resource.occurrenceDateTime)
    facts = held(found or [Finding("vaccine", True, _NOWHERE)], replace(stands, ongoing=None), given, given)
    yield _told("Vaccine", words, stands, str(resource.status), _span(given, given), facts)


def _family(resource: Any, bundle: _Bundle) -> Iterator[Line]:
    """What a relative has or had."""
    stands = _stands()
    if str(resource.status) == "entered-in-error":
        return
    relative = _name(resource.relationship) or "relative"
    for condition in resource.condition or ():
        name = _name(condition.code)
        if name is None:
            yield _unnamed(resource, condition.code)
            continue
        facts = (replace(fact, who="family") for fact in named(name, "thing") if isinstance(fact, Finding))
        yield line(f"Family history ({relative}): {name}", *facts, who="family", certain=stands.certain)


_READERS: Mapping[str, Callable[[Any, _Bundle], Iterator[Line]]] = {
    "Condition": _condition,
    "Observation": _observation,
    "MedicationStatement": _medication,
    "MedicationRequest": _medication,
    "MedicationAdministration": _medication,
    "Procedure": _procedure,
    "AllergyIntolerance": _allergy,
    "Immunization": _immunization,
    "FamilyMemberHistory": _family,
}
_KINDS = frozenset((*_READERS, "Patient", "Medication"))
