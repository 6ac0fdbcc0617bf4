from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update

from anytown import NOON, begin_mailing
from bulletin.cli.clock import now_ms
from bulletin.cli.wording.forecast_text import announce
from bulletin.database.schema import open_database
from bulletin.database.states import DeliveryState
from bulletin.database.tables import deliveries
from bulletin.declaration.rates import Rate, parse_rate
from bulletin.delivery.ledger.deliveries import measure_latency
from bulletin.delivery.ledger.resolution import Decision, resolve_deliveries
from bulletin.delivery.limits.forecast import Crowd, Forecast, foresee
from bulletin.delivery.limits.meter import LONGEST_WAIT, Meter
from bulletin.delivery.limits.pace import MeasuredPace
from bulletin.delivery.limits.provider_limits import Allowance
from bulletin.delivery.sending.estimates import foresee_mailing, load_paces, make_stop_rule
from bulletin.delivery.sending.relays import open_relays
from bulletin.delivery.smtp.relay import parse_relay
from bulletin.errors import BulletinError, MailingError, RelayError
from bulletin.times import describe_length, describe_time
from bulletin.workspace.workspace import Workspace
from command_call import call
from conftest import SETTINGS

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
LONDON = ZoneInfo("Europe/London")


def expect(number: int, *limits: str, used: int = 0, latency: float = 400, connections: int = 4) -> Forecast:
    """The forecast at noon; `used` have left within each limit, just now."""
    meters = [Meter(parse_rate(limit)) for limit in limits]
    for meter in meters:
        meter.add(used, NOON)
    return foresee(number, meters, now=NOON, latency=latency, connections=connections)


def test_without_limits_the_server_and_the_connections_set_the_speed() -> None:
    forecast = expect(6_000, latency=400, connections=4)

    assert forecast.ends_at == NOON + 6_000 * 100
    assert not forecast.spread
    assert forecast.today == 6_000


def test_a_rate_sets_the_speed_once_it_is_the_slower_one() -> None:
    # 30 each 60.3 s: a two-hundredth is lost to the meter's buckets.
    by_minute = expect(5_000, "30/minute", "10000/day")
    assert (
        timedelta(hours=2, minutes=46)
        < timedelta(milliseconds=by_minute.ends_at - NOON)
        < timedelta(hours=2, minutes=51)
    )
    assert not by_minute.spread

    by_second = expect(1_000, "1/second", "50000/day", latency=50)
    assert 1_000_000 <= by_second.ends_at - NOON <= 1_006_000


def test_an_hourly_quota_makes_it_long_and_does_not_spread_it() -> None:
    forecast = expect(1_000, "30/minute", "100/hour")

    assert not forecast.spread
    assert 9 * HOUR < forecast.ends_at - NOON < 9.3 * HOUR


def test_a_daily_quota_counts_what_was_used_already() -> None:
    fits = expect(8_800, "10000/day", used=1_200)
    assert not fits.spread

    broken = expect(8_801, "10000/day", used=1_200)
    assert broken.shortage is not None
    assert (broken.shortage.used, broken.shortage.room) == (1_200, 8_800)
    assert broken.today == 8_800
    assert broken.goes_on_at is not None
    assert NOON + DAY < broken.goes_on_at <= broken.ends_at < NOON + 1.1 * DAY


def test_what_does_not_fit_into_several_days_goes_on_each_day() -> None:
    forecast = expect(25_000, "30/minute", "10000/day")

    assert forecast.today == 10_000
    assert 2 * DAY < forecast.ends_at - NOON < 2.5 * DAY


def test_where_nothing_can_leave_today_it_says_when_it_can() -> None:
    forecast = expect(10, "100/day", used=100)

    assert forecast.today == 0
    assert forecast.pauses_at == NOON
    assert forecast.goes_on_at is not None
    assert NOON + DAY < forecast.goes_on_at < NOON + 1.02 * DAY


def test_a_million_are_foreseen_at_once() -> None:
    assert expect(1_000_000, "14/second", "50000/day").ends_at > NOON + 18 * DAY


def crowd(number: int, *limits: str, connections: int = 4) -> Crowd:
    return Crowd(
        domain="nhs.net",
        number=number,
        connections=connections,
        meters=[Meter(parse_rate(limit)) for limit in limits],
    )


def test_many_at_one_domain_take_as_long_as_its_limit_says() -> None:
    forecast = foresee(
        6_000, [], now=NOON, latency=50, connections=16, crowds=[crowd(100, "300/minute"), crowd(2_000, "300/minute")]
    )

    assert 6 * MINUTE < forecast.ends_at - NOON < 7 * MINUTE
    assert forecast.crowd is not None
    assert forecast.crowd.number == 2_000


def test_few_at_one_domain_are_not_slowed_by_its_limit() -> None:
    forecast = foresee(300, [], now=NOON, latency=400, connections=4, crowds=[crowd(300, "300/minute")])

    assert forecast.ends_at == expect(300).ends_at
    assert forecast.crowd is None


def test_one_domain_is_served_by_its_share_of_the_connections() -> None:
    forecast = foresee(1_000, [], now=NOON, latency=400, connections=16, crowds=[crowd(1_000)])

    assert forecast.ends_at == NOON + 1_000 * 100


@given(
    number=st.integers(0, 3_000),
    rates=st.lists(
        st.builds(
            Rate, st.integers(1, 500), st.sampled_from([timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)])
        ),
        max_size=2,
        unique_by=lambda rate: rate.period,
    ),
    used=st.integers(0, 600),
)
@example(number=0, rates=[], used=0)
def test_a_mailing_that_goes_by_the_same_meters_ends_when_it_was_foreseen(
    number: int, rates: list[Rate], used: int
) -> None:
    meters = [Meter(rate) for rate in rates]
    for meter in meters:
        meter.add(used, NOON)
    forecast = foresee(number, meters, now=NOON, latency=100, connections=1)

    now, left, today = NOON, number, None
    while left:
        if all(meter.room(now) for meter in meters):
            for meter in meters:
                meter.add(1, now)
            now, left = now + 100, left - 1
            continue
        until = max(meter.next_room(now) for meter in meters)
        if today is None and until - now > LONGEST_WAIT:
            today = number - left
        now = until

    assert forecast.spread == (today is not None)
    if today is not None:
        assert forecast.today == pytest.approx(today, abs=max(rate.number for rate in rates) / 20 + 1)
    assert forecast.ends_at - NOON == pytest.approx(now - NOON, rel=0.05, abs=2 * MINUTE)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=4), "less than a minute"),
        (timedelta(seconds=50), "about a minute"),
        (timedelta(minutes=3, seconds=10), "about 4 min"),
        (timedelta(minutes=41), "about 45 min"),
        (timedelta(minutes=59), "about 1 h"),
        (timedelta(hours=3, minutes=16), "about 3 h 20 min"),
        (timedelta(hours=23, minutes=58), "about 1 day"),
        (timedelta(days=2, hours=4, minutes=20), "about 2 days 5 h"),
    ],
)
def test_a_length_is_told_as_exactly_as_it_can_be_known(length: timedelta, words: str) -> None:
    assert describe_length(length // timedelta(milliseconds=1)) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 23, 14, 35, tzinfo=LONDON), "14:35 today"),
        (datetime(2026, 11, 24, 0, 5, tzinfo=LONDON), "00:05 tomorrow"),
        (datetime(2026, 11, 25, 9, 10, tzinfo=LONDON), "09:10 on Wednesday 25 November"),
        (datetime(2027, 2, 15, 9, 10, tzinfo=LONDON), "09:10 on Monday 15 February 2027"),
        (datetime(2028, 11, 23, 9, 10, tzinfo=LONDON), "09:10 on Thursday 23 November 2028"),
    ],
)
def test_a_time_is_told_by_its_day(moment: datetime, words: str) -> None:
    assert describe_time(moment, now=datetime(2026, 11, 23, 11, 15, tzinfo=LONDON)) == words


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    yield engine
    engine.dispose()


def test_how_long_a_message_takes_is_learnt_from_those_that_were_taken(engine: Engine) -> None:
    assert measure_latency(engine, longest=600_000) is None
    begin_mailing(engine, "anna", "ben", "cara")
    with engine.begin() as connection:
        ids = connection.scalars(select(deliveries.c.id).order_by(deliveries.c.id)).all()
        for id_, state, took in zip(
            ids, (DeliveryState.ACCEPTED, DeliveryState.ACCEPTED, DeliveryState.REFUSED), (100, 300, 9_000), strict=True
        ):
            change = update(deliveries).where(deliveries.c.id == id_)
            connection.execute(change.values(state=state, claimed_at=NOON, ended_at=NOON + took))

    assert measure_latency(engine, longest=600_000) == 200


def test_how_long_a_person_took_to_decide_says_nothing_of_the_server(engine: Engine) -> None:
    """Ended when the next run found it, or that was decided; the words are those of the ledger."""
    begin_mailing(engine, "anna", "ben", "cara")
    replies = {"anna": ("250 Ok", 300), "ben": ("", 12 * HOUR), "cara": ("Sending broke off at this message.", MINUTE)}
    with engine.begin() as connection:
        for name, (reply, took) in replies.items():
            state = DeliveryState.UNCERTAIN if name == "cara" else DeliveryState.ACCEPTED
            change = update(deliveries).where(deliveries.c.name == name)
            connection.execute(change.values(state=state, reply=reply, claimed_at=NOON, ended_at=NOON + took))
    resolve_deliveries(engine, "2021-05", ["cara@example.org"], Decision.DELIVERED, now=NOON + DAY)

    assert measure_latency(engine, longest=600_000) == 300


def test_the_forecast_goes_by_what_this_account_has_used(engine: Engine, make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(
        settings=f"{SETTINGS}sending: {{limits: 100/day, connections: 2}}\n",
        environ={"BULLETIN_SMTP_URL": "smtps://news:x@mail.example.org, smtps://second:x@mail.example.org"},
    )
    first, second = load_paces(engine, open_relays(workspace), workspace.settings.sending, now=NOON)
    with engine.begin() as connection:
        first.record(connection, 70, now=NOON)

    forecast = foresee_mailing(workspace, engine, 40, now=NOON)

    assert forecast is not None
    assert forecast.shortage is not None
    assert forecast.shortage.used == 70
    assert second.room(now=NOON) == 100
    assert foresee_mailing(make_workspace(), engine, 40, now=NOON) is None


def test_the_judge_has_the_workspaces_thresholds(make_workspace: MakeWorkspace) -> None:
    settings = f"{SETTINGS}sending: {{stop_at: 2%, stop_after: 7}}\n"
    verdict = make_stop_rule(make_workspace(settings=settings).settings.sending)

    assert (verdict.stop_at, verdict.stop_after) == (0.02, 7)


LOGIN = "sending:\n  login:\n    kind: command\n    command: [COMMAND, -c, \"print('token-' + 'x' * 8)\"]\n".replace(
    "COMMAND", sys.executable
)


def test_a_relay_without_a_password_logs_in_by_token_and_one_with_it_does_not(make_workspace: MakeWorkspace) -> None:
    urls = "smtp+starttls://news%40example.org@a.example.org smtps://me:pass@b.example.org smtp://c.example.org"
    by_token, by_password, open_to_all = open_relays(
        make_workspace(settings=SETTINGS + LOGIN, environ={"BULLETIN_SMTP_URL": urls})
    )

    assert by_token.token is not None
    assert by_token.token() == "token-xxxxxxxx"
    assert by_token.username == "news@example.org"
    assert by_password.token is None
    assert open_to_all.token is None
    assert "token-x" not in repr(by_token)


def test_a_login_for_no_mailbox_is_told_in_words(make_workspace: MakeWorkspace) -> None:
    environ = {"BULLETIN_SMTP_URL": "smtps://me:pass@b.example.org"}
    with pytest.raises(RelayError, match="no server address names a mailbox"):
        open_relays(make_workspace(settings=SETTINGS + LOGIN, environ=environ))


def test_a_login_by_microsoft_needs_its_secret_and_asks_nobody_before_it_is_used(make_workspace: MakeWorkspace) -> None:
    settings = f"{SETTINGS}sending:\n  login: {{kind: microsoft, tenant: example.org, client_id: 0000-1111}}\n"
    environ = {"BULLETIN_SMTP_URL": "smtp+starttls://news%40example.org@smtp.office365.com"}
    with pytest.raises(BulletinError, match="BULLETIN_CLIENT_SECRET"):
        open_relays(make_workspace(settings=settings, environ=environ))

    (relay,) = open_relays(make_workspace(settings=settings, environ={**environ, "BULLETIN_CLIENT_SECRET": "s3cret"}))
    assert relay.token is not None
    assert "s3cret" not in repr(relay)


def test_a_server_that_is_named_twice_is_tried_once(make_workspace: MakeWorkspace) -> None:
    environ = {"BULLETIN_SMTP_URL": "smtp://a.example.org smtp://b.example.org smtp://a.example.org:25"}

    assert [relay.host for relay in open_relays(make_workspace(environ=environ))] == ["a.example.org", "b.example.org"]


def send(workspace: Workspace, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {"BULLETIN_SMTP_URL": "smtp://127.0.0.1:1", "TZ": "UTC"}
    return call("send", "2021-05", *arguments, folder=workspace.root, environ=environ)


def crowd_file(number: int) -> dict[str, str]:
    return {"partners": "email\n" + "".join(f"p{index}@example.org\n" for index in range(number)), "schools": "email\n"}


def test_send_says_beforehand_how_long_it_takes_and_until_when(make_workspace: MakeWorkspace) -> None:
    settings = f"{SETTINGS}sending: {{limits: [30/minute, 10000/day]}}\n"
    done = send(make_workspace(settings=settings, lists=crowd_file(300)), "--dry-run")

    assert done.returncode == 0, done.stderr
    assert "Sending will take about 10 min, until " in done.stdout
    assert "Your limits: 30/minute and 10,000/day." in done.stdout


def test_a_providers_limits_are_named_with_their_day_and_what_to_do_about_them(make_workspace: MakeWorkspace) -> None:
    sending = make_workspace(settings=f"{SETTINGS}sending: {{provider: amazon-ses}}\n").settings.sending
    forecast = expect(250, "1/second", "200/day")

    with pytest.raises(MailingError) as refused:
        announce("2021-05", forecast, sending, spread=False)

    assert re.search(r"none of 200/day \(the limit of Amazon SES, as of \d+ \w+ \d{4}\) is used", refused.value.message)
    assert "Once your account is out of the sandbox, set `limits`" in refused.value.remedy


def test_when_nothing_can_leave_today_it_says_so(
    make_workspace: MakeWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    sending = make_workspace(settings=f"{SETTINGS}sending: {{limits: 100/day}}\n").settings.sending
    announce("2021-05", expect(10, "100/day", used=100), sending, spread=True)

    said = capsys.readouterr().out
    assert said.startswith("None can be sent now: 100 of 100/day are used.\nContinue from ")
    assert said.endswith("Your limits: 100/day.\n")


def test_send_refuses_what_breaks_todays_quota_unless_told_to_spread_it(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=f"{SETTINGS}sending: {{limits: 100/day}}\n", lists=crowd_file(120))
    engine = open_database(workspace.database_url)
    used = MeasuredPace.load(
        engine,
        parse_relay("smtp://127.0.0.1:1"),
        Allowance(limits=(parse_rate("100/day"),), connections=1, domain_limit=1),
        now=now_ms(),
    )
    with engine.begin() as connection:
        used.record(connection, 30, now=now_ms())
    engine.dispose()

    refused = send(workspace, "--yes")
    assert refused.returncode == 1
    assert "over today's limit: 30 of 100/day are used, so only 70 can be sent now." in " ".join(refused.stderr.split())
    assert "add --spread" in refused.stderr

    spread = send(workspace, "--spread", "--dry-run")
    assert spread.returncode == 0, spread.stderr
    assert "70 will be sent now, until about " in spread.stdout
    assert "Continue from " in spread.stdout
    assert "bulletin send 2021-05 --spread" in spread.stdout


def test_send_says_that_it_is_many_at_one_domain_that_take_so_long(make_workspace: MakeWorkspace) -> None:
    settings = f"{SETTINGS}sending: {{domain_limits: 30/minute}}\n"
    done = send(make_workspace(settings=settings, lists=crowd_file(300)), "--dry-run")

    assert done.returncode == 0, done.stderr
    assert "Sending will take about 10 min, until " in done.stdout
    assert "That's because 300 of them are at example.org: no more than 30/minute are sent" in " ".join(
        done.stdout.split()
    )
