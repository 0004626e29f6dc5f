"""MLflow's store, wrapped where it is built, so that every write of a run is seen."""

from __future__ import annotations

import functools
import inspect
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, NamedTuple

from . import hook, reach, schema, tracking
from .guard import quietly

_RUN_WRITES = (
    *("create_run", "update_run_info", "delete_run", "restore_run", "log_metric", "log_param", "log_batch"),
    *("set_tag", "delete_tag", "log_inputs", "log_outputs", "record_logged_model", "create_logged_model"),
    *("finalize_logged_model", "log_logged_model_params", "set_logged_model_tags"),
    *("delete_logged_model_tag", "delete_logged_model", "create_experiment", "rename_experiment"),
    *("delete_experiment", "restore_experiment", "set_experiment_tag"),
)
_REGISTRY_WRITES = (
    *("create_registered_model", "rename_registered_model", "update_registered_model"),
    *("delete_registered_model", "set_registered_model_tag", "delete_registered_model_tag"),
    *("set_registered_model_alias", "delete_registered_model_alias", "create_model_version"),
    *("update_model_version", "delete_model_version", "transition_model_version_stage"),
    *("set_model_version_tag", "delete_model_version_tag"),
)
_READS = ("get_experiment", "get_experiment_by_name")


class Write(NamedTuple):
    """One call that changed the store, or read an experiment; arguments by name."""

    store: Any
    method: str
    arguments: dict[str, Any]
    result: Any


sinks: list[Callable[[Write], None]] = []
"""Told of each outermost write after it has succeeded; may not raise into the caller."""

editors: dict[str, Callable[[dict[str, Any]], None]] = {}
"""By method: may change the arguments of a call before it is made."""

_depth = threading.local()


def install() -> None:
    """Wraps the stores of this process, those of an MLflow that is imported already too."""
    hook.when_imported("mlflow.tracking._tracking_service.utils", _wrap_tracking)
    hook.when_imported("mlflow.tracking._model_registry.registry", _wrap_registry)


def _wrap_tracking(utils: ModuleType) -> None:
    registry = utils._tracking_store_registry
    original = registry.get_store_builder
    if getattr(original, "is_wrapped", False):
        return

    def get_store_builder(store_uri: str) -> Callable[..., Any]:
        builder: Callable[..., Any] = original(store_uri)

        @functools.wraps(builder)
        def build(store_uri: str, artifact_uri: str | None = None, **more: Any) -> Any:
            artifact_uri = artifact_uri or tracking.artifact_root_of(store_uri)
            with _without_chatter(store_uri):
                _make_embedded(store_uri, functools.partial(builder, artifact_uri=artifact_uri))
                store = builder(store_uri=store_uri, artifact_uri=artifact_uri, **more)
            return _instrumented(store, store_uri)

        return build

    get_store_builder.is_wrapped = True  # type: ignore[attr-defined]
    registry.get_store_builder = get_store_builder
    type(registry)._get_store_with_resolved_uri.cache_clear()


def _wrap_registry(module: ModuleType) -> None:
    kind = module.ModelRegistryStoreRegistry
    original = kind.get_store_builder
    if getattr(original, "is_wrapped", False):
        return

    def get_store_builder(self: Any, store_uri: str) -> Callable[..., Any]:
        builder: Callable[..., Any] = original(self, store_uri)

        @functools.wraps(builder)
        def build(*args: Any, **kwargs: Any) -> Any:
            uri = str(kwargs.get("store_uri") or (args[0] if args else ""))
            with _without_chatter(uri):
                _make_embedded(uri, builder)
                store = builder(*args, **kwargs)
            return _instrumented(store, uri)

        return build

    get_store_builder.is_wrapped = True  # type: ignore[attr-defined]
    kind.get_store_builder = get_store_builder
    kind._get_store_with_resolved_uri.cache_clear()


@contextmanager
def _without_chatter(uri: str) -> Iterator[None]:
    """Keeps out of the user's first cell what MLflow says while it makes our embedded store."""
    # Alembic's own configuration resets the levels of its loggers: only the threshold of all helps.
    before = logging.root.manager.disable
    if tracking.artifact_root_of(uri) is not None:
        logging.disable(max(before, logging.INFO))
    try:
        yield
    finally:
        logging.disable(before)


def _make_embedded(uri: str, builder: Callable[..., Any]) -> None:
    """Makes the database of an embedded store of ours, if there is none; others may look for it just now."""
    path = schema.sqlite_path(uri)
    if path is None or os.path.exists(path) or tracking.connection_of(uri) is None:
        return
    with quietly("making the store"):
        from ..newsqlite import make_whole

        make_whole(uri, path, lambda unfinished: builder(store_uri=unfinished).engine.dispose())


def _instrumented(store: Any, uri: str) -> Any:
    with quietly("wrapping a store"):
        kind: Any = type(store)
        store.__class__ = _subclass(kind)
        queue: Any = getattr(store, "_async_logging_queue", None)
        if hasattr(queue, "_logging_func"):
            # The queue holds a method that was bound before the class changed.
            queue._logging_func = store.log_batch
        if tracking.is_foreign(uri) and hasattr(store, "get_host_creds"):
            store.get_host_creds = _without_our_token(store.get_host_creds)
        if tracking.is_our_address(uri) and hasattr(store, "get_host_creds"):
            store.get_host_creds = reach.checked(uri, store.get_host_creds)
    return store


def _without_our_token(get_host_creds: Callable[[], Any]) -> Callable[[], Any]:
    ours = os.environ.get("MLFLOW_TRACKING_TOKEN")

    def credentials() -> Any:
        found = get_host_creds()
        if getattr(found, "token", None) == ours:
            found.token = None
        return found

    return credentials


@functools.cache
def _subclass(kind: Any) -> Any:
    if getattr(kind, "is_seen_by_experiments", False):
        return kind
    methods: dict[str, Any] = {"is_seen_by_experiments": True, "__module__": kind.__module__}
    for name in (*_RUN_WRITES, *_REGISTRY_WRITES, *_READS):
        original = getattr(kind, name, None)
        if callable(original):
            methods[name] = _seen(name, original)
    return type(kind)(kind.__name__, (kind,), methods)


def _seen(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
    parameters = list(inspect.signature(original).parameters)[1:]

    @functools.wraps(original)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        # Stores call their own public methods; only the outermost call is a write of its own.
        if getattr(_depth, "value", 0):
            return original(self, *args, **kwargs)
        _depth.value = 1
        try:
            if name in editors and len(args) <= len(parameters):
                kwargs, args = {**dict(zip(parameters, args, strict=False)), **kwargs}, ()
                with quietly(f"editing {name}"):
                    editors[name](kwargs)
            result = original(self, *args, **kwargs)
        finally:
            _depth.value = 0
        write = Write(self, name, {**dict(zip(parameters, args, strict=False)), **kwargs}, result)
        for sink in sinks:
            with quietly(f"sink of {name}"):
                sink(write)
        return result

    return call
