"""Handlers of status, connections and the kernel part: authenticate, decode, call, encode."""

from __future__ import annotations

import json

from tornado import web

from .. import __version__
from .base import Action, ExperimentsHandler
from .contract import DEFAULT_CONNECTION
from .errors import ExperimentsError


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
            "default_connection": DEFAULT_CONNECTION,
            "default_experiment": services.default_experiment,
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


class TestHandler(ExperimentsHandler):
    """Tries one connection now."""

    @web.authenticated
    async def post(self) -> None:
        """Answers whether it works, in words."""
        connection_id = self.json_body().get("id")
        if not isinstance(connection_id, str):
            raise web.HTTPError(400, "id is missing.")
        upstream = self.services.gateway.upstream(connection_id)
        try:
            is_ok, message = await upstream.test()
        except ExperimentsError as error:
            is_ok, message = False, str(error)
        self.finish(json.dumps({"ok": is_ok, "message": message}))


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
