"""The same columns from a real PostgreSQL."""

from __future__ import annotations

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
from tests.support.postgresserver import has_postgres, postgres

from .sqlstores import check_columns, filled_client

pytestmark = pytest.mark.skipif(
    not has_postgres(), reason="no PostgreSQL on this machine (neither initdb nor pg_ctl was found)"
)


@pytest.fixture(scope="module")
def uri() -> Iterator[str]:
    with postgres() as uri:
        yield uri


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
