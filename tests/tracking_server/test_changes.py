"""The change stream, and readers beside a writer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import mlflow

from .child import PREFIX, Child
from .test_runtable import client_of


@contextmanager
def events(child: Child) -> Iterator[Iterator[int]]:
    with child.client.stream("GET", f"{PREFIX}/changes") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        assert next(lines) == ": open"
        yield (json.loads(line[6:])["sequence"] for line in lines if line.startswith("data: "))


def test_a_commit_of_another_process_is_told_and_numbers_ascend(new_store: Path) -> None:
    with (
        Child(f"sqlite:///{new_store}", new_store.parent / "mlartifacts") as child,
        events(child) as sequence,
    ):
        client = client_of(new_store)
        run_id = client.create_run("0").info.run_id
        first = next(sequence)
        client.set_tag(run_id, "a", "b")
        assert next(sequence) > first


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_writer_beside_a_loop_of_tables_is_never_locked_out(new_store: Path, journal: str) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(new_store)) as connection:
        assert connection.execute(f"pragma journal_mode = {journal}").fetchone() == (journal,)
    client, problems = client_of(new_store), []

    def write() -> None:
        try:
            for number in range(20):
                run_id = client.create_run("0").info.run_id
                client.log_metric(run_id, "loss", float(number))
                client.set_terminated(run_id)
        except mlflow.MlflowException as error:
            problems.append(error)

    with Child(f"sqlite:///{new_store}", new_store.parent / "mlartifacts") as child:
        writer = threading.Thread(target=write)
        writer.start()
        answers: list[Any] = []
        while writer.is_alive():
            answers.append(child.post("runs-table", columns=["metrics.*", "params.*"]).status_code)
        writer.join()
        assert problems == [] and set(answers) == {200}
        assert child.table(columns=["metrics.loss"]).num_rows == 20
