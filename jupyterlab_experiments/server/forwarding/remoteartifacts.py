"""Artifacts of a remote MLflow server: one file, a folder as a zip, an upload; by the routes that it has."""

from __future__ import annotations

import functools
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from urllib.parse import quote

import httpx

from ..errors import AnswerLost, BadRequest, BodyTooLarge, NoSuchArtifact, NoSuchRoute
from .exchange import Answer, Exchange, Outgoing
from .headers import answer_headers, file_headers, request_headers, zip_headers
from .listing import Entry, Listing
from .questions import ask
from .ranges import Span, cut, span_of
from .target import Artifact, Target
from .zipping import zip_of

_API, _AJAX = "api/2.0/mlflow", "ajax-api/2.0/mlflow"
_PROXY = "api/2.0/mlflow-artifacts/artifacts"
# Two slashes would name a host: the store of another server.
_PROXIED = re.compile(r"^mlflow-artifacts:(?:///)?/?([^/].*)$")
_KEPT_ROOTS = 1000
_CHUNK_BYTES = 256 * 1024
#: What MLflow takes by `upload-artifact`.
_MOST_UPLOAD_BYTES = 10 * 1024 * 1024


class RemoteArtifacts:
    """Answers `artifacts/…` for the connections whose server does not have our routes."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._roots: OrderedDict[tuple[str, str], str] = OrderedDict()

    @asynccontextmanager
    async def answer(self, connection_id: str, outgoing: Outgoing) -> AsyncIterator[Answer]:
        """The answer to a request for an artifact. Raises an ExperimentsError."""
        artifact = outgoing.target.artifact
        assert artifact is not None
        root = await self._root(connection_id, artifact)
        if outgoing.method == "PUT":
            upload = _upload(outgoing, artifact, root)
            async with self._exchange(connection_id, upload) as response:
                yield _relayed(response, upload.target)
        elif outgoing.method in ("GET", "HEAD"):
            listing = Listing(functools.partial(ask, self._exchange, connection_id), artifact)
            entry = await listing.find(artifact.path)
            if entry.is_folder:
                yield await self._zip(connection_id, outgoing, (listing, entry, root))
            else:
                async with self._file(connection_id, outgoing, (entry, root)) as found:
                    yield found
        else:
            raise NoSuchRoute("An artifact is read by GET and written by PUT.")

    async def _root(self, connection_id: str, artifact: Artifact) -> str:
        key = (connection_id, artifact.owner_id)
        if key not in self._roots:
            route = f"logged-models/{artifact.owner_id}" if artifact.is_of_model else "runs/get"
            query = "" if artifact.is_of_model else f"run_id={artifact.owner_id}"
            target = Target(f"{_API}/{route}", query, "rest", "read")
            found = await ask(self._exchange, connection_id, target)
            self._roots[key] = _artifact_uri(found.get("model" if artifact.is_of_model else "run"))
            while len(self._roots) > _KEPT_ROOTS:
                self._roots.popitem(last=False)
        return self._roots[key]

    @asynccontextmanager
    async def _file(
        self, connection_id: str, outgoing: Outgoing, where: tuple[Entry, str]
    ) -> AsyncIterator[Answer]:
        entry, root = where
        artifact = outgoing.target.artifact
        assert artifact is not None
        asked = replace(outgoing, target=_file_target(artifact, root), body=None)
        async with self._exchange(connection_id, asked) as response:
            is_known = outgoing.method == "HEAD" and response.status_code == 405 and entry.size is not None
            if is_known:
                # MLflow's streamed route knows no HEAD, but the list had the size.
                kept = [pair for pair in file_headers(response, entry.path) if pair[0] != "Content-Length"]
                yield Answer(200, "OK", [*kept, ("Content-Length", str(entry.size))], _nothing())
            elif response.status_code >= 400:
                yield _relayed(response, asked.target)
            else:
                yield _file_answer(response, outgoing.headers, entry)

    async def _zip(self, connection_id: str, outgoing: Outgoing, where: tuple[Listing, Entry, str]) -> Answer:
        listing, entry, root = where
        # Before the first byte, so that an error is a status and not half a zip.
        async with aclosing(listing.folder(entry.path)) as first:
            if await anext(first, None) is None:
                raise NoSuchArtifact(f"There is no artifact “{entry.path}”.")
        artifact = outgoing.target.artifact
        assert artifact is not None

        @asynccontextmanager
        async def fetch(path: str) -> AsyncIterator[AsyncIterator[bytes]]:
            target = _file_target(replace(artifact, path=path), root)
            request = Outgoing("GET", target, request_headers({}, has_body=False), None)
            async with self._exchange(connection_id, request) as response:
                if response.status_code != 200:
                    raise AnswerLost(f"An artifact answered {response.status_code}.")
                yield response.aiter_bytes(_CHUNK_BYTES)

        name = entry.path.rpartition("/")[2]
        body = _nothing() if outgoing.method == "HEAD" else zip_of(_named(listing, entry.path), fetch)
        return Answer(200, "OK", zip_headers(name), body)


async def _named(listing: Listing, folder: str) -> AsyncIterator[tuple[str, str]]:
    async for file in listing.files_below(folder):
        name = file.path[len(folder) + 1 :] if folder else file.path
        # A separator where it is unpacked on Windows.
        yield name.replace("\\", "_"), file.path


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield


def _artifact_uri(found: object) -> str:
    info = found.get("info") if isinstance(found, dict) else None
    uri = info.get("artifact_uri") if isinstance(info, dict) else None
    return uri if isinstance(uri, str) else ""


def _proxied(root: str) -> str | None:
    """Path of a root below the server's own store of artifacts; None for a root elsewhere."""
    found = _PROXIED.match(root)
    return quote(found.group(1).rstrip("/"), safe="/%:=@!$&'()*+,;~") if found else None


def _file_target(artifact: Artifact, root: str) -> Target:
    proxied = _proxied(root)
    if proxied is not None:
        return Target(f"{_PROXY}/{proxied}/{quote(artifact.path)}", "", "rest", "read")
    path = quote(artifact.path, safe="")
    if artifact.is_of_model:
        route = f"{_AJAX}/logged-models/{artifact.owner_id}/artifacts/files"
        return Target(route, f"artifact_file_path={path}", "rest", "read")
    return Target("get-artifact", f"run_id={artifact.owner_id}&path={path}", "rest", "read")


def _upload(outgoing: Outgoing, artifact: Artifact, root: str) -> Outgoing:
    if not artifact.path or artifact.path.endswith("/"):
        raise BadRequest("An upload needs the path of a file.")
    if _proxied(root) is not None:
        return replace(outgoing, target=replace(_file_target(artifact, root), action="write"))
    if artifact.is_of_model:
        raise BadRequest("This tracking server takes artifacts of runs only, not of models.")
    length = outgoing.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > _MOST_UPLOAD_BYTES:
        raise BodyTooLarge(
            "This tracking server does not keep artifacts itself: it takes files of at most 10 MB, whose "
            "size is told first. Log larger ones from a notebook."
        )
    query = f"run_uuid={artifact.owner_id}&path={quote(artifact.path, safe='')}"
    target = Target(f"{_AJAX}/upload-artifact", query, "rest", "write")
    # As a form the body would be taken apart.
    headers = {**outgoing.headers, "content-type": "application/octet-stream"}
    return replace(outgoing, method="POST", target=target, headers=headers)


def _relayed(response: httpx.Response, target: Target) -> Answer:
    headers = list(answer_headers(response, target))
    return Answer(response.status_code, response.reason_phrase, headers, response.aiter_raw())


def _file_answer(response: httpx.Response, asked: Mapping[str, str], entry: Entry) -> Answer:
    headers, body = file_headers(response, entry.path), response.aiter_raw()
    span = _own_span(response, asked, entry)
    if span is None:
        return Answer(response.status_code, response.reason_phrase, headers, body)
    headers = [pair for pair in headers if pair[0] != "Content-Length"] + span.headers()
    if span.is_empty:
        return Answer(416, "Range Not Satisfiable", headers, _nothing())
    return Answer(206, "Partial Content", headers, cut(body, span))


def _own_span(response: httpx.Response, asked: Mapping[str, str], entry: Entry) -> Span | None:
    """The range to cut out here, where one was asked for and the server sends the whole file."""
    if response.status_code != 200 or "if-range" in asked or "content-encoding" in response.headers:
        return None
    length = response.headers.get("content-length", "")
    total = int(length) if length.isdecimal() else entry.size
    return None if total is None else span_of(asked.get("range"), total)
