from __future__ import annotations

import random
import re
import time
from io import BytesIO
from itertools import starmap
from zlib import crc32

import pytest
from PIL import Image

from bulletin.proof.context import Context
from bulletin.proof.proofing import open_context
from bulletin.proof.registry import find_rules
from bulletin.proof.rule import Example
from bulletin.proof.rules.mail.email import estimate_html
from bulletin.proof.rules.mail.mail_parts import RULES as PART_RULES
from bulletin.proof.theme.theme_files import find_own_theme, walk_part
from bulletin.settings.organisation import Logo
from bulletin.workspace.package_data import theme_folder
from bulletin.workspace.workspace import open_workspace
from checkout import ROOT
from proof_case import TODAY, covered, find, make_context


def codes(example: Example) -> list[str]:
    return [finding.code for finding in find(example) if finding.code.startswith("MAIL")]


def header(subject: str = "News of our work", preview: str = "What we did, and what comes next.") -> Example:
    return Example(header=f"subject: '{subject}'\npreview_text: '{preview}'")


@pytest.mark.parametrize(
    ("subject", "preview", "found"),
    [
        ("x" * 60, "What we did, and what comes next.", []),
        ("x" * 61, "What we did, and what comes next.", ["MAIL01"]),
        ("May news", "What we did, and what comes next.", ["MAIL01"]),
        ("Three priorities for May", "Three priorities for May!", ["MAIL02"]),
        ("Three priorities for May: what comes next", "Three priorities for May", ["MAIL02"]),
        ("News of our work", "What we did.", ["MAIL02"]),
        ("News of our work", "x" * 130, []),
        ("News of our work", "x" * 131, ["MAIL02"]),
        ("Free places for schools: win a bike", "What we did, and what comes next.", ["MAIL11"]),
        ("Windows, wins and winter: free places", "What we did, and what comes next.", []),
        ("News of our work!", "What we did, and what comes next!", []),
        ("NEWS OF OUR WORK", "What we did, and what comes next.", ["MAIL11"]),
        ("NHS: DfE?", "What we did, and what comes next.", ["MAIL01"]),
        ("Save £££ on heating", "What we did, and what comes next.", ["MAIL11"]),
        ("Save £50 on heating", "What we did, and what comes next.", []),
    ],
)
def test_subject_and_preview_fit_an_inbox(subject: str, preview: str, found: list[str]) -> None:
    assert codes(header(subject, preview)) == found


def test_a_subject_of_the_last_three_issues_is_found_whatever_its_capitals() -> None:
    before = "- {kind: notice, title: Office hours, text: We are open.}"
    example = Example(before=before, header="subject: News of our work, with children and families!")
    (finding,) = find(example, "MAIL01")
    assert "April 2021" in finding.message
    assert find(Example(before=before, header="subject: What changed in May"), "MAIL01") == []


def never_render() -> None:
    raise AssertionError("This issue need not be rendered.")


def test_the_sample_is_not_rendered_for_the_proof() -> None:
    workspace = open_workspace(ROOT)
    for issue_id in workspace.issue_ids():
        context = open_context(workspace, issue_id, today=TODAY)
        context = Context(**{**context.__dict__, "render": never_render})
        assert [list(rule(context)) for code, rule in find_rules().items() if code.startswith(("MAIL", "ACC"))]


KINDS = {
    "article": "{text: 'We listened to what families told us about their children and about their schools.'}",
    "notice": "{text: 'We are closed on **3 May 2021** and [on other days](https://www.example.org/days).'}",
    "executive_updates": "{lead: We did much., items: [One thing that we did., Another thing., A third thing.]}",
    "events": "{items: [{title: Forum, date: 10 June 2021, place: Town Hall, summary: All are welcome.}]}",
    "campaign": "{text: Please help., ask: {text: Please share., button: Share, link: 'https://www.example.org/a'}}",
    "links": "{items: [{title: A page, link: 'https://www.example.org/a', summary: What it says.}]}",
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_estimate_of_the_size_does_not_miss_a_heavy_issue(kind: str) -> None:
    entry = KINDS[kind][1:-1]
    sections = "\n".join(f"- {{kind: {kind}, title: Section {n}, {entry}}}" for n in range(40))
    context = make_context(Example(sections=sections))
    assert context.edition
    assert estimate_html(context) > 0.81 * len(context.edition.html.encode())


def test_the_longest_section_of_a_heavy_issue_is_named() -> None:
    text = "We listened to what families told us. " * 40
    sections = "\n".join(
        f"- {{kind: notice, title: Notice {n}, text: '{text * (3 if n == 7 else 1)}'}}" for n in range(50)
    )
    (finding,) = find(Example(sections=sections), "MAIL03")
    assert finding.section == "Notice 7"
    assert "cuts it off" in finding.message or "about to" in finding.message


def encode(form: str, *, mode: str = "RGB", size: tuple[int, int] = (8, 8), gps: bool = False) -> bytes:
    content = BytesIO()
    exif = Image.Exif()
    if gps:
        exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 27.0, 0.0), 3: "E", 4: (0.0, 9.0, 0.0)})
        exif[0x8825] = exif._ifds[0x8825]
    Image.new(mode, size).save(content, form, **({"exif": exif} if gps else {}))
    return content.getvalue()


def draw_noise(seed: str) -> bytes:
    """A picture of 190 KB."""
    content = BytesIO()
    Image.frombytes("L", (440, 432), random.Random(seed).randbytes(440 * 432)).save(content, "PNG")
    return content.getvalue()


def draw_film(form: str, *, frames: int) -> bytes:
    """A picture that moves; 30 KB a frame, or a little less."""
    drawn = [Image.frombytes("L", (160, 160), random.Random(n).randbytes(25_600)) for n in range(frames)]
    content = BytesIO()
    drawn[0].save(content, form, save_all=True, append_images=drawn[1:], duration=300, loop=0)
    return content.getvalue()


def picture(content: bytes, name: str = "garden.jpg") -> Example:
    file = f"issues/images/{name}"
    return Example(
        sections=f"- {{kind: notice, title: A garden, text: We planted it., image: {{file: {file}, alt: A bed}}}}",
        files={file: content},
    )


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (encode("JPEG"), []),
        (encode("PNG"), []),
        (encode("GIF", mode="P"), []),
        (encode("JPEG", size=(2401, 8)), []),
        (encode("PNG") + bytes(200_000), []),
        (encode("WEBP"), []),
        (encode("AVIF"), []),
        (encode("BMP"), []),
        (encode("TIFF"), []),
        (encode("JPEG", mode="CMYK"), []),
        (draw_film("GIF", frames=2), []),
        (draw_film("GIF", frames=9), ["MAIL04"]),
        (draw_film("PNG", frames=9), ["MAIL04"]),
        (draw_film("WEBP", frames=9), ["MAIL04"]),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', ["MAIL05"]),
        (b"\0\0\0\x1cftypavif\0\0\0\0", ["MAIL05"]),  # cut short
        (b"\0\0\0\x18ftypheic\0\0\0\0", ["MAIL05"]),
        (encode("JPEG", size=(300, 300))[:500], ["MAIL05"]),
        (b"not a picture at all", ["MAIL05"]),
        (encode("JPEG", gps=True), ["MAIL06"]),
        (encode("PNG", gps=True), ["MAIL06"]),
        (encode("WEBP", gps=True), ["MAIL06"]),
        (encode("AVIF", gps=True), ["MAIL06"]),
    ],
)
def test_a_picture_can_be_shown_and_tells_no_place(content: bytes, found: list[str]) -> None:
    assert codes(picture(content)) == found


def test_the_pictures_are_weighed_as_they_leave_each_content_once() -> None:
    line = "- {{kind: notice, title: N, text: We planted it., image: {{file: {}.png, alt: A bed}}}}"
    names = [f"p{n}" for n in range(40)]
    sections = "\n".join(line.format(name) for name in names)
    files = {f"{name}.png": draw_noise(name) for name in names}
    (finding,) = find(Example(sections=sections, files=files), "MAIL12")
    assert re.match("The email’s 40 pictures come to [67][0-9]{2} KB", finding.message)
    assert covered(finding) == "p39.png"
    assert find(Example(sections=sections, files=dict.fromkeys(files, draw_noise("p0"))), "MAIL12") == []
    few = {name: content for name, content in files.items() if name < "p2"}
    assert find(Example(sections="\n".join(line.format(name[:-4]) for name in few), files=few), "MAIL12") == []


def test_the_logo_is_judged_where_bulletin_yaml_names_it() -> None:
    settings = "organisation:\n  name: Us\n  logo: {file: logo.jpg, alt: Us}\n"
    example = Example(text="Words.", files={"bulletin.yaml": settings, "logo.jpg": encode("JPEG", gps=True)})
    context = make_context(example)
    organisation = context.settings.organisation.model_copy(
        update={"logo": Logo.model_validate({"file": "logo.jpg", "alt": "Us"})}
    )
    found = find(example, "MAIL06", settings=context.settings.model_copy(update={"organisation": organisation}))
    assert [(finding.file, finding.line, covered(finding)) for finding in found] == [("bulletin.yaml", 3, "logo.jpg")]


def test_a_picture_of_enormous_size_is_not_unpacked() -> None:
    whole = encode("PNG", gps=True)
    size = (60_000).to_bytes(4) * 2
    head = whole[:16] + size + whole[24:29] + crc32(whole[12:16] + size + whole[24:29]).to_bytes(4) + whole[33:]
    start = time.process_time()
    (finding,) = find(picture(head), "MAIL05")
    assert "has too many pixels: 90 million is the most." in finding.message
    assert time.process_time() - start < 5


FOOT = "<p>{{ organisation.name }}<br>{{ organisation.address }}</p>\n"


def theme(**files: str) -> Example:
    return Example(text="We listened to what families told us.", files=dict(starmap(_own, files.items())))


def _own(name: str, text: str) -> tuple[str, str]:
    """A file of a workspace's own theme, which says the version of the theme that it is written for."""
    path = f"templates/{name.replace('__', '/').replace('_', '-')}"
    return (
        (f"{path}.css", f"/* theme 2 */\n{text}")
        if "style" in name
        else (f"{path}.html.j2", f"{{# theme 2 #}}\n{text}")
    )


@pytest.mark.parametrize(
    ("style", "found"),
    [
        ("", 0),
        ("display: none", 1),
        ("visibility:hidden", 1),
        ("font-size:0", 1),
        ("font-size:0.9em", 0),
        ("opacity:0", 1),
        ("color:#FFF;background-color:#ffffff", 1),
        ("color:#333333", 0),
    ],
)
def test_the_unsubscribe_link_can_be_seen(style: str, found: int) -> None:
    ways_out = f'<p style="{style}"><a href="{{{{ slots.unsubscribe }}}}">Leave</a></p>\n'
    assert len(find(theme(email__parts__foot=FOOT + ways_out), "MAIL08")) == found


def test_one_link_that_can_be_seen_is_enough() -> None:
    link = '<a href="{{ slots.unsubscribe }}">Leave</a>'
    ways_out = f'<p style="display:none">{link}</p>\n{link}\n'
    assert codes(theme(email__parts__foot=FOOT + ways_out)) == []


def test_a_link_that_a_style_sheet_hides_is_hidden() -> None:
    css = (theme_folder() / "email/styles/foot.css").read_text(encoding="utf-8") + ".gone{display:none}\n"
    ways_out = '<a class="gone" href="{{ slots.unsubscribe }}">Leave</a>\n'
    assert codes(theme(email__styles__foot=css, email__parts__foot=FOOT + ways_out)) == ["MAIL08"]


@pytest.mark.parametrize("part", ["email/issue.html.j2", "text/issue.txt.j2"])
def test_a_part_without_the_slot_is_found_though_it_cannot_be_rendered(part: str) -> None:
    found = find(
        Example(text="Words.", files={f"templates/{part}": "{# theme 2 #}<p>{{ issue.subject }}</p>\n"}), "MAIL08"
    )
    assert [finding.file for finding in found] == [f"templates/{part}"]


def test_the_slot_may_be_in_a_file_that_the_theme_includes() -> None:
    files = {
        "templates/text/issue.txt.j2": '{# theme 2 #}{% include "text/own.txt.j2" %}\n',
        "templates/text/own.txt.j2": "{{ organisation.name }}\n{{ organisation.address }}\n{{ slots.unsubscribe }}\n",
    }
    assert find(Example(text="Words.", files=files), "MAIL08") == []
    assert find(Example(text="Words.", files=files), "MAIL09") == []


def test_name_and_postal_address_are_in_both_parts() -> None:
    files = {"templates/text/issue.txt.j2": "{# theme 2 #}{{ organisation.name }}\n{{ slots.unsubscribe }}\n"}
    (finding,) = find(Example(text="Words.", files=files), "MAIL09")
    assert "plain text part doesn’t give your organisation’s postal address" in finding.message


def test_an_address_that_is_wrapped_is_still_there() -> None:
    address = "{{ organisation.address | replace(', ', ',\\n') }}"
    imprint = f"{{# theme 2 #}}{{{{ organisation.name }}}}\n{address}\n"
    files = {"templates/text/issue.txt.j2": imprint + "{{ slots.unsubscribe }}\n"}
    assert find(Example(text="Words.", files=files), "MAIL09") == []


def test_a_text_that_one_part_lacks_is_found_once_a_section() -> None:
    sections = """
    - kind: notice
      title: Office hours
      text: Our office is open from Monday to Friday.
      links: [{title: The page of all our opening hours, link: "https://www.example.org/a", summary: What it says.}]
    - kind: article
      title: A new garden
      text: Volunteers have planted lavender and thyme.
    """
    lacking = Example(
        sections=sections, files={"templates/email/sections/notice.html.j2": "{# theme 2 #}<p>Closed</p>\n"}
    )
    (finding,) = find(lacking, "MAIL10")
    assert "not into the HTML part" in finding.message
    assert finding.section == "Office hours"


def test_both_parts_of_the_usual_theme_say_the_same() -> None:
    css = (theme_folder() / "email/styles/foot.css").read_text(encoding="utf-8") + "\n.own{margin:0}\n"
    example = Example(files={"templates/email/styles/foot.css": css})
    for name in ("2021-04", "2021-05"):
        workspace = open_workspace(ROOT)
        context = open_context(workspace, name, today=TODAY)
        read = {key: content.encode() for key, content in example.files.items() if isinstance(content, str)}
        context = Context(**{**context.__dict__, "read_file": read.get})
        assert context.own_theme
        assert [list(rule(context)) for rule in PART_RULES] == [[], [], []]


def test_files_equal_to_the_default_theme_are_not_the_workspaces_own() -> None:
    folder = theme_folder()

    def read(name: str) -> bytes | None:
        path = folder.parent / name.replace("templates/", f"{folder.name}/", 1)
        return path.read_bytes() if path.is_file() else None

    assert find_own_theme(read) == ()
    assert {file.name for file in walk_part("text", ())} == {
        f"templates/{path.relative_to(folder).as_posix()}" for path in (folder / "text").rglob("*.j2")
    }


@pytest.mark.slow
@pytest.mark.parametrize("phrase", ["act now ", "!", "£", "win ", "A "])
def test_a_long_subject_takes_time_in_proportion(phrase: str) -> None:
    context = make_context(header(phrase * (200_000 // len(phrase)) + "x"), render=lambda: None)
    start = time.process_time()
    for code, rule in find_rules().items():
        if code.startswith("MAIL"):
            list(rule(context))
    assert time.process_time() - start < 5
