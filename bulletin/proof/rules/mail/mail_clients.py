"""Email: HTML and CSS of your own theme that a common mail program doesn't support. Pure.

What each program lacks comes from caniemail.com's data, reduced to the programs that matter
(theme/client_support/support.json, updated by `make clients`). harmless.txt beside it lists features that readers don't
miss, with the reasons.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_in_theme
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.theme.css_features import Use, find_uses
from bulletin.settings.proof import Severity

_FOLDER = Path(__file__).parents[2] / "theme" / "client_support"

_INSTEAD = {
    "css-display-flex": "Put the columns into the cells of a table, as the default theme does.",
    "css-display-grid": "Put the columns into the cells of a table, as the default theme does.",
    "css-float": "Put things side by side into the cells of a table.",
    "css-position": "Leave it in the normal order, or use the cells of a table.",
    "css-variables": "Write the value itself, or use a colour from {{ palette }}.",
    "css-rgba": "Write the resulting colour as #rrggbb instead, or before it.",
    "css-background-image": "Set a background-color as well, so that the words stay readable.",
    "css-linear-gradient": "Set a background-color before it, so that the words stay readable.",
    "css-radial-gradient": "Set a background-color before it, so that the words stay readable.",
    "css-unit-rem": "Write the size in px.",
    "css-at-import": "Put the styles into a file of email/styles.",
    "html-link": "Put the styles into a file of email/styles.",
    "html-svg": "Save the drawing as PNG, and use picture().",
    "image-base64": "Keep the picture in a file, and use picture().",
}


@dataclass(frozen=True, kw_only=True)
class Support:
    """What mail programs lack: for each feature its title and the programs without it, by their names in the data.

    `harmless` are the features that readers don't miss, each with the reason.
    """

    origin: str
    clients: dict[str, str]
    titles: dict[str, str]
    lack: dict[str, tuple[str, ...]]
    harmless: dict[str, str]

    def find_feature(self, name: str) -> str:
        """The feature in the data for a property: `padding` for `padding-left`; "" if no program lacks it."""
        while name not in self.lack and "-" in name:
            name = name.rpartition("-")[0]
        return name if name in self.lack else ""

    def find_losers(self, use: Use) -> tuple[str, ...]:
        """The names of the programs in which a use does harm."""
        feature = self.find_feature(use.feature)
        if not feature or feature in self.harmless or use.spared:
            return ()
        # A program that skips the at-rule around it never reads it.
        around = [self.find_feature(f"css-at-{rule[1:].split()[0]}") for rule in use.within if rule[1:].split()]
        skipping = {client for name in around for client in self.lack.get(name, ())}
        return tuple(self.clients[client] for client in self.lack[feature] if client not in skipping)


@cache
def load_support() -> Support:
    """Load the data once."""
    data = json.loads((_FOLDER / "support.json").read_text(encoding="utf-8"))
    features = data["features"]
    return Support(
        origin=data["origin"],
        clients=data["clients"],
        titles={name: feature["title"] for name, feature in features.items()},
        lack={name: tuple(feature["lack"]) for name, feature in features.items()},
        harmless=_read_harmless((_FOLDER / "harmless.txt").read_text(encoding="utf-8"), list(features)),
    )


def _read_harmless(text: str, features: list[str]) -> dict[str, str]:
    """Parse paragraphs of a reason on one line and then the names of features."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    found: dict[str, str] = {}
    for paragraph in "\n".join(lines).strip().split("\n\n"):
        reason, _, names = paragraph.partition("\n")
        for name in names.split():
            found |= {feature: reason for feature in features if fnmatchcase(feature, name)}
    return found


@rule(
    "MAIL07",
    "client-lacks-it",
    severity=Severity.WARNING,
    reason="Mail programs are not browsers. If one lacks a feature, its readers see a broken email.",
    wrong=[
        Example(files={"templates/email/styles/box.css": "/* theme 2 */\n.cell{display:flex}\n"}, at="display:flex"),
        Example(
            files={"templates/email/styles/box.css": "/* theme 2 */\n.box{padding:var(--space)}\n"},
            at="padding:var(--space)",
        ),
        Example(
            files={"templates/email/parts/help.html.j2": "{# theme 2 #}\n<svg><path d='M0 0h9'/></svg>\n"}, at="<svg>"
        ),
    ],
    right=[
        Example(files={"templates/email/styles/box.css": "/* theme 2 */\n.box{border-radius:8px;padding:24px}\n"}),
        Example(files={"templates/email/styles/box.css": "/* theme 2 */\n.box{color:#333333;color:rgba(0,0,0,.8)}\n"}),
        Example(
            files={"templates/email/styles/box.css": "/* theme 2 */\n@media (max-width:600px){.cell{min-width:100%}}\n"}
        ),
    ],
)
def client_lacks_it(context: Context) -> Iterator[Violation]:
    """HTML or CSS in your own theme that Outlook, Gmail, Apple Mail or Samsung Email doesn’t support."""
    own = [file for file in context.own_theme if file.name.startswith("templates/email/")]
    if not own:
        return
    support = load_support()
    told: set[str] = set()
    for file in own:
        here: set[str] = set()
        for use in find_uses(file.text, is_style=file.is_style):
            feature = support.find_feature(use.feature)
            if feature not in here and (losers := support.find_losers(use)):
                here.add(feature)
                yield violation_in_theme(file, (use.start, use.end), *_explain(support, feature, losers))
        told |= here
    for use in find_uses(context.edition.html, is_style=False) if context.edition else ():
        feature = support.find_feature(use.feature)
        if feature not in told and (losers := support.find_losers(use)):  # made by a template
            told.add(feature)
            yield violation_in_theme(own[0], r".+", *_explain(support, feature, losers))


def _explain(support: Support, feature: str, losers: tuple[str, ...]) -> tuple[str, str]:
    names = losers[0] if len(losers) == 1 else f"{', '.join(losers[:-1])} and {losers[-1]}"
    title = support.titles[feature]
    remedy = _INSTEAD.get(feature, "Avoid it, or check that the email reads well without it.")
    more = f"Read more: https://www.caniemail.com/features/{feature}/"
    return f"{names} {'does' if len(losers) == 1 else 'do'} not support {title}.", f"{remedy} {more}"


RULES: tuple[Rule, ...] = (client_lacks_it,)
