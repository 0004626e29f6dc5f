"""Connection → where a request goes; forwards it, streaming."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import httpx

from ... import tracking_uri as uris
from ..connections.catalogue import Connections, Spec
from ..errors import AnswerLost, ForbiddenConnection, TrackingServerUnavailable
from ..limits import Limits
from ..state import State
from .exchange import Answer, Outgoing, WatchedBody, first_byte
from .headers import answer_headers
from .remoteartifacts import RemoteArtifacts
from .upstream import Upstream

_ATTEMPTS = 3
# A child may have a large store to search; a server may have to fetch an artifact first.
_PATIENCE = 10


class Gateway:
    """Forwards to the upstream of each connection; makes each when it is first needed."""

    def __init__(
        self, connections: Connections, make: Callable[[Spec], Upstream], limits: Limits | None = None
    ) -> None:
        self.connections = connections
        self._make = make
        self._limits = limits or Limits()
        self._remote_artifacts = RemoteArtifacts(self._exchange)
        self._upstreams: dict[str, Upstream] = {}

    def upstream(self, connection_id: str, path: str | None = None) -> Upstream:
        """What serves a connection, or a path of it. Raises UnknownConnection or ForbiddenConnection."""
        spec = self.connections.get(connection_id)
        if not spec.is_allowed:
            host = uris.host_of(spec.tracking_uri)
            raise ForbiddenConnection(f"The administrator does not show {host} here.")
        part = spec.part_for(path)
        if part.identity not in self._upstreams:
            self._upstreams[part.identity] = self._make(part)
        return self._upstreams[part.identity]

    async def forget(self, spec: Spec) -> None:
        """End what serves a connection, unless another one needs it; it is made anew when it is needed."""
        others = [each for each in self.connections.offered if each.id != spec.id]
        needed = {identity for each in others for identity in each.parts}
        for identity in spec.parts:
            upstream = None if identity in needed else self._upstreams.pop(identity, None)
            if upstream is not None:
                await upstream.close()

    def state(self, spec: Spec) -> State:
        """State of a connection; starts nothing, waits for nothing."""
        if not spec.is_allowed:
            host = uris.host_of(spec.tracking_uri)
            return State("forbidden", f"The administrator does not show {host} here. Logging goes on.")
        upstream = self.upstream(spec.id)
        upstream.look()
        return upstream.state

    @contextlib.asynccontextmanager
    async def answer(self, connection_id: str, outgoing: Outgoing) -> AsyncIterator[Answer]:
        """The answer to a request, its body still to be read. Raises an ExperimentsError."""
        is_artifact = outgoing.target.service == "artifacts"
        if is_artifact and not self.upstream(connection_id, outgoing.target.path).has_our_routes:
            async with self._remote_artifacts.answer(connection_id, outgoing) as answer:
                yield answer
            return
        async with self.exchange(connection_id, outgoing) as response:
            headers = list(answer_headers(response, outgoing.target))
            reason = response.reason_phrase or "Unknown"
            yield Answer(response.status_code, reason, headers, response.aiter_raw())

    def _exchange(
        self, connection_id: str, outgoing: Outgoing
    ) -> contextlib.AbstractAsyncContextManager[httpx.Response]:
        return self.exchange(connection_id, outgoing)

    @contextlib.asynccontextmanager
    async def exchange(self, connection_id: str, outgoing: Outgoing) -> AsyncIterator[httpx.Response]:
        """What the upstream answers, its body still to be read. Raises an ExperimentsError."""
        upstream = self.upstream(connection_id, outgoing.target.path)
        with upstream.used():
            response = await self._send(upstream, outgoing)
            try:
                upstream.check_answer(response, outgoing.target)
                yield response
            finally:
                # The client may leave while this is done: a connection half closed would stay for ever.
                await asyncio.shield(response.aclose())

    async def _send(self, upstream: Upstream, outgoing: Outgoing) -> httpx.Response:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return await self._send_once(upstream, outgoing)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                # Nothing was sent: the body is still whole.
                if not await upstream.unreachable() or attempt == _ATTEMPTS:
                    message = upstream.state.message or "The tracking server does not answer."
                    raise TrackingServerUnavailable(message) from error
            except httpx.TimeoutException as error:
                upstream.look()
                raise AnswerLost("The tracking server takes too long to answer.") from error
            except httpx.TransportError as error:
                is_repeatable = outgoing.method in ("GET", "HEAD") and outgoing.body is None
                if not is_repeatable or attempt == _ATTEMPTS:
                    raise AnswerLost("The tracking server did not answer.") from error
                await upstream.unreachable()
        raise AssertionError("unreachable")

    async def _send_once(self, upstream: Upstream, outgoing: Outgoing) -> httpx.Response:
        route = await upstream.route(outgoing.target)
        body = WatchedBody(outgoing.body)
        request = route.client.build_request(
            outgoing.method,
            route.url,
            headers={**outgoing.headers, **route.headers},
            content=body.content,
            # The raw target: httpx would fold and encode it anew.
            extensions={"target": route.target.encode("latin-1")},
        )
        target = outgoing.target
        is_slow = upstream.has_our_routes or target.is_of_bytes or target.service == "columns"
        patience_s = self._limits.request_timeout_s * (_PATIENCE if is_slow else 1)
        return await first_byte(
            route.client.send(request, stream=True, follow_redirects=False), body, patience_s
        )

    async def close(self) -> None:
        """End children and connections."""
        await asyncio.gather(*(upstream.close() for upstream in self._upstreams.values()))
