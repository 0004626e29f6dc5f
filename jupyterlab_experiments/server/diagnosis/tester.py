"""Tries a connection and says in words what is wrong; the same for one that is kept and for a URI alone."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from dataclasses import replace

import httpx

from ... import tracking_uri as uris
from ..connections.catalogue import Connections, Spec
from ..errors import BadRequest, ExperimentsError, SchemaMismatch, TrackingServerUnavailable
from ..forwarding.upstream import Upstream
from ..login.logins import Logins
from ..processes.interpreters import Interpreter, Interpreters
from ..processes.plugins import missing_plugin, missing_plugin_message
from .asking import diagnose_http
from .probe import place_of
from .revisions import read_revisions
from .sqllook import diagnose_sql, judge_words
from .storelook import diagnose_folder, diagnose_sqlite
from .verdict import BAD_URI, Diagnosis

_CHILD_TIMEOUT_S = 60.0
_HOST_WITHOUT_SCHEME = re.compile(r"^(?:[\w-]+(?:\.[\w-]+)+|localhost):\d+(?:/|$)", re.IGNORECASE)


class Tester:
    """Finds out how connections are; writes to no store. `make` gives what serves one for a moment."""

    def __init__(
        self,
        connections: Connections,
        logins: Logins,
        interpreters: Interpreters,
        make: Callable[[Spec], Upstream],
    ) -> None:
        self._connections = connections
        self._logins = logins
        self._interpreters = interpreters
        self._make = make

    async def test_uri(self, tracking_uri: str, registry_uri: str | None) -> Diagnosis:
        """What is wrong with URIs that a user would add."""
        bare = tracking_uri.strip()
        if _HOST_WITHOUT_SCHEME.match(bare):
            return replace(BAD_URI, message="The scheme is missing.", remedy=f"Write `http://{bare}`.")
        try:
            spec = self._connections.made(bare, registry_uri, "")
        except BadRequest as error:
            return replace(BAD_URI, message=str(error))
        refusal = self._connections.refusal(spec, "user")
        if refusal is not None:
            return Diagnosis("not-allowed", refusal, "Ask the administrator of this Jupyter server.")
        return await self.look(spec)

    async def test(self, spec: Spec, upstream: Upstream) -> Diagnosis:
        """What is wrong with a connection that is kept; its state follows what is found."""
        if spec.kind == "remote":
            found, _ = await asyncio.gather(self.look(spec), _tried(upstream, spec))
            return found
        found = await self.look(spec)
        path = uris.sqlite_path(spec.tracking_uri)
        is_absent = path is not None and not await asyncio.to_thread(os.path.exists, path)
        # A question would make a store that is not there.
        return found if found.diagnosis != "ok" or is_absent else await _tried(upstream, spec, found)

    async def look(self, spec: Spec) -> Diagnosis:
        """What is wrong with a connection's store or else with its registry."""
        found = await self._look_at(spec.tracking_uri, spec)
        if found.diagnosis != "ok" or spec.registry_uri is None:
            return found
        registry = await self._look_at(spec.registry_uri, spec)
        if registry.diagnosis == "ok":
            return found
        return replace(registry, message=f"The registry: {registry.message}")

    async def _look_at(self, uri: str, spec: Spec) -> Diagnosis:
        kind = uris.kind_of(uri)
        if kind == "http":
            login = self._logins.login(uri)
            return await diagnose_http(place_of(uri, self._logins.is_trusted(uri)), login)
        if kind == "file":
            return await asyncio.to_thread(diagnose_folder, uri)
        try:
            interpreter = await asyncio.to_thread(
                self._interpreters.find, spec.tracking_uri, spec.registry_uri
            )
        except TrackingServerUnavailable as error:
            return _without_interpreter(str(error), uri)
        if kind == "plugin":
            return await self._try_child(replace(spec, tracking_uri=uri, registry_uri=None))
        return await asyncio.to_thread(_look_at_database, uri, interpreter)

    async def _try_child(self, spec: Spec) -> Diagnosis:
        upstream = self._make(spec)
        try:
            return await _tried(upstream, spec)
        finally:
            await upstream.close()


async def _tried(upstream: Upstream, spec: Spec, found: Diagnosis | None = None) -> Diagnosis:
    """What its own server says; `found` adds what is known of it."""
    host = uris.host_of(spec.tracking_uri)
    try:
        is_ok, message = await asyncio.wait_for(upstream.test(), _CHILD_TIMEOUT_S)
    except asyncio.TimeoutError:
        return Diagnosis("timeout", f"{host} does not answer in time.")
    except SchemaMismatch as error:
        return Diagnosis("schema", str(error))
    except (ExperimentsError, httpx.HTTPError) as error:
        judged = judge_words(str(error), host)
        # Our own errors are in words for people already.
        return replace(judged, message=str(error)) if isinstance(error, ExperimentsError) else judged
    if is_ok and found is not None:
        return found
    return Diagnosis("ok" if is_ok else "failed", message)


def _look_at_database(uri: str, interpreter: Interpreter) -> Diagnosis:
    revisions = read_revisions(interpreter.python)
    path = uris.sqlite_path(uri)
    if revisions.head is None:
        message = f"{uris.host_of(uri)} cannot be served: no MLflow is installed for {interpreter.python}."
        return Diagnosis("failed", message, "Set `c.ExperimentsApp.tracking_server_python`.")
    if path is not None:
        return diagnose_sqlite(path, revisions)
    if uris.kind_of(uri) == "sqlite":
        return replace(BAD_URI, remedy="Write it like `sqlite:///mlflow.db`.")
    return diagnose_sql(uri, interpreter, revisions)


def _without_interpreter(message: str, uri: str) -> Diagnosis:
    if message == missing_plugin_message(uri):
        problem, remedy = missing_plugin(uri)
        return Diagnosis("no-plugin", problem, remedy)
    return Diagnosis("no-plugin", message)
