"""Which site a form comes from, as its browser says."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from bulletin.web.origins import comes_from_us, name_site, read_host_name

OURS = {"https://news.example.org", "http://127.0.0.1:8526"}


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ([("origin", "https://news.example.org")], True),
        ([("origin", "http://127.0.0.1:8526")], True),
        ([("origin", "https://news.example.org"), ("sec-fetch-site", "same-origin")], True),
        ([("sec-fetch-site", "same-origin")], True),
        ([], True),
        ([("origin", "null")], False),
        ([("origin", "")], False),
        ([("origin", "http://news.example.org")], False),
        ([("origin", "https://news.example.org:8443")], False),
        ([("origin", "https://news.example.org.evil.example")], False),
        ([("origin", "https://news.example.org"), ("origin", "https://evil.example")], False),
        ([("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], False),
        ([("sec-fetch-site", "cross-site")], False),
        ([("sec-fetch-site", "same-site")], False),
        ([("sec-fetch-site", "none")], False),
        ([("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], False),
    ],
)
def test_a_form_is_ours_if_its_browser_says_nothing_else(headers: list[tuple[str, str]], *, ours: bool) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers]

    assert comes_from_us(Headers(raw=raw), OURS) is ours


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("News.Example.org:443", "news.example.org"),
        ("[::1]:8526", "::1"),
        ("127.0.0.1", "127.0.0.1"),
        ("", ""),
        ("[", ""),
        ("a@b", "b"),
        ("news.example.org/path", "news.example.org"),
    ],
)
def test_the_name_in_a_host_header_is_read_without_its_port(header: str, name: str) -> None:
    assert read_host_name(header) == name


@pytest.mark.parametrize(
    ("url", "host", "origin"),
    [
        ("https://News.Example.org/bulletin/", "news.example.org", "https://news.example.org"),
        ("https://news.example.org:443", "news.example.org", "https://news.example.org"),
        ("http://news.example.org:80/", "news.example.org", "http://news.example.org"),
        ("https://news.example.org:8443", "news.example.org", "https://news.example.org:8443"),
        ("https://BÜRO.example:443/x", "xn--bro-hoa.example", "https://xn--bro-hoa.example"),
        ("http://[::1]:8526/", "::1", "http://[::1]:8526"),
    ],
)
def test_a_site_is_named_as_browsers_name_it(url: str, host: str, origin: str) -> None:
    assert name_site(url) == (host, origin)
