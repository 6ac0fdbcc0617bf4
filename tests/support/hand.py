"""Issues as many hands write them: some of the specimen's sections, in any style of YAML, with comments anywhere."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import strategies as st

import specimen


class Hand:
    """Writes data as YAML, in styles that are drawn, with a numbered comment wherever one is drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self.count = 0

    def write(self, data: Any) -> str:
        lines = self._block(data, 0)
        return self._draw(st.sampled_from(["\n", "\r\n"])).join([*lines, ""])

    def _sometimes(self) -> bool:
        return self._draw(st.integers(0, 5)) == 0

    def _comment(self, margin: str) -> list[str]:
        if not self._sometimes():
            return []
        self.count += 1
        return [f"{margin}# remark {self.count}."]

    def _block(self, data: Any, indent: int) -> list[str]:
        margin, lines = " " * indent, list[str]()
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            lines += [""] if self._sometimes() else []
            lines += self._comment(margin)
            start = f"{margin}{key}:" if isinstance(data, dict) else f"{margin}-"
            lines += self._value(start, value, indent, entry=isinstance(data, list))
        return lines

    def _value(self, start: str, value: Any, indent: int, *, entry: bool) -> list[str]:
        if isinstance(value, str):
            return self._text(start, value, indent)
        if self._sometimes():
            return [f"{start} {self._flow(value, indent + 2)}", *self._comment(" " * indent)]
        inner = self._block(value, indent + 2)
        if not entry or self._sometimes() or not re.match(r" +[\w-]", inner[0]):
            return [start, *inner]
        return [f"{start} {inner[0].lstrip()}", *inner[1:]]

    def _text(self, start: str, value: str, indent: int) -> list[str]:
        margin = " " * (indent + 2)
        ways = [[f"{start} {json.dumps(value, ensure_ascii=False)}"]]
        if "\n" not in value:
            ways.append([f"{start} '{value.replace(chr(39), chr(39) * 2)}'"])
            ways.append([f"{start} >-", margin + value])
        else:
            ways.append([f"{start} |", *(margin + line if line else "" for line in value.split("\n"))])
        if re.fullmatch(r"[\w ,.’-]+", value) and not value.startswith("-"):
            ways.append([f"{start} {value}"])
        written = self._draw(st.sampled_from(ways))
        return [written[0] + "".join(self._comment("  ")), *written[1:]]

    def _flow(self, value: Any, indent: int) -> str:
        if isinstance(value, str):
            return json.dumps(value, ensure_ascii=False)
        pairs = value.items() if isinstance(value, dict) else ((None, one) for one in value)
        parts = [(f"{key}: " if key else "") + self._flow(one, indent) for key, one in pairs]
        if self._sometimes():
            break_ = "\n" + "\n".join([*self._comment(" " * indent), " " * indent])
            parts = [*parts[:-1], break_ + parts[-1]]
        opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
        return opening + ", ".join(parts) + closing


MONTHS_TO_PROMISE = ["2021-06", "2021-07", "June 2021", "December 2021"]


@st.composite
def issues(draw: st.DrawFn) -> dict[str, Any]:
    """Some of the specimen's sections, some of their items, and promises anywhere."""
    sections = draw(st.lists(st.sampled_from(specimen.SECTIONS), min_size=1, max_size=5))
    return {**specimen.ISSUE, "sections": [vary(draw, section) for section in sections]}


def vary(draw: st.DrawFn, section: dict[str, Any]) -> dict[str, Any]:
    varied = {name: value for name, value in section.items() if name not in ("follow_up", "for")}
    for name in ("items", "groups"):
        if name in varied:
            fewest = 2 if section["kind"] == "figures" else 1
            some = draw(st.lists(st.sampled_from(varied[name]), min_size=fewest, max_size=3, unique_by=str))
            varied[name] = [promise(draw, item) if isinstance(item, dict) else item for item in some]
    return promise(draw, varied)


def promise(draw: st.DrawFn, item: dict[str, Any]) -> dict[str, Any]:
    month = draw(st.sampled_from([None, None, None, *MONTHS_TO_PROMISE]))
    rest = [(name, value) for name, value in item.items() if name != "follow_up"]
    at = draw(st.integers(0, len(rest)))
    return dict([*rest[:at], ("follow_up", month), *rest[at:]]) if month else dict(rest)


@st.composite
def files(draw: st.DrawFn) -> str:
    return Hand(draw).write(draw(issues()))


MONTHLY = ("top_story", "kicker", "image", "quote", "do", "by", "from")
STANDING = [
    {name: value for name, value in section.items() if name not in MONTHLY}
    for section in specimen.SECTIONS
    if section["kind"] in ("campaign", "links", "about")
] + [{**specimen.SECTIONS[1], "items": specimen.SECTIONS[1]["items"][:4]}]


@st.composite
def standing_files(draw: st.DrawFn) -> tuple[str, int, list[Any]]:
    """An issue of which every section stays, with how many comments it has, and its sections."""
    sections = draw(st.lists(st.sampled_from(STANDING), min_size=1, max_size=4, unique_by=lambda one: one["kind"]))
    hand = Hand(draw)
    return hand.write({**specimen.ISSUE, "sections": sections}), hand.count, sections
