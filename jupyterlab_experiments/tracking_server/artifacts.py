"""HTTP of one artifact: looked at, fetched, uploaded; a folder as a zip."""

from __future__ import annotations

import os
import posixpath
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..preview import preview_headers
from .artifactroots import ArtifactRoots, Root, inside
from .elsewhere import answer_elsewhere
from .errors import BadRequestError, NotFoundError
from .files import TemporaryFolderResponse, file_response, zip_response
from .permits import Permits

_METHODS = ["GET", "HEAD", "PUT"]
_WRITE_BYTES = 1024 * 1024


class ArtifactRoutes:
    """`artifacts/<run id>/<path>` and `artifacts/models/<model id>/<path>`."""

    def __init__(self, roots: ArtifactRoots, permits: Permits) -> None:
        self._roots = roots
        self._permits = permits

    def routes(self) -> list[Route]:
        """Relative to our prefix."""
        return [
            Route("/artifacts/models/{id}", self._of_model, methods=_METHODS),
            Route("/artifacts/models/{id}/{path:path}", self._of_model, methods=_METHODS),
            Route("/artifacts/{id}", self._of_run, methods=_METHODS),
            Route("/artifacts/{id}/{path:path}", self._of_run, methods=_METHODS),
        ]

    async def _of_run(self, request: Request) -> Response:
        await self._permits.artifacts(request, f"runs/{request.path_params['id']}")
        return await _answer(request, self._roots.of_run)

    async def _of_model(self, request: Request) -> Response:
        await self._permits.artifacts(request, f"models/{request.path_params['id']}")
        return await _answer(request, self._roots.of_model)


async def _answer(request: Request, find: Callable[[str], Root]) -> Response:
    path = request.path_params.get("path", "")
    inside("/", path)
    root = await anyio.to_thread.run_sync(find, request.path_params["id"])
    if request.method == "PUT":
        if not path or path.endswith("/"):
            raise BadRequestError("An upload needs the path of a file.")
        await _upload(request, root, path)
        return JSONResponse({})
    return await anyio.to_thread.run_sync(_download, request, root, path.rstrip("/"))


def _download(request: Request, root: Root, path: str) -> Response:
    if root.folder is None:
        return answer_elsewhere(request, root.uri, path)
    return _serve(request, inside(root.folder, path), path)


def _serve(request: Request, target: str, path: str) -> Response:
    if os.path.isdir(target):
        return zip_response(request, target, posixpath.basename(path))
    if not os.path.isfile(target):
        raise NotFoundError(f"There is no artifact {path!r}.")
    return file_response(request, target, preview_headers(path))


async def _upload(request: Request, root: Root, path: str) -> None:
    if root.folder is not None:
        target = await anyio.to_thread.run_sync(inside, root.folder, path)
        # Beside the artifacts, not among them, so that a half upload is never listed.
        beside = os.path.dirname(root.folder.rstrip(os.sep))
        part = os.path.join(beside, f".upload-{secrets.token_hex(8)}")
        await _receive(request, part, lambda: _move(part, target))
        return
    folder = tempfile.mkdtemp(prefix="jupyterlab-experiments-")
    part = os.path.join(folder, posixpath.basename(path))
    try:
        await _receive(request, part, lambda: _log(root.uri, part, posixpath.dirname(path)))
    finally:
        TemporaryFolderResponse.remove(folder)


async def _receive(request: Request, part: str, finish: Callable[[], None]) -> None:
    """The body into a file, then `finish`; nothing is left of a body that was cut."""
    await anyio.to_thread.run_sync(lambda: os.makedirs(os.path.dirname(part), exist_ok=True))
    try:
        async with await anyio.open_file(part, "wb", buffering=_WRITE_BYTES) as file:
            async for chunk in request.stream():
                await file.write(chunk)
        await anyio.to_thread.run_sync(finish)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(part)


def _move(part: str, target: str) -> None:
    if os.path.isdir(target):
        raise BadRequestError("There is a folder of that name.")
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.replace(part, target)
    except (FileExistsError, NotADirectoryError) as error:
        raise BadRequestError("A part of the path is a file.") from error


def _log(uri: str, part: str, folder: str) -> None:
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    repository: Any = get_artifact_repository(uri)
    repository.log_artifact(part, folder or None)
