"""Pure: which paths below a connection are forwarded, where to, and what a user must be allowed to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, unquote_plus

from ..contract import BASE, ROUTES
from ..errors import BadRequest, NoSuchRoute

_REST = re.compile(r"^(?:ajax-)?api/[23]\.0/mlflow(?:-artifacts)?/.|^v1/traces$|^version$|^health$")
# They start processes, send telemetry or make the server call other addresses.
_REFUSED = re.compile(
    r"^(?:ajax-)?api/[23]\.0/mlflow/"
    r"(?:gateway|gateway-proxy|jobs|ui-telemetry|demo|webhooks|assistant|create-promptlab-run|scorer|genai|issues)(?:/|$)"
)
_COLUMNS = (ROUTES["runsTable"], ROUTES["keys"], ROUTES["metricHistory"])
_ARTIFACT = re.compile(rf"^{ROUTES['artifacts']}/(?P<models>models/)?(?P<id>[^/]+)(?:/(?P<path>.*))?$")
# What MLflow takes for the id of a run.
_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,255}", re.ASCII)
_RUN_ID_QUERY = ("run_id", "run_uuid")
_JSON = re.compile(r"^(?:ajax-)?api/[23]\.0/mlflow/")
_BYTES = re.compile(r"/mlflow-artifacts/artifacts/|(?:^|/)(?:get|upload)-artifact$|/artifacts/files$")
_READING_POST = re.compile(
    r"/(?:search|search-datasets|get-latest-versions|get-history[^/]*|presigned-download-url)$"
)
_OURS = frozenset({"token", "_xsrf", "no_track_activity"})

Service = Literal["rest", "columns", "artifacts"]


@dataclass(frozen=True)
class Artifact:
    """An artifact of a run or of a logged model; `path` is decoded, empty for all of them."""

    owner_id: str
    path: str
    is_of_model: bool


@dataclass(frozen=True)
class Target:
    """A path below a connection, without a leading slash, both as the client wrote them."""

    path: str
    query: str
    service: Service
    action: Literal["read", "write"]

    @property
    def at_child(self) -> str:
        """Request target at a child: its own routes have a prefix."""
        path = f"/{self.path}" if self.service == "rest" else f"/{BASE}/{self.path}"
        return path + self._suffix

    def at_remote(self, prefix: str, has_columns: bool = False) -> str:
        """Request target at an MLflow server below `prefix`. Raises NoSuchRoute for what it does not have."""
        if self.service == "rest":
            return f"{prefix}/{self.path}{self._suffix}"
        if self.service == "columns" and has_columns:
            return f"{prefix}/{BASE}/{self.path}{self._suffix}"
        raise NoSuchRoute("A remote tracking server has no such route.")

    @property
    def artifact(self) -> Artifact | None:
        """Which artifact is meant, if one is."""
        found = _ARTIFACT.match(self.path)
        if found is None:
            return None
        path = unquote(found.group("path") or "")
        return Artifact(found.group("id"), path, found.group("models") is not None)

    @property
    def is_of_bytes(self) -> bool:
        """Whether an artifact's bytes pass, which a server may have to fetch from elsewhere first."""
        return self.service == "artifacts" or _BYTES.search(self.path) is not None

    @property
    def is_of_json(self) -> bool:
        """Whether MLflow answers it with JSON; `version` and `health` it calls pages."""
        return self.service == "rest" and _JSON.match(self.path) is not None and not self.is_of_bytes

    @property
    def _suffix(self) -> str:
        return f"?{self.query}" if self.query else ""


def target_of(method: str, path: str, query: str) -> Target:
    """Where a request goes. Raises NoSuchRoute, or BadRequest for a path that could be read in two ways."""
    _check(path)
    service = _service_of(path)
    _check_ids(path, query)
    return Target(path, _without_ours(query), service, _action_of(method, path, service))


def _check(path: str) -> None:
    once = unquote(path)
    for text in (path, once, unquote(once)):
        if "\0" in text or any(segment in (".", "..") for segment in text.split("/")):
            raise BadRequest("A path may not hold “.” or “..” as a part.")
    if "//" in path:
        raise BadRequest("A path may not hold an empty part.")


def _check_ids(path: str, query: str) -> None:
    """Refuse here what no tracking server takes for a run, before one is started to say so."""
    found = _ARTIFACT.match(path)
    ids = [found.group("id")] if found else []
    parts = [part.partition("=") for part in query.split("&")]
    ids += [unquote_plus(value) for name, _, value in parts if unquote_plus(name) in _RUN_ID_QUERY and value]
    if not all(map(_ID.fullmatch, ids)):
        raise BadRequest("This is no id of a run or a model.")
    if found and "//" in f"/{unquote(found.group('path') or '')}":
        raise BadRequest("A path may not begin with “/” or hold an empty part.")


def _service_of(path: str) -> Service:
    if path in _COLUMNS:
        return "columns"
    if _ARTIFACT.match(path):
        return "artifacts"
    if _REST.match(path) and not _REFUSED.match(unquote(path)):
        return "rest"
    raise NoSuchRoute("This path is not part of MLflow's REST API.")


def _action_of(method: str, path: str, service: Service) -> Literal["read", "write"]:
    if method in ("GET", "HEAD") or service == "columns":
        return "read"
    return "read" if method == "POST" and _READING_POST.search(path) else "write"


def _without_ours(query: str) -> str:
    parts = [part for part in query.split("&") if part]
    return "&".join(part for part in parts if unquote_plus(part.split("=", 1)[0]) not in _OURS)
