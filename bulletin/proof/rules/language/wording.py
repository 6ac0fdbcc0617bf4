"""Wording: placeholders that are still there, and jargon. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lazy_pattern import LazyPattern
from bulletin.proof.reading.lexicon import read_list
from bulletin.proof.reading.sentences import Chunk, bare_word
from bulletin.proof.reading.titles import is_in_title
from bulletin.proof.reporting import report_anywhere, violation_at, violation_at_link
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.vocabulary import is_name, own_texts
from bulletin.settings.proof import Severity

_BLANKS = "name|names|date|dates|day|month|year|time|venue|place|location|title|link|url|address|e-?mail|number"
_BLANKS += "|text|quote|photo|picture|image|logo|figure|figures|details|organisation|school|amount|total|role|surname"
_WHOSE = "full|first|last|school|course|event|web|start|end|partner|staff|contact"
_PLACEHOLDER = LazyPattern(
    rf"""
      \bTO[ -]?DO\b:? | \bFIXME\b | \bTO[ ](?:WRITE|FOLLOW|ADD|CHECK|COME|BE[ ](?:CONFIRMED|ADDED|WRITTEN|COMPLETED))\b
    | \bX{{2,}}\b(?!-)(?:[/.]X{{2,}}\b)* | \b(?:xx|dd|nn)/(?:xx|mm|nn)(?:/\w{{2,4}})? | \bx{{2,}}\b | [£€]xx\b
    | \b[Ll]orem[ ]ipsum\b | \b[Ll]orem\b
    | \[(?i:(?:insert|add|your|enter|put|choose|select|check|fill|to|link|the)\b[^\[\]\n]{{0,60}}
        |(?:(?:{_WHOSE})[ ])?(?:{_BLANKS})(?:[ ](?:here|\w{{1,12}}))?
        |tb[ac]|xx+|x|\?+|\.\.\.|…|[ ]{{0,9}})\](?!\()
    | \((?i:(?:insert|add)[ ](?:[^()\s]{{1,20}}[ ]){{0,3}}(?:{_BLANKS})(?:[ ]here)?)\)
    | \{{\{{?[ ]?\w{{1,30}}[ ]?\}}?\}} | <(?:{_BLANKS})> | «\w{{1,30}}»
    | (?i:\binsert[ ](?:(?:the|a|an|your|new)[ ])?(?:\w{{1,15}}[ ])?(?:{_BLANKS})(?:[ ]here)?\b)
        (?=[ ]?(?:here|[.,;:!?)\]…]|\Z|\n))
    | \bINSERT\b | (?i:\binsert[ ](?:\w{{1,15}}[ ]){{1,4}}here\b) | (?i:\bplaceholder[ ]text\b)
    | (?i:\b(?:your|add|type|enter|click[ ]to[ ]add)[ ](?:text|title|name|paragraph)[ ]here\b) | \bFirstname[ ]Surname\b
    | (?<![^\s(\[“‘"£])\?{{2,}}(?!\w) | (?<=\d)\?{{2,}} | _{{3,}}
    """,
    re.VERBOSE,
    needs=(
        *("TO", "FIXME", "xx", "dd/", "nn/", "orem", "[", "(insert", "(add", "{", "<", "«", "insert", "placeholder"),
        *(" text here", " title here", " name here", " paragraph here", "Firstname", "??", "___"),
    ),
)
# Fields of mail programs: Mailchimp, Salesforce and Pardot, Mailtrain, Dotdigital, Brevo, HubSpot, Mailjet, Campaign
# Monitor, Keap, Drupal, Word. Nothing fills them in here.
_MERGE_TAG = r"""
      %%[\w .:@-]{1,60}%% | \#\#[A-Za-z]\w{1,40}\#\# | (?<![\w%])%[A-Z][A-Z0-9_]{2,40}(?:\|[^%\n]{0,40})?%
    | (?<![\w%])%[A-Za-z]\w*\.[\w.]{1,40}% | %\[[^\]\n]{1,60}\]% | \[%[^%\n]{1,60}%\]
    | \[\[[^\[\]\n]{1,60}\]\] | \[[A-Z]{2,20}(?:_[A-Z0-9]{1,20}){1,4}\] | \[[A-Z]{3,20}(?:NAME|EMAIL|URL|LINK)\]
    | \[(?i:(?:first|last|full|user|subscriber|contact|recipient)[ _-]?name)(?:[,|:=][^\]\n]{0,60})?\]
    | \[(?i:unsubscribe|opt[ _-]?out|web[ _-]?version|view[ _-]in[ _-]browser)[^\]\n]{0,40}\](?!\()
    | \[(?:Field|Contact|Subscriber|Recipient|unsubscribe|webversion|subscriber|current)[:_.-][^\]\n]{1,60}\]
    | (?<!\{)\{{2,4}[^{}\n]{1,120}\}{2,4} | \{%[^{}\n]{1,120}%\} | [$#]\{[^{}\n]{1,80}\} | \{[$!@][\w. ]{1,60}\}
    | \{[A-Za-z]\w{0,30}(?:\.\w{1,30}|[|:][^{}\n]{0,60})\} | \{[ ]?MERGEFIELD\b[^{}\n]{0,80}\}
    | <<[^<>\n]{1,60}>> | <%=?[^<>\n]{1,80}%> | «\w{1,30}[ _]\w{1,30}»
    | (?<!\w)@@\w{2,40}@@ | (?<!\w)~\w{1,30}\.\w{1,30}~
    | (?<!\w)\$[A-Z][A-Z0-9_]{2,40}\$ | \|\*[A-Z][A-Z0-9_:]{1,40}\*\|
    | \bError![ ](?:Reference[ ]source[ ]not[ ]found|Bookmark[ ]not[ ]defined|Hyperlink[ ]reference[ ]not[ ]valid)\.?
    """
_MAY_MERGE = re.compile(
    r"%[%A-Za-z\[]|##|\[[\[%A-Za-z]|\{[{%$!@]|[$#]\{|\{ ?\w+[.|: ]|<[<%]|«|@@|~\w|\$[A-Z]|\|\*|Error!"
)
# Markdown takes the stars of *|FNAME|* for italics, so it is looked for as it is written.
_MAILCHIMP = re.compile(r"\*\|[^|\n]{1,80}\|\*")
_IN_ADDRESS = re.compile(
    r"\*\|[^|\s]{1,60}\|\*|%%[\w.-]{1,60}%%|\{\{[^{}]{1,80}\}\}|\[\[[^\[\]]{1,60}\]\]|%[A-Z][A-Z_]{3,40}%|<<[^<>]{1,60}>>"
)
_TO_COLLEAGUE = re.compile(
    r"[\[(](?:(?:[A-Z][a-z]+ ){1,2}to (?:confirm|check|add|update|supply|provide|advise|approve|sign off|chase|send)\b"
    r"|(?i:is this (?:right|correct|still)|note to (?:self|editor|comms)|awaiting (?:confirmation|approval|sign-off)|"
    r"(?:can|could) (?:you|someone|somebody) (?:please )?(?:check|confirm)|not (?:yet )?confirmed with)\b)"
    r"[^\])\n]{0,60}[\])](?!\()"
    r"|\[(?i:please )?(?i:check|confirm|ask|chase|awaiting|waiting for)\b[^\]\n]{0,60}\](?!\()"
)
_TBC = re.compile(r"\b(?:TBC|TBA|tbc|tba)\b(\?*)")


@rule(
    "LANG08",
    "placeholder",
    severity=Severity.ERROR,
    reason="A gap that you meant to fill in later goes out to every reader.",
    wrong=[
        Example(text="The forum meets at XX on 11 May 2021.", at="XX"),
        Example(text="Write to [name] for a place.", at="[name]"),
        Example(text="TODO: ask the school.", at="TODO"),
        Example(text="You hear within 28 days [Lorraine to confirm].", at="[Lorraine to confirm]"),
        Example(text="Insert link here.", at="Insert link here"),
        Example(text="Dear *|FNAME|*, this is our news.", at="*|FNAME|*"),
        Example(text="Hello %%first_name%%, this is our news.", at="%%first_name%%"),
    ],
    right=[
        Example(
            text="Insert the card, add your name, and wait. The forum is in June 2021 (TBC). Size XXL is [sic] gone."
        ),
    ],
)
def placeholder(context: Context) -> Iterator[Violation]:
    """A placeholder that is still to be filled in."""
    yield from report_anywhere(context, _find_merge_tags)
    for link in context.links:
        if match := _IN_ADDRESS.search(link.address):
            yield violation_at_link(link, _explain_merge_tag(match[0]), _WRITE_IT, start=match.start(), end=match.end())
    for passage, match in context.matches(_PLACEHOLDER):
        starts = (max(0, match.start() - 1), match.start())
        if not any(_compile_merge_tag().match(match.string, start) for start in starts):
            message = f"“{match[0].strip()}” is still to be filled in."
            yield violation_at(passage, match, message, "Write what belongs here, or delete it.")
    for passage, match in context.matches(_TO_COLLEAGUE):
        message = f"“{match[0]}” looks like a note to a colleague."
        yield violation_at(passage, match, message, "Do what it says, then delete it.")
    for passage, match in context.matches(_TBC):
        if match[1] or match.string[match.start() - 1 : match.start()] != "(":  # “June 2021 (TBC)” is meant for readers
            message = f"“{match[0]}” is still to be confirmed."
            yield violation_at(passage, match, message, "Fill it in, or tell readers when you will.")


_WRITE_IT = "Write what belongs here, or delete it. Only the greeting has the reader’s name."


@cache
def _compile_merge_tag() -> re.Pattern[str]:
    """The pattern of merge tags, once a text may have one: it takes a while to compile."""
    return re.compile(_MERGE_TAG, re.VERBOSE)


def _find_merge_tags(passage: Passage) -> Iterator[Violation]:
    """The fields of other mail programs in a text."""
    if "*|" in passage.written:
        for match in _MAILCHIMP.finditer(passage.written):
            span = passage.locate_written(match.start(), match.end())
            yield Violation(span=span, message=_explain_merge_tag(match[0]), remedy=_WRITE_IT)
    elif "*|" in passage.prose.text:
        for match in _MAILCHIMP.finditer(passage.prose.text):
            yield violation_at(passage, match, _explain_merge_tag(match[0]), _WRITE_IT)
    if _MAY_MERGE.search(passage.prose.text):
        for match in _compile_merge_tag().finditer(passage.prose.text):
            if not passage.prose.is_code(match.start()):
                yield violation_at(passage, match, _explain_merge_tag(match[0]), _WRITE_IT)


def _explain_merge_tag(tag: str) -> str:
    return f"“{tag.strip()}” is a field of another program: nothing fills it in here."


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    instead: str


@rule(
    "LANG09",
    "jargon",
    severity=Severity.NOTE,
    reason="Office words tell parents, pupils and new colleagues that a text isn’t meant for them.",
    wrong=[
        Example(text="Going forward, we will meet online.", at="Going forward"),
        Example(
            text="Ask the service users.", settings="proof:\n  jargon: {service users: people}\n", at="service users"
        ),
    ],
    right=[
        Example(text="From now on, we will meet online."),
        Example(text="The Commencement Regulations 2021 and “Disseminating good practice” are published."),
        Example(text="Our stakeholders met.", settings="proof:\n  allowed: [stakeholders]\n"),
    ],
)
def jargon(context: Context) -> Iterator[Violation]:
    """A word or phrase on the list of jargon."""
    phrases = _find_phrases(context)
    for passage in own_texts(context):
        if is_name(passage):
            continue
        for sentence in context.sentences_of(passage):
            chunks = sentence.chunks
            bare = [bare_word(chunk.text).lower() for chunk in chunks]
            done = 0
            for at, word in enumerate(bare):
                for phrase in phrases.get(word, ()) if at >= done else ():
                    end = at + len(phrase.words)
                    if tuple(bare[at:end]) == phrase.words and not _is_parted(chunks[at : end - 1]):
                        start = chunks[at].start + chunks[at].text.lower().index(word)
                        last = chunks[end - 1]
                        stop = last.start + last.text.lower().index(bare[end - 1]) + len(bare[end - 1])
                        said = passage.prose.text[start:stop]
                        message, remedy = f"“{said}” is jargon.", f"Write: {phrase.instead}."
                        if not is_in_title(passage, start, stop):
                            yield violation_at(passage, (start, stop), message, remedy)
                        done = end
                        break


def _is_parted(chunks: tuple[Chunk, ...]) -> bool:
    return any(chunk.text.endswith((".", ",", ";", ":", "!", "?", ")")) for chunk in chunks)


def _find_phrases(context: Context) -> dict[str, list[_Phrase]]:
    """The phrases of the list and the settings by their first word, without those that are allowed."""
    proof = context.settings.proof
    allowed = {" ".join(entry.lower().split()) for entry in proof.allowed}
    found: dict[str, list[_Phrase]] = {}
    listed = [tuple(entry.partition(" = ")[::2]) for entry in read_list("jargon")]
    for written, instead in [*proof.jargon.items(), *listed]:
        forms = [" ".join(form.lower().split()) for form in written.split(",")]
        for form in forms:
            if form and allowed.isdisjoint(forms):
                words = tuple(form.split())
                found.setdefault(words[0], []).append(_Phrase(words, instead.strip().rstrip(".")))
    return {first: sorted(phrases, key=lambda phrase: -len(phrase.words)) for first, phrases in found.items()}


RULES: tuple[Rule, ...] = (placeholder, jargon)
