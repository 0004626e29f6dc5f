"""A real `mlflow server` for a test, and a store of the S3 kind for its artifacts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import httpx


class Served:
    """A server process in a session of its own, from `with` on, at `uri`."""

    def __init__(self, command: Sequence[str], folder: Path, uri: str, environ: dict[str, str]) -> None:
        self.uri = uri
        self._command = list(command)
        self._folder = folder
        self._environ = environ
        self._stack = ExitStack()

    def __enter__(self) -> Served:
        """Returns once it answers."""
        self.start()
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, perhaps again, and wait for its answer."""
        log = self._stack.enter_context((self._folder / "server.log").open("a"))
        self.process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            env=self._environ,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if httpx.get(f"{self.uri}/health").status_code < 500:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        self.stop()
        raise AssertionError((self._folder / "server.log").read_text())

    def stop(self) -> None:
        """End it and what it started."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(20)
        self._stack.close()


def mlflow_server(
    folder: Path, port: int, arguments: Sequence[str] = (), python: str = sys.executable, **environ: str
) -> Served:
    """`mlflow server` on an SQLite file in a folder, with one worker."""
    command = [python, "-m", "mlflow", "server", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", "sqlite:///m.db", *arguments]
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MLFLOW", "JUPYTERLAB"))}
    return Served(command, folder, f"http://127.0.0.1:{port}", {**own, **quiet, **environ})


def users_environ(folder: Path, admin_password: str, permission: str) -> dict[str, str]:
    """Variables of a server with MLflow's `basic-auth`, where all have a permission on everything."""
    (folder / "auth.ini").write_text(
        f"[mlflow]\ndefault_permission = {permission}\ndatabase_uri = sqlite:///auth.db\n"
        f"admin_username = admin\nadmin_password = {admin_password}\n"
        "authorization_function = mlflow.server.auth:authenticate_request_basic_auth\n"
        # Else each question takes a tenth of a second of hashing.
        "auth_cache_ttl_seconds = 600\n"
    )
    return {
        "MLFLOW_AUTH_CONFIG_PATH": str(folder / "auth.ini"),
        "MLFLOW_FLASK_SERVER_SECRET_KEY": "for a test",
    }


#: What a process needs to use the store of `s3_server`.
S3_KEYS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def s3_server(folder: Path, port: int) -> Served:
    """A store of the S3 kind in memory; make a bucket before it is used."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    return Served(command, folder, f"http://127.0.0.1:{port}", {**os.environ, **S3_KEYS})
