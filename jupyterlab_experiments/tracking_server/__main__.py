"""`python -m jupyterlab_experiments.tracking_server --uds PATH --tracking-uri URI --artifact-root FOLDER`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from .settings import Settings

KEEP_ALIVE_S = 75
EXIT_SCHEMA = 3
EXIT_MLFLOW = 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stdin ends; 3 when the store was made by another MLflow, 4 when this one is too old."""
    options = _options(arguments)
    _end_with_stdin(options.uds)
    settings = Settings(options.tracking_uri, options.artifact_root, options.registry_uri)
    os.environ.update(settings.environment())
    # Arrow's other pools keep what a large table took.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    message = _schema_problem(settings)
    if message:
        _tell("schema", message)
        return EXIT_SCHEMA
    try:
        from mlflow.server.fastapi_app import app as mlflow_app
    except ImportError as error:
        _tell("mlflow", f"The MLflow of {sys.executable} cannot be served; MLflow 3 is needed: {error}")
        return EXIT_MLFLOW
    _serve(settings, mlflow_app, options.uds)
    return 0


def _tell(error: str, message: str) -> None:
    """The last line on stderr, for whoever started us."""
    sys.stderr.write(json.dumps({"error": error, "message": message}) + "\n")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uds", required=True, help="Unix socket to listen on; its folder must be private")
    parser.add_argument("--tracking-uri", required=True)
    parser.add_argument("--registry-uri")
    parser.add_argument("--artifact-root", required=True, help="absolute folder, or URI of an artifact store")
    options = parser.parse_args(arguments)
    if "://" not in options.artifact_root and not os.path.isabs(options.artifact_root):
        parser.error("--artifact-root must be absolute")
    return options


def _end_with_stdin(socket_path: str) -> None:
    """Whoever started us holds the other end of stdin: when that process is gone, so are we."""

    def wait() -> None:
        while os.read(0, 4096):
            continue
        with suppress(OSError):
            os.unlink(socket_path)
        os._exit(0)

    threading.Thread(target=wait, name="stdin", daemon=True).start()


def _schema_problem(settings: Settings) -> str | None:
    from .schema import SchemaMismatchError, check_schema

    try:
        for uri in dict.fromkeys([settings.tracking_uri, settings.registry_uri or settings.tracking_uri]):
            check_schema(uri)
    except SchemaMismatchError as mismatch:
        return str(mismatch)
    return None


def _serve(settings: Settings, mlflow_app: Any, socket_path: str) -> None:
    import uvicorn

    from .app import make_app

    with suppress(FileNotFoundError):
        os.unlink(socket_path)
    config = uvicorn.Config(
        make_app(settings, mlflow_app),
        uds=socket_path,
        timeout_keep_alive=KEEP_ALIVE_S,
        log_level="warning",
        access_log=False,
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    sys.exit(main())
