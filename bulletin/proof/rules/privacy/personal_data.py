"""Privacy: numbers, dates of birth and private addresses that identify a person. Pure.

None of this is certain: what looks like an NHS number may be a meeting's. So these rules warn, and a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.issue.dates import MONTHS, WEEKDAYS
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lazy_pattern import LazyPattern
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

REMEDY = "Delete it, or have it accepted by the person who approves the issue."
OLDEST = 100  # years; anyone born earlier belongs to history
NEAR = 60  # characters before a number that may say what it is

_NHS = re.compile(r"(?<![\w+/.=£$€#-])(?<!\d[ \u00a0])(?:\d{10}|\d{3}([ \u00a0-])\d{3}\1\d{4})(?!\w|[/-]\w|[.,]\d)")
_HEALTH = re.compile(r"\b(?:NHS|CHI|patients?|H&C)\b")
_OTHER_NUMBER = re.compile(
    r"\b(?:order|invoice|meeting|account|charity|company|telephone|phone|tel|fax|call|ring|dial|text|textphone|ISBN|"
    r"item|product|ticket|booking|grant|UPRN|URN|PIN|passcode|webinar|zoom)\b",
    re.IGNORECASE,
)


@rule(
    "PRIV01",
    "nhs-number",
    severity=Severity.WARNING,
    private=True,
    reason="An NHS number leads to one patient’s records, and no reader needs it.",
    wrong=[Example(text="The ward wrote about patient 999 667 2328.", at="999 667 2328")],
    right=[
        Example(text="The meeting number is 999 667 2329."),
        Example(text="Our telephone number is 020 7946 0958."),
    ],
)
def nhs_number(context: Context) -> Iterator[Violation]:
    """A number of ten digits whose last is the check digit of an NHS number (modulus 11)."""
    for passage, match in context.matches(_NHS):
        before = passage.prose.text[max(0, match.start() - NEAR) : match.start()]
        digits = re.sub(r"\D", "", match[0])
        likely = digits[0] in "34679" or (digits[0] in "0123" and bool(re.search(r"\b(?:NHS|CHI|H&C)\b", before)))
        if likely and _has_check_digit(digits) and (_HEALTH.search(before) or not _OTHER_NUMBER.search(before)):
            yield violation_at(passage, match, "This may be somebody’s NHS number.", REMEDY)


def _has_check_digit(digits: str) -> bool:
    """Modulus 11, as in the NHS data dictionary. No number is issued whose check digit would be 10."""
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - weighted % 11) % 11 == int(digits[9])


# HMRC, National Insurance Manual NIM39110: no D, F, I, Q, U, V at the start, no O as the second letter, seven prefixes
# that are never issued, and a suffix from A to D.
_INSURANCE = re.compile(
    r"(?<![\w-])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"(?:[ \u00a0-]?\d\d){3}[ \u00a0-]?[A-D](?![\w-])",
    re.IGNORECASE,
)


@rule(
    "PRIV02",
    "national-insurance-number",
    severity=Severity.WARNING,
    private=True,
    reason="With a National Insurance number, others can make claims in somebody’s name.",
    wrong=[Example(text="The payment for JG 10 37 59 A came back.", at="JG 10 37 59 A")],
    right=[Example(text="Room JG103 is on the first floor.")],
)
def national_insurance_number(context: Context) -> Iterator[Violation]:
    """Characters in the form of a National Insurance number."""
    for passage, match in context.matches(_INSURANCE):
        yield violation_at(passage, match, "This may be a National Insurance number.", REMEDY)


_CASE = re.compile(
    r"\b(?:(?:case|case file|file|client|child|pupil|patient|service user|crime|CRIS|incident|occurrence|police|"
    r"CAD|court|family court|LADO|MASH|CSC|social care|referral|safeguarding|hospital|custody)(?:[’']s)? "
    r"(?:number|no\.?|num\.?|ref\.?|reference|id|log)(?: number| no\.?)?|"
    r"(?:LCS|Liquidlogic|Mosaic|CareFirst|EHM|Framework-?i|CAD|CRIS|CRN|UPN|ULN|MRN)"
    r"(?: (?:number|no\.?|ref\.?|reference|id))?)"
    r"(?: is| was)?:? ?\(?#?(?P<number>(?:[A-Z]{1,4}[/-]?)?\d(?:[\d/-]|[A-Z](?=[\d/A-Z])){2,20}[A-Z]?)(?![\w%]|[.,]\d)",
    re.IGNORECASE,
)
# The family courts’ own form, for example FD21P00345 (practice direction 30A of the Family Procedure Rules).
_COURT_CASE = re.compile(r"(?<![\w/-])(?P<number>[A-Z]{2}\d{2}[CFPZ]\d{5})(?![\w/-])")


@rule(
    "PRIV03",
    "case-number",
    severity=Severity.WARNING,
    private=True,
    reason="Everyone with access to the system can find the family by its case or crime number.",
    wrong=[
        Example(text="The panel looked at case number 2021/00482 in April 2021.", at="2021/00482"),
        Example(text="Quote crime reference 42/18833/21 when you ring.", at="42/18833/21"),
    ],
    right=[
        Example(text="Case numbers fell by 12% between January and March 2021."),
        Example(text="Quote job reference 42/18833 when you apply."),
    ],
)
def case_number(context: Context) -> Iterator[Violation]:
    """The number of somebody’s case, crime report or record."""
    for passage, match in context.matches(_CASE, _COURT_CASE):
        if sum(char.isdigit() for char in match["number"]) >= 4:  # shorter numbers are mostly counts
            span = match.span("number")
            yield violation_at(passage, span, "This may be the number of somebody’s case.", REMEDY)


_DATE = (
    rf"(?:(?:{'|'.join(WEEKDAYS)}),? )?"
    r"(?P<date>\d{1,2}(?:st|nd|rd|th)?(?: of|-)?[ -]?(?:%(months)s)\.?,?[ -](?P<year>\d{4})|"
    r"(?:%(months)s)\.? \d{1,2}(?:st|nd|rd|th)?,? (?P<year2>\d{4})|"
    r"\d{1,2} ?([/.-]) ?\d{1,2} ?\4 ?(?:\d{4}|\d\d)|\d{4}-\d\d-\d\d"
    r"|\d{1,2}(?:st|nd|rd|th)? (?:%(months)s) \d\d|(?:%(months)s) (?P<year3>\d{4}))(?!\w)"
) % {"months": "|".join(f"{month}|{month[:3]}" for month in MONTHS)}
_LABELLED = LazyPattern(
    r"\b(?:DOBs?|d\. ?o\. ?b\.?|dates? of birth|birth ?date)(?: is| was| of)?\s?[:,=–—-]?\s?\(?" + _DATE,
    re.IGNORECASE,
    needs=("dob", "d.o", "d. o", "birth"),
)
_BORN = LazyPattern(r"\bborn(?: on)?:? (?:(?:at|in) [^.;:,\n\d]{1,40} on )?" + _DATE, re.IGNORECASE, needs=("born",))
_BORN_TOGETHER = re.compile(
    r"\b(?:children|babies|boys|girls|pupils|people|those|anyone|everyone|anybody|everybody|all|charity|project|service|"
    r"partnership|organisation|network|scheme|group|idea|team|club|campaign|trust|council)\b[^.;]{0,30}$",
    re.IGNORECASE,
)


@rule(
    "PRIV04",
    "date-of-birth",
    severity=Severity.WARNING,
    private=True,
    reason="With a date of birth, readers can identify a person even without a name.",
    wrong=[
        Example(text="The boy, born on 14 March 2009, had moved school twice.", at="14 March 2009"),
        Example(text="Bring the form for all children in the group (DOB 14/3/2009).", at="14/3/2009"),
    ],
    right=[Example(text="Children born between 1 September 2016 and 31 August 2017 start school this September.")],
)
def date_of_birth(context: Context) -> Iterator[Violation]:
    """A date of birth. After “DOB” any date is one; after “born” it may be about a charity, or a whole year group."""
    for passage, match in context.matches(_LABELLED, _BORN):
        if match.re is _LABELLED.compiled or _is_of_one_person(context, match):
            yield violation_at(passage, match.span("date"), "This may be somebody’s date of birth.", REMEDY)


def _is_of_one_person(context: Context, match: re.Match[str]) -> bool:
    published = context.issue.published.year
    year = int(match["year"] or match["year2"] or published)
    before = match.string[max(0, match.start() - NEAR) : match.start()]
    return not match["year3"] and year > published - OLDEST and not _BORN_TOGETHER.search(before)


_PRIVATE_NAMES = (  # with which those hosts begin
    *("gmail", "googlemail", "hotmail", "outlook", "live", "yahoo", "ymail", "rocketmail", "aol", "gmx", "icloud"),
    *("msn", "me.", "mac.", "btinternet", "btopenworld", "talk", "sky", "tiscali", "virgin", "blueyonder", "ntlworld"),
    *("orange", "supanet", "lineone", "freeserve", "proton", "fastmail", "hushmail", "mail.", "tuta", "zoho", "yandex"),
    *("qq.", "163.", "web.", "wp.", "onet.", "o2."),
)
_PRIVATE_HOSTS = (
    r"gmail\.com|googlemail\.com|"
    r"(?:hotmail|outlook|live|yahoo|ymail|rocketmail|aol|gmx|icloud|msn)\.[a-z]{2,3}(?:\.[a-z]{2})?|"
    r"me\.com|mac\.com|btinternet\.com|btopenworld\.com|talk21\.com|sky\.com|talktalk\.net|tiscali\.co\.uk|"
    r"virgin(?:media)?\.(?:com|net)|blueyonder\.co\.uk|ntlworld\.com|orange\.net|supanet\.com|lineone\.net|"
    r"freeserve\.co\.uk|proton(?:mail)?\.(?:com|me)|fastmail\.(?:com|fm)|hushmail\.com|mail\.(?:com|ru)|"
    r"tuta(?:nota)?\.(?:com|io)|zoho\.(?:com|eu)|yandex\.(?:com|ru)|qq\.com|163\.com|web\.de|wp\.pl|onet\.pl|o2\.pl"
)
_PRIVATE_MAIL = LazyPattern(
    rf"(?<![\w.+'-])[\w.+'-]{{1,64}}@(?:{_PRIVATE_HOSTS})(?![\w-]|\.\w)",
    re.IGNORECASE,
    needs=[f"@{name}" for name in _PRIVATE_NAMES],
)


@rule(
    "PRIV05",
    "personal-email",
    severity=Severity.WARNING,
    private=True,
    reason="A private mailbox belongs to one person, and you have no control over what readers send there.",
    wrong=[Example(text="To join, write to linda.m@gmail.com.", at="linda.m@gmail.com")],
    right=[Example(text="To join, write to playgroup@anytown.example.org.")],
)
def personal_email(context: Context) -> Iterator[Violation]:
    """An email address at a provider of private mailboxes."""
    own = _find_own_addresses(context)
    for violation, words in _search_everywhere(context, _PRIVATE_MAIL, "This looks like a private email address."):
        if words.casefold() not in own:
            yield violation


def _find_own_addresses(context: Context) -> set[str]:
    """The addresses in bulletin.yaml. Small organisations use private mailboxes too."""
    series = context.settings.bulletins.values()
    found = [
        context.settings.organisation.email,
        *(one.sender.email for one in series),
        *(one.reply_to for one in series),
    ]
    return {address.casefold() for address in found if address}


def _search_everywhere(
    context: Context, pattern: re.Pattern[str] | LazyPattern, message: str
) -> Iterator[tuple[Violation, str]]:
    """Violations in what readers see and in the addresses of links, each with the words found."""
    for passage, match in context.matches(pattern, texts=(*context.texts, *context.addresses)):
        yield violation_at(passage, match, message, REMEDY), match[0]
    for passage in context.texts:
        for link in passage.prose.links:
            match_below = pattern.search(link.address) if link.address_at >= 0 else None
            if match_below and not pattern.search(link.text):
                start, end = (link.address_at + index for index in match_below.span())
                yield Violation(span=passage.locate_written(start, end), message=message, remedy=REMEDY), match_below[0]


_MOBILE = re.compile(
    r"(?<![\w/+.=-])(?:\+44[ \u00a0-]?(?:\(0\) ?)?|0044[ \u00a0-]?|\(?0)7[1-57-9](?:[ \u00a0()-]{0,2}\d){8}(?![\w/-])"
)


@rule(
    "PRIV06",
    "mobile-number",
    severity=Severity.WARNING,
    private=True,
    reason="A mobile number is usually somebody’s own. If it is a duty mobile, accept the finding.",
    wrong=[Example(text="Ring the organiser on 07700 900461 if you are late.", at="07700 900461")],
    right=[Example(text="Ring the office on 020 7946 0958 if you are late.")],
)
def mobile_number(context: Context) -> Iterator[Violation]:
    """A mobile number."""
    for violation, _ in _search_everywhere(context, _MOBILE, "This is a mobile number, perhaps somebody’s own."):
        yield violation


RULES: tuple[Rule, ...] = (
    nhs_number,
    national_insurance_number,
    case_number,
    date_of_birth,
    personal_email,
    mobile_number,
)
