"""What a record states in its fields, in sentences: one small function a topic, each answering None where the record is silent."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from assistant.chat.points import Point, Proof, Said, field_proofs, listed, spoken
from assistant.chat.question import Question
from assistant.reply import Verdict
from index.scope import without_names
from index.sentences import sentences
from index.trial import Arm, Contact, Outcome, Section, Site, Span, Trial
from index.view import clean, view
from index.words import stems

Say = Callable[[Trial, Question], Said | None]

MOST: Final = 12
"""Sites, outcomes or criteria named one by one in an answer; how many more there are is said."""


def status(trial: Trial, question: Question) -> Said | None:
    """Whether the trial takes people in, overall and at a place that the question names, with its as-of date."""
    if here := places(trial, question):
        return _status_at(trial, here, question)
    if not trial.status:
        return None
    dated = f" (record of {trial.as_of})" if trial.as_of else ""
    why = f" The reason given: {trial.why_stopped}." if trial.why_stopped else ""
    proofs = field_proofs(trial, "status", "as_of", "why_stopped")
    others = [site for site in trial.sites if site.status and site.status != trial.status]
    points = [Point(f"Overall status: {spoken(trial.status)}{dated}.{why}", proofs)]
    if others and len(others) < MOST:
        points.append(Point(f"Not every site has that status: {_site_list(others)}.", _site_proofs(others)))
    return Said(tuple(points), _recruits(trial.status, question))


def _status_at(trial: Trial, here: Sequence[Site], question: Question) -> Said | None:
    known = [site for site in here if site.status]
    if not known:
        overall = f" The trial as a whole is {spoken(trial.status)}." if trial.status else ""
        text = f"The record lists {_site_list(here)} but gives no status for it.{overall}"
        return Said((Point(text, (*_site_proofs(here), *field_proofs(trial, "status", "as_of"))),), "depends")
    dated = f" (record of {trial.as_of})" if trial.as_of else ""
    points = [Point(f"{_site_list(known)}{dated}.", (*_site_proofs(known), *field_proofs(trial, "as_of")))]
    open_sites = [site for site in trial.sites if site.status == "RECRUITING" and site not in known]
    if open_sites and any(site.status != "RECRUITING" for site in known):
        points.append(Point(f"Recruiting elsewhere: {_site_list(open_sites[:MOST])}.", _site_proofs(open_sites[:MOST])))
    verdicts = {_recruits(site.status, question) for site in known if site.status}
    return Said(tuple(points), verdicts.pop() if len(verdicts) == 1 else "depends")


def _recruits(value: str, question: Question) -> Verdict | None:
    """Yes or no only to a question whether people are taken in."""
    asked = re.search(r"recruit|enrol|accept|taking|join|open|admit|right now", question.text, re.IGNORECASE)
    closed = re.search(
        r"\bis (?:it|this|the (?:trial|study)) (?:closed|finished|over|completed|terminated|withdrawn|suspended)",
        question.text,
        re.IGNORECASE,
    )
    if not question.asks_yes_no or not asked or closed:
        return None
    negated = re.search(r"not (?:yet )?recruiting|closed to", question.text, re.IGNORECASE)
    if negated:
        return None
    if (
        question.form == "fits"
        and value == "RECRUITING"
        and not re.search(r"recruit|\bopen\b|accept|taking", question.text, re.IGNORECASE)
    ):
        return "depends"
    return "yes" if value == "RECRUITING" else "depends" if value == "ENROLLING_BY_INVITATION" else "no"


def sites(trial: Trial, question: Question) -> Said | None:
    """Where the trial runs: the places that the question names, else all of them."""
    if not trial.sites:
        return None
    here = places(trial, question)
    if here:
        found = Point(f"The record lists {_site_list(here[:MOST])}{_more(here)}.", _site_proofs(here[:MOST]))
        return Said((found,), "yes" if question.form == "whether" else None)
    asked = [name for name in _capitalised_places(question.text) if not set(stems(name)) & set(stems(trial.title or ""))]
    listing = Point(_all_sites(trial.sites), _site_proofs(trial.sites[:MOST]))
    if asked and question.asks_yes_no:
        return Said((Point(f"The record lists no site in {asked[0]}.", _site_proofs(trial.sites[:1])), listing), "no")
    return Said((listing,))


def _all_sites(all_sites: Sequence[Site]) -> str:
    countries = list(dict.fromkeys(site.country for site in all_sites if site.country))
    where = f" in {listed(countries[:8])}" if len(all_sites) > 1 and countries else ""
    number = "1 site" if len(all_sites) == 1 else f"{len(all_sites)} sites"
    return f"The record lists {number}{where}: {_site_list(all_sites[:MOST])}{_more(all_sites)}."


def places(trial: Trial, question: Question) -> list[Site]:
    """The trial's sites that the question names by city, state, country or facility."""
    asked = set(stems(without_names(question.text)))
    return [
        site
        for site in trial.sites
        if any(_named(part, asked) for part in (site.city, site.state, site.country, site.facility) if part)
    ]


def _named(place: str, asked: set[str]) -> bool:
    parts = set(stems(place))
    return bool(parts) and parts <= asked


def _capitalised_places(text: str) -> list[str]:
    return re.findall(r"\b(?:in|near|at|from|around)\s+((?:[A-Z][\w'’-]+)(?:\s+[A-Z][\w'’-]+){0,3})", text)


def _site_list(some: Iterable[Site]) -> str:
    return "; ".join(_site(site) for site in some)


def _site(site: Site) -> str:
    where = ", ".join(part for part in (site.facility, site.city, site.state, site.country) if part)
    return f"{where}: {spoken(site.status)}" if site.status else where


def _site_proofs(some: Iterable[Site]) -> tuple[Proof, ...]:
    return tuple(Proof(site.span, "locations") for site in some)


def _more(items: Sequence[object]) -> str:
    return f" and {len(items) - MOST} more" if len(items) > MOST else ""


def contacts(trial: Trial, question: Question) -> Said | None:
    """The record's official study contacts, those of a place that the question names first."""
    there = [contact for site in places(trial, question) for contact in site.contacts]
    found = there or [*trial.contacts] or [contact for site in trial.sites for contact in site.contacts]
    found = [contact for contact in found if contact.phone or contact.email] or found
    if not found:
        return None
    shown = found[:MOST]
    text = f"The record's study contacts: {'; '.join(_contact(contact) for contact in shown)}{_more(found)}."
    return Said((Point(text, tuple(Proof(contact.span, "contacts") for contact in shown)),))


def _contact(contact: Contact) -> str:
    return ", ".join(part for part in (contact.name, contact.affiliation, contact.phone, contact.email) if part)


def officials(trial: Trial, question: Question) -> Said | None:
    """Who leads the study."""
    if not trial.officials:
        return None
    text = "; ".join(
        f"{_contact(person)} ({spoken(person.role)})" if person.role else _contact(person) for person in trial.officials[:MOST]
    )
    return Said(
        (Point(f"The record names {text}.", tuple(Proof(person.span, "contacts") for person in trial.officials[:MOST])),)
    )


def _dated(field: str, wording: str) -> Say:
    def say(trial: Trial, question: Question) -> Said | None:
        value = getattr(trial, field)
        return Said((Point(wording.format(value), field_proofs(trial, field)),)) if value else None

    return say


def enrollment(trial: Trial, question: Question) -> Said | None:
    """How many participants."""
    if trial.enrollment is None:
        return None
    return Said((Point(f"Enrolment: {trial.enrollment} participants.", field_proofs(trial, "enrollment")),))


def phase(trial: Trial, question: Question) -> Said | None:
    """The phase; yes or no when the question names one."""
    if not trial.phase:
        return None
    asked = re.search(r"phase\s*(\d|I{1,3}V?|IV)(?:\s*[/-]\s*(\d|I{1,3}|IV))?\b", question.text, re.IGNORECASE)
    verdict: Verdict | None = None
    if asked and question.asks_yes_no:
        wanted = {_ROMAN.get(number.upper(), number) for number in asked.groups() if number}
        verdict = "yes" if wanted == {value[-1] for value in trial.phase} else "no"
    words = " and ".join(spoken(value) for value in trial.phase)
    return Said((Point(f"The phase is {words}.", field_proofs(trial, "phase")),), verdict)


_ROMAN: Final = {"I": "1", "II": "2", "III": "3", "IV": "4"}


def sponsor(trial: Trial, question: Question) -> Said | None:
    """Sponsor and collaborators."""
    if not trial.sponsor:
        return None
    points = [Point(f"The lead sponsor is {trial.sponsor}.", field_proofs(trial, "sponsor"))]
    if trial.collaborators:
        names = f"{listed(trial.collaborators[:MOST])}{_more(trial.collaborators)}"
        points.append(Point(f"Collaborators: {names}.", field_proofs(trial, "collaborators")))
    return Said(tuple(points))


def allocation(trial: Trial, question: Question) -> Said | None:
    """Whether groups are assigned at random."""
    if not trial.allocation:
        return None
    sentence = {
        "RANDOMIZED": "Participants are assigned to their group at random; nobody chooses it.",
        "NON_RANDOMIZED": "Participants are not assigned at random.",
        "NA": "Nothing is randomised: there is one group.",
    }.get(trial.allocation, f"Allocation: {spoken(trial.allocation)}.")
    asks_random = re.search(r"randomi[sz]|by chance|coin", question.text, re.IGNORECASE)
    asks_choice = re.search(r"\b(?:choose|pick|decide)\b", question.text, re.IGNORECASE)
    verdict: Verdict | None = None
    if question.asks_yes_no and asks_random:
        verdict = "yes" if trial.allocation == "RANDOMIZED" else "no"
    elif question.asks_yes_no and asks_choice and trial.allocation == "RANDOMIZED":
        verdict = "no"
    return Said((Point(sentence, field_proofs(trial, "allocation")),), verdict)


def masking(trial: Trial, question: Question) -> Said | None:
    """Blinding."""
    if not trial.masking:
        return None
    is_open = trial.masking == "NONE"
    verdict: Verdict | None = None
    if question.asks_yes_no and re.search(r"blind|mask", question.text, re.IGNORECASE):
        verdict = "no" if is_open else "yes"
    elif question.asks_yes_no and re.search(r"open[- ]label", question.text, re.IGNORECASE):
        verdict = "yes" if is_open else "no"
    text = "It is open label: nobody is blinded." if is_open else f"Masking (blinding): {spoken(trial.masking)}."
    return Said((Point(text, field_proofs(trial, "masking")),), verdict)


def design(trial: Trial, question: Question) -> Said | None:
    """The design: model, allocation, masking, purpose, as far as given."""
    given = [
        (field, f"{label}: {spoken(value)}")
        for field, label in (
            ("study_type", "study type"),
            ("intervention_model", "intervention model"),
            ("allocation", "allocation"),
            ("masking", "masking"),
            ("primary_purpose", "primary purpose"),
        )
        if (value := getattr(trial, field))
    ]
    if not given:
        return None
    text = "; ".join(words for _, words in given)
    single = re.search(r"single[- ](?:arm|group)", question.text, re.IGNORECASE)
    verdict: Verdict | None = None
    if single and question.asks_yes_no and trial.intervention_model:
        verdict = "yes" if trial.intervention_model == "SINGLE_GROUP" else "no"
    return Said((Point(f"{text[0].upper()}{text[1:]}.", field_proofs(trial, *(field for field, _ in given))),), verdict)


def _outcomes(field: str, label: str) -> Say:
    def say(trial: Trial, question: Question) -> Said | None:
        found: Sequence[Outcome] = getattr(trial, field)
        if not found:
            return None
        points = [Point(f"{label} {n}: {_outcome(o)}.", (Proof(o.span, "outcomes"),)) for n, o in enumerate(found[:MOST], 1)]
        if len(found) > MOST:
            points.append(Point(f"The record lists {len(found) - MOST} more."))
        return Said(tuple(points))

    return say


def _outcome(outcome: Outcome) -> str:
    return f"{outcome.measure} (time frame: {outcome.time_frame})" if outcome.time_frame else outcome.measure


def arms(trial: Trial, question: Question) -> Said | None:
    """The arms that the question names, else all, each with its type; yes or no when it asks for an arm's type."""
    if not trial.arms:
        return None
    chosen = named_arms(trial, question) or list(trial.arms)
    type_asked = _arm_type_asked(question.text)
    if type_asked and _asks_type(question.text):
        return _is_arm_type(trial, chosen, type_asked)
    points = [Point(_arm(arm), (Proof(arm.span, "arms"),)) for arm in chosen[:MOST]]
    return Said((*([Point(f"The record lists {len(trial.arms)} arms.")] if len(chosen) > 1 else []), *points))


def _arm(arm: Arm) -> str:
    kind = f" ({spoken(arm.type)} arm)" if arm.type else ""
    about = f": {arm.description}" if arm.description and arm.description != arm.label else ""
    return f"{arm.label}{kind}{about}".rstrip(".") + "."


_ARM_TYPES: Final = (
    (r"experimental", "EXPERIMENTAL"),
    (r"placebo", "PLACEBO_COMPARATOR"),
    (r"sham", "SHAM_COMPARATOR"),
    (r"(?:active )?comparator|control", "COMPARATOR"),
)


def _arm_type_asked(text: str) -> str | None:
    """The type of arm that a question names ("the control arm")."""
    for pattern, value in _ARM_TYPES:
        if re.search(rf"\b(?:{pattern})\b(?: (?:arm|group))?", text, re.IGNORECASE):
            return value
    return None


def _asks_type(text: str) -> bool:
    """Whether it asks for an arm's type: "is X the experimental arm?"."""
    return (
        re.search(
            r"\bis\b[^?]*\b(?:the|an?) (?:experimental|placebo|sham|active comparator|comparator|control)\b[^?,]{0,40}\?",
            text,
            re.IGNORECASE,
        )
        is not None
    )


def _is_arm_type(trial: Trial, chosen: Sequence[Arm], asked: str) -> Said:
    matching = [arm for arm in trial.arms if arm.type and asked in arm.type]
    named = [arm for arm in chosen if arm not in matching or len(chosen) < len(trial.arms)]
    verdict: Verdict | None = None
    if len(named) == 1 and len(chosen) < len(trial.arms):
        verdict = "yes" if named[0] in matching else "no"
    points = [
        Point(
            f"{arm.label} is the {spoken(arm.type)} arm." if arm.type else f"{arm.label}: no type given.",
            (Proof(arm.span, "arms"),),
        )
        for arm in trial.arms[:MOST]
    ]
    return Said(tuple(points), verdict)


def named_arms(trial: Trial, question: Question) -> list[Arm]:
    """The arms that the question tells apart: by words that only some labels have, or by their type."""
    asked = set(question.stems)
    labels = [set(stems(arm.label)) for arm in trial.arms]
    common = set.intersection(*labels) if labels else set()
    overlap = [len((label - common) & asked) for label in labels]
    best = max(overlap, default=0)
    if best and len(trial.arms) > 1:
        return [arm for arm, count in zip(trial.arms, overlap, strict=True) if count == best]
    kind = _arm_type_asked(question.text)
    return [arm for arm in trial.arms if kind and arm.type and kind in arm.type]


def interventions(trial: Trial, question: Question) -> Said | None:
    """The interventions by name and type, where those are asked for; what is given and how is in their passages."""
    if not trial.interventions or not _NAMES_ASKED.search(question.text):
        return None
    names = [f"{item.name} ({spoken(item.type)})" if item.type else item.name for item in trial.interventions[:MOST]]
    text = f"Interventions: {listed(names)}{_more(trial.interventions)}."
    return Said((Point(text, tuple(Proof(item.span, "interventions") for item in trial.interventions[:MOST])),))


_NAMES_ASKED: Final = re.compile(
    r"\b(?:what|which|name|list)\b[^.?!]{0,40}\b(?:drugs?|medicines?|medications?|interventions?|treatments?|therap\w+|devices?)\b",
    re.IGNORECASE,
)


def age(trial: Trial, question: Question) -> Said | None:
    """The age limits, and on which side of them a stated age falls."""
    low, high = years(trial.minimum_age), years(trial.maximum_age)
    proofs = (*age_criteria(trial), *field_proofs(trial, "minimum_age", "maximum_age"))
    if not proofs:
        return None
    limits = age_words(trial.minimum_age, trial.maximum_age)
    if question.age is None or (low is None and high is None):
        return Said((Point(f"Age limits: {limits}.", proofs),)) if low is not None or high is not None else None
    stated = f"{question.age:g}"
    if _otherwise(trial, question.age, low, high):
        text = f"The record contradicts itself on age: its fields give {limits}, a criterion another range; {stated} is inside one only."
        return Said((Point(text, proofs),), None if question.form == "open" else "depends")
    if (low is not None and question.age < low) or (high is not None and question.age >= high + 1):
        side = (
            f"over the upper limit of {trial.maximum_age}"
            if high is not None and question.age > high
            else f"under the lower limit of {trial.minimum_age}"
        )
        return Said(
            (Point(f"The trial takes people {limits}, so {stated} is {side.lower()}.", proofs),), _fits(False, question)
        )
    return Said(
        (Point(f"The trial takes people {limits}, so {stated} is inside the age range.", proofs),), _fits(True, question)
    )


_RANGE: Final = re.compile(
    r"\b(\d{1,2})\s*(?:years?|yrs?)?(?: old| of age)?\s*(?:-|–|—|~|to|and|till|until)\s*(?:≤|<=|<)?\s*(\d{1,3})\b"
)


def _otherwise(trial: Trial, age: float, low: float | None, high: float | None) -> bool:
    """Whether a criterion's age range and the record's fields put an age on different sides."""
    inside = (low is None or age >= low) and (high is None or age < high + 1)
    ranges = [
        match for proof in age_criteria(trial) for match in _RANGE.findall(clean(trial.source(proof.span.document), proof.span))
    ]
    return any((float(first) <= age < float(last) + 1) is not inside for first, last in ranges)


def _fits(inside: bool, question: Question) -> Verdict | None:
    """The verdict to the question as asked; a passed line never answers a question about the whole trial with yes."""
    if question.form == "excluded":
        return "no" if inside else "yes"
    if question.form == "open":
        return None
    if not inside:
        return "no"
    return "yes" if re.search(r"\bage\b|old enough|young enough|too (?:old|young)", question.text, re.IGNORECASE) else "depends"


def age_words(minimum: str | None, maximum: str | None) -> str:
    """ "from 18 to 70 years", in the record's own units."""
    if minimum and maximum:
        same = minimum.split()[-1] == maximum.split()[-1]
        return f"from {minimum.split()[0] if same else minimum.lower()} to {maximum.lower()} old"
    if minimum:
        return f"from {minimum.lower()} old, with no upper limit given"
    return f"up to {maximum.lower()} old, with no lower limit given" if maximum else "not given"


_UNITS: Final = {"year": 1.0, "month": 1 / 12, "week": 7 / 365.25, "day": 1 / 365.25, "hour": 1 / 8766, "minute": 1 / 525960}


def years(limit: str | None) -> float | None:
    """An age limit as API v2 words it, in years; None for none."""
    match = re.match(r"(\d+(?:\.\d+)?)\s+(year|month|week|day|hour|minute)", limit or "", re.IGNORECASE)
    return float(match[1]) * _UNITS[match[2].lower()] if match else None


_AGE_LINE: Final = re.compile(
    r"\bage[ds]?\b(?!\w)|\byears? (?:old|of age)|\b\d+\s*(?:years|yrs)\b(?=.*\b(?:male|female|old|older)\b)"
    r"|^(?:greater|older|less|younger|more|at least|≥|>|≤|<|over|under|from|between|\d)[\w\s≥≤<>=-]*\byears\W*$",
    re.IGNORECASE,
)


def age_criteria(trial: Trial) -> tuple[Proof, ...]:
    """The inclusion criteria that state an age."""
    lines = [c for c in trial.leaves if c.kind == "inclusion" and len(c.text) < 200]
    stated = [c for c in lines if re.search(r"\d", c.text) and _AGE_LINE.search(c.text)]
    return tuple(Proof(c.span, c.kind) for c in stated)[:2]


def sex(trial: Trial, question: Question) -> Said | None:
    """Which sexes are eligible."""
    if not trial.sex:
        return None
    words = {
        "ALL": "The trial is open to all sexes.",
        "FEMALE": "The trial takes women only.",
        "MALE": "The trial takes men only.",
    }
    mentioned = question.sex or _sex_asked(question.text)
    only = re.search(r"\bonly\b", question.text, re.IGNORECASE)
    verdict: Verdict | None = None
    if question.asks_yes_no and mentioned and not only:
        verdict = _fits(trial.sex in {"ALL", mentioned}, question)
        verdict = (
            "yes"
            if verdict == "depends" and re.search(r"accept|open to|include|take", question.text, re.IGNORECASE)
            else verdict
        )
    elif question.asks_yes_no and only:
        verdict = "no" if trial.sex == "ALL" else "yes" if trial.sex == mentioned else "no"
    return Said((Point(words.get(trial.sex, f"Sex: {spoken(trial.sex)}."), field_proofs(trial, "sex")),), verdict)


def _sex_asked(text: str) -> str | None:
    female = re.search(r"\bwom[ae]n\b|\bfemales?\b", text, re.IGNORECASE)
    male = re.search(r"\bm[ae]n\b|\bmales?\b", text, re.IGNORECASE)
    return "ALL" if female and male else "FEMALE" if female else "MALE" if male else None


def healthy_volunteers(trial: Trial, question: Question) -> Said | None:
    """Whether healthy volunteers are accepted."""
    if trial.healthy_volunteers is None:
        return None
    accepted = trial.healthy_volunteers
    text = "Healthy volunteers are accepted." if accepted else "Healthy volunteers are not accepted."
    verdict: Verdict | None = ("yes" if accepted else "no") if question.asks_yes_no else None
    return Said((Point(text, field_proofs(trial, "healthy_volunteers")),), verdict)


def conditions(trial: Trial, question: Question) -> Said | None:
    """The conditions studied."""
    if not trial.conditions:
        return None
    return Said(
        (Point(f"Conditions: {listed(trial.conditions[:MOST])}{_more(trial.conditions)}.", field_proofs(trial, "conditions")),)
    )


def related(trial: Trial, question: Question) -> Said | None:
    """Other trials that the document names; nothing is said of them beyond that."""
    if not trial.related:
        return None
    names = [" ".join(part for part in (item.nct_id, item.title) if part) for item in trial.related[:MOST]]
    return Said(
        (
            Point(
                f"The document names these other trials: {'; '.join(names)}.",
                tuple(Proof(r.span, "related") for r in trial.related[:MOST]),
            ),
        )
    )


def ids(trial: Trial, question: Question) -> Said | None:
    """NCT number, acronym and other identifiers."""
    given = [
        *([f"NCT number {trial.nct_id}"] if trial.nct_id else []),
        *([f"acronym {trial.acronym}"] if trial.acronym else []),
    ]
    given += [f"other id {other}" for other in trial.other_ids]
    proofs = field_proofs(trial, "nct_id", "acronym", "other_ids")
    return Said((Point(f"Identifiers: {listed(given)}.", proofs),)) if given and proofs else None


def results(trial: Trial, question: Question) -> Said | None:
    """Results: where the record has none, that is said, with its own words."""
    if trial.has_results:
        return None
    proofs = field_proofs(trial, "results")
    if proofs:
        return Said(
            (Point("No results are stated: the record says that they are pending or not published.", proofs),),
            kind="not_stated",
        )
    return Said(
        (Point("No results are stated in the record.", field_proofs(trial, "status", "completion_date")),), kind="not_stated"
    )


def summary(trial: Trial, question: Question) -> Said | None:
    """What the trial is about, in the record's own sentences: the summary, and what its description opens with."""
    points = [
        Point(clean(trial.source(span.document), span), (Proof(span, section.name),))
        for name, most in (("summary", 600), ("description", 250))
        for section in first_sections(trial, name)
        for span in opening(trial, section, most)
    ]
    return Said(tuple(points)) if points else None


def first_sections(trial: Trial, name: str) -> list[Section]:
    """The section of that name in the first document that has it."""
    return [section for section in trial.sections if section.name == name][:1]


def opening(trial: Trial, section: Section, most: int) -> list[Span]:
    """The first sentences of a section up to about `most` characters, at least one, as one span."""
    text = view(trial.source(section.span.document), section.span.start, section.span.end)
    spans = sentences(text.text)
    within = [stretch for stretch in spans if stretch.end <= most] or list(spans[:1])
    return [text.span(within[0].start, within[-1].end)] if within else []


def _criteria_list(kind: str, label: str) -> Say:
    def say(trial: Trial, question: Question) -> Said | None:
        found = [c for c in trial.criteria if c.kind == kind and c.parent is None]
        if not found:
            return None
        shown = found[: 3 * MOST]
        points = [Point(f"{label} {n}: {c.text}", (Proof(c.span, c.kind),)) for n, c in enumerate(shown, 1)]
        more = [Point(f"The record lists {len(found) - len(shown)} more.")] if len(found) > len(shown) else []
        return Said((*points, *more))

    return say


SAY: Final[Mapping[str, Say]] = {
    "results": results,
    "contacts": contacts,
    "officials": officials,
    "sites": sites,
    "status": status,
    "start_date": _dated("start_date", "Start date: {}."),
    "completion_date": _dated("completion_date", "Completion date: {}."),
    "as_of": _dated("as_of", "The record was last updated on {}."),
    "enrollment": enrollment,
    "phase": phase,
    "sponsor": sponsor,
    "allocation": allocation,
    "masking": masking,
    "intervention_model": design,
    "primary_purpose": design,
    "primary_outcomes": _outcomes("primary_outcomes", "Primary outcome"),
    "secondary_outcomes": _outcomes("secondary_outcomes", "Secondary outcome"),
    "arms": arms,
    "interventions": interventions,
    "minimum_age": age,
    "maximum_age": age,
    "age": age,
    "sex": sex,
    "healthy_volunteers": healthy_volunteers,
    "conditions": conditions,
    "related": related,
    "ids": ids,
    "summary": summary,
    "exclusion": _criteria_list("exclusion", "Exclusion"),
    "inclusion": _criteria_list("inclusion", "Inclusion"),
}
"""Topic → how it is said."""
