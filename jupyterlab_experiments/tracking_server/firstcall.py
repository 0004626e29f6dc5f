"""What both servers know of a store's first call: which requests make it, and how an SQLite file is made."""

from __future__ import annotations

import os

from sqlalchemy.engine import make_url

from .. import tracking_uri as uris
from ..newsqlite import make_whole
from .settings import Settings

#: Paths that MLflow answers without its store.
WITHOUT_STORE = ("/health", "/version", "/api/2.0/mlflow-artifacts/", "/static-files/")
_REGISTRY = ("/registered-models", "/model-versions")


def is_of_registry(path: str) -> bool:
    """Whether a request opens MLflow's registry store, and not its tracking store."""
    return any(part in path for part in _REGISTRY)


def _sqlite_file(uri: str) -> str | None:
    if uris.sqlite_path(uri) is None:
        return None
    # As MLflow will open it: SQLAlchemy 2.1 decodes `%20`, 2.0 takes it as it stands.
    return os.path.abspath(make_url(uri).database or "")


def make_missing(settings: Settings) -> None:
    """Make the SQLite file whole, if it is one that is not there yet and its folder is."""
    path = _sqlite_file(settings.tracking_uri)
    if path is None or os.path.exists(path) or not os.path.isdir(os.path.dirname(path)):
        return

    def build(uri: str) -> None:
        from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

        store = SqlAlchemyStore(uri, settings.artifact_root)  # type: ignore[no-untyped-call]
        store.engine.dispose()

    make_whole(settings.tracking_uri, path, build)
