"""Artifacts of a real `mlflow server`: in a store of the S3 kind, and in a folder that it does not serve."""

from __future__ import annotations

import io
import os
import resource
import urllib.request
import zipfile
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio

from tests.support.mlflowserver import S3_KEYS, Served, mlflow_server, s3_server
from tests.support.ports import free_port

from .conftest import BASE, chunks_of

HTML = "<script>parent.document.title = 'owned'</script>"
#: The run whose artifacts go through the server into its store, and the one whose folder it only knows.
RUNS = ["stored", "plain"]


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("remote")
    with s3_server(folder, free_port()) as store:
        urllib.request.urlopen(urllib.request.Request(f"{store.uri}/artifacts", method="PUT"))
        arguments = ["--artifacts-destination", "s3://artifacts/x"]
        environ = {**S3_KEYS, "MLFLOW_S3_ENDPOINT_URL": store.uri}
        with mlflow_server(folder, free_port(), arguments, **environ) as served:
            yield served


@pytest.fixture(scope="module")
def runs(remote: Served, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A run of each kind, with the same files."""
    from mlflow import MlflowClient

    client = MlflowClient(remote.uri)
    stored = client.create_experiment("stored")
    root = tmp_path_factory.mktemp("plain")
    plain = client.create_experiment("plain", artifact_location=str(root))
    made = {"stored": client.create_run(stored).info.run_id, "plain": client.create_run(plain).info.run_id}
    for run_id in made.values():
        client.log_text(run_id, "0123456789", "plain.txt")
        client.log_text(run_id, HTML, "report.html")
        client.log_text(run_id, f"<svg xmlns='http://www.w3.org/2000/svg'>{HTML}</svg>", "picture.svg")
        client.log_text(run_id, "bytes", "model/model.pkl")
        client.log_text(run_id, "deep", "model/sub/ü 日本 100%.txt")
    return made


@pytest.fixture
def experiments_config(remote: Served) -> dict[str, Any]:
    return {"connections": {"far": {"tracking_uri": remote.uri}}}


@pytest_asyncio.fixture
async def client(
    http_server_client: Any, jp_auth_header: dict[str, str], jp_base_url: str
) -> AsyncIterator[httpx.AsyncClient]:
    address = http_server_client.get_url(f"{jp_base_url}{BASE}/connections/far")
    async with httpx.AsyncClient(base_url=address, headers=jp_auth_header, timeout=60) as client:
        yield client


@pytest.mark.parametrize("kind", RUNS)
async def test_a_page_or_a_drawing_with_a_script_has_no_rights_here(
    client: Any, runs: dict[str, str], kind: str
) -> None:
    for name, mime_type in (("report.html", "text/html; charset=utf-8"), ("picture.svg", "image/svg+xml")):
        answer = await client.get(f"/artifacts/{runs[kind]}/{name}")
        policy = answer.headers["content-security-policy"]
        assert (answer.status_code, answer.headers["content-type"]) == (200, mime_type)
        assert HTML in answer.text
        assert policy.startswith("sandbox") and "default-src 'none'" in policy
        assert "allow-same-origin" not in policy and "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"].startswith("inline")
    unknown = await client.get(f"/artifacts/{runs[kind]}/model/model.pkl")
    assert unknown.headers["content-type"] == "application/octet-stream"
    assert unknown.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("kind", RUNS)
async def test_the_first_bytes_and_any_other_range(client: Any, runs: dict[str, str], kind: str) -> None:
    path = f"/artifacts/{runs[kind]}/plain.txt"
    for asked, text, told in (
        ("bytes=0-2", "012", "bytes 0-2/10"),
        ("bytes=4-", "456789", "bytes 4-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
    ):
        answer = await client.get(path, headers={"Range": asked})
        assert (answer.status_code, answer.text, answer.headers["content-range"]) == (206, text, told)
    assert (await client.get(path, headers={"Range": "bytes=50-"})).status_code == 416
    head = await client.head(path)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "10", b"")


async def test_what_the_browser_has_already_is_not_sent_again(client: Any, runs: dict[str, str]) -> None:
    path = f"/artifacts/{runs['plain']}/plain.txt"
    etag = (await client.get(path)).headers["etag"]
    again = await client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("kind", RUNS)
async def test_a_folder_is_a_zip(client: Any, runs: dict[str, str], kind: str) -> None:
    for path, prefix in (("/model", ""), ("/model/", ""), ("", "model/")):
        answer = await client.get(f"/artifacts/{runs[kind]}{path}")
        assert answer.headers["content-type"] == "application/zip"
        assert answer.headers["content-disposition"].startswith("attachment")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert archive.testzip() is None
            assert archive.read(f"{prefix}sub/ü 日本 100%.txt") == b"deep"
            assert archive.read(f"{prefix}model.pkl") == b"bytes"


@pytest.mark.parametrize("kind", RUNS)
@pytest.mark.parametrize("name", ["a b.bin", "ü日本🚀.bin", "100%.bin", "semi;colon.bin", "+&=.bin"])
async def test_an_upload_comes_back_whatever_its_name(
    client: Any, runs: dict[str, str], kind: str, name: str
) -> None:
    path, content = f"/artifacts/{runs[kind]}/up/{quote(name)}", os.urandom(300_000)
    assert (await client.put(path, content=content)).status_code == 200
    assert (await client.get(path)).content == content
    listed = await client.get(f"/api/2.0/mlflow/artifacts/list?run_id={runs[kind]}&path=up")
    assert f"up/{name}" in [file["path"] for file in listed.json()["files"]]


async def test_forty_megabytes_pass_both_ways_in_little_memory(client: Any, runs: dict[str, str]) -> None:
    total = 40_000_000
    path = f"/artifacts/{runs['stored']}/big/big.bin"
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    headers = {"Content-Length": str(total)}
    assert (await client.put(path, content=chunks_of(total), headers=headers)).status_code == 200
    for asked in (path, f"/artifacts/{runs['stored']}/big"):
        received = 0
        async with client.stream("GET", asked) as answer:
            async for chunk in answer.aiter_raw(1 << 16):
                received += len(chunk)
        assert received == total if asked == path else received > 10_000
    # Client and gateway share this process.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 20_000


async def test_what_the_server_would_have_to_hold_in_memory_is_refused_in_words(
    client: Any, runs: dict[str, str]
) -> None:
    path = f"/artifacts/{runs['plain']}/big.bin"
    answer = await client.put(path, content=b"x" * (11 * 1024 * 1024))
    assert (answer.status_code, answer.json()["error_code"]) == (413, "INVALID_PARAMETER_VALUE")
    assert "10 MB" in answer.json()["message"]


@pytest.mark.parametrize("kind", RUNS)
async def test_what_is_not_there_is_a_404(client: Any, runs: dict[str, str], kind: str) -> None:
    for path in ("0" * 32 + "/plain.txt", f"{runs[kind]}/no/such/folder/"):
        answer = await client.get(f"/artifacts/{path}")
        assert (answer.status_code, answer.json()["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")
    missing = await client.get(f"/artifacts/{runs[kind]}/nothing.txt")
    assert 400 <= missing.status_code < 600


async def test_a_logged_model_has_artifacts_too(client: Any, remote: Served, runs: dict[str, str]) -> None:
    from mlflow import MlflowClient

    mlflow_client = MlflowClient(remote.uri)
    experiment = mlflow_client.get_run(runs["stored"]).info.experiment_id
    model = mlflow_client.create_logged_model(experiment, name="m", source_run_id=runs["stored"])
    path = f"/artifacts/models/{model.model_id}"
    assert (await client.put(f"{path}/MLmodel", content=b"flavors: {}")).status_code == 200
    assert (await client.get(f"{path}/MLmodel")).text == "flavors: {}"
    answer = await client.get(path)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read("MLmodel") == b"flavors: {}"


async def test_an_artifact_is_no_way_to_another_path_of_the_server(client: Any, runs: dict[str, str]) -> None:
    for path in ("%2e%2e/x", "..%2Fx", "a/%252e%252e/x", "a%00b", "%2Fetc/passwd"):
        for method in ("GET", "PUT"):
            answer = await client.request(method, f"/artifacts/{runs['stored']}/{path}")
            assert answer.status_code == 400, path
