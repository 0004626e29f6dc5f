"""What maintenance needs of the server around it, joined to it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..connections.catalogue import Spec
from ..connections.spec import Source
from ..errors import ForbiddenConnection
from ..processes.launch import launch_maintenance, with_environment
from ..processes.process import Launch
from .tasks import Workshop, places_of

if TYPE_CHECKING:
    from ..services import Services


def workshop_of(services: Services) -> Workshop:
    """The workshop of one server."""

    def launch(spec: Spec, arguments: Sequence[str]) -> Launch:
        interpreter = services.interpreters.find(spec.tracking_uri)
        begun = launch_maintenance(arguments, interpreter.python, str(services.runtime.python_path))
        return with_environment(begun, interpreter.environ)

    async def stop(place: str) -> None:
        specs = [spec for spec in services.connections.offered if place in places_of(spec)]
        children = services.children_of(specs)
        await asyncio.gather(*(child.stop() for child in children))

    async def start(spec: Spec) -> None:
        await services.gateway.upstream(spec.id).test()

    return Workshop(
        launch, stop, start, lambda uri: _check_offer(services, uri), lambda uri: _offer(services, uri)
    )


def _check_offer(services: Services, uri: str) -> None:
    connections = services.connections
    source: Source = "user" if connections.may_add else "notebook"
    refusal = connections.refusal(connections.made(uri, None), source)
    if refusal is not None:
        raise ForbiddenConnection(refusal)


async def _offer(services: Services, uri: str) -> Spec:
    connections = services.connections
    if connections.may_add:
        return await services.offering.add(connections.made(uri, None))
    found = connections.beside(uri)
    if found is None:
        raise ForbiddenConnection("The administrator does not allow the new file here.")
    return found
