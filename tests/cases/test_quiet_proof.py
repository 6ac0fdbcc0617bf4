"""The proof is quiet about what is right, never changes a meaning, and learns what a workspace accepts."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from bulletin.proof.custom_rules import gather_rules
from bulletin.proof.fixes import fix_text
from bulletin.proof.proofing import apply_rules
from bulletin.proof.reading.corrections import read_slips
from bulletin.proof.reading.lexicon import is_welsh, is_word
from bulletin.proof.rule import Example
from bulletin.workspace.workspace import Workspace
from checkout import ROOT, TESTS
from command_call import call
from conftest import ISSUE, SETTINGS
from proof_case import covered, find, make_context, write_issue

MakeWorkspace = Callable[..., Workspace]
SENTENCES = 2_000
IN_AN_ISSUE = 50
CORPUS = (
    "README.md",
    "CONTRIBUTING.md",
    "docs",
    "issues",
    "tests/proof/texts/right_sentences.yaml",
    "bulletin",
    "tests",
)
LEFT_OUT = ("docs/rules", "tests/proof/texts/wrong", "tests/proof/texts/slips", "tests/cases", "tests/broken")
# What a sentence of this repository can have that a text of an issue would not: code, mark-up, other marks.
MARKS = re.compile(
    r"[`<>{}\[\]|*_#=\\/\"@~$^]|\.\.|--| - |\n|\d\d:\d\d|[a-z]\.[A-Z]|(?:^|\s)'|'(?:\s|$)"
    r"|“[^”]*$|^[^“]*”|\([^)]*$|^[^(]*\)"
)


def fixed(text: str, **more: object) -> str:
    """The issue around a text after `check --fix`, and before it."""
    example = Example(text=text)
    context = make_context(example, render=lambda: None, **more)
    after, _ = fix_text(
        write_issue(example), apply_rules(context, gather_rules(context.settings)), file=context.source.file
    )
    return after


def read_paragraphs() -> Iterator[str]:
    """The paragraphs of the repository's documents, docstrings and right texts."""
    for name in CORPUS:
        paths = [ROOT / name] if (ROOT / name).is_file() else sorted((ROOT / name).rglob("*"))
        for path in paths:
            shown = str(path.relative_to(ROOT))
            if path.suffix not in (".md", ".yaml", ".py") or shown.startswith(LEFT_OUT) or "node_modules" in shown:
                continue
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".yaml":
                yield from re.findall(r"(?m)^ +- (?!\w+:)([A-Z].*)$", text)
            elif path.suffix == ".py":
                yield from (" ".join(found.split()) for found in re.findall(r'"""(.*?)(?:"""|\n\n)', text, re.DOTALL))
            else:
                text = re.sub(r"(?s)```.*?```|^    .*?$", "\n\n", text)
                yield from (" ".join(each.split()) for each in re.split(r"\n\s*\n|\n(?=[-|#])", text))


def read_sentences() -> list[str]:
    """So many right sentences, each once, without mark-up."""
    found: dict[str, None] = {}
    for paragraph in read_paragraphs():
        for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])", paragraph.lstrip("-> ")):
            plain = sentence.replace("'", "’").strip()
            if (
                4 <= len(plain.split()) <= 40
                and plain[:1].isupper()
                and plain[-1:] in ".!?"
                and not MARKS.search(sentence)
            ):
                found[plain] = None
    return list(found)[:SENTENCES]


def test_fixing_changes_nothing_in_2000_right_sentences_of_this_repository() -> None:
    sentences = read_sentences()
    assert len(sentences) == SENTENCES
    for start in range(0, SENTENCES, IN_AN_ISSUE):
        text = "\n\n".join(sentences[start : start + IN_AN_ISSUE])
        assert fixed(text) == write_issue(Example(text=text))


def test_fixing_changes_nothing_in_200_welsh_sentences() -> None:
    sentences = (Path(__file__).parent / "welsh_sentences.txt").read_text(encoding="utf-8").splitlines()
    assert len(sentences) >= 200
    for start in range(0, len(sentences), IN_AN_ISSUE):
        text = "\n\n".join(sentences[start : start + IN_AN_ISSUE])
        assert fixed(text) == write_issue(Example(text=text))
    among = " ".join(f"We thank all of you. {sentence} Please join us." for sentence in sentences)
    assert fixed(among) == write_issue(Example(text=among))


@pytest.mark.parametrize(
    "text",
    [
        "The severely immunosuppressed are at risk.",
        "A pre-birth assessment comes first, then a re-referral by the ex-partner.",
        "Diolch yn fawr to all who came, and diolch o galon.",
        "The prosiect is funded for a year.",
        "A debriefer and a reablement worker joined the team.",
        "Hand it in in June, and log on on Monday. What it is is a start.",
        "The Department of Education in Northern Ireland wrote.",
        "The children resign; the lead can re-sign.",
        "Our co-op met the coop.",
        "Room 9 am I in?",
        "Ring 0207 - 946 today.",
        "See Access.Able and Node.Js for more.",
        "Kooth and Ty Hapus run the sesiwn.",
        "The haematologist and the orthoptist saw the neonate.",
        "Vea el color azul de la puerta.",
        "Read [Prioritizing prevention](https://www.example.org/who) and “Organize now”, by others.",
        "Pydantic and pydantic are one program.",
    ],
)
def test_fixing_never_changes_what_is_meant(text: str) -> None:
    assert fixed(text) == write_issue(Example(text=text))


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("We recieved it.", "We received it."),
        ("Please acknowlege it.", "Please acknowledge it."),
        ("The goverment’s guidence is out.", "The government’s guidance is out."),
        ("Recieve our thanks.", "Receive our thanks."),
        ("We met on wensday.", "We met on Wednesday."),
        ("We organize it, and recognized her.", "We organise it, and recognised her."),
        ("Thankyou for it.", "Thank you for it."),
        ("The childrens centre is open.", "The children’s centre is open."),
        ("A vunerable practioner.", "A vulnerable practitioner."),
        ("Come to the the hall.", "Come to the hall."),
    ],
)
def test_known_slips_are_fixed(written: str, right: str) -> None:
    assert fixed(written) == write_issue(Example(text=right))


def test_a_correction_is_offered_only_if_there_can_be_no_other() -> None:
    (finding,) = find("The zzebras met.", "LANG01")
    assert "Did you mean “zebras”?" in finding.remedy
    (finding,) = find("A wordd is short.", "LANG01")
    assert finding.remedy == "If it’s right, accept it: bulletin check --accept wordd"
    assert finding.replacement is None


def test_each_known_slip_is_a_slip_and_is_corrected_to_words() -> None:
    wrong = [slip for slip in read_slips() if is_word(slip) or is_welsh(slip)]
    unknown = [
        right
        for right in read_slips().values()
        if not all(is_word(word) or is_word(word.title()) for word in right.split())
    ]
    assert (wrong, unknown) == ([], [])


def test_a_word_that_is_used_often_is_told_once() -> None:
    (finding,) = find("The frobnicator met. A frobnicator came. One frobnicator left.", "LANG01")
    assert finding.message.endswith("It is here 3 times.")


# Abbreviations


def shorts(text: str, **more: object) -> list[str]:
    return [covered(finding) for finding in find(Example(text=text), "LANG04", **more)]


def test_abbreviations_that_are_never_explained_are_one_finding_with_one_answer() -> None:
    (finding,) = find("The CRW met.\n\nThe FGX came with the QPT.", "LANG04")
    assert finding.message == ("“CRW” is not explained anywhere, and neither are 2 others: FGX (line 8), QPT (line 8).")
    assert finding.remedy.endswith("accept them: bulletin check --accept CRW,FGX,QPT")


@pytest.mark.parametrize(
    "text",
    [
        "The LADO, the MASH and every DSL read KCSIE.",
        "The ASP meets.",  # the publisher is Anytown Safeguarding Partnership
        "We visited the RSQ Academy, Anytown QTS Local Offer and the XYZ Magazine.",
        "QRB: your Quality Review Board.",
        "The Quality Review Board – QRB for short – met.",
        "A QRB, a quality review board, met.",
        "The Quality Review Board (QRB) met.",
        "The QRB (Quality Review Board) met.",
    ],
)
def test_abbreviations_that_readers_know_or_are_told_are_left_alone(text: str) -> None:
    assert shorts(text) == []


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("The QRB is quite ready, but not today.", "QRB"),
        ("Ask the QRB, quoting your red book.", "QRB"),
        ("The quick brown fox saw the QRB run by.", "QRB"),
        ("Bring your badge (QRB) to the desk.", "QRB"),
    ],
)
def test_initials_that_merely_occur_explain_nothing(text: str, short: str) -> None:
    assert shorts(text) == [short]


# What earlier issues teach


def past(words: str, month: str, *, published: str) -> str:
    text = ISSUE.replace("2021-05", month).replace("4 May 2021", published)
    return text.replace("We are closed on **3 May 2021**.", words)


def learning(make_workspace: MakeWorkspace, words: str, now: str, *, months: int = 2) -> str:
    """What `check` says of `now` after issues with `words`."""
    issues = {
        f"2021-0{month}": past(words, f"2021-0{month}", published=f"4 {name} 2021")
        for month, name in ((4, "April"), (3, "March"), (2, "February"))[:months]
    }
    place = make_workspace(issues={**issues, "2021-05": ISSUE.replace("We are closed on **3 May 2021**.", now)})
    return call("check", "2021-05", folder=place.root).stdout


@pytest.mark.parametrize(
    ("words", "now"),
    [
        ("A frobnicator met a frobnicator.", "The frobnicator is back."),
        ("The CRW met, and a CRW came.", "The CRW is back."),
        ("The gloopery and the gloopery’s cat.", "Our gloopery is open."),
    ],
)
def test_what_is_twice_in_two_earlier_issues_is_known(make_workspace: MakeWorkspace, words: str, now: str) -> None:
    assert "LANG0" in learning(make_workspace, words, now, months=1)
    assert "LANG0" not in learning(make_workspace, words, now)


def test_a_slip_is_not_learned_however_often_it_comes(make_workspace: MakeWorkspace) -> None:
    words = "The partnerrship is a partnerrship, and the CAMSH met the CAMSH."
    said = learning(make_workspace, words, "The partnerrship is here. The CAMSH met.", months=3)
    assert "“partnerrship” isn’t in the dictionary" in said
    assert "“CAMSH” is not explained" in said


def test_issues_that_are_still_to_come_teach_nothing() -> None:
    example = Example(text="The frobnicator is back.", published="4 May 2021")
    text = write_issue(Example(text="A frobnicator met a frobnicator.", month="2021-04", published="4 April 2021"))
    assert text
    context = make_context(example, today=date(2021, 5, 4), load_texts=lambda: [text, text])
    assert [
        finding.code for finding in apply_rules(context, gather_rules(context.settings)) if finding.code == "LANG01"
    ] == []
    context = make_context(example, today=date(2021, 5, 4), load_texts=list)
    assert [
        finding.code for finding in apply_rules(context, gather_rules(context.settings)) if finding.code == "LANG01"
    ]


# What a person accepts


SLIPS = "We met the frobnicator and the CRW with the zzyx."


@pytest.mark.parametrize(
    "typed", [("frobnicator,CRW,zzyx",), ("frobnicator", "CRW", "zzyx"), ("frobnicator, CRW", "zzyx")]
)
@pytest.mark.parametrize(
    "proof",
    [
        "",
        "proof:\n  terms: [Learning Hub]\n",
        "proof:\n  # ours\n  words:\n    - gloop\n  abbreviations: [ABQ]\n",
        "proof:\n  words: gloop\n",
    ],
)
def test_accepted_words_go_into_the_settings(make_workspace: MakeWorkspace, typed: tuple[str, ...], proof: str) -> None:
    place = make_workspace(settings=SETTINGS + proof, issues={"2021-05": ISSUE.replace("We are closed on", SLIPS)})

    done = call("check", "--accept", *typed, folder=place.root)

    assert "Added to bulletin.yaml, to `abbreviations` below `proof:`: CRW." in done.stdout
    assert "Added to bulletin.yaml, to `words` below `proof:`: frobnicator, zzyx." in done.stdout
    written = (place.root / "bulletin.yaml").read_text(encoding="utf-8")
    settings = yaml.safe_load(written)["proof"]
    assert set(settings["words"]) >= {"frobnicator", "zzyx"}
    assert "CRW" in settings["abbreviations"]
    assert ("# ours" in written) == ("# ours" in proof)
    assert "LANG01" not in done.stdout
    assert "LANG04" not in done.stdout
    assert "already" in call("check", "--accept", "CRW", folder=place.root).stdout


LONG = " ".join(["We met the people of the town and asked them"] * 4) + "."


def test_a_finding_is_accepted_at_its_place_with_its_reason(make_workspace: MakeWorkspace) -> None:
    issue = ISSUE.replace("We are closed on **3 May 2021**.", f"|\n      We met.\n\n      {LONG}")
    place = make_workspace(issues={"2021-05": issue})
    options = ("--at", "issues/2021-05.yaml:11:7", "--because", "These are his words")

    done = call("check", "2021-05", "--accept", "LANG05", *options, folder=place.root)

    assert "Accepted LANG05 on line 11 of issues/2021-05.yaml, with your reason in a comment." in done.stdout
    assert "LANG05 long" not in done.stdout
    written = (place.root / "issues/2021-05.yaml").read_text(encoding="utf-8")
    assert "    text: |  # proof: ignore LANG05 because These are his words\n" in written


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--accept", "LANG05"), "LANG05 is a rule, and no rule is switched off like this."),
        (("--accept", "LANG05", "--at", "8"), "It isn’t said why LANG05 is accepted."),
        (("--accept", "LANG05", "--because", "It is so"), "It isn’t said at which place LANG05 is accepted."),
        (("--accept", "LANG99", "--at", "2021-05:8", "--because", "It is so"), "There is no rule LANG99."),
        (
            ("--accept", "LANG05", "--at", "2021-05:8", "--because", "It is so"),
            "There is no finding of LANG05 on line 8",
        ),
        (("--accept", "LANG05", "--at", "here", "--because", "It is so"), "“here” is not a place."),
        (("--accept", "PRIV02", "--at", "2021-05:8", "--because", "It is so"), "bulletin approve 2021-05"),
    ],
)
def test_no_form_switches_a_rule_off(make_workspace: MakeWorkspace, arguments: tuple[str, ...], said: str) -> None:
    place = make_workspace()
    before = (place.root / "bulletin.yaml").read_bytes(), place.issue_path("2021-05").read_bytes()

    done = call("check", *arguments, folder=place.root)

    assert done.returncode == 1
    assert said in done.stderr
    assert ((place.root / "bulletin.yaml").read_bytes(), place.issue_path("2021-05").read_bytes()) == before


# How a check reads


MANY = f"|\n      {LONG}\n\n      We we utilise it at XX.\n\n      {LONG}"


def test_errors_come_first_and_notes_are_folded(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(issues={"2021-05": ISSUE.replace("We are closed on **3 May 2021**.", MANY)})

    said = call("check", "2021-05", folder=place.root).stdout

    error, warning, notes = said.index("error LANG08"), said.index("warning LANG07"), said.index("3 notes.")
    assert error < warning < notes
    assert "  LANG05 long-sentence: issues/2021-05.yaml, lines 9 and 13\n" in said
    assert "This sentence has" not in said
    assert "This sentence has" in call("check", "2021-05", "--notes", folder=place.root).stdout


def test_what_is_new_since_the_last_check_is_said(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(issues={"2021-05": ISSUE.replace("We are", "We we are")})
    path = place.issue_path("2021-05")

    assert "since the last check" not in call("check", "2021-05", folder=place.root).stdout
    assert "issues/2021-05.yaml: nothing is new since the last check (" in call("check", folder=place.root).stdout
    path.write_text(
        path.read_text().replace("month: 2021-05", "# moved down\nmonth: 2021-05").replace("hours", "hours hours")
    )
    said = call("check", "2021-05", folder=place.root).stdout

    assert "1 of 2 is new since the last check (" in said
    assert "): LANG07 on line 8.\n" in said
    path.write_text(ISSUE.replace("Office", "Office office").replace("We are", "We are are"))
    assert (
        "issues/2021-05.yaml: all 2 findings are new since the last check (" in call("check", folder=place.root).stdout
    )
    kept = (place.state_folder / "checks/2021-05.json").read_text(encoding="utf-8")
    assert "We" not in kept


# Rules that were wrong


LETTERED = (
    "Bring: a) a coat and a hat for the cold wind b) a cup and a plate for your own tea c) a pen and a pad for notes "
    "on the day d) a torch for the way home."
)
PARTED = (
    "Bring these things: a coat and a hat for the cold wind; a cup and a plate for your own tea; a pen and a pad for "
    "notes on the day; a torch."
)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("DATE05", "We met on 3 May, and meet again on 9 June."),
        ("DATE05", "Book by Friday 28 May."),
        ("LANG09", "Read the Care Act (Commencement) Order 2021 and “How we disseminate research”."),
        ("LANG09", "Read [Facilitating contact: a guide](https://www.example.org/guide)."),
        ("LANG09", "Read *Utilising data well* by the council."),
        ("LANG03", "Our wellbeing matters, and wellbeing is all. Read the Well-being of Future Generations Act 2015."),
        ("LANG05", LETTERED),
        ("LANG05", PARTED),
    ],
)
def test_what_is_right_is_left_alone(code: str, text: str) -> None:
    assert [covered(finding) for finding in find(text, code)] == []


def test_a_date_under_a_heading_with_its_year_needs_none() -> None:
    section = "- {kind: notice, title: Dates for 2021, text: The board meets on 22 September and 3 November.}\n"
    assert find(Example(sections=section), "DATE05") == []


@pytest.mark.parametrize("title", ["Bank holiday fun day", "Easter egg hunt", "Spring bank holiday: closed"])
def test_an_entry_that_names_the_holiday_is_meant(title: str) -> None:
    item = f"- kind: events\n  title: Days\n  items:\n  - {{title: '{title}', date: 31 May 2021}}\n"
    assert find(Example(sections=textwrap.dedent(item)), "DATE10") == []


def test_a_slip_in_a_possessive_name_is_found() -> None:
    (finding,) = find("We thank Barnado’s for it.", "LANG02")
    assert "Barnardo" in finding.remedy


def test_an_american_spelling_at_the_start_of_a_sentence_is_found() -> None:
    (finding,) = find("Recognizing neglect takes time.", "LANG01")
    assert "Did you mean “Recognising”?" in finding.remedy


def test_the_lists_of_words_name_their_source() -> None:
    folder = ROOT / "bulletin/proof/reading/words"
    for path in folder.glob("*.txt"):
        if path.name != "en_GB-LICENCE.txt":
            assert path.read_text(encoding="utf-8").startswith("# "), path.name
    assert TESTS.is_dir()
