"""MLflow 2's server, a Flask app, on a Unix socket: with what MLflow 2 brings, without our columns."""

from __future__ import annotations

import json
import os
import threading
import urllib.parse
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib import metadata
from typing import Any

from .firstcall import WITHOUT_STORE, is_of_registry, make_missing
from .settings import Settings

PREFIX = "/jupyterlab-experiments/"
_ARTIFACTS = f"{PREFIX}artifacts/"
# Before it, werkzeug kept connections open that it could not end.
_CHUNKS_SINCE = (2, 3)

StartResponse = Callable[..., Any]
App = Callable[[Any, StartResponse], Iterable[bytes]]


class WithoutColumns:
    """MLflow's WSGI app; of our own routes only the artifacts of a run, by those that MLflow has for them."""

    def __init__(self, mlflow_app: App, settings: Settings) -> None:
        self._mlflow_app = mlflow_app
        self._settings = settings
        # MLflow opens its store with the first request, without a lock: two would both make its tables.
        self._tracking = threading.Lock()
        self._registry = threading.Lock()
        self._is_open: set[str] = set()

    def __call__(self, environ: Any, start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        path = environ.get("PATH_INFO", "")
        if path.startswith(PREFIX):
            translated = _translated(environ)
            if translated is None:
                return _no_such_route(start_response)
            environ = translated
        elif path.startswith(WITHOUT_STORE):
            return self._mlflow_app(environ, start_response)
        return self._with_store(environ, start_response)

    def _with_store(self, environ: Any, start_response: StartResponse) -> Iterable[bytes]:
        is_registry = is_of_registry(environ["PATH_INFO"])
        name, lock = ("registry", self._registry) if is_registry else ("tracking", self._tracking)
        if name in self._is_open:
            return self._mlflow_app(environ, start_response)
        with self._tracking:
            make_missing(self._settings)
        with lock:
            if name not in self._is_open:
                return self._first(name, environ, start_response)
        return self._mlflow_app(environ, start_response)

    def _first(self, name: str, environ: Any, start_response: StartResponse) -> Iterable[bytes]:
        def watch(status: str, *rest: Any) -> Any:
            if int(status.split(None, 1)[0]) < 500:
                self._is_open.add(name)
            return start_response(status, *rest)

        return self._mlflow_app(environ, watch)


def _translated(environ: Any) -> Any | None:
    """Our route for one artifact of a run as MLflow's; None for all else of ours."""
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    run_id, _, name = path[len(_ARTIFACTS) :].partition("/")
    if not path.startswith(_ARTIFACTS) or not run_id or not name or run_id == "models":
        return None
    if method in ("GET", "HEAD"):
        query = urllib.parse.urlencode({"run_id": run_id, "path": _text(name)})
        return {**environ, "PATH_INFO": "/get-artifact", "QUERY_STRING": query}
    if method != "PUT":
        return None
    query = urllib.parse.urlencode({"run_uuid": run_id, "path": _text(name)})
    route = "/ajax-api/2.0/mlflow/upload-artifact"
    return {**environ, "REQUEST_METHOD": "POST", "PATH_INFO": route, "QUERY_STRING": query}


def _text(raw: str) -> str:
    """WSGI gives paths as Latin-1."""
    return raw.encode("latin-1").decode("utf-8", "replace")


def _no_such_route(start_response: StartResponse) -> Iterable[bytes]:
    message = "This store is served by an MLflow without columns."
    body = json.dumps({"error_code": "ENDPOINT_NOT_FOUND", "message": message}).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response("404 NOT FOUND", headers)
    return [body]


def serve_wsgi(settings: Settings, socket_path: str) -> None:
    """Serve MLflow's Flask app until the process ends. Raises ImportError where MLflow has no server."""
    from mlflow.server import app, handlers
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        """Silent, and in HTTP/1.1 a cut answer shows."""

        protocol_version = "HTTP/1.1" if _werkzeug_version() >= _CHUNKS_SINCE else "HTTP/1.0"

        def log_request(self, *_: Any, **__: Any) -> None:
            """Nothing: an error tells itself."""

    _add_databricks(handlers)
    with suppress(FileNotFoundError):
        os.unlink(socket_path)
    bridge: Any = WithoutColumns(app, settings)
    host = f"unix://{socket_path}"
    server = make_server(host, 0, bridge, threaded=True, request_handler=Handler)
    server.serve_forever()


def _werkzeug_version() -> tuple[int, ...]:
    return tuple(int(part) for part in metadata.version("werkzeug").split(".")[:2] if part.isdigit())


def _add_databricks(handlers: Any) -> None:
    """MLflow 2's client opens Databricks' stores, its server does not."""
    tracking, registry = handlers._tracking_store_registry, handlers._model_registry_store_registry
    if "databricks" not in tracking._registry:
        tracking.register("databricks", _databricks_runs)
    for scheme in ("databricks", "databricks-uc"):
        if scheme not in registry._registry:
            registry.register(scheme, _databricks_models)


def _databricks_runs(store_uri: str, **_: Any) -> Any:
    from mlflow.tracking._tracking_service import utils

    open_store: Any = utils._get_store
    return open_store(store_uri)


def _databricks_models(store_uri: str, **_: Any) -> Any:
    from mlflow.tracking._model_registry import utils

    open_store: Any = utils._get_store
    return open_store(store_uri, os.environ.get("MLFLOW_TRACKING_URI"))
