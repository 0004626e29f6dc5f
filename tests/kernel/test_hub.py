"""Whose runs they are on a hub, and which folder a tracking URI of files means."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kernels import Kernel


@pytest.fixture
def kernel(make_kernel: Callable[..., Kernel]) -> Iterator[Kernel]:
    made = make_kernel()
    made.environment = {"JUPYTERHUB_USER": "ana@example.org"}
    made.connection["is_shared"] = True
    made.start()
    made.tell()
    yield made


def test_runs_are_those_of_the_hubs_user_unless_another_one_is_named(kernel: Kernel) -> None:
    kernel.run("import mlflow\nwith mlflow.start_run(run_name='plain'): pass")
    kernel.run("with mlflow.start_run(run_name='named', tags={'mlflow.user': 'bo'}): pass")
    kernel.run("id = mlflow.get_experiment_by_name('ana@example.org/work/quickstart').experiment_id")
    kernel.run("mlflow.MlflowClient().create_run(id, run_name='client')")
    kernel.run("import os; os.environ['MLFLOW_TRACKING_USERNAME'] = 'login'")
    kernel.run("with mlflow.start_run(run_name='login'): pass")
    users = {name: run["tags"]["mlflow.user"] for name, run in kernel.runs().items()}
    hub = "ana@example.org"
    assert users == {"plain": hub, "named": "bo", "client": hub, "login": "login"}


def test_a_kernel_writes_down_the_folder_that_its_uri_means(kernel: Kernel) -> None:
    def written() -> object:
        (file,) = Path(kernel.runtime, "kernels").glob("*.json")
        return json.loads(file.read_text())["tracking_uri"]

    kernel.run("import mlflow; mlflow.set_tracking_uri('./mlruns')")
    assert written() == f"file://{kernel.root}/mlruns"
    kernel.run("mlflow.set_tracking_uri('file://./mlruns')")
    assert written() == "file://./mlruns"
    kernel.run("mlflow.set_tracking_uri('sqlite:///with a space.db')")
    assert written() == f"sqlite:///{kernel.root}/with a space.db"
