"""Email: sections of a kind of your own that have no template. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.issue.sections import section_kinds
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.theme.theme_files import OF_KINDS
from bulletin.settings.proof import Severity

_PLACES = dict(zip(("HTML", "plain text"), OF_KINDS, strict=True))
_KIND = "description: A dish to cook together.\nfields:\n  serves: {type: number, description: How many it feeds.}\n"
_SECTION = "- {kind: recipe, title: Onion soup, serves: 4}"
_HTML = '<h2 class="h2">{{ section.title | inline }}</h2>\n<p class="p">Serves {{ section.serves }}</p>\n'
_TEXT = "Serves {{ section.serves }}\n"


@rule(
    "MAIL17",
    "kind-without-template",
    severity=Severity.NOTE,
    reason="A kind of your own looks as you want it only if it has a template. Without one, its fields are listed.",
    wrong=[
        Example(files={"sections/recipe.yaml": _KIND}, sections=_SECTION, at="recipe"),
        Example(
            files={"sections/recipe.yaml": _KIND, "templates/email/sections/recipe.html.j2": _HTML},
            sections=_SECTION,
            at="recipe",
        ),
    ],
    right=[
        Example(
            files={
                "sections/recipe.yaml": _KIND,
                "templates/email/sections/recipe.html.j2": _HTML,
                "templates/text/sections/recipe.txt.j2": _TEXT,
            },
            sections=_SECTION,
        )
    ],
)
def kind_without_template(context: Context) -> Iterator[Violation]:
    """A kind of section of your own without a template, so that all its fields are listed one below the other.

    Each kind is named once, at the first section of it.
    """
    seen = set(section_kinds())
    for number, section in enumerate(context.issue.sections):
        if section.kind in seen:
            continue
        seen.add(section.kind)
        places = {name: f"templates/{place.format(section.kind)}" for name, place in _PLACES.items()}
        missing = {name: place for name, place in places.items() if context.read_file(place) is None}
        if missing:
            yield Violation(
                span=context.span("sections", number, "kind"),
                message=f"“{section.kind}” has no template for {' and '.join(missing)}: its fields are listed instead.",
                remedy=f"To show it your way, make {' and '.join(missing.values())}. If the list will do, leave it.",
            )


RULES: tuple[Rule, ...] = (kind_without_template,)
