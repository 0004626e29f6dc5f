"""The life of a real tracking server behind a real Jupyter server."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from tornado.httpclient import HTTPClientError

from jupyterlab_experiments.server.contract import PACKAGE_FOLDER
from tests.support.ports import free_port

from .conftest import BASE, DEFAULT, until

SEARCH = f"{DEFAULT}/api/2.0/mlflow/experiments/search"


def children() -> set[int]:
    """Tracking servers that descend from this process."""
    found = subprocess.run(
        ["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in found.splitlines()[1:]]
    return {int(pid) for pid, ppid, args in rows if ".tracking_server" in args and int(ppid) == os.getpid()}


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def search(fetch_json: Any) -> Any:
    return await fetch_json(SEARCH, params={"max_results": "10"})


async def state(fetch_json: Any) -> str:
    return (await fetch_json(f"{BASE}/status"))["connections"][0]["state"]


async def test_looking_starts_and_writes_nothing_and_many_first_requests_start_one_server(
    fetch_json: Any,
    jp_root_dir: Path,
    http_server_client: Any,
    jp_base_url: str,
    jp_auth_header: dict[str, str],
) -> None:
    assert await state(fetch_json) == "absent"
    assert list(jp_root_dir.iterdir()) == []
    assert children() == set()
    url = http_server_client.get_url(f"{jp_base_url}{SEARCH}?max_results=1")
    async with httpx.AsyncClient(headers=jp_auth_header, timeout=60) as client:
        answers = [asyncio.ensure_future(client.get(url)) for _ in range(50)]
        while await state(fetch_json) == "absent":
            continue
        assert await state(fetch_json) == "starting"
        assert all(answer.json()["experiments"] for answer in await asyncio.gather(*answers))
    assert len(children()) == 1
    assert await state(fetch_json) == "ready"


async def test_a_server_that_was_killed_is_replaced_by_the_next_request(fetch_json: Any) -> None:
    await search(fetch_json)
    (first,) = children()
    os.kill(first, signal.SIGKILL)
    assert (await search(fetch_json))["experiments"]
    (second,) = children()
    assert second != first


class TestIdle:
    @pytest.fixture
    def experiments_config(self) -> dict[str, Any]:
        return {"idle_timeout": 0.5}

    async def test_an_idle_server_is_stopped_and_comes_back(self, fetch_json: Any) -> None:
        await search(fetch_json)
        await until(lambda: not children())
        # The process ends a moment before it has been waited for.
        while await state(fetch_json) == "ready":
            await asyncio.sleep(0.02)
        assert await state(fetch_json) == "idle"
        assert (await search(fetch_json))["experiments"]


async def test_a_store_of_another_mlflow_is_told_apart_and_left_alone(
    fetch_json: Any, jp_root_dir: Path
) -> None:
    import sqlite3

    database = jp_root_dir / "mlflow.db"
    with sqlite3.connect(database) as connection:
        connection.execute("create table alembic_version (version_num text)")
        connection.execute("insert into alembic_version values ('ffffffffffff')")
    connection.close()
    before = database.read_bytes()
    with pytest.raises(HTTPClientError) as refusal:
        await search(fetch_json)
    assert refusal.value.code == 409
    assert await state(fetch_json) == "schema"
    assert database.read_bytes() == before


class TestCrash:
    @pytest.fixture
    def experiments_config(self) -> dict[str, Any]:
        return {"tracking_server_python": "/bin/false"}

    async def test_a_server_that_cannot_start_is_not_tried_again_at_once(self, fetch_json: Any) -> None:
        codes = []
        for _ in range(3):
            with pytest.raises(HTTPClientError) as refusal:
                await search(fetch_json)
            codes.append(refusal.value.code)
            assert "Retry-After" in refusal.value.response.headers
        assert codes == [503] * 3
        assert await state(fetch_json) == "unavailable"
        tried = await fetch_json(f"{BASE}/connections/test", {"id": "default"})
        assert tried["ok"] is False
        assert "mlflow.db" in tried["message"]


async def test_something_committed_is_told_as_an_event(fetch_json: Any, jp_serverapp: Any) -> None:
    events: list[dict[str, Any]] = []

    async def listen(logger: Any, schema_id: str, data: dict[str, Any]) -> None:
        events.append(data)

    schema_id = "https://events.jupyterlab-experiments.dev/store-changed/v1"
    jp_serverapp.event_logger.add_listener(schema_id=schema_id, listener=listen)
    await search(fetch_json)
    await fetch_json(f"{DEFAULT}/api/2.0/mlflow/experiments/create", {"name": "e"})
    event = await until(lambda: events and events[-1])
    assert event["connection_id"] == "default"
    assert event["sequence"] >= 1


async def test_mlflows_client_works_against_the_address_with_either_token(
    fetch_json: Any,
    http_server_client: Any,
    jp_base_url: str,
    jp_auth_header: dict[str, str],
    extension: Any,
    tmp_path: Path,
) -> None:
    script = tmp_path / "client.py"
    script.write_text(
        "import sys, mlflow\n"
        "client = mlflow.MlflowClient(sys.argv[1])\n"
        "run = client.create_run('0', run_name='ü/日本 %2F')\n"
        "client.log_metric(run.info.run_id, 'loss', float('nan'))\n"
        "client.log_param(run.info.run_id, 'p', '<b>')\n"
        "client.create_registered_model('m' + run.info.run_id)\n"
        "found = client.search_runs(['0'])[0]\n"
        "assert found.info.run_name == 'ü/日本 %2F', found\n"
    )
    address = http_server_client.get_url(f"{jp_base_url}{DEFAULT}")
    for token in (jp_auth_header["Authorization"].split()[1], extension.services.kernel_token):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(script),
            address,
            env={**os.environ, "MLFLOW_TRACKING_TOKEN": token},
            stderr=asyncio.subprocess.PIPE,
        )
        _, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()


def start_jupyter(tmp_path: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A real server process; its address."""
    (tmp_path / "root").mkdir()
    environ = {
        **os.environ,
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "rt"),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "HOME": str(tmp_path),
    }
    environ.pop("MLFLOW_TRACKING_URI", None)
    environ["PYTHONPATH"] = str(PACKAGE_FOLDER.parent)
    command = [
        sys.executable,
        "-m",
        "jupyter_server",
        "--allow-root",
        "--no-browser",
        f"--port={free_port()}",
        f"--ServerApp.root_dir={tmp_path / 'root'}",
        "--IdentityProvider.token=abc",
        "--ServerApp.jpserver_extensions={'jupyterlab_experiments': True}",
    ]
    process = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL, cwd=tmp_path)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for file in (tmp_path / "rt").glob("experiments-*/server.json"):
            return process, json.loads(file.read_text())["address"]
        time.sleep(0.05)
    raise AssertionError("Jupyter did not start")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_the_tracking_server_ends_with_the_jupyter_server_however_that_ends(
    how: signal.Signals, tmp_path: Path
) -> None:
    process, address = start_jupyter(tmp_path)
    answer = None
    for _ in range(50):
        try:
            answer = httpx.get(
                f"{address}default/version", headers={"Authorization": "token abc"}, timeout=60
            )
            break
        except httpx.ConnectError:
            await asyncio.sleep(0.1)
    assert answer is not None
    assert answer.status_code == 200
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    (child,) = [int(row[0]) for row in rows if int(row[1]) == process.pid and ".tracking_server" in row[2]]
    process.send_signal(how)
    process.wait(20)
    await until(lambda: not is_alive(child))
    if how == signal.SIGTERM:
        assert list((tmp_path / "rt").glob("experiments-*")) == []
