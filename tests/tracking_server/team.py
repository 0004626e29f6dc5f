"""A team's own `mlflow server` with users and our plugin, as a process."""

from __future__ import annotations

import importlib.metadata
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from jupyterlab_experiments.tracking_server import plugin

from .child import PREFIX, TOP

API = "/api/2.0/mlflow"
PASSWORDS = {"admin": "administrator's password", "ana": "the password of ana", "bob": "the password of bob"}


def entry_point(folder: Path) -> str:
    """A folder for PYTHONPATH with the entry point of pyproject.toml, where none is installed yet."""
    if any(
        entry.name == "jupyterlab-experiments"
        for entry in importlib.metadata.entry_points(group="mlflow.app")
    ):
        return ""
    section = '[project.entry-points."mlflow.app"]\n'
    line = (TOP / "pyproject.toml").read_text(encoding="utf-8").split(section)[1].splitlines()[0]
    described = folder / "entry_point-1.dist-info"
    described.mkdir(parents=True)
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: entry-point\nVersion: 1\n")
    (described / "entry_points.txt").write_text(f"[mlflow.app]\n{line.replace(chr(34), '')}\n")
    return str(folder)


def environment(folder: Path) -> dict[str, str]:
    (folder / "auth.ini").write_text(
        "[mlflow]\ndefault_permission = NO_PERMISSIONS\ndatabase_uri = sqlite:///auth.db\n"
        f"admin_username = admin\nadmin_password = {PASSWORDS['admin']}\n"
        "authorization_function = mlflow.server.auth:authenticate_request_basic_auth\n"
        # Else each question takes a tenth of a second of hashing.
        "auth_cache_ttl_seconds = 600\n"
    )
    paths = [entry_point(folder / "site"), str(TOP)]
    environ = {
        **os.environ,
        plugin.AUTH_VARIABLE: "basic-auth",
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "MLFLOW_AUTH_CONFIG_PATH": str(folder / "auth.ini"),
        "MLFLOW_FLASK_SERVER_SECRET_KEY": "for a test",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
    environ.pop("MLFLOW_TRACKING_URI", None)
    return environ


@dataclass(frozen=True)
class Team:
    """A running server, and what was made on it: ana has one experiment, the administrator another."""

    address: str
    anas: tuple[str, str, str]
    secret: tuple[str, str, str]

    def ask(self, user: str | None, method: str, route: str, **options: Any) -> httpx.Response:
        auth = (user, PASSWORDS[user]) if user else None
        return httpx.request(method, f"{self.address}{PREFIX}/{route}", auth=auth, timeout=30, **options)


@contextmanager
def team_server(folder: Path) -> Iterator[Team]:
    """Runs until the end of the `with` block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "mlflow",
        "server",
        "--app-name",
        "jupyterlab-experiments",
        "--workers",
        "1",
    ]
    command += ["--port", str(port), "--backend-store-uri", f"sqlite:///{folder}/mlflow.db"]
    with open(folder / "log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(command, env=environment(folder), cwd=folder, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process, folder / "log")
        yield filled(address)
    finally:
        process.terminate()
        process.wait(20)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{address}/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def filled(address: str) -> Team:
    def post(user: str, route: str, **body: Any) -> Any:
        answer = httpx.post(f"{address}{API}/{route}", json=body, auth=(user, PASSWORDS[user]), timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    for user in ("ana", "bob"):
        post("admin", "users/create", username=user, password=PASSWORDS[user])

    def experiment(user: str) -> tuple[str, str, str]:
        id_ = post(user, "experiments/create", name=f"of {user}")["experiment_id"]
        run_id = post(user, "runs/create", experiment_id=id_, start_time=1)["run"]["info"]["run_id"]
        post(user, "runs/log-metric", run_id=run_id, key="loss", value=1.5, timestamp=1, step=0)
        model = post(user, "logged-models", experiment_id=id_, name="m", source_run_id=run_id)
        return id_, run_id, model["model"]["info"]["model_id"]

    return Team(address, experiment("ana"), experiment("admin"))
