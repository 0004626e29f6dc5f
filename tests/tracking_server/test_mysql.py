"""The same columns from a real MySQL server: MariaDB's, where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_experiments.tracking_server.changes import QueriedMark
from jupyterlab_experiments.tracking_server.database import Database
from tests.support.ports import free_port

from .child import Child
from .sqlstores import check_columns, filled_client

SERVER = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin:/usr/local/sbin")
INSTALL, SHELL = shutil.which("mariadb-install-db"), shutil.which("mariadb")

pytestmark = pytest.mark.skipif(
    SERVER is None or INSTALL is None or SHELL is None,
    reason="no MariaDB on this machine (mariadbd, mariadb-install-db or mariadb was not found)",
)


@pytest.fixture(scope="module")
def uri() -> Iterator[str]:
    port = free_port()
    folder = tempfile.mkdtemp(prefix="maria-")
    user = "mysql" if os.geteuid() == 0 else os.environ.get("USER", "")
    if os.geteuid() == 0:
        shutil.chown(folder, "mysql")
    common = ["--no-defaults", f"--user={user}", f"--datadir={folder}/data"]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([str(INSTALL), *common, "--auth-root-authentication-method=normal"], check=True, **quiet)
    options = [f"--socket={folder}/s", f"--port={port}", "--bind-address=127.0.0.1"]
    server = subprocess.Popen([str(SERVER), *common, *options], **quiet)
    statements = (
        "create database mlflow character set utf8mb4; "
        "create user ana@localhost identified by 'a long one'; grant all on mlflow.* to ana@localhost;"
    )
    try:
        _wait_for([str(SHELL), "--no-defaults", "-uroot", f"--socket={folder}/s", "-e", statements])
        yield f"mysql+pymysql://ana:a%20long%20one@localhost:{port}/mlflow"
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(command: list[str]) -> None:
    end = time.monotonic() + 60
    while subprocess.run(command, capture_output=True).returncode != 0:
        assert time.monotonic() < end, "MariaDB did not start"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def client(uri: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return filled_client(uri, tmp_path_factory.mktemp("artifacts"))


def test_columns_keys_and_curves_are_those_of_mlflow(uri: str, client: Any) -> None:
    check_columns(uri, client)


def test_changes_are_noticed_by_queries(uri: str, client: Any) -> None:
    mark = QueriedMark(Database(uri))
    before = mark.read()
    client.create_run("1")
    assert mark.read() != before


def test_a_child_serves_it(uri: str, client: Any, tmp_path: Path) -> None:
    with Child(uri, tmp_path) as child:
        assert child.client.get("/jupyterlab-experiments/info").json()["dialect"] == "mysql"
        assert child.table(experiment_ids=["1"], columns=["metrics.loss"]).num_rows >= 30
