"""Connections that users bring: kept, removed, restored, found; and what an administrator forbids."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from jupyterlab_experiments.server.app import ExperimentsApp
from jupyterlab_experiments.server.connections.catalogue import Configuration, Connections
from jupyterlab_experiments.server.connections.kept import Kept, KeptConnections
from jupyterlab_experiments.server.errors import BadRequest

from .conftest import BASE
from .smallserver import MLFLOW, serve

URI = "https://ana:s3cret@mlflow.example.org/team"
KERNEL = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"


async def offered(fetch_json: Any) -> dict[str, dict[str, Any]]:
    listed = (await fetch_json(f"{BASE}/status"))["connections"]
    return {connection["id"]: connection for connection in listed}


async def refusal(fetch_json: Any, route: str, body: object) -> tuple[int, str]:
    with pytest.raises(HTTPClientError) as error:
        await fetch_json(f"{BASE}/connections/{route}", body)
    return error.value.code, json.loads(error.value.response.body)["message"]


def kept_file(extension: ExperimentsApp) -> Path:
    return Path(extension.surroundings().data_folder) / "jupyterlab-experiments" / "connections.json"


def told(extension: ExperimentsApp) -> dict[str, Any]:
    return dict(json.loads((extension.services.runtime.path / "server.json").read_text())["connections"])


async def test_an_added_connection_is_kept_whole_and_shown_without_its_uri(
    fetch_json: Any, extension: ExperimentsApp
) -> None:
    assert (await fetch_json(f"{BASE}/status"))["may_add"] is True
    body = {"tracking_uri": URI, "label": "our team"}
    made = (await fetch_json(f"{BASE}/connections/add", body))["connection"]
    assert (made["source"], made["can_remove"], made["scheme"], made["label"]) == (
        *("user", True, "http"),
        "our team · mlflow.example.org",
    )
    assert made["page_url"] == "https://mlflow.example.org/team"
    assert "s3cret" not in json.dumps(await fetch_json(f"{BASE}/status"))
    file = kept_file(extension)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert URI in file.read_text()
    assert told(extension)[made["id"]]["tracking_uri"] == URI
    again = Connections(Configuration("/", environ={}))
    assert again.made(URI, None).id == made["id"]


async def test_a_removed_one_comes_back_with_undo(fetch_json: Any, extension: ExperimentsApp) -> None:
    made = (await fetch_json(f"{BASE}/connections/add", {"tracking_uri": URI}))["connection"]
    await fetch_json(f"{BASE}/connections/remove", {"id": made["id"]})
    assert made["id"] not in await offered(fetch_json)
    assert made["id"] not in told(extension)
    assert "s3cret" not in kept_file(extension).read_text()
    back = (await fetch_json(f"{BASE}/connections/restore", {"id": made["id"]}))["connection"]
    assert back["id"] == made["id"]
    assert URI in kept_file(extension).read_text()
    assert (await refusal(fetch_json, "remove", {"id": "default"}))[0] == 403
    assert (await refusal(fetch_json, "restore", {"id": "default"}))[0] == 404


async def test_a_store_that_is_known_already_is_not_added_twice(fetch_json: Any, jp_root_dir: Path) -> None:
    body = {"tracking_uri": f"sqlite:///{jp_root_dir}/mlflow.db"}
    assert (await fetch_json(f"{BASE}/connections/add", body))["connection"]["id"] == "default"
    assert len(await offered(fetch_json)) == 1


@pytest.mark.parametrize(
    "body",
    [
        *({"tracking_uri": uri} for uri in ("", 3, "http://[::bad", "a\0b", "http://h/" + "x" * 5000)),
        *({}, {"tracking_uri": "http://h", "registry_uri": ["x"]}),
    ],
)
async def test_what_cannot_be_understood_is_not_added(fetch_json: Any, body: object) -> None:
    assert (await refusal(fetch_json, "add", body))[0] == 400
    assert len(await offered(fetch_json)) == 1


async def test_stores_beside_a_notebook_are_found_and_kept_when_asked(
    fetch_json: Any, extension: ExperimentsApp, jp_root_dir: Path
) -> None:
    folder = jp_root_dir / "work"
    (folder / "mlruns" / "0").mkdir(parents=True)
    (folder / "mlruns" / "0" / "meta.yaml").write_text("name: Default")
    sqlite3.connect(folder / "mlflow.db").executescript("create table runs (x)")

    async def find(path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await fetch_json(f"{BASE}/connections/find", {"path": path}))[
            "connections"
        ]
        return found

    assert await find("other.ipynb") == []
    database, files = await find("work/a.ipynb")
    assert (database["scheme"], database["source"], database["can_remove"]) == ("sqlite", "notebook", False)
    assert (files["scheme"], files["remedies"], files["label"]) == ("file", ["copy"], "local · work/mlruns")
    assert not list(folder.glob("mlflow.db-*"))
    assert database["id"] in told(extension)
    kept = (await fetch_json(f"{BASE}/connections/add", {"id": database["id"]}))["connection"]
    assert (kept["id"], kept["source"]) == (database["id"], "user")
    assert "work/mlflow.db" in kept_file(extension).read_text()
    for outside in ("../x.ipynb", "/../../etc/x.ipynb", "work/../../x.ipynb", "a\0b"):
        assert await find(outside) == [], outside


async def test_a_kernels_folder_of_files_is_shown_with_its_remedy(
    fetch_json: Any, extension: ExperimentsApp, jp_root_dir: Path
) -> None:
    async def of_kernel(uri: str) -> dict[str, Any]:
        content = json.dumps({"tracking_uri": uri, "registry_uri": None, "pid": 1})
        (extension.services.runtime.path / "kernels" / f"{KERNEL}.json").write_text(content)
        answer: dict[str, Any] = await fetch_json(f"{BASE}/connections", {"kernel_id": KERNEL})
        return dict(answer["connection"])

    own = await of_kernel((jp_root_dir / "my runs").as_uri())
    assert (own["scheme"], own["source"], own["remedies"], own["label"]) == (
        *("file", "kernel", ["copy"]),
        "local · my runs",
    )
    root = await of_kernel("file://./mlruns")
    assert (root["scheme"], root["remedies"]) == ("file", ["sqlite-uri"])
    assert root["message"] == "This URI means the folder /mlruns, not ./mlruns. Write `sqlite:///mlflow.db`."


async def test_the_log_of_a_connection_that_runs_nothing_is_empty(fetch_json: Any) -> None:
    assert await fetch_json(f"{BASE}/connections/log", {"id": "default"}) == {"text": ""}
    assert (await refusal(fetch_json, "log", {"id": "none"}))[0] == 404


class TestKept:
    def kept(self, folder: Path) -> KeptConnections:
        return KeptConnections(str(folder), logging.getLogger("test"))

    def file(self, folder: Path) -> Path:
        return folder / "jupyterlab-experiments" / "connections.json"

    def test_they_are_read_again(self, tmp_path: Path) -> None:
        one, two = (Kept(f"k-{n}", f"https://u:p@h/{n}", None, "x") for n in (1, 2))
        self.kept(tmp_path).put(one)
        self.kept(tmp_path).put(two)
        self.kept(tmp_path).drop("k-1")
        assert self.kept(tmp_path).read() == [two]

    @pytest.mark.parametrize("text", ["", "{", "null", '{"connections": 3}', "[" * 100_000, "x" * 2_000_000])
    def test_a_broken_file_is_kept_aside_and_told_without_its_secrets(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str
    ) -> None:
        file = self.file(tmp_path)
        file.parent.mkdir()
        file.write_text(text + "s3cret")
        assert self.kept(tmp_path).read() == []
        (aside,) = file.parent.glob("connections.broken-*.json")
        assert aside.read_text() == text + "s3cret"
        assert stat.S_IMODE(aside.stat().st_mode) == 0o600
        assert "broken" in caplog.text
        assert "s3cret" not in caplog.text

    def test_the_good_ones_of_a_file_that_is_broken_in_part_stay(self, tmp_path: Path) -> None:
        good = Kept("k-1", "https://h", None, "x")
        self.kept(tmp_path).put(good)
        content = json.loads(self.file(tmp_path).read_text())
        content["connections"] += [{"id": 3}, "x", None]
        self.file(tmp_path).write_text(json.dumps(content))
        assert self.kept(tmp_path).read() == [good]
        assert self.kept(tmp_path).read() == [good]
        assert len(list(self.file(tmp_path).parent.iterdir())) == 2


class TestNotAllowed:
    @pytest.fixture
    def experiments_config(self) -> dict[str, Any]:
        return {"users_may_add": False}

    async def test_users_add_nothing(self, fetch_json: Any) -> None:
        assert (await fetch_json(f"{BASE}/status"))["may_add"] is False
        code, message = await refusal(fetch_json, "add", {"tracking_uri": URI})
        assert (code, "administrator" in message) == (403, True)
        tried = await fetch_json(f"{BASE}/connections/test", {"tracking_uri": URI})
        assert tried["diagnosis"] == "not-allowed"


class TestForced:
    @pytest.fixture
    def experiments_config(self) -> dict[str, Any]:
        return {
            "connections": {"team": {"tracking_uri": "https://mlflow.example.org"}},
            "forced_connection": "team",
        }

    async def test_there_is_only_the_forced_one_and_kernels_are_told_it(
        self, fetch_json: Any, extension: ExperimentsApp
    ) -> None:
        status = await fetch_json(f"{BASE}/status")
        assert [connection["id"] for connection in status["connections"]] == ["team"]
        assert (status["default_connection"], status["may_add"]) == ("team", False)
        assert {each["tracking_uri"] for each in told(extension).values()} == {"https://mlflow.example.org"}
        assert "default" in told(extension)
        for route, body in (("add", {"tracking_uri": URI}), ("find", {"path": "a.ipynb"})):
            code, message = await refusal(fetch_json, route, body)
            assert (code, "chosen" in message) == (403, True)

    def test_a_forced_connection_that_is_not_there_is_a_mistake(self) -> None:
        with pytest.raises(BadRequest):
            Connections(Configuration("/", forced="tema", environ={}))


class TestNoLocalStores:
    @pytest.fixture
    def experiments_config(self) -> dict[str, Any]:
        return {
            "local_stores": False,
            "connections": {
                "files": {"tracking_uri": "sqlite:///x.db"},
                "team": {"tracking_uri": "https://mlflow.example.org"},
            },
        }

    async def test_no_store_in_a_file_is_served(
        self, fetch_json: Any, jp_root_dir: Path, extension: ExperimentsApp
    ) -> None:
        sqlite3.connect(jp_root_dir / "mlflow.db").executescript("create table runs (x)")
        status = await fetch_json(f"{BASE}/status")
        assert [connection["id"] for connection in status["connections"]] == ["team"]
        assert status["default_connection"] == "team"
        assert (await fetch_json(f"{BASE}/connections/find", {"path": ""})) == {"connections": []}
        for uri in ("sqlite:///y.db", "./mlruns"):
            assert (await refusal(fetch_json, "add", {"tracking_uri": uri}))[0] == 403
        body = {"tracking_uri": "https://h", "registry_uri": "sqlite:///y.db"}
        assert (await refusal(fetch_json, "add", body))[0] == 403
        content = json.dumps({"tracking_uri": f"sqlite:///{jp_root_dir}/mlflow.db", "pid": 1})
        (extension.services.runtime.path / "kernels" / f"{KERNEL}.json").write_text(content)
        assert (await fetch_json(f"{BASE}/connections", {"kernel_id": KERNEL}))["reason"] == "forbidden"


async def test_an_added_server_is_asked_with_its_own_password_also_after_a_change(fetch_json: Any) -> None:
    with serve(MLFLOW) as server:
        for password in ("one", "two"):
            uri = server.uri.replace("//", f"//ana:{password}@")
            made = (await fetch_json(f"{BASE}/connections/add", {"tracking_uri": uri}))["connection"]
            path = f"{BASE}/connections/{made['id']}/api/2.0/mlflow/experiments/search"
            await fetch_json(path, params={"max_results": "1"})
        sent = [headers.get("authorization") for path, headers in server.asked if "search" in path]
    assert len(set(sent)) == 2
    assert os.environ.get("MLFLOW_TRACKING_URI") is None
