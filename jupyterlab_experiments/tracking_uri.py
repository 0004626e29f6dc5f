"""Which kind of tracking URI is this, and how is it shown? Pure: reads no file, asks no server."""

from __future__ import annotations

import fnmatch
import os
import re
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

Kind = Literal["http", "sqlite", "sql", "file", "plugin"]

_SQLITE = re.compile(r"^sqlite(?:\+\w+)?://(?:/(?P<path>[^?]*))?(?P<query>\?.*)?$", re.IGNORECASE)
_SQL_SCHEMES = frozenset({"postgresql", "postgres", "mysql", "mssql", "oracle", "mariadb"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - compared, never bound
_USERINFO = re.compile(r"(?<=://)[^\s/?#@]*:[^\s@]*@")


def kind_of(uri: str) -> Kind:
    """The kind of a tracking URI; what has no known scheme belongs to a plugin."""
    scheme = uri.split(":", 1)[0].lower() if ":" in uri else ""
    base = scheme.split("+", 1)[0]
    if scheme in ("http", "https"):
        return "http"
    if base == "sqlite":
        return "sqlite"
    if base in _SQL_SCHEMES:
        return "sql"
    if uri.startswith("databricks"):
        return "plugin"
    # A single letter is a Windows drive.
    return "file" if len(scheme) <= 1 or scheme == "file" else "plugin"


def scheme_of(uri: str) -> str:
    """The scheme without a driver: `sqlite`, `postgresql`, `file`, `http` (https too), `databricks`…"""
    kind = kind_of(uri)
    if kind in ("http", "file", "sqlite"):
        return kind
    scheme = uri.split(":", 1)[0].lower().split("+", 1)[0]
    return "postgresql" if scheme == "postgres" else scheme


def is_local(uri: str) -> bool:
    """Whether it names a file or folder of this machine."""
    return kind_of(uri) in ("sqlite", "file")


def file_path(uri: str) -> str | None:
    """Folder that a `file:` URI or a path means to MLflow, or None for another kind; maybe relative."""
    if kind_of(uri) != "file":
        return None
    if not uri.lower().startswith("file:"):
        return uri
    # What stands between two slashes and the third is a host to MLflow, also a dot: it is left out.
    return unquote(urlsplit(uri).path) or "/"


def means_folder_at_root(uri: str) -> bool:
    """Whether a `file:` URI has a host where its writer meant a folder: `file://./mlruns` is `/mlruns`."""
    return uri.lower().startswith("file:") and urlsplit(uri).netloc not in ("", "localhost")


def sqlite_path(uri: str) -> str | None:
    """File of a SQLite URI as it is written there, or None for another kind, memory or a `file:` name."""
    found = _SQLITE.match(uri)
    path = found.group("path") if found else None
    if not path or path == ":memory:" or path.startswith("file:"):
        return None
    return path


def absolute(uri: str, folder: str) -> str:
    """The same URI with a relative file name made absolute below `folder`; it may still hold credentials."""
    path = sqlite_path(uri)
    if path is not None:
        query = uri[uri.index("?") :] if "?" in uri else ""
        return sqlite_uri(os.path.join(folder, path)) + query
    directory = file_path(uri)
    if directory is not None and not os.path.isabs(directory):
        return os.path.normpath(os.path.join(folder, directory))
    return uri


def sqlite_uri(path: str) -> str:
    """Tracking URI of a SQLite file given by its absolute path."""
    return "sqlite:///" + os.path.normpath(path)


def identity(uri: str) -> str:
    """An absolute URI normalised so that equal stores give equal strings; without credentials and query."""
    path = sqlite_path(uri)
    if path is not None:
        return sqlite_uri(os.path.realpath(path))
    kind = kind_of(uri)
    if kind == "http":
        return _http_identity(urlsplit(uri))
    if kind == "file":
        return "file://" + os.path.realpath(file_path(uri) or "/")
    return without_credentials(uri).rstrip("/")


def _http_identity(parts: SplitResult) -> str:
    default = 443 if parts.scheme.lower() == "https" else 80
    port = f":{parts.port}" if parts.port not in (None, default) else ""
    return f"{parts.scheme.lower()}://{_host(parts)}{port}{parts.path.rstrip('/')}"


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    return f"[{host}]" if ":" in host else host


def without_credentials(uri: str) -> str:
    """The URI without user, password and, save for files, its query."""
    if kind_of(uri) in ("sqlite", "file"):
        return uri.split("?", 1)[0]
    scheme, separator, rest = uri.partition("://")
    if not separator:
        return uri
    rest = rest.split("?", 1)[0].split("#", 1)[0]
    # A database's password may hold a slash, so there the last @ counts; elsewhere only that of the host.
    head, slash, tail = (rest, "", "") if kind_of(uri) == "sql" else rest.partition("/")
    return f"{scheme}://{head.rpartition('@')[2]}{slash}{tail}"


def scrubbed(text: str) -> str:
    """Any text with user and password of the URIs in it replaced by ***."""
    return _USERINFO.sub("***@", text)


def host_of(uri: str) -> str:
    """Host, and port where given, of a URI; for files the file's name."""
    path = sqlite_path(uri)
    if path is not None:
        return os.path.basename(path)
    directory = file_path(uri)
    if directory is not None:
        return os.path.basename(directory.rstrip("/")) or directory
    return urlsplit(without_credentials(uri)).netloc or without_credentials(uri)


def is_shared(uri: str) -> bool:
    """Whether others may read from this store: all but files and servers on this machine."""
    kind = kind_of(uri)
    if kind == "http":
        return (urlsplit(uri).hostname or "") not in _LOOPBACK
    return kind not in ("sqlite", "file")


def label_of(uri: str) -> str:
    """Masked name for people, such as `local · mlflow.db` or `team · mlflow.example.org`."""
    return f"{'team' if is_shared(uri) else 'local'} · {host_of(uri)}"


_PARTS = re.compile(r"^(?P<scheme>[^:/]+)://(?P<host>[^/]*)(?P<path>/.*)?$")


def matches(identity_of_uri: str, pattern: str) -> bool:
    """Whether an administrator's glob pattern covers an identity; in an http(s) one, host and path apart.

    So `https://*.example.org*` never covers `https://elsewhere/.example.org`.
    """
    found, wanted = _PARTS.match(identity_of_uri), _PARTS.match(pattern)
    if found is None or wanted is None or not found["scheme"].startswith("http"):
        return fnmatch.fnmatchcase(identity_of_uri, pattern)
    path = wanted["path"] or ("*" if wanted["host"].endswith("*") else "")
    pairs = [(found[part], wanted[part].lower()) for part in ("scheme", "host")]
    is_there = any(fnmatch.fnmatchcase(found["path"] or "", form) for form in (path, path.rstrip("/")))
    return is_there and all(fnmatch.fnmatchcase(text, pattern) for text, pattern in pairs)
