"""What users do with connections: find, add, remove, restore; kept in their file and told to the kernels."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from .connections.catalogue import Connections, Spec
from .connections.found import stores_beside
from .connections.kept import Kept, KeptConnections
from .errors import BadRequest, ExperimentsError, ForbiddenConnection, TrackingServerUnavailable
from .forwarding.gateway import Gateway


class Offering:
    """Changes the connections on offer; `changed` is called after each change."""

    def __init__(self, gateway: Gateway, kept: KeptConnections, changed: Callable[[], None]) -> None:
        self._gateway = gateway
        self._kept = kept
        self._changed = changed
        self._writing = asyncio.Lock()

    @property
    def _connections(self) -> Connections:
        return self._gateway.connections

    def load(self) -> None:
        """Offer what was kept and is still allowed. Reads a file."""
        if not self._connections.may_add:
            return
        for each in self._kept.read():
            try:
                spec = self._connections.made(each.tracking_uri, each.registry_uri, each.label)
                self._connections.add(spec)
            except ExperimentsError:
                # The administrator's settings have changed since, or give it already.
                continue

    async def find(self, root: str, notebook_path: str) -> list[Spec]:
        """The stores beside a notebook that may be used. Raises ForbiddenConnection."""
        if self._connections.is_forced:
            raise ForbiddenConnection("The administrator has chosen the connection of this server.")
        uris = await asyncio.to_thread(stores_beside, root, notebook_path)
        before = len(self._connections.offered)
        found = [spec for spec in map(self._connections.beside, uris) if spec is not None]
        if len(self._connections.offered) != before:
            self._changed()
        return found

    async def add(self, spec: Spec) -> Spec:
        """Offer and keep a connection. Raises an ExperimentsError."""
        async with self._writing:
            added = self._connections.add(spec)
            if added.source == "user":
                await self._write_or_withdraw(added)
                # It may have come with another password.
                await self._gateway.forget(added)
            self._changed()
        return added

    async def keep(self, connection_id: str) -> Spec:
        """Keep one that was found or that a kernel uses, as if the user had added it."""
        spec = self._connections.get(connection_id)
        if spec.source == "administrator":
            return spec
        return await self.add(replace(spec, source="user", is_allowed=True))

    async def remove(self, connection_id: str) -> Spec:
        """Offer it no more, end what served it, forget it. Raises an ExperimentsError."""
        async with self._writing:
            spec = self._connections.remove(connection_id)
            await self._on_disk(self._kept.drop, spec.id)
            await self._gateway.forget(spec)
            self._changed()
        return spec

    async def restore(self, connection_id: str) -> Spec:
        """Undo a removal. Raises an ExperimentsError."""
        async with self._writing:
            spec = self._connections.restore(connection_id)
            await self._write(spec)
            self._changed()
        return spec

    async def _write_or_withdraw(self, spec: Spec) -> None:
        try:
            await self._write(spec)
        except TrackingServerUnavailable:
            self._connections.remove(spec.id)
            raise

    async def _write(self, spec: Spec) -> None:
        kept = Kept(spec.id, spec.tracking_uri, spec.registry_uri, spec.label)
        await self._on_disk(self._kept.put, kept)

    async def _on_disk(self, work: Callable[..., None], what: object) -> None:
        try:
            await asyncio.to_thread(work, what)
        except OSError as error:
            raise TrackingServerUnavailable("The connections cannot be written to disk.") from error


def decoded(connections: Connections, body: dict[str, object]) -> Spec:
    """A connection as the browser asks for it. Raises BadRequest."""
    tracking, registry, label = (body.get(key) or "" for key in ("tracking_uri", "registry_uri", "label"))
    if not (isinstance(tracking, str) and isinstance(registry, str) and isinstance(label, str)):
        raise BadRequest("The connection cannot be understood.")
    if not tracking.strip():
        raise BadRequest("A tracking URI is missing.")
    return connections.made(tracking.strip(), registry.strip() or None, label[:200])
