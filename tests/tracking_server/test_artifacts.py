"""Bytes of artifacts, down and up."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_experiments.tracking_server.artifactroots import inside, local_folder
from jupyterlab_experiments.tracking_server.errors import BadRequestError

from .child import PREFIX, Child
from .test_runtable import client_of

NAMES = [
    "a b.txt",
    "ü日本🚀.txt",
    "100%.txt",
    "a%2Fb.txt",
    "semi;colon.txt",
    "q'uo\"te.txt",
    "#hash?.txt",
    "+&=.txt",
]


@pytest.fixture(scope="module")
def served(
    empty_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Child, Any, str, Path]]:
    import shutil

    folder = tmp_path_factory.mktemp("artifacts")
    store = Path(shutil.copy(empty_store, folder / "mlflow.db"))
    client = client_of(store)
    experiment = client.create_experiment("e", artifact_location=str(folder / "mlartifacts" / "1"))
    run_id = client.create_run(experiment).info.run_id
    client.log_text(run_id, "0123456789", "plain.txt")
    client.log_text(run_id, "<script>alert(1)</script>", "report.html")
    client.log_text(run_id, "bytes", "model.pkl")
    client.log_text(run_id, "deep", "folder/sub/deep.txt")
    (folder / "secret.txt").write_text("secret")
    with Child(f"sqlite:///{store}", folder / "mlartifacts") as child:
        yield child, client, run_id, folder


def url(run_id: str, path: str) -> str:
    from urllib.parse import quote

    return f"{PREFIX}/artifacts/{run_id}/{quote(path)}"


def test_html_is_shown_without_this_origin_and_without_a_network(served: Any) -> None:
    child, _, run_id, _ = served
    answer = child.client.get(url(run_id, "report.html"))
    policy = answer.headers["content-security-policy"]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert policy.startswith("sandbox allow-scripts;") and "default-src 'none'" in policy
    assert "allow-same-origin" not in policy and "connect-src" not in policy and "http" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_unknown_types_are_downloads_and_text_is_not(served: Any) -> None:
    child, _, run_id, _ = served
    unknown, known = child.client.get(url(run_id, "model.pkl")), child.client.get(url(run_id, "plain.txt"))
    assert unknown.headers["content-type"] == "application/octet-stream"
    assert unknown.headers["content-disposition"].startswith("attachment")
    assert (
        known.headers["content-disposition"].startswith("inline")
        and "sandbox" in known.headers["content-security-policy"]
    )


def test_ranges_head_and_etag(served: Any) -> None:
    child, _, run_id, _ = served
    path = url(run_id, "plain.txt")
    part = child.client.get(path, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.text, part.headers["content-range"]) == (206, "234", "bytes 2-4/10")
    assert child.client.get(path, headers={"Range": "bytes=50-"}).status_code == 416
    head = child.client.head(path)
    assert head.status_code == 200 and head.headers["content-length"] == "10" and head.content == b""
    again = child.client.get(path, headers={"If-None-Match": head.headers["etag"]})
    assert again.status_code == 304 and again.content == b""


def test_a_folder_is_a_zip(served: Any) -> None:
    child, _, run_id, _ = served
    for path, name in (("folder", "sub/deep.txt"), ("", "folder/sub/deep.txt")):
        answer = child.client.get(url(run_id, path))
        assert answer.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert archive.read(name) == b"deep" and archive.testzip() is None


@pytest.mark.parametrize(
    "path",
    ["%2e%2e/x", "..%2Fx", "a/%2e%2e/%2e%2e/secret.txt", "%252e%252e/x", "a//b", "a%00b", "%2Fetc/passwd"],
)
def test_paths_that_leave_the_run_are_refused(served: Any, path: str) -> None:
    child, _, run_id, _ = served
    for method in ("GET", "PUT"):
        answer = child.client.request(method, f"{PREFIX}/artifacts/{run_id}/{path}")
        assert answer.status_code in (400, 404, 405), answer.text
        assert "secret" not in answer.text


def test_a_link_out_of_the_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "secret").write_text("s")
    os.symlink(tmp_path / "secret", tmp_path / "run" / "link")
    with pytest.raises(BadRequestError):
        inside(str(tmp_path / "run"), "link")


@pytest.mark.parametrize("name", NAMES)
def test_an_upload_comes_back_whatever_its_name(served: Any, name: str) -> None:
    child, client, run_id, folder = served
    content = os.urandom(300_000)
    assert child.client.put(url(run_id, f"up/{name}"), content=content).status_code == 200
    assert child.client.get(url(run_id, f"up/{name}")).content == content
    assert f"up/{name}" in [file.path for file in client.list_artifacts(run_id, "up")]
    assert not list(folder.glob("mlartifacts/1/*/.upload-*"))


def test_an_upload_that_breaks_off_leaves_nothing(served: Any) -> None:
    child, _, run_id, _ = served

    def broken() -> Iterator[bytes]:
        yield b"x" * 100_000
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        child.client.put(url(run_id, "broken.bin"), content=broken())
    assert child.client.get(url(run_id, "broken.bin")).status_code == 404


def test_what_is_not_there_is_a_404(served: Any) -> None:
    child, _, run_id, _ = served
    for path in (
        url(run_id, "nothing.txt"),
        url("0" * 32, "plain.txt"),
        f"{PREFIX}/artifacts/models/m-0/a.txt",
    ):
        answer = child.client.get(path)
        assert (answer.status_code, answer.json()["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_mlflows_get_artifact_is_a_download_in_a_stream_of_ours(served: Any) -> None:
    child, _, run_id, _ = served
    answer = child.client.get("/get-artifact", params={"run_id": run_id, "path": "report.html"})
    assert answer.text.startswith("<script>") and answer.headers["content-disposition"].startswith(
        "attachment"
    )
    assert answer.headers["accept-ranges"] == "bytes"
    missing = child.client.get("/get-artifact", params={"run_id": run_id, "path": "../secret.txt"})
    assert missing.status_code >= 400 and missing.text != "secret"


def test_models_and_their_versions_have_artifacts_too(served: Any) -> None:
    import mlflow

    child, client, run_id, _ = served
    mlflow.set_tracking_uri(client.tracking_uri)
    model = client.create_logged_model(
        client.get_run(run_id).info.experiment_id, name="m", source_run_id=run_id
    )
    path = f"{PREFIX}/artifacts/models/{model.model_id}/MLmodel"
    assert child.client.put(path, content=b"flavors: {}").status_code == 200
    client.finalize_logged_model(model.model_id, "READY")
    assert child.client.get(path).text == "flavors: {}"
    client.create_registered_model("reg")
    client.create_model_version("reg", f"models:/{model.model_id}", run_id, model_id=model.model_id)
    query = {"name": "reg", "version": "1", "path": "MLmodel"}
    answer = child.client.get("/model-versions/get-artifact", params=query)
    assert answer.text == "flavors: {}" and answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    ("uri", "folder"),
    [
        ("/data/1/r/artifacts", "/data/1/r/artifacts"),
        ("file:///data/a%20b", "/data/a b"),
        ("/data/a#b?c", "/data/a#b?c"),
        ("mlflow-artifacts:/1/r/artifacts", "/root/1/r/artifacts"),
        ("mlflow-artifacts://host/1/r", None),
        ("s3://bucket/1", None),
    ],
)
def test_which_roots_are_folders_here(uri: str, folder: str | None) -> None:
    assert local_folder(uri, "/root") == folder
