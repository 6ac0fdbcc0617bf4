from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import get_args

import pytest

from bulletin.edition.theme import Theme, find_files
from bulletin.errors import BulletinError, ThemeError
from bulletin.issue.sections import Section
from bulletin.workspace.package_data import theme_folder
from specimen import SECTIONS, THEME, render


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A workspace's own templates folder."""
    folder = tmp_path / "templates"
    (folder / "email" / "sections").mkdir(parents=True)
    return folder


def write(folder: Path, name: str, text: str) -> Theme:
    """A theme in which one file of the default theme is overridden, by one that is written for its version."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    mark = "/* theme 2 */" if name.endswith(".css") else "{# theme 2 #}"
    path.write_text(mark + text, encoding="utf-8")
    return Theme(folders=(folder, theme_folder()))


def render_one(theme: Theme, name: str, **context: object) -> str:
    return theme.render(name, filters={"shout": lambda text: text.upper()}, context=context)


def test_a_workspace_overrides_one_file_and_keeps_the_others(own: Path) -> None:
    theme = write(own, "email/sections/notice.html.j2", "<p>OUR OWN NOTICE: {{ section.title | inline }}</p>")
    html = render(theme=theme).html
    assert "OUR OWN NOTICE: Office hours" in html
    assert "Useful links" in html
    assert "OUR OWN NOTICE" not in render(theme=THEME).html


def test_a_file_that_is_added_behind_a_link_takes_the_place_of_the_products(own: Path, tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (own / "email" / "parts").symlink_to(tmp_path / "house", target_is_directory=True)
    theme = Theme(folders=(own, theme_folder()))
    assert "OUR OWN HELP" not in render(theme=theme).html

    ours = (theme_folder() / "email" / "parts" / "help.html.j2").read_text(encoding="utf-8")
    (tmp_path / "house" / "help.html.j2").write_text(f"{ours}<tr><td>OUR OWN HELP</td></tr>", encoding="utf-8")
    assert "OUR OWN HELP" in render(theme=theme).html


def test_every_kind_of_section_has_a_template_for_mail_and_one_for_text() -> None:
    union = get_args(Section)[0]
    kinds = {get_args(section.model_fields["kind"].annotation)[0] for section in get_args(union)}
    assert kinds == {section["kind"] for section in SECTIONS}
    for kind in kinds:
        assert (theme_folder() / "email" / "sections" / f"{kind}.html.j2").is_file()
        assert (theme_folder() / "text" / "sections" / f"{kind}.txt.j2").is_file()


def test_html_templates_escape_what_they_print_and_text_templates_do_not(own: Path) -> None:
    write(own, "a.html.j2", "{{ words }}")
    theme = write(own, "a.txt.j2", "{{ words }}")
    assert render_one(theme, "a.html.j2", words="<b> & 'c'") == "&lt;b&gt; &amp; &#39;c&#39;"
    assert render_one(theme, "a.txt.j2", words="<b> & 'c'") == "<b> & 'c'"


@pytest.mark.parametrize(
    ("template", "line", "words"),
    [
        ("<p>\n{% if %}", 2, "Expected an expression"),
        ("<p>\n\n{{ isue.month }}", 3, "'isue' is undefined"),
        ("{{ issue.mouth }}", 1, "no attribute 'mouth'"),
        ("\n{{ 1 / 0 }}", 2, "division by zero"),
        ("\n{{ issue + 1 }}", 2, "unsupported operand"),
        ("\n{% include 'email/nothing.html.j2' %}", 2, "there is no template email/nothing.html.j2"),
        ("\n{{ 3 | inline }}", 2, "int"),
        ("{{ issue | nofilter }}", 1, "No filter named 'nofilter'"),
        ("\n{{ ''.__class__.__mro__ }}", 2, "unsafe"),
        ("{% include 'email/issue.html.j2' %}", 1, "includes itself"),
    ],
)
def test_a_faulty_template_is_named_with_its_line_and_what_is_wrong(
    own: Path, template: str, line: int, words: str
) -> None:
    theme = write(own, "email/issue.html.j2", template)
    with pytest.raises(ThemeError) as caught:
        render(theme=theme)
    assert caught.value.message.startswith(f"{own}/email/issue.html.j2:{line}: ")
    assert words in caught.value.message
    assert "Fix the template" in caught.value.remedy


def test_a_fault_in_an_included_template_is_placed_there(own: Path) -> None:
    theme = write(own, "email/sections/events.html.j2", "\n\n{{ section.evnts }}")
    with pytest.raises(ThemeError, match=r"email/sections/events\.html\.j2:3: "):
        render(theme=theme)


def test_a_template_in_another_encoding_is_named_not_guessed_at(own: Path) -> None:
    theme = write(own, "email/sections/events.html.j2", "")
    (own / "email/sections/events.html.j2").write_bytes("é".encode("latin-1"))
    with pytest.raises(ThemeError, match="not saved as UTF-8"):
        render(theme=theme)


def test_what_is_wrong_with_a_picture_is_not_blamed_on_the_template(own: Path) -> None:
    theme = write(own, "a.txt.j2", "{{ words | shout }}")

    def refuse(_: str) -> str:
        raise BulletinError("The picture is none.")

    with pytest.raises(BulletinError, match=r"^The picture is none\.$"):
        theme.render("a.txt.j2", filters={"shout": refuse}, context={"words": "x"})


@pytest.mark.parametrize("name", ["email/issue.html.j2", "text/issue.txt.j2"])
def test_a_theme_without_an_unsubscribe_link_is_refused(own: Path, name: str) -> None:
    theme = write(own, name, "<html><body>{{ slots.greeting }} {{ issue.month }}</body></html>")
    with pytest.raises(ThemeError, match=rf"{name} has no unsubscribe link\. Put {{{{ slots\.unsubscribe }}}}"):
        render(theme=theme)


@pytest.mark.parametrize("name", ["note.txt.j2", "style.css"])
def test_a_file_that_changes_comes_or_goes_is_seen_at_the_next_render(tmp_path: Path, name: str) -> None:
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    for folder in (own, shipped):
        folder.mkdir()
    (shipped / name).write_text("shipped")
    theme = Theme(folders=(own, shipped))

    def render_note() -> str:
        return theme.render(name, filters={}, context={})

    assert render_note() == "shipped"
    (shipped / name).write_text("shipped anew")
    os.utime(shipped / name, (1, 1))  # another time, however coarse the clock of the disk is
    assert render_note() == "shipped anew"
    (own / name).write_text("our own")
    assert render_note() == "our own"
    (own / name).unlink()
    assert render_note() == "shipped anew"


def test_templates_of_a_workspace_render_the_very_bytes_that_those_of_the_product_do(tmp_path: Path) -> None:
    copied = tmp_path / "templates"
    shutil.copytree(theme_folder(), copied)
    assert render(theme=Theme(folders=(copied, theme_folder()))) == render(theme=THEME)


@pytest.mark.parametrize("name", ["email/sections/notice.html.j2", "email/styles/box.css"])
@pytest.mark.parametrize("link", ["file", "folder", "all"])
def test_a_link_that_leads_out_of_the_workspace_is_refused(tmp_path: Path, name: str, link: str) -> None:
    root, elsewhere = tmp_path / "workspace", tmp_path / "elsewhere"
    shutil.copytree(theme_folder(), elsewhere)
    (elsewhere / name).write_text("root:x:0:0", encoding="utf-8")
    own = root / "templates"
    place = {"file": own / name, "folder": own / "email", "all": own}[link]
    place.parent.mkdir(parents=True)
    place.symlink_to(elsewhere / place.relative_to(own))

    with pytest.raises(ThemeError, match="link that leads out of the workspace") as caught:
        render(theme=Theme(folders=(own, theme_folder())))
    assert caught.value.remedy == "Copy the file itself into your templates folder."


def test_a_link_to_a_file_of_another_kind_is_refused(tmp_path: Path, own: Path) -> None:
    (tmp_path / "secret.key").write_text("secret")
    (own / "email" / "styles").mkdir()
    (own / "email" / "styles" / "box.css").symlink_to(tmp_path / "secret.key")

    with pytest.raises(ThemeError, match="link to a file that is no template"):
        render(theme=Theme(folders=(own, theme_folder())))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("email/style.css", ".h1{font-size:40px}"),
        ("email/parts/marks.html.j2", "{# theme 2 #}"),
        ("email/parts/foot.html.j2", "<tr><td>{{ slots.unsubscribe }}</td></tr>"),
        ("email/styles/foot.css", "/* theme 1 */ .foot{padding:0}"),
        ("text/sections/notice.txt.j2", "{{ section.text }}"),
    ],
)
def test_a_template_of_the_former_theme_is_refused_by_its_name(own: Path, name: str, text: str) -> None:
    (own / name).parent.mkdir(parents=True, exist_ok=True)
    (own / name).write_text(text, encoding="utf-8")
    with pytest.raises(ThemeError, match=rf"{own / name}.*former theme|former theme: {own / name}\."):
        render(theme=Theme(folders=(own, theme_folder())))


def test_files_that_only_a_workspace_has_need_no_version(own: Path) -> None:
    (own / "email" / "ours.html.j2").write_text("OURS", encoding="utf-8")
    theme = write(own, "email/sections/notice.html.j2", '{% include "email/ours.html.j2" %}')
    assert "OURS" in render(theme=theme).html


def test_a_link_to_the_whole_disk_is_not_followed(own: Path) -> None:
    (own / "all").symlink_to("/", target_is_directory=True)

    assert list(find_files(own)) == []


@pytest.mark.parametrize(
    "template",
    ["{% include '../../etc/passwd' %}", "{% extends '/../x.html.j2' %}", "{% import 'email/../../x.j2' as x %}"],
)
def test_a_path_that_leads_out_of_the_folder_finds_nothing(own: Path, template: str) -> None:
    (own.parent / "x.html.j2").write_text("secret")
    (own.parent / "x.j2").write_text("secret")

    with pytest.raises(ThemeError, match="there is no template"):
        render(theme=write(own, "email/issue.html.j2", template))


@pytest.mark.parametrize(
    "attempt",
    ["issue.parse_file('/etc/passwd')", "issue['parse_file']('/etc/passwd')", "issue|attr('parse_raw')"],
)
def test_an_issue_shows_templates_its_fields_and_reads_no_file_for_them(own: Path, attempt: str) -> None:
    theme = write(own, "email/issue.html.j2", "{{ " + attempt + " }}")
    with pytest.raises(ThemeError, match="unsafe"):
        render(theme=theme)


ENDLESS = [
    "{% for i in range(10**9) %}x{% endfor %}",
    "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "{% for i in range(99999) %}{% for j in range(99999) if false %}{% endfor %}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(99) }}",
    "{% for i in [1] recursive %}{{ loop([1, 1]) }}{% endfor %}",
    "{% include 'email/issue.html.j2' %}",
    "{{ range(99999) | map('center', 9999) | list }}",
]
HUGE = [
    "{{ 'x' * 10**9 }}",
    "{{ [[1] * 10**6] * 10**6 }}",
    "{{ 99 ** 99999 }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '%1000000000d' | format(1) }}",
    "{{ '%*d' % (10**9, 1) }}",
    "{{ '{:1000000000}'.format(1) }}",
    "{{ '{:{0[w]}}'.format({'w': 10**9}) }}",
    "{{ 'x' | center(10**9) }}",
    "{{ 'x'.ljust(10**9) }}",
    "{{ ('\t' * 10**6).expandtabs(9999) }}",
    "{{ ('x' * 10**6) | replace('x', 'y' * 10**6) }}",
    "{{ range(99999) | join('y' * 10**6) }}",
    "{{ 'a\n' * 9999 | indent(10**9) }}",
    "{% set n = namespace(x='x') %}{% for i in range(50) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    "{% set n = namespace(x='x') %}{% for i in range(50) %}{% set n.x = n.x + n.x %}{% endfor %}",
    "{% set n = namespace(x='x') %}{% for i in range(50) %}{% set n.x %}{{ n.x }}{{ n.x }}{% endset %}{% endfor %}",
    "{% set n = namespace(x=[]) %}{% for i in range(9999) %}{% set n.x = n.x + ['x' * 10**6 ~ i] %}{% endfor %}",
    "{% for i in range(99999) %}{{ issue }}{% endfor %}",
    "{% set a = 'x' * 10**6 %}{% for i in range(99999) %}{% if a == a ~ i %}{% endif %}{% endfor %}",
    "{{ ('<!--' * 10**6) | striptags }}",
    "{{ ('a@' * 10**6) | urlize }}",
]


@pytest.mark.parametrize("template", [*ENDLESS, *HUGE])
def test_a_template_without_end_or_measure_is_told_in_words(own: Path, template: str) -> None:
    theme = write(own, "email/issue.html.j2", "{{ slots.unsubscribe }}\n" + template)
    with pytest.raises(ThemeError) as caught:
        render(theme=theme)
    assert f"{own}/email/issue.html.j2" in caught.value.message or caught.value.message.startswith(
        "email/issue.html.j2"
    )
    assert len(caught.value.message) < 400


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("{% for i in range(3000) %}<p {{ 'x' * 999 }}>{% endfor %}", "more HTML, or more rules of style"),
        ("<p {{ 'x=1 ' * 9999 }}>", "more HTML, or more rules of style"),
        ("<style>{% for i in range(2000) %}.a{{ i }} {color: red}{% endfor %}</style>", "more rules of style"),
        ("<style>.a .a .a .a .a {color: red}</style>", "more rules of style"),
        ("<style>" + "@media x{" * 500 + "</style>", "nested too deep"),
        ("<style>/*" + "*" * 5000, "A comment in a style of the theme has no end. Write"),
        ("<p style='color: red /* **********************************'>", "has no end"),
        ('<style>.a {content: "' + r"\A" * 40 + "\n}</style>", "more rules of style"),
    ],
)
def test_html_and_styles_that_would_take_minutes_are_told_in_words(own: Path, html: str, words: str) -> None:
    with pytest.raises(ThemeError, match=words):
        render(theme=write(own, "email/issue.html.j2", "{{ slots.unsubscribe }}" + html))


PARTS = {
    "base.html.j2": "<a>{% block x %}base {{ n }}{% endblock %}</a>{% block y %}{% endblock %}",
    "macros.html.j2": "{% macro f(a, b=2) %}[{{ a }}{{ b }}{{ caller() if caller is defined }}]{% endmacro %}"
    "{% set v = 'z' ~ '<' %}",
    "child.html.j2": """
{%- extends 'base.html.j2' %}{% from 'macros.html.j2' import f, v %}{% import 'macros.html.j2' as m %}
{% block x %}{{ super() }} {{ f(1) }} {{ m.f(2, b=3) }} {% call f('c') %}in <b>{{ n }}</b>{% endcall %} {{ v }}
{{ n ~ '&' ~ l | length }}{% endblock %}
{% block y %}{% for i in l if i > 1 %}{{ loop.index }}/{{ loop.length }} {{ i }}{{ ', ' if not loop.last }}{% endfor %}
{% for i in tree recursive %}<{{ i.n }}{{ loop(i.c) if i.c }}>{% else %}none{% endfor %}
{% filter upper %}x {{ n }}{% endfilter %}{% set q %}cap <i>{{ n }}</i>{% endset %}{{ q }}
{{ [1, 2] + [3] }} {{ l[1:] }}
{{ '%s-%03d' % ('x', 7) }} {{ '{:>5}|{}'.format('a', n) }} {{ l | map('string') | join('; ') }}
{{ l | batch(2) | list }}
{{ tree | map(attribute='n') | list }} {{ tree | groupby('n') }} {{ l | sum }} {{ 'x' | center(7) }} {{ 2 ** 5 }}
{{ 'ab' * 3 }} {{ l | select('gt', 1) | list }} {{ 1 if n is string and 'o' in n else 2 }}
{{ {'b': 1, 'a': 2} | dictsort }}
{% set ns = namespace(k=0) %}{% for i in l %}{% set ns.k = ns.k + i %}{% endfor %}{{ ns.k }} {{ n | replace('o', '0') }}
{{ range(3) | list }} {{ l | tojson }} {{ dict(a=1).items() | list }} {{ nothing | default('d') }} {{ n[::-1] }}
{{ none }} {{ 1.5 | round(1) }} {{ n | truncate(3) }} {{ n ~ ('<p>' | safe) }} {{ n | urlize }} {{ n | indent(2) }}
{% endblock %}""",
}


def test_the_bounds_change_nothing_that_templates_do_in_earnest(tmp_path: Path) -> None:
    own, other = tmp_path / "templates", tmp_path / "other"
    other.mkdir()
    for name, text in PARTS.items():
        write(own, name, text)
    context = {"n": "foo <b>bar</b>", "l": [1, 2, 3], "tree": [{"n": 1, "c": [{"n": 2, "c": []}]}, {"n": 3, "c": []}]}

    def render_child(*folders: Path) -> str:
        return Theme(folders=folders).render("child.html.j2", filters={}, context=context)

    assert render_child(own, other) == render_child(own)
    assert len(render_child(own)) > 500
