"""Artifacts of a store whose root is of the S3 kind: through MLflow's own repository, one file at a time."""

from __future__ import annotations

import io
import os
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.mlflowserver import S3_KEYS, s3_server

from .child import PREFIX, Child
from .test_runtable import client_of


@pytest.fixture(scope="module")
def served(
    empty_store: Path, tmp_path_factory: pytest.TempPathFactory, unused_tcp_port_factory: Callable[[], int]
) -> Iterator[tuple[Child, str]]:
    import shutil

    folder = tmp_path_factory.mktemp("object-store")
    path = Path(shutil.copy(empty_store, folder / "mlflow.db"))
    with s3_server(folder, unused_tcp_port_factory()) as store, pytest.MonkeyPatch.context() as patch:
        urllib.request.urlopen(urllib.request.Request(f"{store.uri}/artifacts", method="PUT"))
        for name, value in {**S3_KEYS, "MLFLOW_S3_ENDPOINT_URL": store.uri}.items():
            patch.setenv(name, value)
        with Child(f"sqlite:///{path}", "s3://artifacts/root") as child:
            made = child.client.post("/api/2.0/mlflow/experiments/create", json={"name": "e"}).json()
            run = child.client.post("/api/2.0/mlflow/runs/create", json=made).json()["run"]["info"]
            assert run["artifact_uri"].startswith("s3://artifacts/root/")
            client = client_of(path)
            client.log_text(run["run_id"], "0123456789", "plain.txt")
            client.log_text(run["run_id"], "<script></script>", "folder/report.html")
            client.log_text(run["run_id"], "deep", "folder/sub/ü.txt")
            yield child, run["run_id"]


def test_a_file_is_shown_under_guards_and_in_ranges(served: Any) -> None:
    child, run_id = served
    page = child.client.get(f"{PREFIX}/artifacts/{run_id}/folder/report.html")
    assert page.text == "<script></script>"
    assert page.headers["content-security-policy"].startswith("sandbox")
    part = child.client.get(f"{PREFIX}/artifacts/{run_id}/plain.txt", headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.text) == (206, "234")
    listed = child.client.get("/api/2.0/mlflow/artifacts/list", params={"run_id": run_id}).json()["files"]
    assert [file["path"] for file in listed] == ["folder", "plain.txt"]


def test_a_folder_is_a_zip(served: Any) -> None:
    child, run_id = served
    for path, prefix in (("", "folder/"), ("/folder", "")):
        answer = child.client.get(f"{PREFIX}/artifacts/{run_id}{path}")
        assert answer.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert archive.testzip() is None and archive.read(f"{prefix}sub/ü.txt") == b"deep"


def test_an_upload_comes_back(served: Any) -> None:
    child, run_id = served
    content = os.urandom(300_000)
    path = f"{PREFIX}/artifacts/{run_id}/up/a b.bin"
    assert child.client.put(path, content=content).status_code == 200
    assert child.client.get(path).content == content


def test_what_is_not_there_is_a_404(served: Any) -> None:
    child, run_id = served
    for path in ("nothing.txt", "no/such/folder/"):
        answer = child.client.get(f"{PREFIX}/artifacts/{run_id}/{path}")
        assert (answer.status_code, answer.json()["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")
