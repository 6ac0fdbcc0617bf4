"""Privacy: details that identify somebody together, though none of them does alone. Pure.

An age, the name of a school or a place, and a relative or an injury: each is harmless, all three are one child. The
UK's data protection law calls such a person identifiable (ICO, “What is personal data?”, “Can we identify an
individual indirectly?”).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from bulletin.declaration.source import Place
from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_REACH = 600  # characters before and after the age: what is further away is mostly about somebody else

_WORDED = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
_NUMBER = rf"(?:\d{{1,2}}|{_WORDED})"
_CHILD = (
    r"(?:girl|boy|child|baby|toddler|infant|pupil|student|teenager|youngster|patient|daughter|son|twin|niece|nephew|"
    r"brother|sister|sibling|grandson|granddaughter|victim|schoolgirl|schoolboy|young (?:person|woman|man)|mother|mum|"
    r"lad|woman|man|resident|person)"
)
_THING = (
    r"project|scheme|programme|charity|service|building|plan|policy|strategy|system|school|club|law|act|rule|agreement|"
    r"contract|guidance|report|tradition|house|partnership|organisation|group|team|website"
)
# Compiled only for a text that may hold an age: few do.
_AGE = (
    rf"\b{_NUMBER}[- ](?:year|yr|month|week|day)s?[- ]old\b(?! (?:{_THING})\b)"
    rf"|\b{_CHILD}(?:,? (?:who (?:is|was) )?\(?(?:just |only )?(?:aged?|age of) {_NUMBER}\b(?! ?(?:to|–|-|and|or)\b)"
    rf"| \({_NUMBER}\)|, {_NUMBER},| in (?:Year \d{{1,2}}|Reception)\b)"
    rf"|\b(?:girl|boy|child|toddler|lad|youngster|teenager),? of (?:just |only )?{_NUMBER}\b(?! \w+s\b)"
    rf"|\b(?:Year \d{{1,2}}|Reception) {_CHILD}\b"
)
_MAY_HOLD_AGE = re.compile(
    rf"s?[- ]old\b|\bYear \d|\bReception\b|(?: \(|\bage |\baged | of |, |just |only ){_NUMBER}\b"
)
_GENERIC = r"\b(?:any|every|each|no|per|if an?|when an?|whether an?)(?: \w+)? \Z"

_NAME = r"[A-Z][\w’'-]+"
_SITE = (
    r"(?:School|Academy|College|Nursery|Pre-?school|Playgroup|Primary|Infants?|Juniors?|Secondary|Grammar|"
    r"Hospital|Ward|Surgery|Health Centre|Children[’']s (?:Home|Centre)|Youth (?:Club|Centre)|Hostel|Refuge|Estate|"
    r"Road|Street|Lane|Avenue|Close|Drive|Crescent|Gardens|Terrace|Park|Farm|Flats|House)"
)
_NAMED_SITE = (
    rf"\b(?P<first>{_NAME})(?: (?:{_NAME}|of|the|and|on|C ?of ?E|RC)){{0,5}}? {_SITE}\b|\bSt\.? {_NAME}(?! Ambulance)"
)
_UNNAMED = (
    r"(?:The|A|An|Our|Her|His|Their|All|Each|Every|Any|This|That|Your|My|No|In|At|One|Primary|Secondary|High|Infants?|"
    r"Juniors?|Special|Sunday|Summer|Local|State|Grammar|Private|Independent|Boarding|Children[’']?s|Further|Sixth|"
    r"Safer|Safe|Virtual|Royal|Open|Health|Opening|Front|Business)\Z"
)
_AREA = (
    rf"\b(?:in|from|near|at|outside|around) (?P<area>(?:(?:North|South|East|West|Upper|Lower) )?{_NAME}"
    rf"(?:[- ](?:on|upon|in|le|under)[- ]{_NAME}| {_NAME})?)"
)
_WIDE = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|"
    r"Thursday|Friday|Saturday|Sunday|Christmas|Easter|Year|Reception|Key|Phase|Section|Part|Covid|England|Scotland|"
    r"Wales|Ireland|Northern|Britain|United|UK|Europe|London|Greater|Kent|Essex|Surrey|Sussex|Yorkshire|Lancashire|"
    r"Ofsted|NHS|CAMHS|Children|Child|Early|Social|Police|Crown|Family|The|This|Our|Working|Operation|Parliament|"
    r"Government|English|Maths|God|Signs|Safeguarding|Youth|Council|We|It|They|She|He|No|"
    r"[A-Z]{2,}[’']?s?|[A-Z])\b"
)

_RELATIVE = (
    r"(?:(?:step|grand|foster|adoptive|birth|older|elder|younger|little|big|baby|twin|late|great|half)[- ]?){0,2}"
    r"(?:mother|mum|mummy|mam|father|dad|daddy|parent|gran|nan|nana|granny|grandma|grandpa|grandad|granddad|brother|"
    r"sister|sibling|twin|aunt|auntie|uncle|cousin|guardian|carer|son|daughter|boyfriend|partner)s?"
)
_KIN = (
    rf"\b(?:her|his|their|whose|the (?:girl|boy|child|baby|pupil|family)[’']s) (?:own |late )?{_RELATIVE}\b|"
    rf"\b(?:mother|father|parents|mum|dad)[’'] ?s? (?:new |former |ex-?)?(?:partner|boyfriend)\b"
)
_HARM = (
    r"\b(?:injur(?:y|ies|ed)|bruis(?:e|es|ed|ing)|fractur(?:e|es|ed)|broken (?:arm|leg|wrist|rib|ribs|collarbone|nose)|"
    r"burns?|burned|burnt|scald(?:s|ed)?|bite marks?|black eye|(?:head|brain) injur(?:y|ies)|abuse[ds]?|sexually \w+|"
    r"assault(?:ed|s)?|rape[ds]?|stab(?:bed|bing)|shot|beaten|hit by|strangled|poisoned|drowned|kill(?:ed|ing)|"
    r"murder(?:ed)?|died|death|overdose|suicide|self-harm(?:ed|ing|s)?|neglect(?:ed)?|groom(?:ed|ing)|exploited|trafficked|"
    r"disclosed|disclosure|went missing|was missing|arrested|child protection plan|taken into care|in foster care|"
    r"pregnan(?:t|cy)|in prison|imprisoned|convicted|excluded|HIV|cancer|overdosed|hospitalised|intensive care)\b"
)


@rule(
    "PRIV10",
    "identified-together",
    severity=Severity.ERROR,
    private=True,
    reason="A neighbour or a classmate needs no name: an age, a school and a relative are enough to know the child.",
    wrong=[
        Example(
            text="A 7-year-old girl at Mill Lane Primary School told her teacher about her uncle.",
            at="7-year-old",
        ),
        Example(text="The boy, aged 14, came to school in Sidcup with bruises on both arms.", at="boy, aged 14"),
    ],
    right=[
        Example(text="A girl told her teacher about her uncle. Her school acted at once."),
        Example(text="All 7-year-olds at Mill Lane Primary School can bring their parents to the fair."),
    ],
)
def identified_together(context: Context) -> Iterator[Violation]:
    """Somebody’s age with a school or place, and with a relative or an injury, in one entry."""
    own = frozenset(re.findall(r"\w+", context.settings.organisation.name.casefold()))
    for entry in _find_entries(context):
        for match in re.finditer(_AGE, entry.text, re.IGNORECASE):
            if not re.search(_GENERIC, entry.text[max(0, match.start() - 20) : match.start()], re.IGNORECASE):
                details = _find_details(entry.text, match, own)
                if details:
                    yield _violation(entry, match, details, context.id)
                    break


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """The texts of one item, or of one section's head, one after the other. `starts` has where each begins."""

    text: str
    passages: tuple[Passage, ...]
    starts: tuple[int, ...]


def _find_entries(context: Context) -> Iterator[_Entry]:
    for _, group in groupby(context.texts, key=_find_home):
        passages = tuple(group)
        text, starts = "", []
        for passage in passages:
            starts.append(len(text))
            text += passage.prose.text + "\n\n"
        if _MAY_HOLD_AGE.search(text):
            yield _Entry(text=text, passages=passages, starts=tuple(starts))


def _find_home(passage: Passage) -> Place:
    """The place of the item, or of the section or header, that a text belongs to: its title belongs to the same."""
    items = [depth for depth, step in enumerate(passage.place, 1) if isinstance(step, int)]
    return passage.place[: items[-1]] if items else ()


def _find_details(text: str, age: re.Match[str], own: frozenset[str]) -> tuple[str, str] | None:
    """The words for where, and for the relative or the injury; None unless both are near the age."""
    first = max(0, age.start() - _REACH)
    near = text[first : age.end() + _REACH]
    kin, harm = re.search(_KIN, near, re.IGNORECASE), re.search(_HARM, near, re.IGNORECASE)
    what = kin or harm
    if not what:
        return None
    where = _find_place(near, own, known=bool(kin and harm))
    return (where, what[0]) if where else None


def _find_place(text: str, own: frozenset[str], *, known: bool) -> str:
    """The name of a school, a street or a town; of the organisation's own area only if it is `known` to be enough."""
    for site in re.finditer(_NAMED_SITE, text):
        if not (site["first"] and re.match(_UNNAMED, site["first"])):
            return site[0]
    for match in re.finditer(_AREA, text):
        if not re.match(_WIDE, match["area"]) and (known or own.isdisjoint(match["area"].casefold().split())):
            return match["area"]
    return ""


def _violation(entry: _Entry, age: re.Match[str], details: tuple[str, str], issue: str) -> Violation:
    index = bisect_right(entry.starts, age.start()) - 1
    passage, begin = entry.passages[index], entry.starts[index]
    end = min(age.end() - begin, len(passage.prose.text))
    return violation_at(
        passage,
        (age.start() - begin, end),
        f"Readers can tell who this is: “{age[0]}”, “{details[0]}” and “{details[1]}” are in one entry.",
        f"Leave out at least one of the three. If it must stay, someone accepts it by name: "
        f"bulletin approve {issue} --by NAME.",
    )


RULES: tuple[Rule, ...] = (identified_together,)
