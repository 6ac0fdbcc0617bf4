"""Find domains that are one letter off a domain that is used more often. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from bulletin.proof.links.hosts import read_numeric
from bulletin.proof.reading.similarity import find_difference, is_one_off, is_swapped

_LONGEST = 60  # characters; a longer host is hardly ever mistyped by just one
_MOST_NEAR = 4  # domains that look alike once a letter is left out of both
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "ltd", "me", "net", "nhs", "org", "plc", "police", "sch"})
_WELL_KNOWN = frozenset(
    {
        "barnardos.org.uk", "ceop.police.uk", "childline.org.uk", "gov.uk", "legislation.gov.uk", "nhs.net", "nhs.uk",
        "nspcc.org.uk", "parliament.uk", "youngminds.org.uk",
    }
)  # fmt: skip
"""Domains that are right even if used only once."""

_ALWAYS = 1000  # times


def find_lookalikes(used: Iterable[str], known: Mapping[str, int]) -> dict[str, str]:
    """The domains of `used` that are a slip of one in `known`, each with the right one.

    `known` says how often each domain is used. A slip is a letter too many, too few or another one, or two that have
    changed places, in one label; and the right one is used at least twice, and twice as often.
    """
    known = {**known, **dict.fromkeys(_WELL_KNOWN, _ALWAYS)}
    trusted = [domain for domain, count in Counter(known).most_common() if count > 1 and _can_slip(domain)]
    near: dict[str, list[str]] = defaultdict(list)
    for domain in trusted:
        for shorter in _leave_one_out(domain):
            if len(near[shorter]) < _MOST_NEAR:
                near[shorter].append(domain)
    found = {}
    for domain in dict.fromkeys(used):
        if _can_slip(domain) and (right := _find_right(domain, near, known)):
            found[domain] = right
    return found


def _find_right(domain: str, near: Mapping[str, list[str]], known: Mapping[str, int]) -> str:
    for shorter in _leave_one_out(domain):
        for right in near.get(shorter, ()):
            if right != domain and known[right] >= 2 * known.get(domain, 0) and is_slip(domain, right):
                return right
    return ""


def _can_slip(domain: str) -> bool:
    return len(domain) <= _LONGEST and "." in domain and read_numeric(domain) is None


def _leave_one_out(domain: str) -> Iterator[str]:
    """The domain itself, and the domain without each of its letters in turn."""
    yield domain
    yield from (domain[:at] + domain[at + 1 :] for at in range(len(domain)))


def is_slip(domain: str, right: str) -> bool:
    """Whether one label of `domain` is a slip of the same label of `right`, and all others are the same.

    Short names and numbers are too near to each other to tell, and so are `form.` and `forms.` before a name.
    """
    labels, rights = domain.split("."), right.split(".")
    differing = [at for at, (one, other) in enumerate(zip(labels, rights, strict=False)) if one != other]
    if len(labels) != len(rights) or len(differing) != 1:
        return False
    at = differing[0]
    one, other = labels[at], rights[at]
    own = _find_own_label(rights)
    swapped, slip = is_swapped(one, other), is_one_off(one, other)
    if at > own:  # .com and .co are both names, but gvo.uk is not
        return slip and at == len(rights) - 2 and one not in _SECOND_LEVEL and other in _SECOND_LEVEL
    if any(char.isdigit() for char in "".join(find_difference(one, other))):
        return False
    if min(len(one), len(other)) < 5:
        return slip and (swapped or right in _WELL_KNOWN) and len(other) > 2
    plural = at < own and (one.rstrip("s") == other.rstrip("s"))
    return not plural and slip


def _find_own_label(labels: list[str]) -> int:
    """The index of the registered label: the one before `org` or before `org.uk`."""
    suffix = 2 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 1
    return len(labels) - suffix - 1
