"""Artifacts that are not on this machine: through MLflow's own repositories, one file at a time."""

from __future__ import annotations

import os
import posixpath
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..preview import preview_headers
from ..zipsink import ZipSink
from .errors import NotFoundError
from .files import TemporaryFolderResponse, file_response, streamed_zip
from .zipping import packed

_PREFIX = "jupyterlab-experiments-"


def answer_elsewhere(request: Request, uri: str, path: str) -> Response:
    """A file, or a folder as a zip. Raises NotFoundError. May block."""
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    repository: Any = get_artifact_repository(uri)
    if repository.list_artifacts(path or None):
        return streamed_zip(request, _zip_of(repository, path), posixpath.basename(path))
    if not path:
        raise NotFoundError("There are no artifacts.")
    folder = tempfile.mkdtemp(prefix=_PREFIX)
    try:
        fetched = _fetch(repository, path, folder)
        return TemporaryFolderResponse(file_response(request, fetched, preview_headers(path)), folder)
    except BaseException:
        TemporaryFolderResponse.remove(folder)
        raise


def _fetch(repository: Any, path: str, folder: str) -> str:
    from mlflow.exceptions import MlflowException

    try:
        fetched = str(repository.download_artifacts(path, folder))
    except (MlflowException, OSError) as error:
        raise NotFoundError(f"There is no artifact {path!r}.") from error
    if not os.path.isfile(fetched):
        raise NotFoundError(f"There is no artifact {path!r}.")
    return fetched


def _zip_of(repository: Any, path: str) -> Iterator[bytes]:
    """A zip that never holds more than one file of the store on this machine."""
    sink = ZipSink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in _files(repository, path):
            folder = tempfile.mkdtemp(prefix=_PREFIX)
            try:
                entry = zipfile.ZipInfo(posixpath.relpath(file, path or "."), time.localtime()[:6])
                for _ in packed(archive, entry, _fetch(repository, file, folder)):
                    if part := sink.take():
                        yield part
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    yield sink.take()


def _files(repository: Any, path: str) -> Iterator[str]:
    for entry in repository.list_artifacts(path or None):
        if entry.is_dir:
            yield from _files(repository, entry.path)
        else:
            yield entry.path
