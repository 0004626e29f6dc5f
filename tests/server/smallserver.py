"""Small real http(s) servers for the tests, and certificates of all kinds."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

MLFLOW = {"/version": (200, "3.17.2"), "": (200, "{}")}


@dataclass
class Small:
    """A server that runs, and what it was asked: path and headers of each request."""

    uri: str
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def sent(self, header: str) -> set[str | None]:
        return {headers.get(header) for _, headers in self.asked}


@contextlib.contextmanager
def serve(
    answers: dict[str, tuple[int, str]],
    headers: dict[str, str] | None = None,
    context: ssl.SSLContext | None = None,
) -> Iterator[Small]:
    """Answers by the beginning of a path, the longest that fits."""
    small = Small("")
    handler = _handler(small, answers, headers or {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    scheme = "https" if context else "http"
    small.uri = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield small
    finally:
        server.shutdown()
        server.server_close()


def _handler(
    small: Small, answers: dict[str, tuple[int, str]], headers: dict[str, str]
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            small.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            prefix = max((start for start in answers if self.path.startswith(start)), key=len)
            status, text = answers[prefix]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler


def certificate(folder: Path, host: str = "127.0.0.1", days: int = 30) -> Path:
    """A self-signed certificate with its key in one file; with negative days it has expired."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.timezone.utc)
    alternative: x509.GeneralName = x509.DNSName(host)
    with contextlib.suppress(ValueError):
        alternative = x509.IPAddress(ipaddress.ip_address(host))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=60))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / f"{host}{days}.pem"
    file.write_bytes(made.public_bytes(pem) + private)
    return file


def tls(file: Path) -> ssl.SSLContext:
    """The server's side of a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


Serve = Callable[..., contextlib.AbstractContextManager[Small]]
