"""MLflow's two routes for the bytes of an artifact, answered by us where the file is on this machine.

MLflow's answer passes a bridge whose buffer has no bound: a slow client makes the process grow by the file.
"""

from __future__ import annotations

import mimetypes
import os

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ..preview import disposition, guards
from .artifactroots import ArtifactRoots, inside
from .errors import RouteError
from .files import file_response

_OF_RUN, _OF_VERSION = "/get-artifact", "/model-versions/get-artifact"

_READS = ("GET", "HEAD")


class Takeover:
    """An ASGI app before MLflow's."""

    def __init__(self, roots: ArtifactRoots, mlflow_app: ASGIApp) -> None:
        self._roots = roots
        self._mlflow_app = mlflow_app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A file of ours, or MLflow's answer, its errors included."""
        ours: Response | None = None
        if scope["type"] == "http" and scope["method"] in _READS and scope["path"] in (_OF_RUN, _OF_VERSION):
            ours = await anyio.to_thread.run_sync(self._file, Request(scope))
        await (self._mlflow_app if ours is None else ours)(scope, receive, send)

    def _file(self, request: Request) -> Response | None:
        asked, path = request.query_params, request.query_params.get("path", "")
        try:
            if request.url.path == _OF_VERSION:
                root = self._roots.of_version(asked.get("name", ""), asked.get("version", ""))
            else:
                root = self._roots.of_run(asked.get("run_id") or asked.get("run_uuid") or "")
            target = inside(root.folder, path) if root.folder else ""
        except RouteError:
            return None
        if not os.path.isfile(target):
            return None
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        headers = {
            "Content-Type": kind,
            "Content-Disposition": disposition(path, "attachment"),
            **guards(None),
        }
        return file_response(request, target, headers)
