"""Files → HTTP answers: whole, a range, or “not modified”."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from ..preview import disposition, guards
from .zipping import zip_of


class TemporaryFolderResponse(Response):
    """An answer out of a folder that goes when it was sent, or the client left."""

    def __init__(self, response: Response, folder: str) -> None:
        self._response = response
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send, then remove the folder."""
        try:
            await self._response(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(self.remove, self._folder)

    @staticmethod
    def remove(folder: str) -> None:
        """Remove such a folder."""
        shutil.rmtree(folder, ignore_errors=True)


def file_response(request: Request, path: str, headers: Mapping[str, str]) -> Response:
    """A file with ETag and ranges; 304 where the client has it already."""
    response = FileResponse(path, headers=headers, stat_result=os.stat(path))
    if _has_it(request.headers.get("if-none-match"), response.headers["etag"]):
        kept = {name: response.headers[name] for name in ("etag", "last-modified", "cache-control")}
        return Response(status_code=304, headers=kept)
    return response


def zip_response(request: Request, folder: str, name: str) -> Response:
    """A folder, zipped on the way."""
    return streamed_zip(request, zip_of(folder), name)


def streamed_zip(request: Request, parts: Iterator[bytes], name: str) -> Response:
    """A zip that is made on the way."""
    headers = {**guards(None), "Content-Disposition": disposition(f"{name or 'artifacts'}.zip", "attachment")}
    if request.method == "HEAD":
        return Response(media_type="application/zip", headers=headers)
    return StreamingResponse(parts, media_type="application/zip", headers=headers)


def _has_it(if_none_match: str | None, etag: str) -> bool:
    if not if_none_match:
        return False
    offered = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in offered or etag in offered
