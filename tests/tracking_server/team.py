"""A team's own `mlflow server` with users and our plugin, as a process."""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from jupyterlab_experiments.tracking_server import plugin
from tests.support.mlflowserver import mlflow_server, users_environ
from tests.support.ports import free_port

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
    paths = [entry_point(folder / "site"), str(TOP)]
    return {
        **users_environ(folder, PASSWORDS["admin"], "NO_PERMISSIONS"),
        plugin.AUTH_VARIABLE: "basic-auth",
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }


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
    arguments = ["--app-name", "jupyterlab-experiments"]
    with mlflow_server(folder, free_port(), arguments, **environment(folder)) as server:
        yield filled(server.uri)


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
