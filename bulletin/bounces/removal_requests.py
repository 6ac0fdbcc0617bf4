"""Replies in which a person asks to be taken off, in English or Welsh. Pure.

Only what they wrote themselves is read: our own email, which they quote, is full of the word “unsubscribe”.
"""

from __future__ import annotations

import re

from bulletin.bounces.masking import mask_text
from bulletin.bounces.returned_email import ReturnedEmail

_QUOTED_LINE = re.compile(r"^[ \t]*[>|].*$", re.MULTILINE)
_QUOTATION = re.compile(
    r"^[ \t]*(?:"
    r"--[ -]{0,40}(?:original|forwarded) message|_{10,}|(?:begin|start of) forwarded message"
    r"|(?:from|oddi wrth|sent|anfonwyd)[ \t]*:[^\n]{1,300}$|\*(?:from|oddi wrth):\*"
    r"|on [^\n]{4,200}(?:\n[^\n]{0,200})?\bwrote:"
    r"|ar [^\n]{4,200}(?:\n[^\n]{0,200})?\b(?:ysgrifennodd|wrote)\b[^\n]{0,200}:?"
    r"|you get this e-?mail because|rydych (?:chi )?yn cael"
    r")",
    re.IGNORECASE | re.MULTILINE,
)

_ME = r"(?:me|us|my|our|this|the below|the following|him|her|them|\S+@\S+)"
_WORDS = re.compile(
    "|".join(
        (
            r"^[^\w\n]{0,20}(?:re: *)?(?:please +)?un-?sub(?:s|scribe)?(?: +me| +please| +now)?[^\w\n]{0,20}$",
            rf"un-?subscribe +{_ME}\b|please +un-?subscribe",
            r"(?:want|wish|like|ask\w*|need|trying) +(?:me +)?to +(?:be +)?un-?subscribed?",
            r"\b(?:come|get|be) +off +(?:of +)?(?:this|the|your|these|all)\b",
            (
                rf"(?:take|taking|remov(?:e|ing)|delet(?:e|ing)|drop|strike) +{_ME}"
                r"\b[^.\n]{0,60}(?:\boff\b|\bfrom\b|\bout of\b|\blists?\b)"
            ),
            r"(?:be|have (?:me|my \w+)) +(?:removed|deleted|taken off|unsubscribed)",
            r"removed? +(?:me|us|my (?:name|address|email))\b",
            r"(?:stop|cease|quit) +(?:sending|emailing|mailing|contacting|these|this|your|the)",
            (
                r"(?:no longer|do not|don'?t|not) +(?:wish|want|need|care)(?: +to)? +(?:receive"
                r"|get|be +(?:on|sent|emailed)|hear|have|these|this|your|any)"
            ),
            (
                r"(?:do not|don'?t|never) +(?:e?mail|contact|write to"
                r"|send)(?: +\w+){0,3} +(?:me|us|again|any ?more|further)\b"
            ),
            r"no more +(?:e?mails|bulletins|of these)",
            r"opt(?:ing)?[ -]?(?:me )?out|cancel +(?:my|this|the|our) +(?:subscription|membership|e?mails)",
            r"not interested in +(?:receiving|getting|these|this|your)",
            # Welsh
            r"dad-?danysgrif\w*|dat-?danysgrif\w*|\bd[iï]-?danysgrif\w*",
            (
                r"(?:tynnwch|tynnu|dil[eë]wch|dil[eë]u|symudwch)(?: +os gwelwch yn dda)? +(?:fi"
                r"|ni|fy|ein|y cyfeiriad|f[’']?enw|fy e)\w*"
            ),
            r"fy +nhynnu|fy +nileu",
            r"(?:peidiwch|peidio)(?: +[âa]g?)? +(?:anfon|e-?bostio|ebostio|cysylltu)",
            r"(?:stopiwch|rhowch y gorau i) +anfon",
            (
                r"(?:ddim|nid (?:wyf|ydw i|ydym))(?: +(?:yn|am|eisiau|bellach|i))* *(?:eisiau"
                r"|dymuno|moyn|am|isio)? *(?:i +)?(?:gael|cael|derbyn|dderbyn)"
            ),
        )
    ),
    re.IGNORECASE | re.MULTILINE,
)


def find_removal_request(email: ReturnedEmail) -> str:
    """The words in which the sender asks to be taken off: one line, addresses masked; empty if they don't."""
    own = find_own_words(email.text)
    match = _WORDS.search(f"{email.root.get('subject')}\n{own}" if not own.strip() else own.replace("’", "'"))
    if not match and not _starts_with_reply(email.root.get("subject")):
        match = _WORDS.search(email.root.get("subject"))
    if not match:
        return ""
    begin = max(match.string.rfind(mark, 0, match.start()) for mark in ("\n", ". ", "! ", "? ")) + 1
    ends = [end for mark in ("\n", ".", "!", "?") if (end := match.string.find(mark, match.end())) >= 0]
    return mask_text(match.string[begin : min(ends, default=len(match.string))].strip(" .!?"))


def find_own_words(text: str) -> str:
    """What the sender wrote: up to where they quote another email, and without quoted lines."""
    match = _QUOTATION.search(text)
    return _QUOTED_LINE.sub("", text[: match.start()] if match else text)[:8000]


def _starts_with_reply(subject: str) -> bool:
    """Whether the subject is ours, so that its words are not the sender's."""
    return bool(re.match(r"\s*(?:re|fw|fwd|ateb|aw|sv)\s*:", subject, re.IGNORECASE))
