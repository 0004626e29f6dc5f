"""Each state of a connection, made real, and what “Test” says of it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.ports import free_port

from .conftest import BASE
from .smallserver import MLFLOW, certificate, serve, tls

Try = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def attempt(fetch_json: Any) -> Try:
    async def test(tracking_uri: str, **more: str) -> dict[str, Any]:
        found: dict[str, Any] = await fetch_json(
            f"{BASE}/connections/test", {"tracking_uri": tracking_uri, **more}
        )
        assert found["ok"] is (found["diagnosis"] == "ok")
        assert found["message"].endswith((".", "…"))
        return found

    return test


async def test_hosts_that_do_not_answer(attempt: Try) -> None:
    nowhere = await attempt("http://no-such-host.invalid:5000")
    assert (nowhere["diagnosis"], "no-such-host.invalid" in nowhere["message"]) == ("no-host", True)
    assert (await attempt(f"http://127.0.0.1:{free_port()}"))["diagnosis"] == "no-answer"
    assert (await attempt("postgresql://ana:s3cret@127.0.0.1:1/x"))["diagnosis"] == "no-answer"
    assert (await attempt("mysql://ana:s3cret@no-such-host.invalid/x"))["diagnosis"] == "no-host"


async def test_uris_that_make_no_sense(attempt: Try) -> None:
    for uri in ("http://[::bad", "http://host:port/", "sqlite://", "http://h:99999", "postgresql://h:x/y"):
        assert (await attempt(uri))["diagnosis"] == "bad-uri", uri
    bare = await attempt("mlflow.example.org:5000")
    assert (bare["diagnosis"], bare["remedy"]) == ("bad-uri", "Write `http://mlflow.example.org:5000`.")
    root = await attempt("file://./mlruns")
    assert root["message"] == "This URI means the folder /mlruns, not ./mlruns."
    assert root["remedy"] == "Write `sqlite:///mlflow.db`."


async def test_servers_that_answer(attempt: Try) -> None:
    with serve(MLFLOW) as mlflow:
        found = await attempt(mlflow.uri)
        assert (found["diagnosis"], found["mlflow_version"]) == ("ok", "3.17.2")
    with serve({"": (200, "<html><body>Welcome</body></html>")}) as page:
        assert (await attempt(page.uri))["diagnosis"] == "not-mlflow"
    with serve({"": (302, "")}, {"Location": "http://other.example.org/x?token=s3cret"}) as elsewhere:
        found = await attempt(elsewhere.uri)
        assert found["diagnosis"] == "redirect"
        assert "http://other.example.org/x." in found["message"]
    with serve({**MLFLOW, "/version": (200, "2.3.0")}) as old:
        assert (await attempt(old.uri))["diagnosis"] == "too-old"
    with serve({"": (200, "x" * 10_000_000)}) as endless:
        assert (await attempt(endless.uri))["diagnosis"] == "not-mlflow"


async def test_certificates(attempt: Try, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = certificate(tmp_path)
    kinds = {"self-signed": own}
    for words, file in kinds.items():
        with serve(MLFLOW, context=tls(file)) as server:
            found = await attempt(server.uri)
            assert (found["diagnosis"], words in found["message"]) == ("certificate", True)
            assert "MLFLOW_TRACKING_SERVER_CERT_PATH" in found["remedy"]
    for words, file in {
        "expired": certificate(tmp_path, days=-1),
        "another": certificate(tmp_path, "example.org"),
    }.items():
        monkeypatch.setenv("MLFLOW_TRACKING_SERVER_CERT_PATH", str(file))
        with serve(MLFLOW, context=tls(file)) as server:
            found = await attempt(server.uri)
            assert (found["diagnosis"], words in found["message"]) == ("certificate", True), found
    monkeypatch.setenv("MLFLOW_TRACKING_SERVER_CERT_PATH", str(own))
    with serve(MLFLOW, context=tls(own)) as server:
        assert (await attempt(server.uri))["diagnosis"] == "ok"
    with serve(MLFLOW) as plain:
        found = await attempt(plain.uri.replace("http:", "https:"))
        assert (found["diagnosis"], "http://" in found["remedy"]) == ("certificate", True)
    monkeypatch.setenv("MLFLOW_TRACKING_SERVER_CERT_PATH", "/no/such/file")
    assert "cannot be read" in (await attempt("https://127.0.0.1:1"))["message"]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of this MLflow."""
    path = tmp_path_factory.mktemp("store") / "mlflow.db"
    code = f"import mlflow; mlflow.MlflowClient('sqlite:///{path}').search_experiments()"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return path


async def test_sqlite_files(attempt: Try, database: Path, tmp_path: Path) -> None:
    def copied(name: str) -> Path:
        return Path(shutil.copy(database, tmp_path / name))

    async def diagnosis(path: Path) -> str:
        before = path.read_bytes() if path.is_file() else None
        found = await attempt(f"sqlite:///{path}")
        assert before is None or path.read_bytes() == before
        assert not [file for file in path.parent.glob(f"{path.name}-*") if not file.name.endswith("-wal")]
        return str(found["diagnosis"])

    assert await diagnosis(copied("good.db")) == "ok"
    assert await diagnosis(tmp_path / "new.db") == "ok"
    assert await diagnosis(tmp_path / "no folder" / "m.db") == "no-file"
    assert not (tmp_path / "new.db").exists()
    (tmp_path / "text.db").write_text("hello, this is no database at all")
    assert await diagnosis(tmp_path / "text.db") == "corrupt"
    damaged = copied("damaged.db")
    with damaged.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"garbage!" * 4096)
    assert await diagnosis(damaged) == "corrupt"
    other = copied("other.db")
    with sqlite3.connect(other) as connection:
        connection.execute("pragma journal_mode=delete")
        connection.execute("update alembic_version set version_num = 'ffffffffffff'")
    connection.close()
    assert await diagnosis(other) == "schema"
    with sqlite3.connect(tmp_path / "foreign.db") as connection:
        connection.execute("create table x (y)")
    connection.close()
    assert await diagnosis(tmp_path / "foreign.db") == "not-mlflow"


async def test_a_locked_file_is_said_to_be_locked(attempt: Try, database: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(database, tmp_path / "mlflow.db"))
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("pragma journal_mode=delete")
    holder.execute("begin exclusive")
    assert (await attempt(f"sqlite:///{path}"))["diagnosis"] == "locked"
    holder.execute("rollback")
    holder.close()
    assert (await attempt(f"sqlite:///{path}"))["diagnosis"] == "ok"


async def test_folders_of_files(attempt: Try, tmp_path: Path) -> None:
    assert (await attempt(str(tmp_path / "mlruns")))["diagnosis"] == "no-file"
    (tmp_path / "mlruns" / "0").mkdir(parents=True)
    assert (await attempt(f"file://{tmp_path}/mlruns"))["diagnosis"] == "no-file"
    (tmp_path / "mlruns" / "0" / "meta.yaml").write_text("name: Default")
    found = await attempt(f"file://{tmp_path}/mlruns")
    assert (found["ok"], "copied" in found["remedy"]) == (True, True)


async def test_a_scheme_without_a_plugin_says_what_to_install(attempt: Try) -> None:
    found = await attempt("azureml://region/workspace")
    assert found["diagnosis"] == "no-plugin"
    assert "azureml-mlflow" in found["remedy"]


async def test_the_registry_is_tried_too(attempt: Try) -> None:
    with serve(MLFLOW) as mlflow:
        found = await attempt(mlflow.uri, registry_uri=f"http://127.0.0.1:{free_port()}")
    assert found["diagnosis"] == "no-answer"
    assert found["message"].startswith("The registry: ")


async def test_a_kept_connection_is_tried_by_its_id(fetch_json: Any, jp_root_dir: Path) -> None:
    found = await fetch_json(f"{BASE}/connections/test", {"id": "default"})
    assert (found["ok"], "does not exist yet" in found["message"]) == (True, True)
    assert not (jp_root_dir / "mlflow.db").exists()


class TestAllowed:
    @pytest.fixture
    def experiments_config(self) -> dict[str, Any]:
        return {"allowed_tracking_uris": ["https://*.example.org"]}

    async def test_what_is_not_allowed_is_asked_nothing(self, attempt: Try) -> None:
        with serve(MLFLOW) as server:
            found = await attempt(server.uri)
            assert (found["diagnosis"], server.asked) == ("not-allowed", [])
        assert "s3cret" not in json.dumps(await attempt("https://ana:s3cret@elsewhere.example.com"))
