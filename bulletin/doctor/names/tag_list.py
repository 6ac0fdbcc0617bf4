"""Tag lists, as in DKIM and DMARC records: `v=DMARC1; p=none` (RFC 6376, 3.2). Pure."""

from __future__ import annotations


def parse_tags(text: str) -> dict[str, str]:
    """The tags of a record, the first of each name; names in small letters. What has no `=` is left out."""
    tags: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            tags.setdefault(name.strip().lower(), value.strip())
    return tags
