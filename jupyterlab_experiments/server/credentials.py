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
    parts = urlsplit(uri)
    if parts.username is not None:
        return _basic(unquote(parts.username), unquote(parts.password or ""))
    from_file = _read_file()
    user = environ.get("MLFLOW_TRACKING_USERNAME") or from_file[0]
    password = environ.get("MLFLOW_TRACKING_PASSWORD") or from_file[1]
    if user and password:
        return _basic(user, password)
    token = environ.get("MLFLOW_TRACKING_TOKEN")
    return f"Bearer {token}" if token else None


def _basic(user: str, password: str) -> str:
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


def tls_context(environ: Mapping[str, str] | None = None) -> ssl.SSLContext:
    """How a server's certificate is checked and ours shown, by MLflow's variables.

    Reads files: call it in a thread. Raises OSError (ssl.SSLError included) when one cannot be read.
    """
    environ = os.environ if environ is None else environ
    bundle = next((environ[name] for name in _BUNDLES if environ.get(name)), None)
    context = _context(bundle)
    if environ.get("MLFLOW_TRACKING_INSECURE_TLS", "").lower() in _TRUE:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    client = environ.get("MLFLOW_TRACKING_CLIENT_CERT_PATH")
    if client:
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
