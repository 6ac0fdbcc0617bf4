"""What docs/serving.md writes out for nginx, Caddy and systemd keeps tokens out of logs, and fits the program."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest

from bulletin.website.guard import MOST_BYTES
from bulletin.website.server import GRACE_SECONDS, USUAL_PORT
from checkout import ROOT

GUIDE = (ROOT / "docs/serving.md").read_text(encoding="utf-8")
BLOCKS = [dedent(block) for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", GUIDE, re.MULTILINE)]


def find_block(words: str) -> str:
    (block,) = (block for block in BLOCKS if words in block)
    return block


NGINX, CADDY, UNIT = find_block("log_format"), find_block("reverse_proxy"), find_block("[Service]")


def test_the_log_of_nginx_has_neither_paths_nor_network_addresses() -> None:
    kept = set(re.findall(r"\$(\w+)", re.findall(r"log_format .*;", NGINX)[0]))

    assert kept == {"time_iso8601", "request_method", "status", "request_time"}


@pytest.mark.parametrize("server", NGINX.split("server {")[1:], ids=["http", "https"])
def test_each_server_of_nginx_says_what_it_logs(server: str) -> None:
    """Otherwise it logs the whole request, with its token, in a form of its own; and so does its error log."""
    assert re.search(r"^ *access_log (?:off|\S+ bulletin);", server, re.MULTILINE)
    assert re.search(r"^ *error_log +\S+ crit;", server, re.MULTILINE)


def test_caddy_logs_no_request_that_failed() -> None:
    assert re.search(r"log default \{\s*exclude http\.log\.error\s*\}", CADDY)
    assert "output" not in CADDY


def test_both_pass_on_to_the_usual_port_and_take_no_larger_forms_than_we_do() -> None:
    for configuration in (NGINX, CADDY):
        assert f"127.0.0.1:{USUAL_PORT}" in configuration
    assert f"client_max_body_size {MOST_BYTES // 1024}k;" in NGINX
    assert f"max_size {MOST_BYTES // 1024}KB" in CADDY


def test_nginx_says_who_asks_for_which_host_and_by_which_scheme() -> None:
    passed = dict(re.findall(r"proxy_set_header (\S+) (\S+);", NGINX))

    assert passed["Host"] == "$host"
    assert passed["X-Forwarded-For"] == "$proxy_add_x_forwarded_for"
    assert passed["X-Forwarded-Proto"] == "$scheme"


def test_the_service_is_on_the_port_that_the_web_server_asks_and_may_end_its_answers() -> None:
    assert f"bulletin serve --port {USUAL_PORT} " in UNIT
    assert int(re.findall(r"TimeoutStopSec=(\d+)", UNIT)[0]) > GRACE_SECONDS
    folder = re.findall(r"--workspace (\S+)", UNIT)[0]
    assert f"ReadWritePaths={folder}" in UNIT
