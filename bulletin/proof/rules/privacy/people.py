"""Privacy: details that tell readers whose story or whose home it is. Pure.

First names come from a list, so “Priority 7” is not a name, nor is “The Hope Project, 7 years old”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.issue.dates import MONTHS
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lazy_pattern import LazyPattern
from bulletin.proof.reading.lexicon import read_words
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.privacy.personal_data import REMEDY
from bulletin.settings.proof import Severity

_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
_WORD = r"[A-Z][\w’'-]{0,30}"
_HOME = re.compile(
    rf"(?<![\w/.-])\d{{1,4}}[A-Za-z]?,? (?!(?:{'|'.join(MONTHS)})\b){_WORD}"
    rf"(?:,? (?:{_WORD}|of|the|on|upon)){{0,9}}?,? {_POSTCODE}\b"
)
_BUILDING = re.compile(
    r"\b(?:Offices?|Centre|Hall|Schools?|Church|Chapel|House|Library|Hospital|Surgery|Clinic|College|Academy|Hub|Building|"
    r"Club|Trust|Council|Station|Nursery|Practice|Hotel|Museum|Theatre|Café|Services?|Team|Foundation|Society|Association|"
    r"Chambers|Suite|Floor|Mosque|Temple|Gurdwara|Synagogue|Cathedral|Court|Partnership|Ltd|Limited|University|Park)\b"
)
_BUSINESS = re.compile(
    r"\b(?:Business|Retail|Industrial|Trading|Science|Enterprise) (?:Park|Estate|Centre)\b|\bHigh Street\b"
)


_STREETS = (
    r"(?:Street|Road|Lane|Close|Avenue|Drive|Crescent|Terrace|Way|Grove|Gardens|Place|Court|Row|Rise|Hill|Walk|Mews|View|"
    r"Green|Square|Park|Gate|Croft|Fold|Yard)"
)
_PERSON_AT_HOME = LazyPattern(
    r"\b(?P<title>(?:Mr|Mrs|Ms|Miss|Mx) )?(?P<first>[A-Z][a-z’'-]+) (?P<last>[A-Z][\w’'-]+)"
    rf"(?:,? (?:of|from|at|who lives at|who lived at)| \() ?"
    rf"(?P<home>\d{{1,3}}[A-Za-z]? (?:{_WORD} ){{1,3}}{_STREETS})\b",
    needs=_STREETS[3:-1].split("|"),
)
_REPLIES = re.compile(
    r"\b(?:write|post|send|return|contact|deliver|apply|ring|call|email|text|ask|book|tickets?|forms?|sold|details|order|"
    r"secretary|treasurer|clerk|warden|agent|solicitors?)\b",
    re.IGNORECASE,
)


@rule(
    "PRIV07",
    "home-address",
    severity=Severity.WARNING,
    private=True,
    reason="A house number with its postcode is somebody’s front door.",
    wrong=[
        Example(text="The family moved to 14 Larch Close, DA7 9ZZ, in March 2021.", at="14 Larch Close, DA7 9ZZ"),
        Example(text="It was reported by Joan Petty (6 Glebe Close).", at="Joan Petty (6 Glebe Close"),
    ],
    right=[
        Example(text="Send post to Civic Offices, 2 Watling Street, Bexleyheath, Kent DA6 7AT."),
        Example(text="Send your form to Joan Petty, at 6 Glebe Close."),
        Example(text="The postcode areas DA5, DA14 and SE2 are all within the borough."),
    ],
)
def home_address(context: Context) -> Iterator[Violation]:
    """A house number, street and postcode without a building or office before it, or a person with a house number."""
    own = re.sub(r"\W", "", context.settings.organisation.address or "").casefold()
    for passage, match in context.matches(_HOME):
        before = re.split(r"[.!?]\s|\n", match.string[max(0, match.start() - 80) : match.start()])[-1]
        known = re.sub(r"\W", "", match[0]).casefold() in own
        if not (known or _BUILDING.search(before) or _BUSINESS.search(match[0])):
            yield violation_at(passage, match, "This may be a home address.", REMEDY)
    for passage, match in context.matches(_PERSON_AT_HOME):
        is_person = match["title"] or match["first"] in read_words("given_names")
        before = re.split(r"[.!?]\s|\n", match.string[max(0, match.start() - 80) : match.start()])[-1]
        known = re.sub(r"\W", "", match["home"]).casefold() in own
        if is_person and not known and not _REPLIES.search(before):
            yield violation_at(passage, match, "This tells where a person lives.", REMEDY)


_CHILD_AT_SCHOOL = LazyPattern(
    r"\b(?:Year|Reception|Nursery|sixth-form|[Yy]oung|\w+-year-old)(?: \d{1,2})? (?:girl|boy|pupil|student|child) "
    r"(?:at|from|of) (?:[A-Z][\w’'-]+ ){1,4}(?:(?:Primary|Junior|Infant|High|Grammar|Secondary) )*"
    r"(?:School|Academy|College|Nursery|Primary)(?: with (?!his|her|their|the\b|an?\b|our\b)[a-z]|,? "
    r"who (?:is|was|has been|had been|has|had) "
    r"(?:[a-z]+ )?(?:excluded|suspended|diagnosed|bullied|abused|autistic|"
    r"epileptic|deaf|blind|ill|disabled|adopted|fostered))",
    needs=(" girl ", " boy ", " pupil ", " student ", " child "),
)

_NAME = r"(?P<name>[A-Z][a-zà-öø-ÿ]{1,15})(?: (?P<surname>[A-Z][a-zà-öø-ÿ’'-]{1,20}))?"
_WORDED = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
_AGE = rf"(?:\d{{1,2}}|{_WORDED})"
_IS = r"(?:is|was|turned|turns) (?:only |just |now |then )?"
_END = r"(?= ?[,;)!?–—]|[.:](?!\d)|$|\n| and (?!\d)| (?:told|said|says|who)\b)"
_NAME_WITH_AGE = re.compile(
    rf"\b{_NAME}(?:"
    rf",? \(?aged? {_AGE}\b"
    rf"| ?\(\d{{1,2}}(?: years?(?: old)?)?\)"
    rf"|, \d{{1,2}}{_END}"
    rf"|,? (?:who )?{_IS}\d{{1,2}}{_END}"
    rf"|,? (?:who )?(?:{_IS})?{_AGE} (?:years?|months?|weeks?)(?: old\b|{_END})"
    rf"|,? (?:when|since) (?:he|she|they) (?:was|were|turned) (?:only |just )?{_AGE}\b(?! of)"
    r")"
)
_AGE_WITH_NAME = LazyPattern(
    rf"\b(?i:{_AGE})[- ](?:years?|months?|weeks?)[- ]old,? (?:[a-z]{{1,12}},? ){{0,3}}{_NAME}\b",
    needs=("-old", " old"),
)
_PLACE = re.compile(
    r"Academy|Avenue|Bridge|Building|Campaign|Centre|Charity|Church|Class|Close|Club|College|Court|Day|Drive|Foundation|"
    r"Fund|Gardens?|Group|Hall|Hospital|House|Hub|Inquiry|Lane|Law|Library|Park|Place|Primary|Project|Review|Road|"
    r"School|Scheme|Services?|Square|Street|Studio|Team|Terrace|Trust|Unit|Ward|Way|Week|Wing|Year"
)
_TITLED = re.compile(r"\b(?:Saint|St\.?|Queen|King|Prince|Princess|Pope|Lord|Lady) $")


@rule(
    "PRIV08",
    "name-with-age",
    severity=Severity.WARNING,
    private=True,
    reason="A first name and an age are enough for a neighbour to know which child it is.",
    wrong=[
        Example(text="Kayleigh, 14, told us that school was her safe place.", at="Kayleigh, 14"),
        Example(text="Six-year-old Amir now sleeps through the night.", at="Six-year-old Amir"),
    ],
    right=[
        Example(text="One 14-year-old told us that school was her safe place."),
        Example(text="The Hope Project, 7 years old in May 2021, has helped 900 families."),
    ],
)
def name_with_age(context: Context) -> Iterator[Violation]:
    """A first name beside an age."""
    for passage, match in context.matches(_NAME_WITH_AGE, _AGE_WITH_NAME):
        start = _find_person(match)
        if start is not None:
            first = min(start, match.start()) if match.re is _AGE_WITH_NAME.compiled else start
            message = "A first name with an age can tell readers who it is."
            yield violation_at(passage, (first, match.end()), message, REMEDY)


def _find_person(match: re.Match[str]) -> int | None:
    """Where the first name of a person begins; None if it is not a person. “Meet Ella, 7” begins with another word."""
    name, surname = match["name"], match["surname"] or ""
    group = "surname" if surname in read_words("given_names") and name not in read_words("given_names") else "name"
    before = match.string[max(0, match.start() - 10) : match.start(group)]
    if match[group] not in read_words("given_names") or _PLACE.fullmatch(surname) or _TITLED.search(before):
        return None
    return match.start(group)


_RELATIVE = (
    r"(?:(?:step|grand|foster|adoptive|birth|older|elder|younger|little|big|twin|late|great)[- ]?){0,2}"
    r"(?:mother|mum|mummy|mam|father|dad|daddy|parent|ma|pa|gran|nan|nana|granny|grandma|grandpa|grandad|granddad|brother|"
    r"sister|sibling|twin|aunt|auntie|uncle|cousin|guardian|carer|son|daughter)s?"
)
_CHILD = r"(?:boy|girl|toddler|teenager)"
_SOMEBODY = r"(?:child|baby|young person|pupil|student|patient|infant|young man|young woman)"
_ONCE = r"(?:who (?:was|were|died|had|took|lived)\b|in (?:the|this|our) (?:review|case|story|film|photograph|picture))"
_RELATION_OF = re.compile(
    rf"\b(?:(?i:the|her|his|a|our) )?(?i:{_RELATIVE}) of (?:"
    rf"(?:the|this|that) (?:[a-z0-9-]{{1,15}} )?{_CHILD}\b"
    rf"|(?:the|this|that) {_SOMEBODY},? {_ONCE}"
    r"|(?:Baby|Child|Boy|Girl) [A-Z]\b(?![’'])"
    rf"|{_NAME}\b)"
)
_OF_A_CHILD = re.compile(
    rf"\b[Tt]he (?:step-?|grand|foster )?(?:mother|father|sister|brother|mum|dad) of an? (?:{_CHILD}|{_SOMEBODY}) who\b"
)
_POSSESSIVE = re.compile(
    rf"\b(?:(?:(?i:the|this|that) {_CHILD}|(?:Baby|Child|Boy|Girl) [A-Z])[’']s|{_NAME}(?:[’']s|(?<=s)[’'])) {_RELATIVE}"
    rf"\b(?![’-])"
)
_WHOSE = LazyPattern(
    rf"\b(?:(?i:the|one|this|that) (?:[a-z0-9-]{{1,15}} )?{_CHILD}|(?:Baby|Child) [A-Z]|{_NAME}),? "
    rf"whose {_RELATIVE}\b",
    needs=(" whose ",),
)


@rule(
    "PRIV09",
    "relation",
    severity=Severity.WARNING,
    private=True,
    reason="Readers who know the mother know the child, even under another name.",
    wrong=[
        Example(text="The mother of Ellie spoke at the conference.", at="The mother of Ellie"),
        Example(text="The report quotes Callum’s grandmother at length.", at="Callum’s grandmother"),
    ],
    right=[
        Example(text="Mothers of newborn babies can refer themselves."),
        Example(text="A parent of two children spoke at the launch."),
        Example(text="Ash (not their real name) is well. Ash’s father was hardly mentioned in the assessments."),
    ],
)
def relation(context: Context) -> Iterator[Violation]:
    """A relative of one child, or the child’s school beside an illness, which tells readers who the child is.

    Under a name that is said to be made up, only a relative who is named or who spoke in public tells that.
    """
    for passage, match in context.matches(_CHILD_AT_SCHOOL):
        yield violation_at(passage, match, "This can tell readers which child it is about.", REMEDY)
    for passage, match in context.matches(_RELATION_OF, _OF_A_CHILD, _POSSESSIVE, _WHOSE):
        name = match["name"] if "name" in match.re.groupindex else None
        if name and (_find_person(match) is None or _is_hidden(match, name)):
            continue
        yield violation_at(passage, match, "This can tell readers which child it is about.", REMEDY)


_ALL_MADE_UP = re.compile(
    r"\bnames? (?:have|has) (?:all )?been changed|\bchanged (?:the|all|their) names", re.IGNORECASE
)
_MADE_UP = re.compile(
    r"(?:not|isn[’']t) (?:their|his|her|the child[’']s) (?:real|actual|own) name|\bpseudonym|"
    r"\bwe(?: will|[’']ll)? call (?:them|him|her)",
    re.IGNORECASE,
)
_NEAR_NAME = 60  # characters before or after “not their real name” in which the name is
_NAMED_OR_HEARD = re.compile(
    r",? (?:[A-Z][a-z]+\b|(?:who )?(?:spoke|speaks|said|says|told|tells|writes|wrote|joined|attended|works|lives)\b)"
)


def _is_hidden(match: re.Match[str], name: str) -> bool:
    """Whether the text says that the child's name is made up, and neither names the relative nor lets them speak."""
    text = match.string
    if _NAMED_OR_HEARD.match(text, match.end()):
        return False
    around = (text[max(0, said.start() - _NEAR_NAME) : said.end() + _NEAR_NAME] for said in _MADE_UP.finditer(text))
    return bool(_ALL_MADE_UP.search(text)) or any(name in part for part in around)


RULES: tuple[Rule, ...] = (home_address, name_with_age, relation)
