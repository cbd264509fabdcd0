"""Which URLs of calendars are accepted, and how they are normalised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.fetching import url_policy
from api.fetching.errors import FetchError
from api.fetching.url_policy import Link


@pytest.mark.parametrize(
    ("url", "authority", "target"),
    [
        ("https://calendar.example.org/a.ics", "calendar.example.org", "/a.ics"),
        ("webcal://calendar.example.org/a.ics", "calendar.example.org", "/a.ics"),
        ("webcals://calendar.example.org", "calendar.example.org", "/"),
        ("HTTPS://Calendar.Example.ORG:443/A?key=a%20b&c=/#top", "calendar.example.org", "/A?key=a%20b&c=/"),
        ("https://örebro.example/möten.ics", "xn--rebro-iua.example", "/m%C3%B6ten.ics"),
        ("https://calendar.example.org./a", "calendar.example.org", "/a"),
    ],
)
def test_a_calendar_url_becomes_an_https_link(url: str, authority: str, target: str) -> None:
    link = Link.parse(url)
    assert (link.scheme, link.authority, link.target, link.is_allowlisted) == ("https", authority, target, False)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("file:///etc/passwd", url_policy.NOT_HTTPS),
        ("file://calendar.example.org/a.ics", url_policy.NOT_HTTPS),
        ("ftp://calendar.example.org/a.ics", url_policy.NOT_HTTPS),
        ("gopher://calendar.example.org/_a", url_policy.NOT_HTTPS),
        ("data:text/calendar,BEGIN:VCALENDAR", url_policy.NOT_HTTPS),
        ("http://calendar.example.org/a.ics", url_policy.NOT_HTTPS),
        ("//calendar.example.org/a.ics", url_policy.NOT_HTTPS),
        ("calendar.example.org/a.ics", url_policy.NOT_HTTPS),
        ("", url_policy.NOT_HTTPS),
        ("https://user:secret@calendar.example.org/", url_policy.HAS_CREDENTIALS),
        ("https://calendar.example.org@127.0.0.1/", url_policy.HAS_CREDENTIALS),
        ("https://calendar.example.org:443@127.0.0.1/", url_policy.HAS_CREDENTIALS),
        ("https://@calendar.example.org/", url_policy.HAS_CREDENTIALS),
        ("https://calendar.example.org:22/", url_policy.INVALID_PORT),
        ("https://calendar.example.org:8443/", url_policy.INVALID_PORT),
        ("https://calendar.example.org:80/", url_policy.INVALID_PORT),
        ("https://calendar.example.org:99999/", url_policy.INVALID_URL),
        ("https://calendar.example.org:a/", url_policy.INVALID_URL),
        ("https://calendar.example.org\\@127.0.0.1/", url_policy.INVALID_URL),
        ("https://calendar.example.org/\r\nHost: inside", url_policy.INVALID_URL),
        ("https://calendar.\texample.org/", url_policy.INVALID_URL),
        (" https://calendar.example.org/", url_policy.INVALID_URL),
        ("https://calendar.example.org/\x00", url_policy.INVALID_URL),
        ("https://[::1/", url_policy.INVALID_URL),
        (f"https://calendar.example.org/{'a' * 2000}", url_policy.INVALID_URL),
        ("https://127.0.0.1/", url_policy.INVALID_HOST),
        ("https://[::1]/", url_policy.INVALID_HOST),
        ("https://[::ffff:127.0.0.1]/", url_policy.INVALID_HOST),
        ("https://[fe80::1%25eth0]/", url_policy.INVALID_HOST),
        ("https://169.254.169.254/latest/meta-data/", url_policy.INVALID_HOST),
        ("https://2130706433/", url_policy.INVALID_HOST),
        ("https://0x7f000001/", url_policy.INVALID_HOST),
        ("https://0x7f.0.0.0x1/", url_policy.INVALID_HOST),
        ("https://0177.0.0.1/", url_policy.INVALID_HOST),
        ("https://127.1/", url_policy.INVALID_HOST),
        ("https://0/", url_policy.INVALID_HOST),
        ("https://①②⑦.⓪.⓪.①/", url_policy.INVALID_HOST),
        ("https://１２７.０.０.１/", url_policy.INVALID_HOST),  # noqa: RUF001  # full-width digits are the point
        ("https://127。0。0。1/", url_policy.INVALID_HOST),
        ("https://127.0.0.1./", url_policy.INVALID_HOST),
        ("https://localhost/", url_policy.INVALID_HOST),
        ("https://LOCALHOST/", url_policy.INVALID_HOST),
        ("https://intranet/", url_policy.INVALID_HOST),
        ("https:///a.ics", url_policy.INVALID_HOST),
        ("https://a..example/", url_policy.INVALID_HOST),
        ("https://-a.example/", url_policy.INVALID_HOST),
        (f"https://{'a' * 64}.example/", url_policy.INVALID_HOST),
        (f"https://{'a.' * 130}example/", url_policy.INVALID_HOST),
    ],
)
def test_every_other_url_is_rejected(url: str, sentence: str) -> None:
    with pytest.raises(FetchError) as raised:
        Link.parse(url)
    assert raised.value.fault.sentence == sentence


@pytest.mark.parametrize(
    ("url", "allowed_host", "authority"),
    [
        ("http://127.0.0.1:5232/a", "127.0.0.1:5232", "127.0.0.1:5232"),
        ("https://127.0.0.1:5232/a", "127.0.0.1:5232", "127.0.0.1:5232"),
        ("https://[::1]:5232/a", "[::1]:5232", "[::1]:5232"),
        ("http://kalender.intranet/a", "kalender.intranet", "kalender.intranet"),
        ("webcal://Intranet/a", "intranet", "intranet"),
    ],
)
def test_a_host_on_the_allowlist_is_accepted(url: str, allowed_host: str, authority: str) -> None:
    link = Link.parse(url, {allowed_host})
    assert link.is_allowlisted
    assert link.authority == authority


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:5233/", "http://127.0.0.1/", "http://127.0.0.2:5232/", "http://[::1]:5232/"]
)
def test_an_allowlisted_host_allows_no_other_host_and_no_other_port(url: str) -> None:
    with pytest.raises(FetchError):
        Link.parse(url, {"127.0.0.1:5232"})


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("b.ics?x=1", "https://calendar.example.org/dir/b.ics?x=1"),
        ("/b.ics", "https://calendar.example.org/b.ics"),
        ("//other.example/b", "https://other.example/b"),
        ("webcal://other.example/b", "https://other.example/b"),
        ("/m\xc3\xb6ten.ics", "https://calendar.example.org/m%C3%B6ten.ics"),
    ],
)
def test_a_redirect_may_be_relative(location: str, url: str) -> None:
    assert Link.parse("https://calendar.example.org/dir/a.ics").resolve_redirect(location) == Link.parse(url)


@pytest.mark.parametrize(
    "location", ["http://other.example/", "file:///etc/passwd", "//127.0.0.1/", "https://[::1]/", "//[", "\\\\inside"]
)
def test_the_target_of_a_redirect_is_checked(location: str) -> None:
    with pytest.raises(FetchError):
        Link.parse("https://calendar.example.org/dir/a.ics").resolve_redirect(location)


def test_the_repr_contains_neither_path_nor_query() -> None:
    assert "secret" not in repr(Link.parse("https://calendar.example.org/secret?secret"))


@given(st.text() | st.from_regex(r"(https|webcal|http)://[^ ]{0,40}", fullmatch=True))
def test_any_text_is_rejected_or_gives_an_https_link_to_a_host_name(url: str) -> None:
    try:
        link = Link.parse(url)
    except FetchError:
        return
    assert (link.scheme, link.port) == ("https", 443)
    assert link.host.rsplit(".", 1)[1][0].isalpha()
    assert link.target.isascii()
    assert link.target.isprintable()
    assert " " not in link.target
