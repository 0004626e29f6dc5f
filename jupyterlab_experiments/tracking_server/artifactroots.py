"""Where the artifacts of a run, a logged model or a model version are."""

from __future__ import annotations

import os
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from .database import Database
from .errors import BadRequestError, NotFoundError
from .settings import Settings

if TYPE_CHECKING:
    from mlflow import MlflowClient

_URI = pa.schema([("uri", pa.string())])


@dataclass(frozen=True)
class Root:
    """An artifact URI, and its folder when it is on this machine."""

    uri: str
    folder: str | None


class ArtifactRoots:
    """Finds roots by id; raises NotFoundError. Every call may block."""

    def __init__(self, settings: Settings, database: Database, is_confined: bool = False) -> None:
        """Confined, it knows only what lies below the server's own root: users choose other places freely."""
        self._settings = settings
        self._database = database
        self._is_confined = is_confined

    def of_run(self, run_id: str) -> Root:
        """Artifacts of a run."""
        uri = self._read("select artifact_uri from runs where run_uuid = ?", run_id)
        return self._root(uri or self._ask(lambda client: client.get_run(run_id).info.artifact_uri))

    def of_model(self, model_id: str) -> Root:
        """Artifacts of a logged model."""
        uri = self._read("select artifact_location from logged_models where model_id = ?", model_id)
        return self._root(
            uri or self._ask(lambda client: client.get_logged_model(model_id).artifact_location)
        )

    def of_version(self, name: str, version: str) -> Root:
        """Artifacts of a model version."""
        return self._root(self._ask(lambda client: client.get_model_version_download_uri(name, version)))

    def _read(self, sql: str, id_: str) -> str | None:
        """The URI in the table; None for stores without tables."""
        if self._database.dialect is None:
            return None
        if self._database.exists():
            with self._database.reader() as reader:
                found = reader.read(sql, [id_], _URI)["uri"].to_pylist()
            if found and found[0]:
                return str(found[0])
        raise NotFoundError(f"There is no {id_} in this store.")

    def _ask(self, question: Callable[[MlflowClient], Any]) -> str:
        # Asking MLflow would make the file.
        if not self._database.exists():
            raise NotFoundError("This store has nothing in it yet.")
        from mlflow.exceptions import MlflowException

        from mlflow import MlflowClient

        tracking_uri = self._settings.tracking_uri
        try:
            return str(question(MlflowClient(tracking_uri, self._settings.registry_uri or tracking_uri)))
        except MlflowException as error:
            raise NotFoundError(error.message) from error

    def _root(self, uri: str) -> Root:
        artifact_root = self._settings.artifact_root
        folder = local_folder(uri, artifact_root)
        if folder is None and uri.startswith("mlflow-artifacts:/") and "://" in artifact_root:
            # Here, where what is proxied is kept.
            path = urllib.parse.urlparse(uri).path
            uri = f"{artifact_root.rstrip('/')}/{path.lstrip('/')}"
        if self._is_confined and not is_below(uri, folder, artifact_root):
            raise NotFoundError("This server does not keep these artifacts itself.")
        return Root(uri, folder)


def local_folder(uri: str, artifact_root: str) -> str | None:
    """Pure: the folder of an artifact URI, None for one that is elsewhere."""
    parsed = urllib.parse.urlparse(uri)
    if parsed.scheme == "mlflow-artifacts" and not parsed.netloc:
        destination = local_folder(artifact_root, "") if artifact_root else None
        return os.path.join(destination, parsed.path.lstrip("/")) if destination else None
    if parsed.scheme == "file":
        return os.path.abspath(urllib.request.url2pathname(parsed.path))
    is_drive = sys.platform == "win32" and len(parsed.scheme) == 1
    # Not the parsed path: in a plain path `#` and `?` are ordinary letters.
    return os.path.abspath(uri) if not parsed.scheme or is_drive else None


def is_below(uri: str, folder: str | None, artifact_root: str) -> bool:
    """Whether artifacts lie below a root, both on this machine or both elsewhere."""
    root = local_folder(artifact_root, "") if artifact_root else None
    if folder is None:
        # A store elsewhere may fold `..` in its own way.
        segments = urllib.parse.unquote(urllib.parse.unquote(uri)).split("/")
        return (
            root is None
            and bool(artifact_root)
            and uri.startswith(f"{artifact_root.rstrip('/')}/")
            and (".." not in segments)
        )
    return root is not None and os.path.realpath(folder).startswith(os.path.realpath(root) + os.sep)


def inside(folder: str, path: str) -> str:
    """A path below a folder; raises BadRequestError for one that leaves it, by its segments or by a link."""
    for reading in (path, urllib.parse.unquote(path)):
        if "\0" in reading or any(segment in (".", "..") for segment in reading.split("/")):
            raise BadRequestError("The path leaves the artifacts of the run.")
    if path.startswith("/") or "//" in path:
        raise BadRequestError("The path has an empty segment.")
    target, root = os.path.realpath(os.path.join(folder, path)), os.path.realpath(folder)
    if target != root and not target.startswith(root.rstrip(os.sep) + os.sep):
        raise BadRequestError("The path leaves the artifacts of the run.")
    return target
