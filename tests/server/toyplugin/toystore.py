"""A plugin of MLflow for `toy://name`: a store in one file of the folder that TOY_FOLDER names."""

from __future__ import annotations

import os
from typing import Any

from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore as RegistryStore
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore as TrackingStore


def _file_of(uri: str, kind: str) -> str:
    name = uri[len("toy://") :]
    return f"sqlite:///{os.environ['TOY_FOLDER']}/{name}-{kind}.db"


class ToyTracking(TrackingStore):
    """Runs."""

    def __init__(self, store_uri: str, artifact_uri: str | None = None, **_: Any) -> None:
        super().__init__(_file_of(store_uri, "runs"), artifact_uri)


class ToyRegistry(RegistryStore):
    """Registered models."""

    def __init__(self, store_uri: str, **_: Any) -> None:
        super().__init__(_file_of(store_uri, "models"))
