"""Which links are followed, and where they lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.fetching import url_policy
from api.fetching.errors import NotFetched
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
def test_a_calendars_link_is_followed_over_tls(url: str, authority: str, target: str) -> None:
    link = Link.read(url)
    assert (link.scheme, link.authority, link.target, link.is_named) == ("https", authority, target, False)


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
        ("https://user:secret@calendar.example.org/", url_policy.HAS_LOGIN),
        ("https://calendar.example.org@127.0.0.1/", url_policy.HAS_LOGIN),
        ("https://calendar.example.org:443@127.0.0.1/", url_policy.HAS_LOGIN),
        ("https://@calendar.example.org/", url_policy.HAS_LOGIN),
        ("https://calendar.example.org:22/", url_policy.ODD_PORT),
        ("https://calendar.example.org:8443/", url_policy.ODD_PORT),
        ("https://calendar.example.org:80/", url_policy.ODD_PORT),
        ("https://calendar.example.org:99999/", url_policy.NO_LINK),
        ("https://calendar.example.org:a/", url_policy.NO_LINK),
        ("https://calendar.example.org\\@127.0.0.1/", url_policy.NO_LINK),
        ("https://calendar.example.org/\r\nHost: inside", url_policy.NO_LINK),
        ("https://calendar.\texample.org/", url_policy.NO_LINK),
        (" https://calendar.example.org/", url_policy.NO_LINK),
        ("https://calendar.example.org/\x00", url_policy.NO_LINK),
        ("https://[::1/", url_policy.NO_LINK),
        (f"https://calendar.example.org/{'a' * 2000}", url_policy.NO_LINK),
        ("https://127.0.0.1/", url_policy.NO_NAME),
        ("https://[::1]/", url_policy.NO_NAME),
        ("https://[::ffff:127.0.0.1]/", url_policy.NO_NAME),
        ("https://[fe80::1%25eth0]/", url_policy.NO_NAME),
        ("https://169.254.169.254/latest/meta-data/", url_policy.NO_NAME),
        ("https://2130706433/", url_policy.NO_NAME),
        ("https://0x7f000001/", url_policy.NO_NAME),
        ("https://0x7f.0.0.0x1/", url_policy.NO_NAME),
        ("https://0177.0.0.1/", url_policy.NO_NAME),
        ("https://127.1/", url_policy.NO_NAME),
        ("https://0/", url_policy.NO_NAME),
        ("https://①②⑦.⓪.⓪.①/", url_policy.NO_NAME),
        ("https://１２７.０.０.１/", url_policy.NO_NAME),  # noqa: RUF001  # full-width digits are the point
        ("https://127。0。0。1/", url_policy.NO_NAME),
        ("https://127.0.0.1./", url_policy.NO_NAME),
        ("https://localhost/", url_policy.NO_NAME),
        ("https://LOCALHOST/", url_policy.NO_NAME),
        ("https://intranet/", url_policy.NO_NAME),
        ("https:///a.ics", url_policy.NO_NAME),
        ("https://a..example/", url_policy.NO_NAME),
        ("https://-a.example/", url_policy.NO_NAME),
        (f"https://{'a' * 64}.example/", url_policy.NO_NAME),
        (f"https://{'a.' * 130}example/", url_policy.NO_NAME),
    ],
)
def test_no_other_link_is_followed(url: str, sentence: str) -> None:
    with pytest.raises(NotFetched) as refused:
        Link.read(url)
    assert refused.value.fault.sentence == sentence


@pytest.mark.parametrize(
    ("url", "named", "authority"),
    [
        ("http://127.0.0.1:5232/a", "127.0.0.1:5232", "127.0.0.1:5232"),
        ("https://127.0.0.1:5232/a", "127.0.0.1:5232", "127.0.0.1:5232"),
        ("https://[::1]:5232/a", "[::1]:5232", "[::1]:5232"),
        ("http://kalender.intranet/a", "kalender.intranet", "kalender.intranet"),
        ("webcal://Intranet/a", "intranet", "intranet"),
    ],
)
def test_the_operator_may_name_a_host(url: str, named: str, authority: str) -> None:
    link = Link.read(url, {named})
    assert link.is_named
    assert link.authority == authority


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:5233/", "http://127.0.0.1/", "http://127.0.0.2:5232/", "http://[::1]:5232/"]
)
def test_a_named_host_stands_for_no_other_and_no_other_port(url: str) -> None:
    with pytest.raises(NotFetched):
        Link.read(url, {"127.0.0.1:5232"})


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
    assert Link.read("https://calendar.example.org/dir/a.ics").followed(location) == Link.read(url)


@pytest.mark.parametrize(
    "location", ["http://other.example/", "file:///etc/passwd", "//127.0.0.1/", "https://[::1]/", "//[", "\\\\inside"]
)
def test_a_redirect_is_checked_as_any_link(location: str) -> None:
    with pytest.raises(NotFetched):
        Link.read("https://calendar.example.org/dir/a.ics").followed(location)


def test_a_links_secret_is_not_shown() -> None:
    assert "secret" not in repr(Link.read("https://calendar.example.org/secret?secret"))


@given(st.text() | st.from_regex(r"(https|webcal|http)://[^ ]{0,40}", fullmatch=True))
def test_whatever_is_given_it_is_a_link_to_a_plain_name_or_refused(url: str) -> None:
    try:
        link = Link.read(url)
    except NotFetched:
        return
    assert (link.scheme, link.port) == ("https", 443)
    assert link.host.rsplit(".", 1)[1][0].isalpha()
    assert link.target.isascii()
    assert link.target.isprintable()
    assert " " not in link.target
