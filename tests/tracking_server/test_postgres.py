"""The same columns from a real PostgreSQL."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from jupyterlab_experiments.tracking_server import database as database_module
from jupyterlab_experiments.tracking_server.changes import QueriedMark
from jupyterlab_experiments.tracking_server.database import Database
from jupyterlab_experiments.tracking_server.errors import StoreBusyError
from jupyterlab_experiments.tracking_server.requests import (
    decode_table_request,
)
from jupyterlab_experiments.tracking_server.runtable import read_table

from .sqlstores import check_columns, filled_client


def binary(name: str) -> str | None:
    return shutil.which(name) or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))), None)


pytestmark = pytest.mark.skipif(
    binary("initdb") is None or binary("pg_ctl") is None,
    reason="no PostgreSQL on this machine (neither initdb nor pg_ctl was found)",
)


def as_postgres(*command: str) -> None:
    """PostgreSQL refuses to run as root."""
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    identity: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **identity)


@pytest.fixture(scope="module")
def uri() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="pg-")
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data, pg_ctl = f"{folder}/data", str(binary("pg_ctl"))
    as_postgres(str(binary("initdb")), "-D", data, "-U", "mlflow", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    as_postgres(pg_ctl, "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start")
    try:
        yield f"postgresql+psycopg2://mlflow@127.0.0.1:{port}/postgres"
    finally:
        as_postgres(pg_ctl, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def client(uri: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return filled_client(uri, tmp_path_factory.mktemp("artifacts"))


@pytest.mark.parametrize("driver", ["adbc", "sqlalchemy"])
def test_columns_keys_and_curves_are_those_of_mlflow(
    uri: str, client: Any, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if driver == "sqlalchemy":
        monkeypatch.setattr(database_module, "_has", lambda _module: False)
    check_columns(uri, client)


def test_reads_go_on_after_the_database_has_ended_all_connections(uri: str, client: Any) -> None:
    import psycopg2

    database = Database(uri)
    asked = decode_table_request({"experiment_ids": ["1"]})
    with database.reader() as reader:
        before = read_table(reader, asked).num_rows
    with closing(psycopg2.connect(uri.replace("+psycopg2", ""))) as other, other.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() "
            "and backend_type = 'client backend'"
        )
    with database.reader() as reader:
        assert read_table(reader, asked).num_rows == before
        with pytest.raises(StoreBusyError, match="read-only"):
            reader.read("delete from tags returning key", (), pa.schema([("key", pa.string())]))


def test_changes_are_noticed_by_queries(uri: str, client: Any) -> None:
    mark = QueriedMark(Database(uri))
    before = mark.read()
    assert before == mark.read()
    client.create_run("1")
    assert before != mark.read()


def test_a_child_serves_it(uri: str, client: Any, tmp_path: Path) -> None:
    from .child import Child

    with Child(uri, tmp_path / "mlartifacts") as child:
        assert child.client.get("/jupyterlab-experiments/info").json()["dialect"] == "postgresql"
        assert child.table(experiment_ids=["1"], columns=["metrics.loss"]).num_rows >= 30
