"""Which paths are forwarded, and where to."""

from __future__ import annotations

import pytest

from jupyterlab_experiments.server.errors import BadRequest, NoSuchRoute
from jupyterlab_experiments.server.forwarding.target import Artifact, target_of


@pytest.mark.parametrize(
    "path",
    [
        "api/2.0/mlflow/../../secret",
        "api/2.0/mlflow/%2e%2e/secret",
        "api/2.0/mlflow/%252e%252e/secret",
        "api/2.0/mlflow/..%2fsecret",
        "api/2.0/mlflow//runs/get",
        "artifacts/abc/a%00b",
        "artifacts/./abc",
    ],
)
def test_a_path_that_could_be_read_in_two_ways_is_refused(path: str) -> None:
    with pytest.raises(BadRequest):
        target_of("GET", path, "")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "graphql",
        "get-artifact",
        "static-files/index.js",
        "api/2.0/other/x",
        "ajax-api/2.0/mlflow/gateway-proxy",
        "ajax-api/2.0/mlflow/gateway%2Dproxy",
        "api/3.0/mlflow/webhooks/1",
        "ajax-api/3.0/mlflow/jobs",
        "changes",
        "runs-table/x",
    ],
)
def test_what_is_not_the_rest_api_is_refused(path: str) -> None:
    with pytest.raises(NoSuchRoute):
        target_of("GET", path, "")


def test_names_stay_as_the_client_wrote_them_and_our_query_parts_stay_here() -> None:
    target = target_of(
        "GET", "artifacts/abc/%E6%97%A5%2Fa%25;b+c", "x=1&token=t&no_track_activity=1&page_token=p"
    )
    assert target.at_child == "/jupyterlab-experiments/artifacts/abc/%E6%97%A5%2Fa%25;b+c?x=1&page_token=p"


def test_rest_goes_to_the_root_and_columns_to_the_childs_own_prefix() -> None:
    assert target_of("POST", "api/2.0/mlflow/runs/search", "").at_child == "/api/2.0/mlflow/runs/search"
    assert target_of("POST", "runs-table", "").at_child == "/jupyterlab-experiments/runs-table"
    assert target_of("GET", "version", "").at_remote("/team") == "/team/version"


def test_a_remote_server_has_none_of_our_routes() -> None:
    for path in ("runs-table", "artifacts/abc/f"):
        with pytest.raises(NoSuchRoute):
            target_of("POST", path, "").at_remote("")


def test_its_columns_are_below_a_prefix_of_ours_where_it_has_them() -> None:
    target = target_of("POST", "runs-table", "x=1")
    assert target.at_remote("/team", has_columns=True) == "/team/jupyterlab-experiments/runs-table?x=1"
    with pytest.raises(NoSuchRoute):
        target_of("GET", "artifacts/abc/f", "").at_remote("", has_columns=True)


def test_which_artifact_is_meant() -> None:
    artifact = target_of("GET", "artifacts/abc/plots/a%20b.png", "").artifact
    assert artifact == Artifact("abc", "plots/a b.png", is_of_model=False)
    assert target_of("GET", "artifacts/models/m-1", "").artifact == Artifact("m-1", "", is_of_model=True)
    assert target_of("GET", "version", "").artifact is None


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("artifacts/%2Fetc/passwd", ""),
        ("artifacts/abc/%2Fetc/passwd", ""),
        ("artifacts/abc/a%2F%2Fb", ""),
        ("artifacts/a%2Fb/c", ""),
        ("artifacts/a;b/c", ""),
        ("artifacts/%00", ""),
        ("artifacts/" + "a" * 300, ""),
        ("artifacts/models/..", ""),
        ("api/2.0/mlflow/runs/get", "run_id=..%2F..%2Fetc"),
        ("api/2.0/mlflow/artifacts/list", "run%5Fid=a%00b"),
        ("api/2.0/mlflow/artifacts/list", "path=x&run_uuid=%2Fabs"),
    ],
)
def test_what_is_no_id_of_a_run_is_refused_here(path: str, query: str) -> None:
    with pytest.raises(BadRequest):
        target_of("GET", path, query)


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("GET", "api/2.0/mlflow/runs/get", "read"),
        ("POST", "api/2.0/mlflow/runs/search", "read"),
        ("POST", "ajax-api/2.0/mlflow/metrics/get-history-bulk", "read"),
        ("POST", "keys", "read"),
        ("POST", "api/2.0/mlflow/runs/create", "write"),
        ("PUT", "api/2.0/mlflow-artifacts/artifacts/search", "write"),
        ("PATCH", "api/2.0/mlflow/registered-models/update", "write"),
        ("PUT", "artifacts/abc/f", "write"),
    ],
)
def test_searching_is_reading_and_all_else_that_is_no_get_is_writing(
    method: str, path: str, action: str
) -> None:
    assert target_of(method, path, "").action == action
