"""Finds credentials where MLflow's own client finds them; they go into requests, never into answers."""

from __future__ import annotations

import base64
import configparser
import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

_TRUE = ("true", "1")


def authorization(uri: str, environ: Mapping[str, str] | None = None) -> str | None:
    """Value of the Authorization header for a tracking URI, or None.

    In the order of MLflow's client: user and password of the URI, of the environment or else of
    `~/.mlflow/credentials`, then the token. Reads a file: call it in a thread.
    """
    environ = os.environ if environ is None else environ
    own = from_uri(uri)
    if own is not None:
        return own
    from_file = _read_file()
    user = environ.get("MLFLOW_TRACKING_USERNAME") or from_file[0]
    password = environ.get("MLFLOW_TRACKING_PASSWORD") or from_file[1]
    if user and password:
        return basic(user, password)
    token = environ.get("MLFLOW_TRACKING_TOKEN")
    return f"Bearer {token}" if token else None


def basic(user: str, password: str) -> str:
    """Value of the Authorization header for a user and password."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def _read_file() -> tuple[str | None, str | None]:
    config = configparser.ConfigParser()
    try:
        config.read(Path("~/.mlflow/credentials").expanduser())
    except (OSError, RuntimeError, configparser.Error, UnicodeDecodeError):
        return None, None
    if "mlflow" not in config:
        return None, None
    section = config["mlflow"]
    return _value(section, "mlflow_tracking_username"), _value(section, "mlflow_tracking_password")


def _value(section: configparser.SectionProxy, key: str) -> str | None:
    try:
        return section.get(key)
    except configparser.InterpolationError:
        # MLflow's client wants a doubled percent sign; a single one can only be meant as it stands.
        return section.get(key, raw=True)


def from_uri(uri: str) -> str | None:
    """Value of the Authorization header by the user and password that stand in a URI itself, or None."""
    parts = urlsplit(uri)
    if parts.username is None:
        return None
    return basic(unquote(parts.username), unquote(parts.password or ""))


def tls_context(environ: Mapping[str, str] | None = None, is_trusted: bool = True) -> ssl.SSLContext:
    """How a server's certificate is checked and, to one that is trusted, ours shown, by MLflow's variables.

    Reads files: call it in a thread. Raises OSError (ssl.SSLError included) when one cannot be read.
    """
    environ = os.environ if environ is None else environ
    bundle = next((environ[name] for name in _BUNDLES if environ.get(name)), None)
    context = _context(bundle)
    if environ.get("MLFLOW_TRACKING_INSECURE_TLS", "").lower() in _TRUE:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    client = environ.get("MLFLOW_TRACKING_CLIENT_CERT_PATH")
    if client and is_trusted:
        context.load_cert_chain(client)
    return context


_BUNDLES = ("MLFLOW_TRACKING_SERVER_CERT_PATH", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


def _context(bundle: str | None) -> ssl.SSLContext:
    if bundle is None:
        import certifi

        return ssl.create_default_context(cafile=certifi.where())
    if os.path.isdir(bundle):
        return ssl.create_default_context(capath=bundle)
    return ssl.create_default_context(cafile=bundle)
