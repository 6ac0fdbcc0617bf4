from __future__ import annotations

from bulletin.errors import BulletinError, Fault, FaultyFiles, InvalidAddress


def test_a_fault_says_where_what_and_what_to_do_and_points_at_it() -> None:
    fault = Fault(
        file="issues/2021-06.yaml",
        line=14,
        column=11,
        where="sections › 2 (campaign) › ask › link",
        message="“thebigask” is not a web address.",
        remedy="Begin it with https://.",
        excerpt="    link: thebigask",
        width=9,
    )

    assert str(fault).splitlines() == [
        "issues/2021-06.yaml:14:11: “thebigask” is not a web address. Begin it with https://.",
        "  in sections › 2 (campaign) › ask › link",
        "   14 |     link: thebigask",
        "      |           ^^^^^^^^^",
    ]


def test_a_long_line_is_shown_around_the_fault_and_the_caret_stays_under_it() -> None:
    fault = Fault(file="x", line=1, column=501, message="M.", excerpt="a" * 500 + "B" + "c" * 500)
    _, shown, carets = str(fault).splitlines()

    assert len(shown) < 130
    assert carets.index("^") == shown.index("B")


def test_the_caret_stands_under_its_character_behind_a_tab() -> None:
    assert str(Fault(file="x", line=1, column=3, message="M.", excerpt="\ta!")).endswith("| \t ^")


def test_faults_of_several_files_are_told_all_at_once() -> None:
    error = FaultyFiles([Fault(file="a", message="One."), Fault(file="b", message="Two.")])

    assert str(error) == "a: One.\n\nb: Two."
    assert error.message == "2 faults found."


def test_an_error_is_also_of_the_standard_type_where_that_helps() -> None:
    assert isinstance(InvalidAddress("M.", "R."), ValueError)
    assert str(BulletinError("What.", "Do this.")) == "What. Do this."
