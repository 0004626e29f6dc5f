"""Which store this kernel logs to: the user's, else the told connection, else none."""

from __future__ import annotations

import importlib.util
import os
import sys
from dataclasses import dataclass
from typing import Any

from . import runtime, schema
from .active_cell import kernel_id, notebook
from .contract import is_sent

_URI = "MLFLOW_TRACKING_URI"
_TOKEN = "MLFLOW_TRACKING_TOKEN"  # noqa: S105 - the name of a variable, not a secret
_REGISTRY_URI = "MLFLOW_REGISTRY_URI"
_UTILS = "mlflow.tracking._tracking_service.utils"
_REGISTRY_UTILS = "mlflow.tracking._model_registry.utils"


@dataclass
class _Choice:
    set_uri: str | None = None
    set_token: str | None = None
    set_registry_uri: str | None = None
    reason: str | None = None
    waits_for_file: str | None = None
    written: tuple[str, str | None] | None = None
    revision: int = 0


_choice = _Choice()


def choose() -> None:
    """Points MLflow at the told connection, unless the user has chosen; imports nothing of MLflow."""
    if _user_uri() is not None:
        _choice.reason = None
    else:
        _take_connection()
    follow()


def recheck() -> None:
    """Chooses again once another process has made the database that was missing."""
    path = _choice.waits_for_file
    if path is not None and os.path.exists(path):
        _choice.waits_for_file = None
        choose()


def follow() -> bool:
    """Writes what MLflow uses now to the runtime folder; answers whether it had changed."""
    uri = current_uri()
    if uri is None:
        return False
    _keep_token_at_home(uri)
    now = (absolute(uri), _current_registry_uri())
    if now == _choice.written:
        return False
    _choice.written = now
    if runtime.write_kernel(kernel_id(), *now):
        _choice.revision += 1
    return True


def current_uri() -> str | None:
    """The tracking URI in use; None where nothing was chosen, and MLflow's own default holds."""
    uri = getattr(sys.modules.get(_UTILS), "_tracking_uri", None) or os.environ.get(_URI)
    return str(uri) if uri else None


def effective_uri() -> str | None:
    """The tracking URI in use, MLflow's own default included once MLflow is imported."""
    utils = sys.modules.get(_UTILS)
    return current_uri() or (str(utils.get_tracking_uri()) if utils is not None else None)


def _current_registry_uri() -> str | None:
    uri = getattr(sys.modules.get(_REGISTRY_UTILS), "_registry_uri", None) or os.environ.get(_REGISTRY_URI)
    return absolute(str(uri)) if uri else None


def _user_uri() -> str | None:
    uri = current_uri()
    return None if uri is None or uri == _choice.set_uri else uri


def _take_connection() -> None:
    connection_id = notebook.connection_id
    connection = runtime.connections().get(connection_id)
    uri_before = _choice.set_uri
    _unset()
    if connection is None:
        _choice.reason = "no-runtime-folder" if runtime.folder() is None else "unknown-connection"
        return
    _choice.reason = _why_not_directly(connection, uri_before)
    if _choice.reason is None:
        _set(str(connection["tracking_uri"]), connection.get("registry_uri"), None)
        return
    address, token = runtime.server().get("address"), runtime.server().get("token")
    if address and (_TOKEN not in os.environ or _choice.set_token):
        _choice.reason = None
        _set(f"{address}{connection_id}", None, str(token) if token else None)


def _why_not_directly(connection: dict[str, Any], uri_before: str | None) -> str | None:
    path = schema.sqlite_path(connection.get("tracking_uri"))
    registry = connection.get("registry_uri")
    if path is None or (registry and schema.sqlite_path(registry) is None):
        # What opens such a registry may be in another interpreter only.
        return "unreachable"
    if importlib.util.find_spec("sqlalchemy") is None:
        return "no-sqlalchemy"
    head = schema.own_head()
    exists = os.path.exists(path)
    _choice.waits_for_file = None if exists else path
    if head is None:
        return "schema"
    found = schema.file_head(path) if exists else ""
    if found is None and uri_before == connection["tracking_uri"]:
        # Another process has locked the file just now: that is no reason to leave it.
        return None
    if found == "":
        # A store that does not exist yet must suit the server's MLflow, which reads it too.
        servers = runtime.server().get("mlflow_version")
        fits = schema.mlflow_version() == servers if servers else not is_sent()
        return None if fits else "schema"
    return None if found == head else "schema"


def _set(uri: str, registry_uri: Any, token: str | None) -> None:
    os.environ[_URI] = _choice.set_uri = uri
    if token is not None:
        os.environ[_TOKEN] = _choice.set_token = token
    if registry_uri and _REGISTRY_URI not in os.environ:
        os.environ[_REGISTRY_URI] = _choice.set_registry_uri = str(registry_uri)


def _unset() -> None:
    for name, value in (
        (_URI, _choice.set_uri),
        (_TOKEN, _choice.set_token),
        (_REGISTRY_URI, _choice.set_registry_uri),
    ):
        if value is not None and os.environ.get(name) == value:
            del os.environ[name]
    _choice.set_uri = _choice.set_token = _choice.set_registry_uri = None


def _keep_token_at_home(uri: str) -> None:
    # The token opens our own routes; another server must never be sent it.
    token = _choice.set_token
    if token is not None and uri != _choice.set_uri and os.environ.get(_TOKEN) == token:
        del os.environ[_TOKEN]


def is_our_address(uri: str) -> bool:
    """Whether a store of this URI is reached through the Jupyter server."""
    address = runtime.server().get("address")
    return bool(address) and uri.startswith(str(address))


def is_foreign(uri: str) -> bool:
    """Whether a store of this URI must not be given the token that stands in the environment."""
    token = _choice.set_token
    return token is not None and uri != _choice.set_uri and os.environ.get(_TOKEN) == token


def absolute(uri: str) -> str:
    """The URI with a relative path of a local store made absolute."""
    path = schema.sqlite_path(uri)
    if path is not None:
        # Not quoted: SQLAlchemy 2.0 takes the path as it stands.
        return "sqlite:///" + path.replace(os.sep, "/")
    if "://" in uri or uri.startswith("databricks"):
        return uri
    from pathlib import Path

    return Path(uri.removeprefix("file:") or "mlruns").absolute().as_uri()


def connection_of(uri: str | None) -> str | None:
    """Id of the connection that a tracking URI belongs to; None for the user's own."""
    if uri is None:
        return None
    address, wanted = runtime.server().get("address"), absolute(uri)
    for connection_id, connection in runtime.connections().items():
        own = connection.get("tracking_uri")
        if own and absolute(str(own)) == wanted:
            return connection_id
        if address and uri.rstrip("/") == f"{address}{connection_id}":
            return connection_id
    return None


def artifact_root_of(uri: str) -> str | None:
    """Folder for the artifacts of a store of ours that is opened here; None for all others."""
    path = schema.sqlite_path(uri)
    for connection in runtime.connections().values() if path else ():
        if schema.sqlite_path(connection.get("tracking_uri")) == path:
            root = connection.get("artifact_root")
            return str(root) if root else None
    return None


def is_shared() -> bool:
    """Whether others log to the store in use too."""
    uri = current_uri()
    connection_id = connection_of(uri)
    if connection_id is not None:
        return bool(runtime.connections()[connection_id].get("is_shared"))
    return uri is not None and "://" in uri and not uri.startswith(("sqlite", "file"))


def is_missing() -> bool:
    """Whether the store in use is a database file that nobody has made yet."""
    path = schema.sqlite_path(effective_uri())
    return path is not None and not os.path.exists(path)


def _below_root(path: str) -> str:
    root = runtime.server().get("root")
    inside = root and os.path.commonpath([str(root), path]) == str(root)
    return os.path.relpath(path, str(root)) if inside else os.path.basename(path)


def label(uri: str | None) -> str:
    """What people may see of a tracking URI: no password, no full path."""
    if uri is None:
        return ""
    path = schema.sqlite_path(uri)
    if path is not None:
        return f"local · {_below_root(path)}"
    scheme, separator, rest = uri.partition("://")
    if not separator:
        return "databricks" if uri.startswith("databricks") else f"file · {os.path.basename(uri)}"
    host = rest.partition("/")[0].rpartition("@")[2]
    return f"{scheme} · {host or os.path.basename(rest)}"


def state() -> dict[str, Any]:
    """The part of the state message that speaks of the store."""
    uri = current_uri()
    connection_id = connection_of(uri)
    kind = "none" if uri is None else "own" if connection_id is None else "told"
    named = connection_id and runtime.connections()[connection_id].get("tracking_uri")
    return {
        "tracking_kind": kind,
        "connection_id": connection_id,
        "tracking_label": label(str(named) if named else uri),
        "tracking_revision": _choice.revision,
        "reason": _choice.reason if kind == "none" else None,
    }
