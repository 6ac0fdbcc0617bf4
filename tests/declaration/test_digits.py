"""Digits are 0 to 9 wherever people write a number: Python takes many others for one, and editors show them alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

import pytest
from pydantic_core import PydanticCustomError
from typer import BadParameter

from bulletin.cli.options import _read_port
from bulletin.declaration.rates import parse_rate, parse_share
from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.delivery.plans.send_time import parse_send_time
from bulletin.delivery.smtp.relay import parse_relay
from bulletin.errors import BulletinError
from bulletin.issue.dates import parse_date, parse_day, parse_month, parse_time
from bulletin.issue.kinds.campaign import parse_phase
from bulletin.settings.sending import parse_duration
from bulletin.settings.settings import Settings
from conftest import SETTINGS

NOW = 1_606_780_800_000  # 1 December 2020, in ms
OTHER_DIGITS = {
    "Arabic": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
    "Devanagari": str.maketrans("0123456789", "०१२३४५६७८९"),
    "full width": str.maketrans("0123456789", "０１２３４５６７８９"),
    "raised": str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "bold": str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"),
}


def read_send_time(text: str) -> object:
    return parse_send_time(text, now=NOW, zone=UTC)


def read_setting(text: str) -> object:
    return validate(parse_source(f"{SETTINGS}{text}\n", shown_as="bulletin.yaml"), Settings)


WRITTEN: list[tuple[Callable[[str], object], str]] = [
    (parse_month, "2021-05"),
    (parse_month, "May 2021"),
    (parse_date, "2021-05-04"),
    (parse_date, "4 May 2021"),
    (parse_date, "4th May"),
    (parse_date, "2021"),
    (parse_day, "4 May 2021"),
    (parse_time, "9:30am"),
    (parse_time, "14.30"),
    (parse_phase, "1 of 2"),
    (parse_rate, "30/minute"),
    (parse_rate, "10,000 a day"),
    (parse_share, "2.5%"),
    (parse_duration, "30 seconds"),
    (read_send_time, "1 June 2021 9:00"),
    (read_send_time, "1/6/2021 9:00"),
    (read_send_time, "2021-06-01T09:00+01:00"),
    (read_send_time, "tomorrow 9:00"),
    (read_send_time, "9am"),
    (parse_relay, "smtp://mail.example.org:2525"),
    (_read_port, "8080"),
    (read_setting, "deadline_days: 7"),
    (read_setting, "sending: {connections: 4, limits: 30/minute, stop_at: 5%, patience: 5 minutes}"),
]


@pytest.mark.parametrize(("read", "text"), WRITTEN)
def test_a_number_is_written_in_the_digits_from_0_to_9(read: Callable[[str], object], text: str) -> None:
    read(text)
    for digits in OTHER_DIGITS.values():
        with pytest.raises((BulletinError, PydanticCustomError, BadParameter)):
            read(text.translate(digits))
