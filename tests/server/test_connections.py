"""Which connections there are, and which a kernel may turn to."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from jupyterlab_experiments.server.connections.catalogue import Configuration, Connections
from jupyterlab_experiments.server.salt import Salt

from .conftest import BASE

KERNEL = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"


def connections(root: Path, **settings: Any) -> Connections:
    return Connections(Configuration(str(root), **{"environ": {}, **settings}))


def test_the_trait_comes_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    environ = {"MLFLOW_TRACKING_URI": "http://env:5000"}
    assert connections(tmp_path).get("default").tracking_uri == f"sqlite:///{tmp_path}/mlflow.db"
    assert connections(tmp_path).get("default").artifact_root == f"{tmp_path}/mlartifacts"
    assert connections(tmp_path, environ=environ).get("default").tracking_uri == "http://env:5000"
    both = connections(tmp_path, environ=environ, tracking_uri="sqlite:///own.db")
    assert both.get("default").tracking_uri == f"sqlite:///{tmp_path}/own.db"


def test_a_kernel_may_turn_to_sqlite_files_below_the_root_only(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "out").symlink_to(tmp_path)
    known = connections(tmp_path / "root")
    below = known.resolve("sqlite:///mlflow.db", None, str(tmp_path / "root" / "sub"))
    assert below.is_allowed
    assert below.id.startswith("k-")
    assert known.get(below.id) is below
    for uri in (
        "sqlite:///../mlflow.db",
        "sqlite:///out/x.db",
        "http://elsewhere:5000",
        "sqlite:///file:/etc/x",
    ):
        assert not known.resolve(uri, None, str(tmp_path / "root")).is_allowed, uri


def test_the_same_store_is_the_same_connection_however_it_is_written(tmp_path: Path) -> None:
    known = connections(tmp_path, connections={"team": {"tracking_uri": "https://u:p@host/x/"}})
    folder = str(tmp_path)
    assert known.resolve("sqlite:///mlflow.db", "sqlite:///./mlflow.db", folder).id == "default"
    assert known.resolve("https://host/x", None, folder).id == "team"


def test_a_kernel_that_logs_through_this_server_has_the_connection_of_the_address(tmp_path: Path) -> None:
    known = connections(tmp_path)
    known.address = "http://127.0.0.1:8888/jupyterlab-experiments/connections/"
    assert known.resolve(known.address + "default", None, "/").id == "default"


def test_allowed_patterns_of_the_administrator_replace_the_default(tmp_path: Path) -> None:
    known = connections(tmp_path, allowed=["https://*.example.org*"])
    assert known.resolve("https://mlflow.example.org/x", None, "/").is_allowed
    assert not known.resolve("sqlite:///other.db", None, str(tmp_path)).is_allowed


def test_hashes_are_the_same_after_a_restart_and_their_salt_is_private(tmp_path: Path) -> None:
    first, second = Salt(str(tmp_path)).hash("x"), Salt(str(tmp_path)).hash("x")
    assert first == second != Salt(str(tmp_path / "other")).hash("x")
    file = tmp_path / "jupyterlab-experiments" / "salt"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


class TestRuntimeFolder:
    @pytest.fixture
    def experiments_config(self) -> dict[str, Any]:
        return {"connections": {"team": {"tracking_uri": "postgresql://ana:s3cret@db.example.org/x"}}}

    async def test_kernels_are_told_what_they_may_log_to_in_a_private_folder(
        self, extension: Any, jp_root_dir: Path, fetch_json: Any
    ) -> None:
        folder = Path(os.environ["JUPYTERLAB_EXPERIMENTS_RUNTIME"])
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "server.json").stat().st_mode) == 0o600
        told = json.loads((folder / "server.json").read_text())
        assert told["root"] == str(jp_root_dir)
        assert told["address"].endswith("/a%40b/jupyterlab-experiments/connections/")
        assert told["connections"]["default"]["kind"] == "child"
        assert told["connections"]["team"]["is_shared"] is True
        assert "s3cret" not in json.dumps(await fetch_json(f"{BASE}/status"))
        await extension.stop_extension()
        assert not folder.exists()
        assert "JUPYTERLAB_EXPERIMENTS_RUNTIME" not in os.environ

    async def test_the_panel_follows_what_a_kernel_wrote(self, extension: Any, fetch_json: Any) -> None:
        folder = extension.services.runtime.path / "kernels"
        root = extension.serverapp.root_dir

        async def ask() -> Any:
            return await fetch_json(f"{BASE}/connections", {"kernel_id": KERNEL})

        assert await ask() == {"connection": None, "reason": "unknown-kernel"}
        written = {
            "version": 1,
            "tracking_uri": f"sqlite:///{root}/sub/mlflow.db",
            "registry_uri": None,
            "pid": 1,
        }
        (folder / f"{KERNEL}.json").write_text(json.dumps(written))
        answer = await ask()
        assert (answer["reason"], answer["connection"]["state"]) == (None, "absent")
        listed = (await fetch_json(f"{BASE}/connections"))["connections"]
        assert answer["connection"]["id"] in [connection["id"] for connection in listed]
        written["tracking_uri"] = "https://ana:s3cret@elsewhere.example.org"
        (folder / f"{KERNEL}.json").write_text(json.dumps(written))
        answer = await ask()
        assert (answer["reason"], answer["connection"]["state"]) == ("forbidden", "forbidden")
        assert "s3cret" not in json.dumps(answer)
        with pytest.raises(HTTPClientError) as refusal:
            await fetch_json(f"{BASE}/connections/{answer['connection']['id']}/version")
        assert refusal.value.code == 403

    @pytest.mark.parametrize(
        "text",
        [
            *("", "null", "[1]", '{"version": 1, "tracki', '{"tracking_uri": 3}', "[" * 100_000),
            *('{"tracking_uri": "http://[::bad"}', '{"tracking_uri": "http://host:port/x"}'),
            *('{"tracking_uri": "sqlite:///a\\u0000b.db"}', '{"tracking_uri": "' + "x" * 100_000 + '"}'),
        ],
        ids=range(10),
    )
    async def test_a_kernels_file_that_makes_no_sense_is_no_connection(
        self, extension: Any, fetch_json: Any, text: str
    ) -> None:
        (extension.services.runtime.path / "kernels" / f"{KERNEL}.json").write_text(text)
        answer = await fetch_json(f"{BASE}/connections", {"kernel_id": KERNEL})
        assert answer == {"connection": None, "reason": "unknown-kernel"}

    @pytest.mark.parametrize(
        ("uri", "registry"),
        [
            ("file:///etc", None),
            ("sqlite:////etc/passwd", None),
            ("http://ana:s3cret@169.254.169.254/latest?key=s3cret", None),
            ("sqlite:///x.db", "http://169.254.169.254"),
        ],
    )
    async def test_a_hostile_uri_of_a_kernel_is_forbidden_and_asked_nothing(
        self, extension: Any, fetch_json: Any, uri: str, registry: str | None
    ) -> None:
        content = json.dumps({"tracking_uri": uri, "registry_uri": registry, "pid": 1})
        (extension.services.runtime.path / "kernels" / f"{KERNEL}.json").write_text(content)
        answer = await fetch_json(f"{BASE}/connections", {"kernel_id": KERNEL})
        assert (answer["reason"], answer["connection"]["state"]) == ("forbidden", "forbidden")
        assert "s3cret" not in json.dumps(answer)
        with pytest.raises(HTTPClientError) as refusal:
            await fetch_json(f"{BASE}/connections/{answer['connection']['id']}/runs-table", {})
        assert refusal.value.code == 403

    @pytest.mark.parametrize("body", ["[]", "null", "{", '"x"', "[" * 100_000, " " * 2_000_000])
    async def test_a_body_that_is_no_object_is_refused(self, jp_fetch: Any, body: str) -> None:
        for route in ("connections", "connections/test"):
            with pytest.raises(HTTPClientError) as refusal:
                await jp_fetch(BASE, *route.split("/"), method="POST", body=body)
            assert refusal.value.code in (400, 413)

    @pytest.mark.parametrize("kernel_id", ["../server", "x", "", None, 3])
    async def test_an_id_that_is_no_uuid_names_no_file(self, fetch_json: Any, kernel_id: object) -> None:
        try:
            answer = await fetch_json(f"{BASE}/connections", {"kernel_id": kernel_id})
        except HTTPClientError as refusal:
            assert refusal.code == 400
        else:
            assert answer == {"connection": None, "reason": "unknown-kernel"}


class TestKernelPart:
    async def test_it_holds_the_kernels_files_and_entry_points_and_has_a_tag(self, jp_fetch: Any) -> None:
        answer = await jp_fetch(f"{BASE}/kernel-part")
        assert answer.headers["Content-Type"] == "application/zip"
        names = zipfile.ZipFile(BytesIO(answer.body)).namelist()
        assert "jupyterlab_experiments/contract.json" in names
        assert any(name.endswith(".dist-info/entry_points.txt") for name in names)
        assert not any("server/" in name or "__pycache__" in name for name in names)
        with pytest.raises(HTTPClientError) as unchanged:
            await jp_fetch(f"{BASE}/kernel-part", headers={"If-None-Match": answer.headers["Etag"]})
        assert unchanged.value.code == 304

    async def test_its_bytes_are_always_the_same(self) -> None:
        from jupyterlab_experiments.server.kernelpart import build_kernel_part

        assert build_kernel_part() == build_kernel_part()
