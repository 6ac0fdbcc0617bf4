"""The secret key that signs unsubscribe links: is it strong, is it the one that signed, and are old links read?"""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from bulletin.database.tables import link_keys, mailings
from bulletin.doctor.asking.ledger_look import read_ledger, require_ledger
from bulletin.doctor.case import Case
from bulletin.doctor.check import Asks, Family, check
from bulletin.doctor.judgement import Found, Judgement, NotApplicable, Passed
from bulletin.settings.proof import Severity
from bulletin.subscribers.link_key import fingerprint_key
from bulletin.times import format_day

_SHORTEST: Final = 32  # characters
_LEAST_BITS: Final = 100  # that the characters of a key could tell apart, were they random
_SAMPLES: Final = ("secret", "changeme", "change-me", "password", "bulletin", "example", "0123456789")
_MAKE: Final = 'python -c "import secrets; print(secrets.token_urlsafe(32))"'


@check(
    "SEC01",
    "The secret key is strong, and still the same",
    family=Family.SECRETS,
    asks={Asks.SETTINGS, Asks.DATABASE},
    matters="Links in emails that were sent stop working.",
    ask_it="Please put the old key back: BULLETIN_SECRET_KEY has to be the same on every computer that sends or serves "
    "pages. To change it on purpose, put the old one into BULLETIN_SECRET_KEY_OLD as well.",
)
def has_strong_key(case: Case) -> Judgement:
    """The key has 32 random characters or more, is no example, and is the one that the database knows.

    The database has only the key's fingerprint. Without a key, the first issue makes a strong one.
    """
    secrets = case.workspace.secrets
    if not secrets.has_secret_key:
        return NotApplicable()
    key = secrets.read_secret_key()
    if is_weak(key):
        return Found(
            what="The secret key is weak.",
            severity=Severity.ERROR,
            why="Anyone who guesses it can unsubscribe your readers.",
            ask=f"Please set BULLETIN_SECRET_KEY to a long, random text, which this makes: {_MAKE}. Put the present "
            "one into BULLETIN_SECRET_KEY_OLD, so that links in emails that were sent still work.",
        )
    engine = require_ledger(case)
    if engine is None:
        return Passed()
    with read_ledger(engine) as connection:
        known = connection.scalar(select(link_keys.c.fingerprint))
    if known and known not in map(fingerprint_key, (key, *secrets.read_old_keys())):
        return Found(what="The secret key has changed.", severity=Severity.ERROR)
    return Passed()


def is_weak(key: bytes) -> bool:
    """Whether a key can be guessed: too short, too little varied, or a text that many write. Pure."""
    text = key.decode("utf-8", "replace").strip().lower()
    bits = sum(-number * math.log2(number / len(text)) for number in Counter(text).values()) if text else 0
    plain = "".join(text.split())
    return len(plain) < _SHORTEST or bits < _LEAST_BITS or any(plain.startswith(sample) for sample in _SAMPLES)


@check(
    "SEC02",
    "Links of the last year still work",
    family=Family.SECRETS,
    asks={Asks.DATABASE, Asks.SETTINGS},
    matters="Readers of those emails can't unsubscribe.",
    ask_it="Please put the key from before {date} into BULLETIN_SECRET_KEY_OLD.",
)
def reads_old_links(case: Case) -> Judgement:
    """If the key was changed in the last year, and issues were sent before, the old key is kept to read their links.

    It is in BULLETIN_SECRET_KEY_OLD, with commas between several.
    """
    engine = require_ledger(case)
    if engine is None or not case.workspace.secrets.has_secret_key:
        return NotApplicable()
    year_ago = _to_ms(case.computer.now - timedelta(days=365))
    with read_ledger(engine) as connection:
        since = connection.scalar(select(link_keys.c.since))
        query = select(func.max(mailings.c.began_at)).where(mailings.c.began_at < (since or 0))
        sent_before = connection.scalar(query)
    if since is None or since < year_ago or sent_before is None or sent_before < year_ago:
        return Passed()
    if case.workspace.secrets.read_old_keys():
        return Passed()
    day = format_day(datetime.fromtimestamp(since / 1000, UTC))
    what = f"Links from before {day} no longer work."
    return Found(what=what, severity=Severity.ERROR, facts={"date": day})


def _to_ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


CHECKS = (has_strong_key, reads_old_links)
