"""Stores are upgraded and copied on request; whatever happens meanwhile, nothing is lost."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from jupyterlab_experiments.server.contract import PACKAGE_FOLDER

from .conftest import BASE

# As MLflow 2.9 made it, with an experiment, two runs and a registered model.
SQL = Path(__file__).parent / "mlflow29.sql"
OLD_REVISION = "acf3f17fdcc7"


@pytest.fixture
def old_store(tmp_path: Path) -> Path:
    """A store of MLflow 2.9."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SQL.read_text())
    return path


@pytest.fixture(scope="session")
def file_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of MLflow's file store, with a run and a registered model."""
    folder = tmp_path_factory.mktemp("files") / "mlruns"
    code = (
        "import mlflow, sys\n"
        "client = mlflow.MlflowClient(sys.argv[1])\n"
        "run = client.create_run(client.create_experiment('digits'), run_name='first')\n"
        "client.log_metric(run.info.run_id, 'loss', 0.5)\n"
        "client.create_registered_model('digits')\n"
    )
    environ = {**os.environ, "MLFLOW_ALLOW_FILE_STORE": "true"}
    subprocess.run(
        [sys.executable, "-c", code, folder.as_uri()], env=environ, check=True, capture_output=True
    )
    return folder


def maintain(*arguments: str, killed_at: str = "") -> tuple[int, dict[str, str]]:
    """Runs maintenance, which kills itself when it says certain words; its code and last words."""
    code = (
        "import os, signal, sys\n"
        "from jupyterlab_experiments.tracking_server.maintain import main\n"
        "def tell(text):\n"
        f"    if {killed_at!r} and {killed_at!r} in text: os.kill(os.getpid(), signal.SIGKILL)\n"
        "sys.exit(main(sys.argv[1:], tell))\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(PACKAGE_FOLDER.parent)}
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ,
        text=True,
    ) as process:
        assert process.stderr is not None
        lines = process.stderr.read().splitlines()
        code_ = process.wait(60)
    said = [json.loads(line) for line in lines if line.startswith("{")]
    return code_, said[-1] if said else {}


def read(path: Path) -> tuple[str, list[str]]:
    """Revision and runs of a store, which must be whole."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        (revision,) = connection.execute("select version_num from alembic_version").fetchone()
        return revision, [row[0] for row in connection.execute("select name from runs order by name")]


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_an_upgrade_keeps_everything_and_a_backup(old_store: Path) -> None:
    code, said = maintain("upgrade", str(old_store))
    assert (code, list(said)) == (0, ["done"])
    revision, runs = read(old_store)
    assert revision != OLD_REVISION
    assert runs == ["first", "second"]
    (backup,) = old_store.parent.glob("old.db.*.backup")
    assert backup.name in said["done"]
    assert read(backup) == (OLD_REVISION, runs)
    assert leftovers(old_store.parent) == []


@pytest.mark.parametrize("moment", ["Backing up", "Upgrading: ", "Replacing", "Replacing the store… 100"])
def test_an_upgrade_that_is_killed_leaves_the_store_and_works_the_next_time(
    old_store: Path, moment: str
) -> None:
    code, _ = maintain("upgrade", str(old_store), killed_at=moment)
    assert code == -signal.SIGKILL
    is_done = moment.endswith("100")
    revision, runs = read(old_store)
    assert (revision != OLD_REVISION, runs) == (is_done, ["first", "second"])
    assert maintain("upgrade", str(old_store))[0] == 0
    assert read(old_store)[0] != OLD_REVISION
    assert leftovers(old_store.parent) == []


def test_a_store_of_a_newer_mlflow_is_refused_with_words(old_store: Path) -> None:
    with closing(sqlite3.connect(old_store)) as connection:
        connection.execute("update alembic_version set version_num = 'ffffffffffff'")
        connection.commit()
    before = old_store.read_bytes()
    code, said = maintain("upgrade", str(old_store))
    assert code == 1
    assert "probably a newer one (schema revision ffffffffffff)" in said["message"]
    assert said["message"].endswith("Nothing was changed.")
    assert old_store.read_bytes() == before
    assert list(old_store.parent.glob("*.backup")) == []


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_a_store_that_somebody_writes_to_is_left_alone(old_store: Path, mode: str) -> None:
    with closing(sqlite3.connect(old_store, isolation_level=None)) as writer:
        writer.execute(f"pragma journal_mode={mode}")
        writer.execute("begin immediate")
        code, said = maintain("upgrade", str(old_store))
        writer.execute("rollback")
    assert code == 1
    assert "Shut down the kernels that log to it." in said["message"]
    assert read(old_store)[0] == OLD_REVISION


def test_a_damaged_store_is_told_and_left_alone(old_store: Path) -> None:
    with old_store.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(os.urandom(4096 * 4))
    before = old_store.read_bytes()
    assert maintain("upgrade", str(old_store))[0] == 1
    assert old_store.read_bytes() == before


def test_a_folder_is_copied_into_a_new_file_and_stays(file_store: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(file_store, tmp_path / "mlruns"))
    before = sorted(path for path in folder.rglob("*"))
    code, said = maintain("copy", str(folder), str(tmp_path / "mlflow.db"))
    assert (code, said["done"][:7]) == (0, "Runs: 1")
    assert read(tmp_path / "mlflow.db")[1] == ["first"]
    assert sorted(path for path in folder.rglob("*")) == before
    assert maintain("copy", str(folder), str(tmp_path / "mlflow.db"))[1]["message"] == (
        "mlflow.db is there already. Nothing was changed."
    )


def test_a_copy_that_is_killed_leaves_no_file_and_works_the_next_time(
    file_store: Path, tmp_path: Path
) -> None:
    target = tmp_path / "mlflow.db"
    assert maintain("copy", str(file_store), str(target), killed_at="Writing")[0] == -signal.SIGKILL
    assert not target.exists()
    assert maintain("copy", str(file_store), str(target))[0] == 0
    assert read(target)[1] == ["first"]
    assert leftovers(tmp_path) == []


async def finished(fetch_json: Any, task: str) -> Any:
    while True:
        answer = await fetch_json(f"{BASE}/connections/task", {"task": task})
        if answer["state"] != "running":
            return answer
        await asyncio.sleep(0.05)


class TestServer:
    @pytest.fixture
    def experiments_config(self, jp_root_dir: Path, file_store: Path) -> dict[str, Any]:
        shutil.copytree(file_store, jp_root_dir / "mlruns")
        return {
            "connections": {
                "old": {"tracking_uri": "sqlite:///old.db"},
                "files": {"tracking_uri": "mlruns"},
                "team": {"tracking_uri": "postgresql://ana:hidden@db.example.org/mlflow"},
            }
        }

    @pytest.fixture
    def store_in_root(self, jp_root_dir: Path, old_store: Path) -> Iterator[Path]:
        yield Path(shutil.move(old_store, jp_root_dir / "old.db"))

    async def test_an_old_store_is_upgraded_on_request_and_served_again(
        self, fetch_json: Any, store_in_root: Path
    ) -> None:
        search = f"{BASE}/connections/old/api/2.0/mlflow/experiments/search"
        with pytest.raises(HTTPClientError) as refusal:
            await fetch_json(search, params={"max_results": "1"})
        assert refusal.value.code == 409
        asked = {"id": "old", "what": "upgrade"}
        begun = [await fetch_json(f"{BASE}/connections/maintain", asked) for _ in range(2)]
        assert begun[0] == begun[1]
        with pytest.raises(HTTPClientError) as busy:
            await fetch_json(search, params={"max_results": "1"})
        assert busy.value.code in (409, 503)
        answer = await finished(fetch_json, begun[0]["task"])
        assert (answer["state"], answer["connection"]) == ("done", None)
        assert "old.db was upgraded" in answer["message"]
        found = await self._once_served(fetch_json, search)
        assert {entry["name"] for entry in found["experiments"]} == {"Default", "digits"}

    async def _once_served(self, fetch_json: Any, search: str) -> Any:
        while True:
            try:
                return await fetch_json(search, params={"max_results": "10"})
            except HTTPClientError as error:
                assert error.code == 503
                await asyncio.sleep(0.1)

    async def test_a_copied_folder_becomes_a_connection(self, fetch_json: Any, jp_root_dir: Path) -> None:
        begun = await fetch_json(f"{BASE}/connections/maintain", {"id": "files", "what": "copy"})
        answer = await finished(fetch_json, begun["task"])
        assert (answer["state"], answer["message"][:7]) == ("done", "Runs: 1")
        # A file of that name is the default one.
        assert answer["connection"]["id"] == "default"
        search = f"{BASE}/connections/default/api/2.0/mlflow/experiments/search"
        found = await fetch_json(search, params={"max_results": "10"})
        assert {entry["name"] for entry in found["experiments"]} == {"Default", "digits"}
        assert read(jp_root_dir / "mlflow.db")[1] == ["first"]

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ({"id": "team", "what": "upgrade"}, "mlflow db upgrade postgresql://db.example.org/mlflow"),
            ({"id": "files", "what": "upgrade"}, "Only the schema of an SQLite file"),
            ({"id": "old", "what": "copy"}, "Only a folder of files can be copied"),
            ({"id": "old", "what": "drop"}, "either “upgrade” or “copy”"),
        ],
    )
    async def test_what_cannot_be_done_is_refused_with_words(
        self, fetch_json: Any, body: dict[str, str], words: str
    ) -> None:
        with pytest.raises(HTTPClientError) as refusal:
            await fetch_json(f"{BASE}/connections/maintain", body)
        assert refusal.value.code == 400
        message = json.loads(refusal.value.response.body)["message"]
        assert words in message
        assert "hidden" not in message
