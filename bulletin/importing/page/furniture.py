"""The words that mailers and pages add around a bulletin: how to unsubscribe, disclaimers, buttons. Pure."""

from __future__ import annotations

import re

FURNITURE = re.compile(
    r"""view\s(?:this|it|the)?\s?(?:e-?mail|newsletter|message|bulletin)?\s?(?:online|in\s(?:your|a|the)\sbrowser)
    | (?:e-?mail|bulletin|it|view)\sas\sa\sweb\s?page
    | unsubscribe | (?:update|manage|change)\s(?:your\s)?(?:subscriptions?|subscriber|e-?mail)?\s?preferences
    | stop\ssubscriptions | subscriber\s(?:services|preferences\spage) | update\syour\ssubscriptions
    | why\sdid\sI\sget\sthis | no\slonger\s(?:wish|want)\sto\sreceive
    | you\s(?:are\sreceiving|have\sreceived|received|get|are\sgetting)\sthis\s(?:e-?mail|newsletter|message|bulletin)
    | (?:this|the)\s(?:e-?mail|message|bulletin|newsletter|service)\s(?:was|is|has\sbeen)\s(?:sent|provided)
      \s(?:to|by|using)
    | you\sare\ssubscribed\sto | ©\s*(?:copyright\s)?\d{4}
    | copyright\s(?:©|\(c\)|\*\||\d) | our\s(?:mailing|postal)\saddress\sis
    | (?:email\s)?(?:powered|delivered)\sby\s(?:mailchimp|govdelivery|granicus)
    | (?:made|created)\s(?:with|in)\s(?:microsoft\s)?sway | go\sto\ssway | turn\so(?:n|ff)\smore\saccessible\smode
    | create\sand\sshare\sinteractive\sreports | we\suse\s(?:\w+\s)?cookies | accept\s(?:all\s)?cookies
    | skip\sto\s(?:main\s)?content | consider\sthe\senvironment\sbefore\sprinting""",
    re.IGNORECASE | re.VERBOSE,
)
LOOSE = re.compile(
    r"""forward\s(?:this\s)?(?:e-?mail\s)?to\sa\s(?:friend|colleague) | add\sus\sto\syour\s(?:address|safe)
    | all\srights\sreserved | registered\s(?:charity|company)\W*(?:in\s[\w\s]{3,30}\W)?(?:no|number)?\W*\d
    | having\s(?:trouble|problems)\s(?:viewing|reading) | follow\sus\son | find\sus\son
    | stay\sconnected\swith | connect\swith\sus | sent\sto\s\S+@\S+
    | share\s(?:this\s)?(?:bulletin|page|email)""",
    re.IGNORECASE | re.VERBOSE,
)
DISCLAIMER = re.compile(
    r"""(?:e-?mail|message)\b.{0,60}\b(?:is|are|may\sbe)\s(?:strictly\s)?(?:private\sand\s)?
      (?:confidential|intended|privileged)
    | intended\s(?:solely|only)\sfor | (?:not|aren['’]t)\sthe\sintended\srecipient
    | received\sthis\s(?:e-?mail|message)\sin\serror
    | (?:scanned|checked|swept)\s(?:for|by)\s.{0,20}virus
    | (?:views|opinions)\sexpressed\s.{0,80}(?:not\snecessarily|those\sof\sthe)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
REACTIONS = re.compile(
    r"(?:(?:\d+\s+)?(?:likes?|comments?|views?|shares?|reply|replies|reactions?|seen by \d+|be the first to comment|"
    r"(?:add|leave|write|post) a comment|print|email|tweet|copy link|subscribe|past issues|translate|rss|home|login|"
    r"log in|sign in|menu|search|back to top|read aloud|privacy(?: policy| & cookies)?|cookies?(?: policy| statement)?|"
    r"help|accessibility|terms(?: and conditions| of use)?|contact us|"
    r"report abuse|play|share|follow us)\s*[|·•/,]*\s*)+",
    re.IGNORECASE,
)
HEADER = re.compile(
    r"(?:from|sent|to|cc|bcc|date|subject|reply-to|importance|attachments?):\s+\S.*", re.IGNORECASE | re.DOTALL
)
GREETING = re.compile(r"(?:(?:dear|hello|hi|good (?:morning|afternoon))\W*)?", re.IGNORECASE)
DATED_HEADER = re.compile(r"(?:sent|date):\s", re.IGNORECASE)
CLOSING = re.compile(
    r"(?:(?:kind|best|warm|warmest|many|with(?: best| kind)?)\s+)?(?:regards|wishes|thanks)\b[,.!]?"
    r"|yours\s+(?:sincerely|faithfully|truly)[,.]?|(?:many )?thanks[,.!]?",
    re.IGNORECASE,
)
TELEPHONE = re.compile(r"(?<!\d)(?:\+44|0)[\d ()-]{8,}\d")
PICTURE = re.compile(r"\blogos?\b|^banner\b|\bspacer\b|govdelivery|mailchimp|header image|divider", re.IGNORECASE)
AMOUNT = re.compile(r"£\s?\d|\d\s?(?:%|per cent)")
MAILERS_OWN = re.compile(
    r"govdelivery|granicus|list-manage|mailchi\.mp|campaign-archive|cmail\d|createsend", re.IGNORECASE
)
MAILERS_LINK = re.compile(
    r"unsubscri|subscri|preferences|profile|optout|opt-out|list-manage|mailchi\.mp|campaign-archive|govdelivery|granicus|"
    r"forward|view(?:in|online|as|email)|webversion|web-version|cookie|privacy|#|sway\.|mailto:",
    re.IGNORECASE,
)
SOCIAL = re.compile(
    r"https?://(?:[\w-]+\.)*(?:facebook|twitter|x|instagram|linkedin|youtube|tiktok|vimeo|threads|bsky)\.(?:com|net|app)/",
    re.IGNORECASE,
)
SOCIAL_WORDS = {
    "facebook",
    "twitter",
    "x",
    "instagram",
    "linkedin",
    "youtube",
    "tiktok",
    "vimeo",
    "threads",
    "bluesky",
}
SOCIAL_WORDS |= {"website", "email", "link", "icon", "logo", "share", "tweet", "forward", "follow", "us", "on", "and"}
