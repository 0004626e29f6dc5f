"""Where the requests of a connection go: a child of ours, or an http(s) server. Two kinds, one interface."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

import httpx

from ... import tracking_uri as uris
from ..connections.catalogue import Spec
from ..errors import LoginRefused, NotMlflow, TrackingServerUnavailable, UpstreamRedirected
from ..login.logins import Login
from ..processes.child import Child
from ..state import State
from .headers import is_page
from .questions import beginning_of, refusal_of
from .target import Target
from .theirroutes import INFO_PATH, TheirRoutes

_PROBE_PATH = "/api/2.0/mlflow/experiments/search?max_results=1"
_CREDENTIALS_LIVE_S = 10.0
_PROBE_LIVE_S = 10.0
# Between two parts of an answer, or while it takes the next part of a body.
_SILENCE_S = 600.0


@dataclass(frozen=True)
class Route:
    """An open client, the raw request target there, and headers that only the server may add."""

    client: httpx.AsyncClient
    url: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)


class Upstream(Protocol):
    """One place requests go to."""

    @property
    def state(self) -> State:
        """How it is now; asks nobody."""

    async def route(self, target: Target) -> Route:
        """The way to a target, once it is there. Raises an ExperimentsError."""

    def used(self) -> contextlib.AbstractContextManager[None]:
        """Within it the upstream is in use."""

    async def unreachable(self) -> bool:
        """Say that no connection could be made; True when another try makes sense."""

    @property
    def has_our_routes(self) -> bool:
        """Whether columns and artifacts are there as a child has them."""

    def check_answer(self, response: httpx.Response, target: Target) -> None:
        """Say what it answered. Raises what the client should see instead."""

    def look(self) -> None:
        """Find out in the background how it is, if that is cheap."""

    async def test(self) -> tuple[bool, str]:
        """Try it now: whether it works, and a sentence for people."""

    async def close(self) -> None:
        """Free what it holds."""


class ChildUpstream:
    """A tracking server that is our own process."""

    def __init__(self, child: Child, name: str) -> None:
        self._child = child
        self._name = name

    @property
    def state(self) -> State:
        """State of the process and its store."""
        return self._child.state

    async def route(self, target: Target) -> Route:
        """Waits for the process."""
        client = await self._child.ready()
        return Route(client, "http://localhost/", target.at_child, {"host": "localhost"})

    def used(self) -> contextlib.AbstractContextManager[None]:
        """Keeps the process from being stopped as idle."""
        return self._child.used()

    async def unreachable(self) -> bool:
        """Its end is about to be seen; then it is started again."""
        await self._child.lost()
        return True

    @property
    def has_our_routes(self) -> bool:
        """They are its own."""
        return True

    def check_answer(self, response: httpx.Response, target: Target) -> None:
        """Its answers are the client's."""

    def look(self) -> None:
        """Nothing to find out: the process is watched."""

    async def test(self) -> tuple[bool, str]:
        """Starts it and asks it for an experiment."""
        self._child.retry_now()
        client = await self._child.ready()
        with self._child.used():
            answer = await client.get(_PROBE_PATH)
        is_ok = answer.status_code == 200
        return is_ok, f"{self._name} answers." if is_ok else f"{self._name} answered {answer.status_code}."

    async def close(self) -> None:
        """Ends the process."""
        await self._child.close()


class RemoteUpstream:
    """An MLflow tracking server reached by http(s), with the credentials of MLflow's own places."""

    def __init__(self, spec: Spec, login: Login, log: logging.Logger) -> None:
        self._login = login
        self._log = log
        self._host = uris.host_of(spec.tracking_uri)
        self._address = uris.without_credentials(spec.tracking_uri).rstrip("/")
        self._state = State()
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()
        self._authorization: str | None = None
        self._authorized_at = float("-inf")
        self._looked_at = float("-inf")
        self._probe: asyncio.Task[object] | None = None
        self._columns = TheirRoutes(lambda: self._get(INFO_PATH, 5.0))

    @property
    def state(self) -> State:
        """What its last answer tells."""
        return self._state

    async def route(self, target: Target) -> Route:
        """Adds credentials; opens nothing yet."""
        has_columns = target.service == "columns" and await self._columns.are_there()
        raw = target.at_remote(urlsplit(self._address).path.rstrip("/"), has_columns)
        return Route(await self._open(), self._address + "/", raw, self._headers())

    @contextlib.contextmanager
    def used(self) -> Iterator[None]:
        """Nothing to keep."""
        yield

    async def unreachable(self) -> bool:
        """Another try is the client's."""
        self._state.become("unavailable", f"{self._host} does not answer.")
        return False

    @property
    def has_our_routes(self) -> bool:
        """MLflow alone has none of them."""
        return False

    def check_answer(self, response: httpx.Response, target: Target) -> None:
        """Follows the state; raises LoginRefused, UpstreamRedirected or NotMlflow."""
        status = response.status_code
        if status == 401:
            self._refused(status)
            raise LoginRefused(self._state.message or "")
        if 300 <= status < 400 and status != 304:
            raise UpstreamRedirected(f"{self._host} redirects: set the tracking URI to its final address.")
        self._check_kind(response, target)
        if status == 403 or status >= 500:
            # Perhaps of this one experiment, perhaps of all: only a question of our own can tell.
            self.look()
        elif status < 300 and self._state.name != "ready":
            self._state.become("ready")

    def _check_kind(self, response: httpx.Response, target: Target) -> None:
        status = response.status_code
        is_odd = target.is_of_json and is_page(response)
        if status >= 600 or (is_odd and status < 300):
            self._state.become("unavailable", self._not_mlflow())
            raise NotMlflow(self._not_mlflow())
        if is_odd and status >= 400:
            # An old MLflow's, or a proxy's: the client can tell them apart by the status alone.
            if status == 403 or status >= 500:
                self.look()
            # MLflow's own users are told so with a page, too.
            says = "does not permit this" if status == 403 else f"answered {status}"
            raise refusal_of(response, f"{self._host} {says}.")

    def look(self) -> None:
        """Asks it for an experiment, at most every ten seconds, for at most two."""
        now = time.monotonic()
        if now - self._looked_at < _PROBE_LIVE_S or (self._probe is not None and not self._probe.done()):
            return
        self._looked_at = now
        self._probe = asyncio.ensure_future(self._ask(2.0))

    async def test(self) -> tuple[bool, str]:
        """Asks it now, with credentials read anew."""
        self._authorized_at = float("-inf")
        await self._ask(10.0)
        if self._state.name == "ready":
            return True, f"{self._host} answers."
        return False, self._state.message or f"{self._host} does not answer."

    async def close(self) -> None:
        """Closes its connections."""
        if self._probe is not None:
            self._probe.cancel()
        if self._client is not None:
            await self._client.aclose()

    async def _ask(self, timeout_s: float) -> None:
        try:
            answer = await self._get(_PROBE_PATH, timeout_s)
        except (httpx.HTTPError, asyncio.TimeoutError, TrackingServerUnavailable) as error:
            self._log.debug("%s: %s", self._host, type(error).__name__)
            self._state.become("unavailable", f"{self._host} does not answer.")
            return
        except LoginRefused:
            # The state says so already.
            return
        self._judge(answer)

    async def _get(self, path: str, timeout_s: float) -> httpx.Response:
        client = await self._open()
        headers = {**self._headers(), "accept-encoding": "identity"}
        return await asyncio.wait_for(beginning_of(client, self._address + path, headers), timeout_s)

    def _judge(self, answer: httpx.Response) -> None:
        if answer.status_code == 403 and b"host header" in answer.content.lower():
            self._state.become(
                "refused",
                f"The server does not accept the name “{self._host}”. "
                f"Its operator must add it: `mlflow server --allowed-hosts {self._host}`.",
            )
        elif answer.status_code in (401, 403):
            self._refused(answer.status_code)
        elif answer.status_code < 300 and is_page(answer):
            self._state.become("unavailable", self._not_mlflow())
        elif answer.status_code < 300:
            self._state.become("ready")
        else:
            self._state.become("unavailable", f"{self._host} answered {answer.status_code}.")

    def _not_mlflow(self) -> str:
        return f"What answers at {self._host} is not MLflow: check the tracking URI."

    def _refused(self, status: int) -> None:
        self._login.refused()
        self._authorized_at = float("-inf")
        self._state.become(
            "refused",
            f"{self._host} refused the login ({status}). Set MLFLOW_TRACKING_USERNAME and "
            "MLFLOW_TRACKING_PASSWORD where the Jupyter server starts, or ~/.mlflow/credentials.",
        )

    def _headers(self) -> dict[str, str]:
        headers = {"host": urlsplit(self._address).netloc}
        if self._authorization:
            headers["authorization"] = self._authorization
        return headers

    async def _open(self) -> httpx.AsyncClient:
        async with self._opening:
            if time.monotonic() - self._authorized_at > _CREDENTIALS_LIVE_S:
                self._authorization = await self._authorize()
                self._authorized_at = time.monotonic()
            if self._client is None:
                self._client = await self._new_client()
        return self._client

    async def _authorize(self) -> str | None:
        try:
            return await self._login.authorization()
        except LoginRefused as error:
            self._state.become("refused", str(error))
            raise

    async def _new_client(self) -> httpx.AsyncClient:
        try:
            context = await asyncio.to_thread(self._login.tls_context)
        except OSError as error:
            raise TrackingServerUnavailable(f"The certificates for {self._host} cannot be read.") from error
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=50, keepalive_expiry=30)
        timeout = httpx.Timeout(_SILENCE_S, connect=5, pool=None)
        return httpx.AsyncClient(verify=context, limits=limits, timeout=timeout)
