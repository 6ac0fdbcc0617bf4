"""The checks of what is on this computer: keys, files, Git, the database, limits, clock and disk; each alone."""

from __future__ import annotations

import sqlite3
import ssl
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from bulletin import __version__
from bulletin.database.backup import back_up
from bulletin.database.backup_record import keep_backup_record
from bulletin.database.schema import open_database
from bulletin.database.tables import link_keys, mailings, schedules
from bulletin.delivery.plans.last_run import keep_last_run
from bulletin.doctor.asking.app_roles import read_roles
from bulletin.doctor.case import Case, Computer
from bulletin.doctor.check import CheckResult
from bulletin.doctor.checks.ledger_safety import find_cloud, find_mount_kind
from bulletin.doctor.checks.microsoft_login import explain_no_token
from bulletin.doctor.checks.secret_keys import is_weak
from bulletin.doctor.outside.mounts import read_mac_mounts
from bulletin.doctor.registry import find_checks
from bulletin.settings.sending import LoginKind, TokenLogin
from bulletin.subscribers.link_key import fingerprint_key
from bulletin.workspace.workspace import Workspace
from conftest import on_postgresql, write_workspace
from known_names import KnownNames
from northfield import DOMAIN, ISSUE, KEY, LISTS, SETTINGS, Dialler, make_zone, run_git

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
NOW_MS = round(NOW.timestamp() * 1000)
DAY = 86_400_000  # ms
OLD_KEY = "another-key-that-is-long-and-random-9Qx7Lm2Vz"

Look = Callable[..., CheckResult]


def make(folder: Path, **options: Any) -> Workspace:
    wanted = {
        "settings": SETTINGS,
        "issues": {"2026-12": ISSUE},
        "lists": LISTS,
        "environ": {"BULLETIN_SECRET_KEY": KEY},
    }
    return write_workspace(folder / "northfield", **{**wanted, **options})


def judge(id_: str, workspace: Workspace, *, zone: str = "", **computer: Any) -> CheckResult:
    case = Case(
        workspace=workspace,
        resolver=KnownNames(zone or make_zone()),
        dialler=Dialler(ssl.create_default_context()),
        computer=Computer(**{"now": NOW, "environ": {}, **computer}),
    )
    check = find_checks()[id_]
    with case:
        return CheckResult(check=check, judgement=check(case))


def record(workspace: Workspace, table: Any, **values: Any) -> None:
    engine = open_database(workspace)
    with engine.begin() as connection:
        connection.execute(insert(table).values(**values))
    engine.dispose()


def record_mailing(workspace: Workspace, *, days: int) -> None:
    record(workspace, mailings, key=f"k{days}", issue="2026-11", lists=["partners"], began_at=NOW_MS - days * DAY)


# --- Secrets


@pytest.mark.parametrize(
    "key",
    ["", "short", "a" * 60, "password" * 6, "changeme-changeme-changeme-changeme", "12345678901234567890", "ab" * 30],
)
def test_a_key_that_can_be_guessed_is_weak(key: str) -> None:
    assert is_weak(key.encode())


@pytest.mark.parametrize("key", [KEY, OLD_KEY, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])
def test_a_long_random_key_is_strong(key: str) -> None:
    assert not is_weak(key.encode())


def test_another_key_than_the_database_knows_is_an_error_unless_the_old_one_is_kept(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    record(workspace, link_keys, fingerprint=fingerprint_key(OLD_KEY.encode()), since=NOW_MS)
    keeping = make(tmp_path, environ={"BULLETIN_SECRET_KEY": KEY, "BULLETIN_SECRET_KEY_OLD": OLD_KEY})

    assert judge("SEC01", workspace).what == "The secret key has changed."
    assert judge("SEC01", keeping).outcome == "passed"


def test_links_from_before_a_new_key_work_only_with_the_old_one(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    record_mailing(workspace, days=60)
    record(workspace, link_keys, fingerprint=fingerprint_key(KEY.encode()), since=NOW_MS - 30 * DAY)
    keeping = make(tmp_path, environ={"BULLETIN_SECRET_KEY": KEY, "BULLETIN_SECRET_KEY_OLD": OLD_KEY})

    assert judge("SEC02", workspace).what == "Links from before 1 November 2026 no longer work."
    assert judge("SEC02", keeping).outcome == "passed"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run.sh", "export BULLETIN_SMTP_URL=smtp+starttls://news:Hunter22@smtp.northfield.org.uk:587\n"),
        ("keys/dkim.pem", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n"),
        (".env", "BULLETIN_CLIENT_SECRET=abc123~def456\n"),
        ("notes.txt", f"the key is {KEY}\n"),
    ],
)
def test_a_secret_in_git_is_an_error_that_names_the_file(tmp_path: Path, name: str, text: str) -> None:
    workspace = make(tmp_path)
    path = workspace.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    run_git(workspace.root, "init")
    run_git(workspace.root, "add", "--force", name)
    found = judge("SEC03", workspace)

    assert found.what == f"A password or key is in {name}."
    assert text.strip()[-10:] not in found.what + found.ask


def test_examples_and_variables_are_no_secrets(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    (workspace.root / "run.sh").write_text(
        "BULLETIN_SMTP_URL=smtp+starttls://user:password@smtp.northfield.org.uk\n"
        "BULLETIN_SMTP_URL=smtps://news:$PASS@smtp.northfield.org.uk BULLETIN_SECRET_KEY=$KEY\n"
        "smtp+starttls://news:Hunter22@smtp.example.org:587\n"
    )

    assert judge("SEC03", workspace).outcome == "passed"


def test_what_others_can_read_is_named_with_what_to_type(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    open_database(workspace).dispose()
    assert judge("SEC04", workspace).outcome == "passed"
    workspace.state_folder.chmod(0o755)
    (workspace.state_folder / "ledger.db").chmod(0o644)
    tmp_path.chmod(0o755)
    found = judge("SEC04", workspace)

    assert found.outcome == "warning"
    assert found.fix == f"Type: chmod -R go-rwx {workspace.state_folder}"


def test_a_list_that_was_in_git_before_is_a_warning_and_examples_are_none(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    run_git(workspace.root, "init")
    run_git(workspace.root, "add", "subscribers")
    run_git(workspace.root, "commit", "-m", "lists")
    run_git(workspace.root, "rm", "--cached", "-r", "subscribers")
    run_git(workspace.root, "commit", "-m", "no lists")
    found = judge("SEC05", workspace)
    assert (found.outcome, found.what) == ("warning", "subscribers/partners.csv is in Git's history.")

    sample = write_workspace(tmp_path / "sample", settings=SETTINGS, lists={"partners": "email\nanna@a.example.org\n"})
    run_git(sample.root, "init")
    run_git(sample.root, "add", ".")
    assert judge("SEC05", sample).outcome == "passed"


# --- The database


def spoil(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 8192)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (spoil, "is damaged"),
        (lambda path: path.write_bytes(b"no database at all" * 100), "is damaged"),
        (lambda path: path.unlink(), "is not there, but it was before"),
    ],
    ids=["damaged", "other file", "gone"],
)
def test_a_database_that_is_not_whole_is_an_error(tmp_path: Path, act: Callable[[Path], object], words: str) -> None:
    workspace = make(tmp_path)
    open_database(workspace).dispose()
    act(workspace.state_folder / "ledger.db")
    found = judge("DBS01", workspace)

    assert found.outcome == "error"
    assert words in found.what
    assert judge("SYS04", workspace).judgement.until == "DBS01"  # type: ignore[union-attr]


def test_an_older_copy_of_the_database_knows_less(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    engine = open_database(workspace)
    back_up(engine, tmp_path / "copy.db", now=1)
    engine.dispose()
    record_mailing(workspace, days=3)
    assert judge("DBS01", workspace).outcome == "passed"
    for path in workspace.state_folder.glob("ledger.db*"):
        path.unlink()
    (tmp_path / "copy.db").rename(workspace.state_folder / "ledger.db")

    assert judge("DBS01", workspace).what.startswith("The database knows less than it did")


def test_a_database_of_an_earlier_version_is_no_fault(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    open_database(workspace).dispose()
    with closing(sqlite3.connect(workspace.state_folder / "ledger.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()

    assert judge("DBS01", workspace).outcome == "passed"
    assert judge("SYS04", workspace).outcome == "unknown"


def test_without_a_database_there_is_nothing_to_check_and_none_is_made(tmp_path: Path) -> None:
    workspace = make(tmp_path)

    assert [judge(id_, workspace).outcome for id_ in ("DBS01", "DBS04", "SYS04")] == ["not-applicable"] * 3
    assert not workspace.state_folder.exists()


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
//server/share /mnt/office\\040share cifs rw 0 0
server:/home /home nfs4 rw 0 0
tmpfs /home/jo/fast tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/news/.bulletin", "ext4"),
        ("/mnt/office share/news", "cifs"),
        ("/home/jo/news", "nfs4"),
        ("/home/jo/fast/news", "tmpfs"),
        ("/homes/jo", "ext4"),
    ],
)
def test_the_kind_of_a_disk_is_that_of_the_nearest_mount(path: str, kind: str) -> None:
    assert find_mount_kind(Path(path), MOUNTS) == kind


def test_a_network_drive_is_an_error(tmp_path: Path) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n"

    assert judge("DBS02", make(tmp_path), mounts=lambda: mounts).what == "The database is on a network drive."
    assert judge("DBS02", make(tmp_path), mounts=lambda: "/dev/sda1 / ext4 rw 0 0").outcome == "passed"
    assert judge("DBS02", make(tmp_path), mounts=lambda: "").outcome == "unknown"


def test_the_disks_of_a_mac_are_read_like_those_of_linux() -> None:
    mounts = read_mac_mounts("/dev/disk3s1 on / (apfs, sealed)\n//jo@server/news on /Volumes/our news (smbfs, nodev)\n")

    assert find_mount_kind(Path("/Volumes/our news/.bulletin"), mounts) == "smbfs"
    assert find_mount_kind(Path("/Users/jo/news"), mounts) == "apfs"


@pytest.mark.parametrize(
    ("path", "environ", "cloud"),
    [
        ("/home/jo/OneDrive - Northfield Council/news", {}, "OneDrive"),
        ("/Users/jo/Library/Mobile Documents/com~apple~CloudDocs/news", {}, "iCloud"),
        ("/Users/jo/Dropbox (Northfield)/news", {}, "Dropbox"),
        ("/Users/jo/Library/CloudStorage/GoogleDrive-jo@northfield/My Drive/news", {}, "Google Drive"),
        ("/data/shared/news", {"OneDriveCommercial": "/data/shared"}, "OneDrive"),
        ("/home/jo/onedrive-notes/news", {}, ""),
        ("/home/jo/news", {"OneDrive": "/data/shared"}, ""),
    ],
)
def test_cloud_folders_are_known_by_name_and_by_variable(path: str, environ: dict[str, str], cloud: str) -> None:
    assert find_cloud(Path(path), environ) == cloud


def test_a_back_up_is_wanted_once_something_was_sent(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    open_database(workspace).dispose()
    assert judge("DBS04", workspace).outcome == "not-applicable"
    record_mailing(workspace, days=1)
    assert judge("DBS04", workspace).what == "There is no back-up."

    engine = open_database(workspace)
    back_up(engine, tmp_path / "copy.db", now=1)
    engine.dispose()
    keep_backup_record(workspace.state_folder, tmp_path / "copy.db", now=NOW_MS - 20 * DAY)
    assert judge("DBS04", workspace).what == "The last back-up is from 11 November 2026."
    keep_backup_record(workspace.state_folder, tmp_path / "copy.db", now=NOW_MS)
    assert judge("DBS04", workspace).outcome == "passed"
    (tmp_path / "copy.db").write_bytes(b"")
    assert judge("DBS04", workspace).what.endswith("copy.db, can't be opened.")
    (tmp_path / "copy.db").unlink()
    assert judge("DBS04", workspace).what.endswith("copy.db, isn't there any more.")


@on_postgresql
def test_a_database_server_here_is_in_order_and_one_elsewhere_needs_a_checked_certificate(
    tmp_path: Path, database_url: str
) -> None:
    here = make(tmp_path, environ={"BULLETIN_SECRET_KEY": KEY, "BULLETIN_DATABASE_URL": database_url})
    open_database(here).dispose()

    assert [judge(id_, here).outcome for id_ in ("DBS01", "DBS05", "DBS02", "DBS03")] == [
        *("passed", "passed", "not-applicable", "not-applicable")
    ]


# --- Limits


def test_more_readers_than_a_days_limit_take_longer(tmp_path: Path) -> None:
    many = "email\n" + "".join(f"reader{number}@{DOMAIN}\n" for number in range(250))
    workspace = make(tmp_path, settings=SETTINGS + "  limits: 100/day\n", lists={"partners": many})
    found = judge("LIM01", workspace)

    assert found.outcome == "warning"
    assert found.what.startswith("250 readers at 100/day take ")
    assert found.what.endswith("the last get it on Thursday 3 December.")
    assert judge("LIM01", make(tmp_path)).outcome == "passed"


def test_five_thousand_readers_at_one_service_make_a_bulk_sender(tmp_path: Path) -> None:
    domains = ("hotmail.co.uk", "outlook.com", "live.com")
    many = "email\n" + "".join(f"reader{number}@{domains[number % 3]}\n" for number in range(5001))
    workspace = make(tmp_path, lists={"partners": many})

    assert judge("LIM02", workspace).what == "5,001 readers at Outlook.com make you a bulk sender."
    assert judge("DNS05", workspace, zone=f'{DOMAIN} TXT "v=spf1 -all"').outcome == "error"


# --- This computer


@pytest.mark.parametrize(
    ("python", "now", "what"),
    [
        ((3, 11), NOW, ""),
        ((3, 11), datetime(2027, 7, 1, tzinfo=UTC), "Python 3.11 gets no security fixes after 31 October 2027."),
        ((3, 11), datetime(2028, 7, 1, tzinfo=UTC), "Python 3.11 has had no security fixes since 31 October 2027."),
        ((3, 99), NOW, ""),
    ],
)
def test_python_is_supported_for_half_a_year_more(
    tmp_path: Path, python: tuple[int, int], now: datetime, what: str
) -> None:
    assert judge("SYS01", make(tmp_path), python=python, now=now).what == what


@pytest.mark.parametrize(
    ("free", "outcome"), [(2_000_000_000, "passed"), (500_000_000, "warning"), (50_000_000, "error")]
)
def test_a_full_disk_is_told_before_it_is_full(tmp_path: Path, free: int, outcome: str) -> None:
    assert judge("SYS03", make(tmp_path), free=lambda _: free).outcome == outcome


def test_a_schedule_needs_a_timer(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    values = {"issue": "2026-12", "lists": ["partners"], "newcomers": False, "grace": 0, "digest": "d", "planned_at": 0}
    record(workspace, schedules, **values, due_at=NOW_MS + DAY, state="waiting")

    assert judge("SYS04", workspace).what == "2026-12 is scheduled, but `bulletin run` has never run here."
    keep_last_run(workspace.state_folder, now=NOW_MS - 10 * 60_000)
    assert judge("SYS04", workspace).outcome == "passed"
    keep_last_run(workspace.state_folder, now=NOW_MS - 3 * 3_600_000)
    assert judge("SYS04", workspace).outcome == "error"


# --- Theme and policy


def test_a_template_that_was_copied_from_an_older_version_lacks_fields(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    path = workspace.root / "templates" / "email" / "sections" / "notice.html.j2"
    path.parent.mkdir(parents=True)
    path.write_text("{# theme 2, copied from bulletin 0.1 #}\n<p>Our own</p>\n")
    assert judge("THM01", workspace).what == (
        "templates/email/sections/notice.html.j2 is a copy of an older template. It lacks: links, text, top_story."
    )
    path.write_text(f"{{# theme 2, copied from bulletin {__version__} #}}\n<p>Our own</p>\n")
    assert judge("THM01", workspace).outcome == "passed"


def test_sample_text_is_an_error_with_its_place(tmp_path: Path) -> None:
    found = judge(
        "POL01", make(tmp_path, settings=SETTINGS.replace("1 High Street, Northfield", "1 High Street, Anytown"))
    )

    assert found.what == "bulletin.yaml still has sample text, in line 4."
    assert found.fix == "Write your own in bulletin.yaml, line 4."


def test_readers_without_a_record_of_consent_are_counted(tmp_path: Path) -> None:
    settings = SETTINGS.replace("basis: public-task", "basis: consent")
    lists = {"partners": f"email,agreed on\nanna@{DOMAIN},1 May 2026\nben@{DOMAIN},\n"}

    assert judge("POL02", make(tmp_path, settings=settings, lists=lists)).what == (
        "1 reader has no record of consent on the list partners."
    )


# --- Others


def test_a_server_that_does_not_answer_is_an_error_and_what_depends_on_it_unknown(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    found = judge("MTA02", workspace)

    assert (found.outcome, found.what) == ("error", "smtp.office365.com:587 does not answer.")
    assert found.ask.startswith("Please allow this computer to reach smtp.office365.com on port 587.")
    for id_ in ("MTA03", "MTA04", "MTA05", "MTA09", "MTA10"):
        assert judge(id_, workspace).judgement.until == "MTA02"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("", "No mail server is set."),
        ("smtp://news:x@smtp.northfield.org.uk", "With smtp:// the password for smtp.northfield.org.uk would cross"),
        ("http://northfield.org.uk", "The address of the SMTP server doesn't begin with"),
    ],
)
def test_a_mail_server_that_cannot_be_used_is_told_before_anything_is_asked(
    tmp_path: Path, url: str, what: str
) -> None:
    settings = SETTINGS.partition("sending:")[0]
    workspace = make(tmp_path, settings=settings, environ={"BULLETIN_SMTP_URL": url})

    assert judge("MTA01", workspace).what.startswith(what)
    assert judge("MTA05", workspace).judgement.until == "MTA01"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("address", "what"),
    [
        (f"news.{DOMAIN} A 10.0.0.5", "The page is inside our network only."),
        (f"news.{DOMAIN} A 192.168.1.2", "The page is inside our network only."),
        ("", f"There is no address for news.{DOMAIN} in the DNS."),
        (f"news.{DOMAIN} A 81.2.69.142", f"news.{DOMAIN} doesn't answer."),
    ],
)
def test_a_page_that_not_everyone_can_reach_is_an_error(tmp_path: Path, address: str, what: str) -> None:
    found = judge("UNS04", make(tmp_path), zone=f"{address}\n{DOMAIN} MX 10 x.")

    assert (found.outcome, found.what) == ("error", what)


def test_what_cannot_be_read_is_unknown_and_no_bug(tmp_path: Path) -> None:
    workspace = make(tmp_path, environ={"BULLETIN_DATABASE_URL": "nonsense"})
    (workspace.root / "subscribers" / "partners.csv").unlink()

    assert judge("LIM01", workspace).what.startswith("The lists can't be read: There is no list file")
    assert judge("DBS01", workspace).outcome == "error"
    assert judge("DBS02", workspace).outcome == "unknown"


@pytest.mark.parametrize(
    ("sender", "outcome"), [("someone@gmail.com", "error"), ("us@btinternet.com", "error"), (f"us@{DOMAIN}", "passed")]
)
def test_the_sender_has_a_domain_of_its_own(tmp_path: Path, sender: str, outcome: str) -> None:
    assert judge("DNS10", make(tmp_path, settings=SETTINGS.replace(f"news@{DOMAIN}", sender))).outcome == outcome


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        ("https://news.intranet", "warning"),
        ("http://news.northfield.org.uk", "warning"),
        ("https://10.0.0.7", "warning"),
    ],
)
def test_pages_that_only_your_network_knows_are_no_way_to_unsubscribe(tmp_path: Path, url: str, outcome: str) -> None:
    workspace = make(tmp_path, settings=SETTINGS.replace(f"https://news.{DOMAIN}", url))

    assert judge("UNS01", workspace).outcome == outcome


OWN_RELAY = SETTINGS.replace("smtp.office365.com", f"mail.{DOMAIN}").replace("microsoft-365", "own-relay")
OWN_ZONE = f"mail.{DOMAIN} A 81.2.69.142\n"


@pytest.mark.parametrize(
    ("zone", "outcome"),
    [
        (OWN_ZONE + f"142.69.2.81.in-addr.arpa PTR mail.{DOMAIN}.", "passed"),
        (OWN_ZONE + "142.69.2.81.in-addr.arpa PTR host-142.isp.net.", "error"),
        (OWN_ZONE, "error"),
    ],
)
def test_a_server_of_your_own_has_a_name_that_leads_back(tmp_path: Path, zone: str, outcome: str) -> None:
    found = judge("DNS09", make(tmp_path, settings=OWN_RELAY), zone=zone)

    assert found.outcome == outcome


@pytest.mark.parametrize(
    ("spf", "outcome"),
    [("v=spf1 mx a:mail.{d} -all", "passed"), ("v=spf1 -all", "warning"), ("v=spf1 exists:%{{i}}.x -all", "unknown")],
)
def test_a_server_of_your_own_is_in_spf_by_its_address(tmp_path: Path, spf: str, outcome: str) -> None:
    zone = OWN_ZONE + f'{DOMAIN} TXT "{spf.format(d=DOMAIN)}"'

    assert judge("DNS02", make(tmp_path, settings=OWN_RELAY), zone=zone).outcome == outcome


def test_an_app_that_may_send_as_everyone_is_told_by_its_token() -> None:
    assert read_roles("x.eyJyb2xlcyI6WyJNYWlsLlNlbmQiLCJVc2VyLlJlYWQiXX0.y") == {"Mail.Send", "User.Read"}
    assert read_roles("x.e30.y") == frozenset()


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (
            "Microsoft refused a token: AADSTS7000222: The provided client secret keys are expired.",
            "The app's secret has ended.",
        ),
        (
            "Microsoft refused a token: AADSTS700016: Application was not found.",
            "Microsoft gives no access token (AADSTS700016).",
        ),
        ("Microsoft's login service isn't giving a token now.", "Microsoft's login service isn't giving a token now."),
    ],
)
def test_why_there_is_no_token_is_told_by_its_code(fault: str, what: str) -> None:
    login = TokenLogin(kind=LoginKind.MICROSOFT, tenant="t", client_id="1234")
    found = explain_no_token(login, fault)

    assert found.what == what
    assert CheckResult(check=find_checks()["MTA07"], judgement=found).ask.startswith(
        "Please renew the client secret of the app 1234 and send it to us safely, not by email."
    )


def test_the_time_of_a_look_is_now_unless_it_is_given() -> None:
    assert abs(Computer().now - datetime.now(UTC)) < timedelta(minutes=1)
