"""What a question can be about, as a table: one row a topic, with the words that show it and a question that tests the row."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """A part of the record that is asked for. Earlier rows are more particular than later ones."""

    name: str
    pattern: re.Pattern[str]
    example: str


def _topic(name: str, pattern: str, example: str) -> Topic:
    return Topic(name, re.compile(pattern, re.IGNORECASE), example)


TOPICS: tuple[Topic, ...] = (
    _topic(
        "advice",
        r"\bwhich (?:is|one is|arm is|treatment is|would be) (?:better|best|safer)\b|\bwhich (?:arm|group|treatment)\b.*\bchoose\b"
        r"|\bshould i (?:join|do|take|stop|have|choose|get|start|skip|enrol)|\bwould you (?:choose|recommend|join|do)\b"
        r"|\b(?:do|would|can) you recommend\b|\bis (?:it|this|the trial) (?:worth|right for)|\bwhat would you do\b"
        r"|\bhow long (?:have i|do i have|will i live)|\btell me (?:which|what) (?:arm|group|treatment) to\b|\bworth it\b",
        "Which arm is better for my father, and should I join at all?",
    ),
    _topic(
        "results",
        r"\bresults?\b(?! of (?:a |the |my |his |her )?(?:lab|blood|test|biopsy|scan))"
        r"|\b(?:has|have|did)\s+(?:it|this|they|the (?:trial|study|drug|treatment|researchers|investigators))\b.*\b(?:shown?|found|find|proven?|improved?|published?|worked?)\b"
        r"|\bhow (?:well|effective)\b|\bdoes (?:it|the (?:drug|treatment)) work\b|\bsurvival (?:benefit|rate|gain)|\bresponse rates? (?:so far|seen|observed)\b"
        r"|\bso far\b|\befficacy data\b",
        "Has the study published any results so far?",
    ),
    _topic(
        "compare",
        r"\bcompare\b|\bcomparison of\b|\bdiffer(?:ence|ent|s)?\b.*\b(?:arms?|groups?|trials?|studies)\b|\bversus\b.*\btrial\b"
        r"|\bwhich (?:trial|study|of (?:the|these) (?:two|trials|studies))\b.*\b(?:stricter|looser|larger|more|older|younger)\b",
        "How do the two arms differ, and which trial is stricter on heart failure?",
    ),
    _topic(
        "contacts",
        r"\bcontacts?\b|\bwho (?:do|can|could|should|would) (?:i|we|one|you) (?:\w+ )?(?:call|ask|e-?mail|phone|write|talk|speak|reach|contact)"
        r"|\b(?:phone|telephone|e-?mail|ring)\b|\bwhom? (?:do|can|could|should|would) (?:i|we|one|you) (?:\w+ )?(?:ring|call|ask|write|contact|reach)|\bget in touch\b|\bsign(?:ing)? up\b",
        "Who can I call about this study, and is there an e-mail address?",
    ),
    _topic(
        "officials",
        r"\binvestigators?\b|\bwho(?: is|['’]s)? (?:leads?|runs?|running|leading|in charge|responsible)\b|\bstudy (?:chair|director)\b|\bresponsible party\b"
        r"|\bPI\b",
        "Who is the principal investigator?",
    ),
    _topic(
        "sites",
        r"\bwhere\b(?! (?:it|the record) says)|\bsites?\b(?! of (?:disease|metasta|recurren))|\blocations?\b|\bhospitals?\b|\bcit(?:y|ies)\b|\bcountr(?:y|ies)\b"
        r"|\b(?:i|we) live in\b|\bnear (?:me|us|by|\w+)\b|\bcent(?:er|re)s\b|\bmulti-?cent|\bsingle-?cent|\bhow far\b|\bfacilit(?:y|ies)\b",
        "Where is it running, and which hospitals take part?",
    ),
    _topic(
        "status",
        r"\brecruit|\benrol(?:l|ling|ment)? (?:now|open|status|yet)|\b(?:still|currently|now|already) (?:open|enrol\w*|accepting|taking|running|active)"
        r"|\bis (?:it|this|the (?:trial|study)) (?:open|closed|finished|over|ongoing|active|running|completed?|terminated|suspended|withdrawn)\b"
        r"|\boverall status\b|\bstatus of\b|\b(?:accepting|taking) (?:new |in )?(?:patients|participants|people|volunteers)|\bat (?:the|this) moment\b|\bwas it open\b|\bright now\b|\bcurrent status\b|\bwhy (?:was|did) .* stop",
        "Is the study still recruiting?",
    ),
    _topic(
        "start_date",
        r"\b(?:when|what (?:date|day|year)|since when)\b[^.?!,]*\b(?:start|began|begin|commence)\w*|\bwhen (?:did|does|will) (?:it|the (?:trial|study)) open\b|\bstart(?:ing)?(?: and (?:\w+ )?(?:completion|end))? dates?\b|\bplanned start\b|\bstart(?:ing)? date\b|\bhow long has it been running\b",
        "When did the study start?",
    ),
    _topic(
        "completion_date",
        r"\bwhen\b[^.?!,]*\b(?:trial|study|it|everything)\b[^.?!,]*\b(?:finish|end|complet|conclude|over\b)\w*|\b(?:completion|end|finish) dates?\b|\bcomplet(?:ed|ion) (?:by|expected|planned)\b"
        r"|\bhow long will (?:it|the (?:study|trial)) (?:run|last|go on)\b",
        "When will the study be completed?",
    ),
    _topic(
        "as_of",
        r"\b(?:last|most recently) (?:updated?|verified|changed|current|revised)\b|\bup to date\b|\bhow (?:old|recent|current) is (?:the|this) (?:record|information|data|page)\b|\bas of\b",
        "When was the record last updated?",
    ),
    _topic(
        "enrollment",
        r"\bhow many (?:people|patients|participants|subjects|volunteers|women|men|children|adults)\b(?!.*\b(?:cycles?|weeks?)\b)|\bsample size\b|\b(?:target|planned) accrual\b|\baccrual (?:target|goal)\b|\benrol?lment (?:target|goal|number|count|size)\b"
        r"|\b(?:target|planned|total|actual|expected|anticipated|estimated) (?:enrol?lment|number of (?:patients|participants|subjects|people))\b|\bnumber of (?:participants|patients|subjects)\b"
        r"|\bhow (?:big|large) is (?:the|this) (?:trial|study)\b",
        "How many participants does it plan to enrol?",
    ),
    _topic(
        "phase",
        r"\b(?:what|which) (?:clinical )?phase\b|\bphase (?:is|of) (?:it|the|this)\b|\bis (?:it|this|\S+) an? (?:\S+ )?phase\b|\btrial phase\b|\bstudy phase\b",
        "What phase is the trial?",
    ),
    _topic(
        "sponsor",
        r"\bsponsor|\bwho (?:is )?(?:pays?|paying|funds?|funding|behind)\b|\bfund(?:ed|ing|er)\b|\bcollaborators?\b|\bcompany\b|\bwhich (?:university|institution|organi[sz]ation)\b",
        "Who sponsors the study?",
    ),
    _topic(
        "allocation",
        r"\brandomi[sz]|\ballocat(?:ed|ion)\b|\b(?:choose|pick|decide) (?:my|which|the) (?:arm|group|treatment)\b|\bby chance\b|\bcoin (?:flip|toss)\b",
        "Is it randomised, or do I choose the group?",
    ),
    _topic(
        "masking",
        r"\bblind(?:ed|ing)?\b|\bmask(?:ed|ing)?\b|\bopen[- ]label\b|\bwill i know (?:which|what)\b|\bplacebo\b(?=.*\bknow\b)",
        "Is the study blinded or open label?",
    ),
    _topic(
        "intervention_model",
        r"\b(?:intervention|assignment) model\b|\bcross-?over\b|\bparallel\b|\bsingle[- ](?:arm|group)\b|\bfactorial\b|\bstudy design\b|\bdesign of (?:the|this)\b|\bhow is (?:the|this) (?:trial|study) designed\b",
        "Is it a single-arm or a parallel design?",
    ),
    _topic(
        "primary_purpose",
        r"\bprimary purpose\b|\bis (?:it|this) (?:a )?(?:treatment|prevention|diagnostic|screening|observational|interventional)\b|\bstudy type\b|\btype of (?:study|trial)\b",
        "What is the primary purpose of the study?",
    ),
    _topic(
        "primary_outcomes",
        r"\b(?:primary|main|co-primary)\b[\w\s/-]{0,20}\b(?:end ?points?|outcomes?|measures?|objectives?|aims?)\b|\bwhat (?:is|are) (?:they|the (?:study|trial|researchers?)) measur\w+",
        "What are the primary endpoints?",
    ),
    _topic(
        "secondary_outcomes",
        r"\b(?:secondary|other|additional|exploratory)\b[\w\s/-]{0,20}\b(?:end ?points?|outcomes?|measures?|objectives?)\b",
        "What are the secondary outcome measures?",
    ),
    _topic(
        "outcomes",
        r"\bend ?points?\b|\boutcome(?: measure)?s?\b|\bfollow(?:ed|ing)?[- ]up\b|\btime ?frame\b|\bassessed (?:at|by|using|with)\b|\bmeasured\b",
        "At which time points is the outcome assessed?",
    ),
    _topic(
        "arms",
        r"\barms?\b(?! pain)|\b(?:treatment|study|control|experimental|intervention|comparison|placebo|sham) (?:arms?|groups?)\b|\bcomparator\b|\bcohorts?\b|\b(?:each|both|other|which|what|either) groups?\b|\bthe groups?\b(?= (?:with|that|who|get|receiv|do))|\bcontrol\b(?=.*\b(?:get|receive|given)\b)",
        "What does the control arm receive?",
    ),
    _topic(
        "interventions",
        r"\bdos(?:e[sd]?|age|ing)\b|\bhow (?:often|much|frequently)\b|\bschedul|\bregimen\b|\bhow many (?:mg|gy|mcg|ml|iu|grams?|units?)\b|\bfractions?\b|\btreatments?\b(?=.*\b(?:get|given|receive|involve|include|consist|does|what)\b)"
        r"|\b(?:what|which) (?:drugs?|medicines?|medications?|interventions?|treatments?|therap\w+|device)\b|\bwhat happens\b|\bwhat (?:will|would|do) (?:i|participants|patients) (?:get|receive|be given|take|have to do)\b"
        r"|\bhow (?:is|are) .* (?:given|administered|delivered|taken)\b|\bhow long (?:is|does|will|do) .* (?:treat|last|take|given|session|continue)\w*|\bcycles?\b",
        "How often is the drug given and at what dose?",
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
        r"\bages?\b|\bage[- ](?:limits?|range|group|rule)\b|\bhow old\b|\b(?:too|old) (?:young|enough)\b|\bkids?\b|\bchild(?:ren)?\b(?! ?-?(?:bearing|pugh))|\bteen\w*\b|\belderly\b|\bolder adults?\b|\bminors?\b",
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
    ),
    _topic(
        "conditions",
        r"\b(?:what|which) (?:medical )?(?:conditions?|diseases?|diagnos[ei]s|illness(?:es)?|cancers?)\b(?! (?:would |are |is )?exclu)",
        "Which condition is studied?",
    ),
    _topic(
        "related",
        r"\b(?:related|similar|other) (?:trials|studies)\b",
        "Which related trials does the page list?",
    ),
    _topic(
        "ids",
        r"\b(?:nct|trial|registration|registry|protocol|study|organi[sz]ation\w*|secondary|identif\w+) (?:number|id|identifier|no\.)s?\b|\bother (?:ids?|identifiers?)\b|\bacronym\b",
        "What is the NCT number of this trial?",
    ),
    _topic(
        "summary",
        r"\bwhat (?:is|does) (?:the|this|it|\S+)\b.*\b(?:test(?:ing)?|about|stud(?:y|ying)|for|investigat\w+|trying|purpose|aim|goal)\b|\bplain (?:words|english|language)\b|\bsummar|\boverview\b|\bpurpose of\b|\bexplain (?:the|this)\b"
        r"|\b(?:aim|goal|objective|rationale|hypothesis)\b|\bwhy is (?:the|this)\b|\btell me about\b|\bwhat (?:is|'s) (?:this|the) (?:trial|study)\b|\bwhat are (?:they|you|researchers) (?:testing|studying|trying)\b",
        "In plain words, what is this trial about?",
    ),
    _topic(
        "exclusion",
        r"\bexclusion (?:criteria|list|rules)\b(?! \d)|\b(?:all|main|key|are|the) exclusions\b|\bwho (?:can(?:no|')t|is not allowed|is excluded)\b|\bwhat (?:would |might |could )?(?:excludes?|disqualif\w+|rules? (?:\w+ )?out|bars?)\b|\breasons? (?:for|to) (?:exclu|disqualif)\w+",
        "What would exclude someone?",
    ),
    _topic(
        "inclusion",
        r"\binclusion (?:criteria|list|rules)\b(?! \d)|\b(?:all|main|key|are|the) inclusions\b|\bwho (?:can|may|is able to|qualifies|is eligible)\b|\bwhat (?:do|does) (?:i|someone|one|a person|a patient) need\b|\brequirements\b|\beligibility (?:criteria|requirements|rules)\b",
        "Who can take part, and what are the inclusion criteria?",
    ),
    _topic(
        "consistency",
        r"\b(?:in)?consisten|\bcontradict|\bconflict(?:ing|s)?\b|\bdisagree|\bmake sense\b|\bdiscrepanc|\bmistakes? in\b",
        "Are the criteria consistent with one another?",
    ),
)
"""Fields without a row here, and every criterion, are found by their passages."""

BY_NAME = {topic.name: topic for topic in TOPICS}
