"""Handlers of status, connections and the kernel part: authenticate, decode, call, encode."""

from __future__ import annotations

import json

from tornado import web

from .. import __version__
from .base import Action, ExperimentsHandler
from .offering import decoded


class StatusHandler(ExperimentsHandler):
    """What this server offers; starts nothing and waits for no store."""

    @web.authenticated
    async def get(self) -> None:
        """Answers version, user and connections."""
        services = self.services
        body = {
            "version": __version__,
            "mlflow_version": services.mlflow_version(),
            "user": services.user_hash(self),
            "default_connection": services.connections.default_id,
            "default_experiment": services.default_experiment,
            "may_add": services.connections.may_add,
            "connections": services.print_connections(),
        }
        self.finish(json.dumps(body))


class ConnectionsHandler(ExperimentsHandler):
    """The connections on offer, and the one of a kernel."""

    @web.authenticated
    async def get(self) -> None:
        """Answers all that may be used."""
        self.finish(json.dumps({"connections": self.services.print_connections()}))

    @web.authenticated
    async def post(self) -> None:
        """Answers the connection that a kernel really uses."""
        kernel_id = self.json_body().get("kernel_id")
        if not isinstance(kernel_id, str):
            raise web.HTTPError(400, "kernel_id is missing.")
        self.finish(json.dumps(await self.services.connection_of_kernel(kernel_id)))


class FindHandler(ExperimentsHandler):
    """The stores that lie beside a notebook."""

    def action(self) -> Action:
        """Nothing is started or written."""
        return "read"

    @web.authenticated
    async def post(self) -> None:
        """Answers those that may be used."""
        path = self.json_body().get("path", "")
        if not isinstance(path, str):
            raise web.HTTPError(400, "path is not a text.")
        services = self.services
        found = await services.offering.find(services.root, path)
        self.finish(json.dumps({"connections": [services.print(spec) for spec in found]}))


class AddHandler(ExperimentsHandler):
    """Connections that users bring."""

    @web.authenticated
    async def post(self) -> None:
        """Keeps one, by its URIs or by the id of one that was found, and answers it without them."""
        body, services = self.json_body(), self.services
        if isinstance(body.get("id"), str):
            spec = await services.offering.keep(body["id"])
        else:
            spec = await services.offering.add(decoded(services.connections, body))
        self.finish(json.dumps({"connection": services.print(spec)}))


class _OneConnectionHandler(ExperimentsHandler):
    def connection_id(self) -> str:
        """The id in the body. Raises HTTPError 400."""
        connection_id = self.json_body().get("id")
        if not isinstance(connection_id, str):
            raise web.HTTPError(400, "id is missing.")
        return connection_id


class RemoveHandler(_OneConnectionHandler):
    """Takes back an addition."""

    @web.authenticated
    async def post(self) -> None:
        """Answers the connection as it was."""
        services = self.services
        connection = services.print(services.connections.get(self.connection_id()))
        await services.offering.remove(connection["id"])
        self.finish(json.dumps({"connection": connection}))


class RestoreHandler(_OneConnectionHandler):
    """Takes back a removal."""

    @web.authenticated
    async def post(self) -> None:
        """Answers the connection."""
        spec = await self.services.offering.restore(self.connection_id())
        self.finish(json.dumps({"connection": self.services.print(spec)}))


class LogHandler(_OneConnectionHandler):
    """The last words of a connection's tracking server."""

    def action(self) -> Action:
        """Everyone who may look may have them."""
        return "read"

    @web.authenticated
    async def post(self) -> None:
        """Answers them without secrets; empty where no process of ours serves it."""
        self.finish(json.dumps({"text": self.services.log_text(self.connection_id())}))


class TestHandler(ExperimentsHandler):
    """Tries a connection now."""

    @web.authenticated
    async def post(self) -> None:
        """Answers what is wrong and what to do, in words; of a connection, or of URIs that are not kept."""
        body = self.json_body()
        given = [body.get(key) for key in ("id", "tracking_uri", "registry_uri")]
        if not all(each is None or isinstance(each, str) for each in given) or not any(given[:2]):
            raise web.HTTPError(400, "id or tracking_uri is missing.")
        found = await self.services.test(given[0], given[1] or "", given[2] or None)
        self.finish(json.dumps(found.printed()))


class KernelPartHandler(ExperimentsHandler):
    """The zip that kernels of other environments are sent."""

    def action(self) -> Action:
        """Everyone who may look may have it."""
        return "read"

    @web.authenticated
    async def get(self) -> None:
        """Answers the zip, or 304."""
        part = await self.services.kernel_part()
        self.set_header("Etag", part.etag)
        self.set_header("Cache-Control", "private, no-cache")
        if self.check_etag_header():
            self.set_status(304)
            self.finish(set_content_type="application/zip")
            return
        self.finish(part.content, set_content_type="application/zip")

    def compute_etag(self) -> None:
        """The zip brings its own."""


class UnknownRouteHandler(ExperimentsHandler):
    """All else below our base: JSON instead of a page, and only for those who may ask."""

    @web.authenticated
    async def get(self) -> None:
        """Answers 404."""
        raise web.HTTPError(404, "There is no such route.")

    head = post = put = patch = delete = get
