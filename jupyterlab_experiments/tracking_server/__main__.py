"""`python -m jupyterlab_experiments.tracking_server --uds PATH --tracking-uri URI --artifact-root FOLDER`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from .lifeline import end_with_stdin
from .settings import Settings
from .wsgi import serve_wsgi

KEEP_ALIVE_S = 75
EXIT_SCHEMA = 3
EXIT_MLFLOW = 4
#: What to install for a missing module.
DRIVERS = {
    "psycopg2": "psycopg2-binary",
    "psycopg": "'psycopg[binary]'",
    "MySQLdb": "mysqlclient",
    "pymysql": "pymysql",
    "pyodbc": "pyodbc",
    "pymssql": "pymssql",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stdin ends; 3: the store was made by another MLflow, 4: something is not installed."""
    options = _options(arguments)
    _end_with_stdin(options.uds)
    settings = Settings(options.tracking_uri, options.artifact_root, options.registry_uri)
    os.environ.update(settings.environment())
    # Arrow's other pools keep what a large table took.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    try:
        message = _schema_problem(settings)
        if message:
            _tell("schema", message)
            return EXIT_SCHEMA
        _serve(settings, options.uds)
    except ImportError as error:
        _tell("mlflow", cannot_serve(error, settings))
        return EXIT_MLFLOW
    return 0


def cannot_serve(error: ImportError, settings: Settings) -> str:
    """What this interpreter lacks, and how it is installed."""
    missing = (error.name or "").partition(".")[0]
    driver = DRIVERS.get(missing)
    if driver:
        scheme = settings.tracking_uri.split(":", 1)[0]
        return f"{scheme} needs a driver: `{sys.executable} -m pip install {driver}`."
    wanted = "mlflow" if missing in ("", "mlflow") else f"mlflow` or `{missing}"
    return f"The MLflow of {sys.executable} cannot be served, install `{wanted}` there: {error}."


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
    def remove() -> None:
        with suppress(OSError):
            os.unlink(socket_path)

    end_with_stdin(remove)


def _schema_problem(settings: Settings) -> str | None:
    from .schema import SchemaMismatchError, check_schema

    try:
        for uri in dict.fromkeys([settings.tracking_uri, settings.registry_uri or settings.tracking_uri]):
            check_schema(uri)
    except SchemaMismatchError as mismatch:
        return str(mismatch)
    return None


def _serve(settings: Settings, socket_path: str) -> None:
    """MLflow 3 with our columns; MLflow 2, or an interpreter without Arrow, without them."""
    try:
        import uvicorn
        from mlflow.server.fastapi_app import app as mlflow_app

        from .app import make_app
    except ImportError as error:
        if (error.name or "").startswith("jupyterlab_experiments"):
            raise
        sys.stderr.write(f"The store is served without columns: {error}\n")
        serve_wsgi(settings, socket_path)
        return
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
