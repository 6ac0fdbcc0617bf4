"""Email: templates of your own that were written for a former theme. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.edition.theme_version import REPLACED, VERSION, is_former, tell_replacement
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_in_theme
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.theme.theme_files import is_shipped
from bulletin.settings.proof import Severity


@rule(
    "MAIL13",
    "former-theme",
    severity=Severity.ERROR,
    reason="Half of a former theme and half of the new one would make an email that no one designed.",
    wrong=[
        Example(files={"templates/email/parts/contents.html.j2": "<h2>In this issue</h2>\n"}, at="<h2>In this issue"),
        Example(files={"templates/email/style.css": ".h1{font-size:40px}\n"}, at=".h1{"),
        Example(
            files={"templates/email/parts/ways-out.html.j2": "<a href='{{ slots.unsubscribe }}'>Leave</a>\n"}, at="<a"
        ),
    ],
    right=[
        Example(files={"templates/email/parts/help.html.j2": "{# theme 2 #}\n"}),
    ],
)
def former_theme(context: Context) -> Iterator[Violation]:
    """A template in your folder that was written for a former theme, and what has taken its place.

    Each template of an email names the version of its theme in its first line, as in `{# theme 2 #}`.
    """
    for file in context.own_theme:
        name = file.name.removeprefix("templates/")
        if (is_shipped(name) or name in REPLACED) and is_former(name, file.text):
            yield violation_in_theme(
                file,
                r".+",
                f"This was written for a former theme. In its place is {tell_replacement(name)}.",
                "Delete this file to use the new look"
                + (
                    "."
                    if name in REPLACED
                    else f", or make it anew from the new one: it begins with “theme {VERSION}”."
                ),
            )


RULES: tuple[Rule, ...] = (former_theme,)
