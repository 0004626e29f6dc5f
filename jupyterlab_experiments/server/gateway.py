"""Connection → where a request goes; forwards it, streaming."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from .. import tracking_uri as uris
from .connections import Connections, Spec
from .errors import AnswerLost, ForbiddenConnection, TrackingServerUnavailable
from .state import State
from .target import Target
from .upstream import Upstream

_ATTEMPTS = 3


@dataclass(frozen=True)
class Outgoing:
    """A request to forward; its body is taken from the iterator once a connection is made."""

    method: str
    target: Target
    headers: Mapping[str, str]
    body: AsyncIterator[bytes] | None


class Gateway:
    """Forwards to the upstream of each connection; makes each when it is first needed."""

    def __init__(self, connections: Connections, make: Callable[[Spec], Upstream]) -> None:
        self.connections = connections
        self._make = make
        self._upstreams: dict[str, Upstream] = {}

    def upstream(self, connection_id: str) -> Upstream:
        """The upstream of a connection. Raises UnknownConnection or ForbiddenConnection."""
        spec = self.connections.get(connection_id)
        if not spec.is_allowed:
            host = uris.host_of(spec.tracking_uri)
            raise ForbiddenConnection(f"The administrator does not show {host} here.")
        if spec.identity not in self._upstreams:
            self._upstreams[spec.identity] = self._make(spec)
        return self._upstreams[spec.identity]

    def state(self, spec: Spec) -> State:
        """State of a connection; starts nothing, waits for nothing."""
        if not spec.is_allowed:
            host = uris.host_of(spec.tracking_uri)
            return State("forbidden", f"The administrator does not show {host} here. Logging goes on.")
        upstream = self.upstream(spec.id)
        upstream.look()
        return upstream.state

    @contextlib.asynccontextmanager
    async def exchange(self, connection_id: str, outgoing: Outgoing) -> AsyncIterator[httpx.Response]:
        """The answer to a forwarded request, its body still to be read. Raises an ExperimentsError."""
        upstream = self.upstream(connection_id)
        with upstream.used():
            response = await self._send(upstream, outgoing)
            try:
                upstream.check_answer(response.status_code)
                yield response
            finally:
                await response.aclose()

    async def _send(self, upstream: Upstream, outgoing: Outgoing) -> httpx.Response:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return await self._send_once(upstream, outgoing)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                # Nothing was sent: the body is still whole.
                if not await upstream.unreachable() or attempt == _ATTEMPTS:
                    message = upstream.state.message or "The tracking server does not answer."
                    raise TrackingServerUnavailable(message) from error
            except httpx.TransportError as error:
                is_repeatable = outgoing.method in ("GET", "HEAD") and outgoing.body is None
                if not is_repeatable or attempt == _ATTEMPTS:
                    raise AnswerLost("The tracking server did not answer.") from error
                await upstream.unreachable()
        raise AssertionError("unreachable")

    @staticmethod
    async def _send_once(upstream: Upstream, outgoing: Outgoing) -> httpx.Response:
        route = await upstream.route(outgoing.target)
        request = route.client.build_request(
            outgoing.method,
            route.url,
            headers={**outgoing.headers, **route.headers},
            content=outgoing.body,
            # The raw target: httpx would fold and encode it anew.
            extensions={"target": route.target.encode("latin-1")},
        )
        return await route.client.send(request, stream=True, follow_redirects=False)

    async def close(self) -> None:
        """End children and connections."""
        await asyncio.gather(*(upstream.close() for upstream in self._upstreams.values()))


def printed(spec: Spec, state: State, store_id: str) -> dict[str, Any]:
    """A connection as `status` gives it; holds no credential."""
    address = uris.without_credentials(spec.tracking_uri)
    return {
        "id": spec.id,
        "label": spec.label,
        "kind": spec.kind,
        "state": state.name,
        "store_id": store_id,
        "is_shared": spec.is_shared,
        "message": state.message,
        "since": state.since_ms,
        "page_url": address if spec.kind == "remote" else None,
    }
