"""What a question can be about, as a table: one row a topic, with the words that show it and a question that tests the row."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.words import stems


@dataclass(frozen=True, slots=True)
class Topic:
    """A part of the record that is asked for."""

    name: str
    pattern: re.Pattern[str]
    example: str
    idle: frozenset[str]
    """Topics that are not meant beside this one, because their words come along with its own."""
    noun: str | None
    """What a record lacks that has no such field; None where any passage may speak of it."""
    prose: re.Pattern[str] | None
    """What a passage must name to speak of it where the field is missing; None: no passage stands in for the field."""

    @property
    def only_a_field(self) -> bool:
        """Where the record has no such field, it does not state it."""
        return self.noun is not None and self.prose is None


_FRAME = "summary inclusion"
"""What nearly every more particular question seems to ask for as well."""


def _topic(
    name: str, pattern: str, example: str, *, idle: str = _FRAME, noun: str | None = None, prose: str | None = None
) -> Topic:
    in_prose = re.compile(prose, re.IGNORECASE) if prose else None
    return Topic(name, re.compile(pattern, re.IGNORECASE), example, frozenset(idle.split()), noun, in_prose)


TOPICS: tuple[Topic, ...] = (
    _topic(
        "results",
        r"\bresults?\b(?! of (?:a |the |my |his |her )?(?:lab|blood|test|biopsy|scan))"
        r"|\b(?:has|have|did)\s+(?:it|this|they|the (?:trial|study|drug|treatment|researchers|investigators))\b.*\b(?:shown?|found|find|proven?|improved?|published?|worked?)\b"
        r"|\bhow (?:well|effective)\b|\bdoes (?:it|the (?:drug|treatment)) work\b|\bhow (?:much|many|far|well)\b[^.?!]*\bdid (?!i\b|my\b|we\b|you\b)[^.?!]*\b(?:improv|shr[iu]nk|drop|f[ae]ll|ris|ros|gain|los|respon|surviv|increas|decreas|reduc)\w*"
        r"|\bas (?:found|seen|observed|reported) in\b|\bsurvival (?:benefit|rate|gain)|\bresponse rates? (?:so far|seen|observed)\b"
        r"|\bby (?:how (?:much|many \w+)|what (?:percentage|percent|margin|factor|share))\b[^.?!]*\bdid (?!i\b|my\b|we\b|you\b)"
        r"|\b(?:trial|study|it|they|researchers?|since|as|that|because)\s+(?:has|have) (?:already |now |just |clearly )*(?:proven|proved|shown|demonstrated)\b"
        r"|\bso far\b|\befficacy data\b|\bmet (?:its|the) (?:goal|primary|end ?point)\b|\bsignificantly (?:raise|improve|reduce|lower|increase|prolong)d?\b",
        "Has the study published any results so far?",
        idle="summary outcomes interventions arms status primary_outcomes inclusion",
        noun="result",
    ),
    _topic(
        "payment",
        r"(?<!who )\bpa(?:y|ys|id|ying)\b(?! attention)(?=[^.?!]*\b(?:i|me|us|my|you|participants?|patients?|people|travel)\b)|\b(?:i|me|we|people|participants?|patients?)\b[^.?!]*\b(?:get|be|are) paid\b"
        r"|\bcosts? (?:me|us|anything|to (?:take part|join|participate|enrol|be in))\b|\bhow much (?:does|will|would) (?:it|this|that|the (?:trial|study)) cost\b|\bcovered by (?:\w+ )?insurance\b"
        r"|\bfree of charge\b|\bfor free\b|\bis (?:the |it |this )?(?:\w+ ){0,2}(?<!disease )(?<!cancer )(?<!tumor )(?<!symptom )free\b(?! (?:of|from))"
        r"|\bcompensation\b|\breimburs\w+|\bstipends?\b|\bgift ?cards?\b|\bvouchers?\b|\bparking\b|\btravel (?:costs?|expenses?|money)\b",
        "Do they pay me for taking part, and for parking?",
        idle="summary inclusion interventions sites sponsor",
        noun="word on payment or costs",
    ),
    _topic(
        "compare",
        r"\bcompare\b|\bcomparison of\b|\bdiffer(?:ence|ent|s)?\b.*\b(?:arms?|groups?|trials?|studies)\b|\bversus\b.*\btrial\b"
        r"|\bwhich (?:trial|study|of (?:the|these) (?:two|trials|studies))\b.*\b(?:stricter|looser|larger|more|older|younger)\b",
        "How do the two arms differ, and which trial is stricter on heart failure?",
        idle="inclusion exclusion summary",
    ),
    _topic(
        "contacts",
        r"\bcontacts?\b|\bwho (?:do|can|could|should|would) (?:i|we|one|you) (?:\w+ )?(?:call|ask|e-?mail|phone|write|talk|speak|reach|contact)"
        r"|\b(?:phone|telephone|e-?mail|ring)\b(?![ -](?:apps?|calls?|interviews?|visits?|surveys?|based|sessions?|reminders?|coaching|messages?|follow))|\bnames? (?:some|any)(?:one|body)\b|\b(?:some|any)(?:one|body) (?:to|(?:i|we|one) (?:can|could|may)) (?:call|ask|phone|write|contact|reach)\b|\bwhom? (?:do|can|could|should|would) (?:i|we|one|you) (?:\w+ )?(?:ring|call|ask|write|contact|reach)|\bwho\b[^.?!]{0,15}\b(?:can|could|do|should) (?:i|we) (?:write|call|ring|phone|e-?mail|contact|talk|speak)\b|\bget in touch\b|\breach (?:them|someone|anyone|you|the (?:team|study|site))\b|\bwho (?:would|might|will) know\b|\b(?:how|where)\b[^.?!]*\bsign(?:ing)? up\b",
        "Who can I call about this study, and is there an e-mail address?",
        idle="summary inclusion officials",
        noun="contact",
    ),
    _topic(
        "officials",
        r"\binvestigators?\b|\bwho(?: is|['’]s)? (?:leads?|runs?|running|leading|in charge|responsible)\b|\bstudy (?:chair|director)\b|\bresponsible party\b"
        r"|\bPI\b",
        "Who is the principal investigator?",
        noun="investigator",
    ),
    _topic(
        "sites",
        r"\bwhere\b(?! (?:it|the record) says)|\bsites?\b(?! of (?:disease|metasta|recurren))|\blocations?\b|(?<!\bin )(?<!\bto )\bhospital\b|\bhospitals\b|\bcit(?:y|ies)\b|\bcountr(?:y|ies)\b"
        r"|\b(?:i|we) live in\b|\bnear (?:me|us|by|\w+)\b|\bcent(?:er|re)s\b|\bmulti-?cent|\bsingle-?cent|\bhow far\b|\bfacilit(?:y|ies)\b",
        "Where is it running, and which hospitals take part?",
        noun="site or location",
    ),
    _topic(
        "status",
        r"\brecruit|\benrol(?:l|ling|ment)? (?:now|open|status|yet)|\b(?:still|currently|now|already) (?:open|enrol\w*|accepting|taking|running|active)"
        r"|\bis (?:it|this|the (?:trial|study)) (?:open|closed|finished|over|ongoing|active|running|completed?|terminated|suspended|withdrawn)\b(?! to\b)"
        r"|\b(?:is|are) (?:the )?(?:ones?|sites?|cent(?:er|re)s?|hospitals?|clinics?) (?:in|at|near) [^.?!]*\b(?:open|closed|active)\b(?![- ]label)|\boverall status\b|\bstatus of\b|\b(?:accepting|taking|takes?|accepts?) (?:in |on )?(?:new )?(?:patients|participants|people|volunteers)|\bat (?:the|this) moment\b|\bwas it open\b|\bright now\b|\bcurrent status\b|\bwhy (?:was|did) .* stop",
        "Is the study still recruiting?",
        noun="recruitment status",
    ),
    _topic(
        "start_date",
        r"\b(?:when|what (?:date|day|year)|since when)\b[^.?!,]*\b(?:start|began|begin|commence)\w*|\bwhen (?:did|does|will) (?:it|the (?:trial|study)) open\b|\bstart(?:ing)?(?: and (?:\w+ )?(?:completion|end))? dates?\b|\bplanned start\b|\bstart(?:ing)? date\b|\bhow long has it been running\b",
        "When did the study start?",
        idle="",
        noun="start date",
    ),
    _topic(
        "completion_date",
        r"\bwhen\b[^.?!,]*\b(?:trial|study|it|everything)\b[^.?!,]*\b(?:finish|end|complet|conclude|over\b)\w*|\b(?:completion|end|finish) dates?\b|\bcomplet(?:ed|ion) (?:by|expected|planned)\b"
        r"|\bhow long will (?:it|the (?:study|trial)) (?:run|last|go on)\b",
        "When will the study be completed?",
        idle="",
        noun="completion date",
    ),
    _topic(
        "as_of",
        r"\b(?:last|most recently) (?:updated?|verified|changed|current|revised)\b|\bup to date\b|\bhow (?:old|recent|current) is (?:the|this) (?:record|information|data|page)\b|\bas of\b",
        "When was the record last updated?",
        noun="date of last update",
    ),
    _topic(
        "first_posted",
        r"\bfirst (?:posted|submitted|registered)\b|\bwhen was (?:it|this|the (?:trial|study)) (?:first )?(?:registered|posted)\b",
        "When was the record first posted?",
        noun="date of first posting",
    ),
    _topic(
        "enrollment",
        r"\bhow many (?:people|patients|participants|subjects|volunteers|women|men|children|adults)\b(?!.*\b(?:cycles?|weeks?)\b)|\bsample size\b|\b(?:target|planned) accrual\b|\baccrual (?:target|goal)\b|\benrol?lment (?:target|goal|number|count|size)\b"
        r"|\b(?:target|planned|total|actual|expected|anticipated|estimated) (?:enrol?lment|number of (?:patients|participants|subjects|people))\b|\bnumber of (?:participants|patients|subjects)\b"
        r"|\bhow (?:big|large) is (?:the|this) (?:trial|study)\b",
        "How many participants does it plan to enrol?",
        noun="number of participants",
    ),
    _topic(
        "phase",
        r"\b(?:what|which) (?:clinical )?phase\b|\bphase (?:is|of) (?:it|the|this)\b|\bis (?:it|this|\S+) an? (?:\S+ )?phase\b|\btrial phase\b|\bstudy phase\b",
        "What phase is the trial?",
        noun="phase",
    ),
    _topic(
        "sponsor",
        r"\bsponsor|\bwho (?:is )?(?:pays?|paying|funds?|funding|behind)\b|\bfund(?:ed|ing|er)\b|\bcollaborators?\b|\bcompany\b|\b(?:which|what) (?:university|institution|organi[sz]ation)\b",
        "Who sponsors the study?",
        noun="sponsor",
    ),
    _topic(
        "allocation",
        r"\brandomi[sz]|\ballocat(?:ed|ion)\b|\b(?:choose|pick|decide) (?:my|which|the) (?:arm|group|treatment)\b|\bby chance\b|\bcoin (?:flip|toss)\b",
        "Is it randomised, or do I choose the group?",
        idle="summary arms inclusion",
    ),
    _topic(
        "masking",
        r"\bblind(?:ed|ing)?\b|\bmask(?:ed|ing)?\b|\bopen[- ]label\b|\bwill i know (?:which|what)\b|\bplacebo\b(?=.*\bknow\b)",
        "Is the study blinded or open label?",
        idle="summary arms intervention_model inclusion",
        noun="masking",
        prose=r"\bblind(?:ed|ing)?\b|\bmask(?:ed|ing)\b|\bopen[- ]label\b",
    ),
    _topic(
        "intervention_model",
        r"\b(?:intervention|assignment) model\b|\bcross-?over\b|\bparallel\b|\bsingle[- ](?:arm|group)\b|\bfactorial\b|\bstudy design\b|\bdesign of (?:the|this)\b|\bhow is (?:the|this) (?:trial|study) designed\b",
        "Is it a single-arm or a parallel design?",
        idle="summary arms",
    ),
    _topic(
        "study_type",
        r"\b(?:study|trial) type\b|\b(?:type|kind|sort) of (?:study|trial)\b|\b(?:an?|purely|only|just|or) (?:observational|interventional)\b|\bobservational (?:study|trial|or)\b",
        "Is it an observational study?",
        idle="summary primary_purpose",
        noun="study type",
    ),
    _topic(
        "primary_purpose",
        r"\bprimary purpose\b|\bis (?:it|this) (?:a )?(?:treatment|prevention|diagnostic|screening)\b",
        "What is the primary purpose of the study?",
    ),
    _topic(
        "primary_outcomes",
        r"\b(?:primary|main|co-primary)\b[\w\s/-]{0,20}\b(?:end ?points?|outcomes?|measures?|objectives?|aims?)\b|\bwhat (?:is|are) (?:they|the (?:study|trial|researchers?)) measur\w+",
        "What are the primary endpoints?",
        idle="outcomes summary interventions conditions",
        noun="primary outcome",
        prose=r"\bprimary (?:\w+ )?(?:end ?points?|outcomes?|objectives?|aims?|measures?)\b",
    ),
    _topic(
        "secondary_outcomes",
        r"\b(?:secondary|other|additional|exploratory)\b[\w\s/-]{0,20}\b(?:end ?points?|outcomes?|measures?|objectives?)\b",
        "What are the secondary outcome measures?",
        idle="outcomes summary interventions conditions",
        noun="secondary outcome",
        prose=r"\bsecondary (?:\w+ )?(?:end ?points?|outcomes?|objectives?|aims?|measures?)\b",
    ),
    _topic(
        "outcomes",
        r"\bend ?points?\b|\boutcome(?: measure)?s?\b|\bfollow(?:ed|ing)?[- ]up\b|\btime ?frame\b|\bassessed (?:at|by|using|with)\b|\bmeasured\b",
        "At which time points is the outcome assessed?",
        idle="summary interventions",
    ),
    _topic(
        "arms",
        r"\barms?\b(?! pain)|\b(?:treatment|study|control|experimental|intervention|comparison|placebo|sham) (?:arms?|groups?)\b|\bcomparator\b|\bcohorts?\b|\b(?:each|both|other|which|what|either) groups?\b|\bthe groups?\b(?= (?:with|that|who|get|receiv|do))|\bcontrol\b(?=.*\b(?:get|receive|given)\b)",
        "What does the control arm receive?",
        idle="summary",
    ),
    _topic(
        "interventions",
        r"\bdos(?:e[sd]?|age|ing)\b|\bhow (?:often|much|frequently)\b|\bschedul|\bregimens?\b|\bagents?\b(?=.*\b(?:listed|named|compared|tested|alongside|besides?)\b)|\bhow many (?:mg|gy|mcg|ml|iu|grams?|units?)\b|\bfractions?\b|\btreatments?\b(?=.*\b(?:get|given|receive|involve|include|consist|does|what)\b)"
        r"|\b(?:what|which) (?:drugs?|medicines?|medications?|interventions?|treatments?|therap\w+|device)\b|\bwhat happens\b|\bwhat (?:will|would|do) (?:i|participants|patients) (?:get|receive|be given|take|have to do)\b"
        r"|\bhow (?:is|are) .* (?:given|administered|delivered|taken)\b|\bhow long (?:is|does|will|do) .* (?:treat|last|take|given|session|continue)\w*|\bcycles?\b",
        "How often is the drug given and at what dose?",
        idle="summary",
    ),
    _topic(
        "course",
        r"\bwhat (?:happens|will happen|would happen|is going to happen)\b(?! (?:if|when|after|once|should)\b)(?! to (?:my|the (?:data|samples?|blood)))|\bwhat (?:would|will|do|does|must|should) (?:i|we|one|you|participants?|patients?|people|someone|taking part|participation|participating|joining|it|this|the (?:trial|study))"
        r" (?:have to do|need to do|be asked to do|go through|involve|entail|look like|consist of)\b|\bwhat(?:['’]s| is| are) (?:involved|the (?:procedures?|steps|visits|study procedures))\b|\bhow does (?:it|this|the (?:trial|study)) work\b|\bwhat (?:is|will be|would be) done (?:to|with) (?:me|us|participants|patients|people)\b",
        "What happens to those who take part?",
        idle="summary interventions arms",
        noun="description of what happens to participants",
    ),
    _topic(
        "duration",
        r"\bhow long (?:does|do|will|would|is|are|must|should|am) (?:it|this|i|we|one|people|participants?|patients?|they|the (?:whole )?(?:trial|study|thing)|taking part|participation|everything)"
        r"(?: \w+){0,3}? ?(?:take|last|be (?:in|on|part|followed|involved)|have to (?:stay|be|take)|stay|go on|need|run|participate|take part|followed)?\s*(?:\?|$|,|for\b|in\b|overall|altogether|in total|the (?:study|trial))"
        r"|\bhow (?:much|many) (?:of my )?(?:time|months|weeks|years) (?:does|do|will|would) (?:it|this|i|the (?:trial|study)) (?:take|need|cost|last)\b|\b(?:study|trial|participation|total|overall) duration\b|\bduration of (?:the |my )?(?:study|trial|participation|follow)",
        "How long does it take?",
        idle="summary interventions completion_date",
        noun="duration",
    ),
    _topic(
        "prior_treatment",
        r"\b(?:which|what) (?:\w+ )?(?:treatments?|therap(?:y|ies)|drugs?|medicines?)\b[^.?!]*\b(?:before|prior|previous(?:ly)?|earlier|in the past|already)\b|\b(?:which|what) (?:prior|previous|earlier|past) (?:\w+ )?(?:treatments?|therap(?:y|ies)|drugs?|medicines?|lines)\b"
        r"|\b(?:may|can|could|must) (?:i|we|one|a person|people|patients?|participants?) (?:not )?have (?:already |ever )?(?:had|been|received)(?: (?!heart|kidney|lung|liver|brain)\w+){0,2} (?:treat(?:ed|ments?)|therapy|therapies)\b(?! (?:with|for|of|by)\b)"
        r"|\brules? (?:on|about|for) (?:prior|previous|earlier|past) (?:\w+ )?(?:treatments?|therap(?:y|ies))\b",
        "Which earlier treatments rule somebody out?",
        idle="summary interventions arms inclusion exclusion",
        noun="rule on earlier treatment",
    ),
    _topic(
        "minimum_age",
        r"\b(?:minimum|lowest|youngest|lower) age\b|\bhow (?:young|old) (?:do|must|should) (?:i|you|one|someone) (?:have to )?be\b|\byoung enough\b.*\bold enough\b",
        "What is the minimum age?",
    ),
    _topic(
        "maximum_age",
        r"\b(?:maximum|highest|oldest|upper) age\b|\bupper age limit\b|\btoo old\b|\byoung enough\b",
        "Am I too old, is there a maximum age?",
    ),
    _topic(
        "age",
        r"\bages?\b|\bage[- ](?:limits?|range|group|rule)\b|\bhow old\b|\b(?:too|old) (?:young|enough)\b"
        r"|\b(?:can|may|accept\w*|allow\w*|takes?|taking|includ\w*|enrol\w*|open to|recruit\w*|only for|for)\b[^.?!,]{0,30}\b(?:kids?|child(?:ren)?|teen\w*|the elderly|older adults?|minors?)\b(?! ?-?(?:bearing|pugh))\s*(?:\?|join|take part|participate|enrol|allowed|accepted|be)",
        "What ages does it accept?",
    ),
    _topic(
        "sex",
        r"\b(?:only|both|open to|accept|include|take)\b.*\b(?:wom[ae]n|m[ae]n|males?|females?|sex(?:es)?|genders?)\b|\b(?:wom[ae]n|m[ae]n|males?|females?) (?:only|allowed|eligible|accepted|join|enrol\w*|participate|take part|sign up|be included|get in)"
        r"|\b(?:eligible|which) (?:sex|gender)\b",
        "Does the study accept both men and women?",
    ),
    _topic(
        "healthy_volunteers",
        r"\bhealthy (?:volunteers?|people|participants|controls?|subjects|adults)\b",
        "Does it accept healthy volunteers?",
        noun="rule on healthy volunteers",
    ),
    _topic(
        "conditions",
        r"\b(?:what|which) (?:medical )?(?:conditions?|diseases?|diagnos[ei]s|illness(?:es)?|cancers?)\b(?! (?:would |are |is )?exclu)",
        "Which condition is studied?",
        idle="",
    ),
    _topic(
        "related",
        r"\b(?:related|similar|other) (?:trials|studies)\b",
        "Which related trials does the page list?",
        noun="related trial",
    ),
    _topic(
        "ids",
        r"\b(?:nct|trial|registration|registry|protocol|study|organi[sz]ation\w*|secondary|identif\w+) (?:number|id|identifier|no\.)s?\b|\bother (?:ids?|identifiers?)\b|\bacronym\b",
        "What is the NCT number of this trial?",
        noun="registry number",
    ),
    _topic(
        "summary",
        r"\bwhat (?:is|does) (?:the|this|it|\S+)\b[^.?!]*\b(?:testing|studying|investigat\w+|trying|purpose|aim|goal|(?<!the )(?:test|study|about|for)\b(?=\s*(?:$|[?,.;!]|and\b|in plain\b|in simple\b)))\b|\bplain (?:words|english|language)\b|\bsummar|\boverview\b|\bpurpose of\b|\bexplain (?:the|this)\b"
        r"|\b(?:aim|goal|objective|rationale|hypothesis)\b|\bwhy is (?:the|this)\b|\btell me (?:more )?about\b\s*(?:it\b|this\b|the (?:trial|study)\b|[.?!]|$)|\bwhat (?:is|'s) (?:this|the) (?:trial|study)\b|\bwhat are (?:they|you|researchers) (?:testing|studying|trying)\b",
        "In plain words, what is this trial about?",
        idle="",
    ),
    _topic(
        "exclusion",
        r"\bexclusion (?:criteria|list|rules)\b(?! \d)|\b(?:all|main|key|are|the) exclusions\b|\bwho (?:can(?:no|')t|is not allowed|is excluded)\b|\bwhat (?:would |might |could )?(?:excludes?|disqualif\w+|rules? (?:\w+ )?out|bars?)\b|\breasons? (?:for|to) (?:exclu|disqualif)\w+",
        "What would exclude someone?",
        idle="summary inclusion",
    ),
    _topic(
        "inclusion",
        r"\binclusion (?:criteria|list|rules)\b(?! \d)|\b(?:all|main|key|are|the) inclusions\b|\bwho (?:can|may|is able to|qualifies|is eligible)\b|\bwhat (?:do|does) (?:i|someone|one|a person|a patient) need\b|\brequirements\b|\beligibility (?:criteria|requirements|rules)\b",
        "Who can take part, and what are the inclusion criteria?",
        idle="",
    ),
    _topic(
        "consistency",
        r"\b(?:in)?consisten|\bcontradict|\bconflict(?:ing|s)?\b|\bdisagree|\bmake sense\b|\bdiscrepanc|\bmistakes? in\b",
        "Are the criteria consistent with one another?",
        idle="inclusion exclusion summary interventions",
    ),
)
"""Fields without a row here, and every criterion, are found by their passages."""

BY_NAME = {topic.name: topic for topic in TOPICS}

_OUTRIGHT = {
    "start_date": r"\bwhen (?:did|does|will|do|is)\b[^.?!,]{0,80}\b(?:start(?:ed|ing)?|begins?|began|open|commence|due to begin|get (?:going|under way))\s*(?:[?,.;]|$|and\b|exactly\b|enrol)|\bstart(?:ing)? dates?\b",
    "duration": r"\bhow long (?:does|will|would) (?:it|the (?:whole )?(?:study|trial)|taking part|everything) (?:all )?(?:take|last)\s*(?:\?|$|,|overall|in total|for (?:me|us|a (?:patient|participant)))",
    "completion_date": r"\bwhen (?:did|does|will|is)\b[^.?!,]{0,80}\b(?:finish(?:ed)?|end(?:ed)?|completed?|over)\s*(?:[?,.;]|$)|\b(?:completion|end) dates?\b",
    "enrollment": r"\bsample size\b|\b(?:target|planned) (?:accrual|enrol?lment)\b|\bhow many (?:people|patients|participants|volunteers|subjects) (?:will|does|do|did|are|is|in|for|overall|in total)\b(?!.{0,60}\b(?:arm|group|year|site)s?\b)",
    "study_type": r"\b(?:study|trial) type\b|\b(?:an?|purely) (?:observational|interventional)\b",
    "sponsor": r"\bwho (?:sponsors|funds)\b|\b(?:lead )?sponsor(?:ed by)?\s*(?:\?|$|,|and\b|of\b|for\b)",
    "masking": r"\bdouble[- ]blind(?:ed)?\s*\?|\b(?:is|was) (?:it|this|NCT|the (?:\w+[ -]){0,6}(?:trial|study))\W(?:\w+ )?(?:open[- ]label|blinded|masked)\b|\bmasking\s*(?:\?|$|,|and\b)",
    "allocation": r"\b(?:odds|chances?|probability|likelihood|likely)\b[^.?!]{0,50}\b(?:placebo|dummy|sham|(?:control|treatment|active|real|drug|study|other|same|which|what) (?:arm|group|drug|one|treatment)|arm|group)\b|\b(?:allocation|randomi[sz]ation) ratio\b"
    r"|\ballocation\s*(?:\?|$|,|and\b)|\b(?:is|was) (?:it|this|the (?:\w+[ -]){0,6}(?:trial|study)) randomi[sz]ed\b",
    "status": r"\b(?:still|currently|already|now|right now) (?:recruiting|(?:looking for|taking(?: in| on)?|accepting|enrol?ling) (?:new |more |any )?(?:people|patients|participants|volunteers|women|men|children|babies|anyone|anybody))\b"
    r"|\b(?:any|no) (?:places|spots|slots|room) (?:left|open|free)\b|\b(?:sign-?up|enrol?ment|recruitment) (?:still |already |now )*(?:open|closed|over)\b|\b(?:open|closed) (?:for|to) (?:enrol?ment|recruitment|new)\b",
    "summary": r"(?<!\bi )(?<!\bwe )\bwants? to (?:\w+ )?(?:find out|learn|discover|show|prove|achieve|answer|work out)\b"
    r"|\b(?:trying|hop(?:e|es|ing)|aim(?:s|ing)?|set(?:ting)? out|meant|supposed|designed) to (?:\w+ )?(?:find out|learn|discover|show|prove|achieve|answer|work out|see)\b"
    r"|\b(?:point|purpose|aim|goal) of (?:the|this|it)\b|\bwhy (?:is|was|are|do|does|did) (?:it|this|they|the (?:trial|study)|researchers|scientists|doctors) (?:being )?(?:done|run|carried out|conducted|needed|test(?:ing)?|study(?:ing)?|doing)\b|\bwhat (?:is|['’]s) (?:it|this|that|the (?:trial|study)) (?:all )?(?:about|for)\s*(?:\?|$|,? in\b)",
    "primary_outcomes": r"\bprimary (?:end ?points?|outcomes?)\b",
    "interventions": r"\b(?:agents?|drugs?|medicines?|interventions?|regimens?|products?) (?:listed|named|compared|tested|under test|alongside|entered)\b"
    r"(?!.*\b(?:exclu|prohibit|forbid|allow|permit|criteri))",
    "arms": r"(?:(?:^|[.?!;,:]\s*|\bin\s+)(?:so |and |but )?(?:is|are|was)\b|=)[^?.!]*\b(?:experimental|placebo|sham|(?:active )?comparator|control) (?:arm|group|one|side)\b|\b(?:arm|group|cohort) (?:\d+|[A-H]|I{1,3})\b(?=.*\bdos)|\bdos.*\b(?:arm|group|cohort) (?:\d+|[A-H]|I{1,3})\b",
    "sites": r"\b(?:run|runs|running|takes? place|taking place|held|conducted|carried out|located|based) (?:also |only )?(?:in|at|near) (?:the )?(?-i:[A-Z])"
    r"|\b(?:which|what) (?:cit(?:y|ies)|countr(?:y|ies)|hospitals?|cent(?:er|re)s?)\b",
}
OUTRIGHT = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _OUTRIGHT.items()}
"""Words that ask for a field and for nothing else, so that the topic stands whatever else a question tells."""


def topics_of(text: str) -> tuple[str, ...]:
    """The names of the topics that a text's words show, in the order of the text, without those that another makes idle."""
    found = {topic.name: match.start() for topic in TOPICS if (match := topic.pattern.search(text))}
    idle = frozenset[str]().union(*(BY_NAME[name].idle for name in found))
    return tuple(sorted((name for name in found if name not in idle), key=found.__getitem__))


def outright(text: str) -> tuple[str, ...]:
    """The names of the topics that a text asks for outright."""
    return tuple(name for name, pattern in OUTRIGHT.items() if pattern.search(text))


def topical_stems(text: str, topics: Iterable[str]) -> frozenset[str]:
    """The stems of the words that show those topics in a text."""
    return frozenset(word for name in topics for match in BY_NAME[name].pattern.finditer(text) for word in stems(match[0]))
