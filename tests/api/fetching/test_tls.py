"""That a server proves who it is, under the name in the link, before it is asked anything."""

import shutil
import socket
import socketserver
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from api.fetching import client, ip_policy, url_policy
from api.fetching.errors import NotFetched
from tests.api.fetching.fake_servers import CALENDAR, Stranger, a_stranger, an_answer
from tests.conftest import unavailable

NAME = "calendar.example.org"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for one name that vouches for itself, and its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        unavailable("there is no openssl to make a certificate with; install it (on Debian: apt install openssl)")
    folder = tmp_path_factory.mktemp("certificate")
    made = folder / "made.pem"
    asked = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    extensions = ["-addext", f"subjectAltName=DNS:{NAME}"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(made)]
    subprocess.run([openssl, *asked, *extensions, *files], check=True, capture_output=True)  # noqa: S603  # our own
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + made.read_bytes())
    return both


@pytest.fixture
def secure(certificate: Path) -> Iterator[Stranger]:
    """A stranger who speaks TLS under that name, on this machine."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)

    class Secure(socketserver.ThreadingTCPServer):
        def get_request(self) -> tuple[socket.socket, Any]:
            plain, address = super().get_request()
            try:
                return tls.wrap_socket(plain, server_side=True), address
            except OSError:
                plain.close()
                raise

    with a_stranger(Secure) as stranger:
        stranger.answers["/"] = an_answer()
        yield stranger


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this machine trust the certificate, as an operator would."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def body_from(stranger: Stranger, name: str, resolver: list[list[str]]) -> bytes:
    """Ask a stranger under a name that leads to this machine."""
    resolver.append(["127.0.0.1"])
    asked = stranger.client(fetch_hosts=(f"{name}:{stranger.port}",), fetch_seconds=10)
    return asked.ask(f"webcal://{name}:{stranger.port}/", client.Request()).body


@pytest.mark.usefixtures("trusted")
def test_the_name_in_the_link_is_the_one_that_is_proven(secure: Stranger, resolver: list[list[str]]) -> None:
    assert body_from(secure, NAME, resolver) == CALENDAR


@pytest.mark.parametrize("scheme", ["https", "webcal"])
@pytest.mark.usefixtures("trusted")
def test_the_command_reads_what_a_link_holds(
    secure: Stranger, scheme: str, resolver: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver.append(["127.0.0.1"])
    monkeypatch.setenv("TRETTON_FETCH_HOSTS", f"{NAME}:{secure.port}")
    assert main(["read", f"{scheme}://{NAME}:{secure.port}/"]) == 0


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name_is_not_taken(secure: Stranger, resolver: list[list[str]]) -> None:
    with pytest.raises(NotFetched) as refused:
        body_from(secure, "other.example.org", resolver)
    assert refused.value.fault.sentence == client.IMPOSTOR
    assert secure.asked == []


def test_a_certificate_that_nobody_vouches_for_is_not_taken(secure: Stranger, resolver: list[list[str]]) -> None:
    with pytest.raises(NotFetched) as refused:
        body_from(secure, NAME, resolver)
    assert refused.value.fault.sentence == client.IMPOSTOR
    assert secure.asked == []


def test_a_server_that_speaks_no_tls_is_not_spoken_to(stranger: Stranger, resolver: list[list[str]]) -> None:
    with pytest.raises(NotFetched) as refused:
        body_from(stranger, NAME, resolver)
    assert refused.value.fault.sentence in (client.NO_TLS, client.BROKE_OFF)
    assert stranger.asked == []


def test_a_handshake_that_never_ends_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        stranger = Stranger(silent.getsockname()[1])
        with pytest.raises(NotFetched) as refused:
            stranger.client(fetch_seconds=0.2).ask(f"https://{stranger.authority}/", client.Request())
    assert refused.value.fault.sentence == client.SLOW


@pytest.mark.usefixtures("trusted")
def test_a_stranger_sends_nobody_to_a_host_that_the_operator_named(
    secure: Stranger, canary: Stranger, resolver: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ip_policy, "is_public", lambda _: True)  # this machine passes for a server outside,
    monkeypatch.setitem(url_policy.PORTS, "https", secure.port)  # and its port for the usual one
    resolver.append(["127.0.0.1"])
    secure.answers["/"] = an_answer(b"", 302, Location=canary.url())
    with pytest.raises(NotFetched) as refused:
        secure.client(fetch_hosts=(canary.authority,)).ask(f"https://{NAME}/", client.Request())
    assert refused.value.fault.sentence == url_policy.NOT_HTTPS
    assert len(secure.asked) == 1
