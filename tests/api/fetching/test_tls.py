"""The certificate of a server is verified against the host in the link before a request is sent."""

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
from api.fetching.errors import FetchError
from tests.api.fetching.fake_servers import CALENDAR, FakeServer, http_response, run_fake_server
from tests.conftest import unavailable

NAME = "calendar.example.org"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for one host name, and its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        unavailable("there is no openssl to make a certificate with; install it (on Debian: apt install openssl)")
    folder = tmp_path_factory.mktemp("certificate")
    certificate = folder / "certificate.pem"
    request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    extensions = ["-addext", f"subjectAltName=DNS:{NAME}"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(certificate)]
    subprocess.run([openssl, *request, *extensions, *files], check=True, capture_output=True)  # noqa: S603  # our own
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + certificate.read_bytes())
    return both


@pytest.fixture
def secure(certificate: Path) -> Iterator[FakeServer]:
    """A fake server that uses TLS with this certificate."""
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

    with run_fake_server(Secure) as fake_server:
        fake_server.responses["/"] = http_response()
        yield fake_server


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add the certificate to the trusted certificates of this machine."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def fetch_body(fake_server: FakeServer, name: str, resolver: list[list[str]]) -> bytes:
    """Return the body that is fetched under a host name that resolves to this machine."""
    resolver.append(["127.0.0.1"])
    tls_client = fake_server.client(fetch_hosts=(f"{name}:{fake_server.port}",), fetch_seconds=10)
    return tls_client.send(f"webcal://{name}:{fake_server.port}/", client.Request()).body


@pytest.mark.usefixtures("trusted")
def test_a_valid_certificate_for_the_host_is_accepted(secure: FakeServer, resolver: list[list[str]]) -> None:
    assert fetch_body(secure, NAME, resolver) == CALENDAR


@pytest.mark.parametrize("scheme", ["https", "webcal"])
@pytest.mark.usefixtures("trusted")
def test_the_read_command_accepts_a_link(
    secure: FakeServer, scheme: str, resolver: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver.append(["127.0.0.1"])
    monkeypatch.setenv("TRETTON_FETCH_HOSTS", f"{NAME}:{secure.port}")
    assert main(["read", f"{scheme}://{NAME}:{secure.port}/"]) == 0


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_host_is_rejected(secure: FakeServer, resolver: list[list[str]]) -> None:
    with pytest.raises(FetchError) as raised:
        fetch_body(secure, "other.example.org", resolver)
    assert raised.value.fault.sentence == client.INVALID_CERTIFICATE
    assert secure.requests == []


def test_an_untrusted_certificate_is_rejected(secure: FakeServer, resolver: list[list[str]]) -> None:
    with pytest.raises(FetchError) as raised:
        fetch_body(secure, NAME, resolver)
    assert raised.value.fault.sentence == client.INVALID_CERTIFICATE
    assert secure.requests == []


def test_a_server_without_tls_receives_no_request(fake_server: FakeServer, resolver: list[list[str]]) -> None:
    with pytest.raises(FetchError) as raised:
        fetch_body(fake_server, NAME, resolver)
    assert raised.value.fault.sentence in (client.TLS_FAILED, client.TRUNCATED)
    assert fake_server.requests == []


def test_an_endless_tls_handshake_times_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        fake_server = FakeServer(silent.getsockname()[1])
        with pytest.raises(FetchError) as raised:
            fake_server.client(fetch_seconds=0.2).send(f"https://{fake_server.authority}/", client.Request())
    assert raised.value.fault.sentence == client.TIMED_OUT


@pytest.mark.usefixtures("trusted")
def test_a_public_server_cannot_redirect_to_an_allowlisted_host(
    secure: FakeServer, canary: FakeServer, resolver: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ip_policy, "is_public", lambda _: True)  # this machine counts as a public server,
    monkeypatch.setitem(url_policy.DEFAULT_PORTS, "https", secure.port)  # and its port as the default
    resolver.append(["127.0.0.1"])
    secure.responses["/"] = http_response(b"", 302, Location=canary.url())
    with pytest.raises(FetchError) as raised:
        secure.client(fetch_hosts=(canary.authority,)).send(f"https://{NAME}/", client.Request())
    assert raised.value.fault.sentence == url_policy.NOT_HTTPS
    assert len(secure.requests) == 1
