"""Our routes on a team's own `mlflow server` with users: nobody reads what MLflow would not show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pyarrow as pa
import pytest
from starlette.routing import Mount, Route

from jupyterlab_experiments.tracking_server import plugin
from jupyterlab_experiments.tracking_server.app import Routes, our_app
from jupyterlab_experiments.tracking_server.artifactroots import ArtifactRoots, is_below
from jupyterlab_experiments.tracking_server.database import Database
from jupyterlab_experiments.tracking_server.memory import Memory
from jupyterlab_experiments.tracking_server.permits import Everybody
from jupyterlab_experiments.tracking_server.settings import Settings

from .child import PREFIX
from .team import API, PASSWORDS, Team, team_server


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with team_server(tmp_path_factory.mktemp("team")) as running:
        yield running


# Each route of ours: method, path and body for an experiment, a run and a model.
ROUTES: dict[str, Any] = {
    "runs-table": lambda e, r, m: ("POST", "runs-table", {"json": {"experiment_ids": [e]}}),
    "keys": lambda e, r, m: ("POST", "keys", {"json": {"experiment_ids": [e]}}),
    "metric-history": lambda e, r, m: (
        "POST",
        "metric-history",
        {"json": {"run_ids": [r], "keys": ["loss"]}},
    ),
    "upload to a run": lambda e, r, m: ("PUT", f"artifacts/{r}/a.txt", {"content": b"text"}),
    "artifacts of a run": lambda e, r, m: ("GET", f"artifacts/{r}", {}),
    "one artifact": lambda e, r, m: ("GET", f"artifacts/{r}/a.txt", {}),
    "upload to a model": lambda e, r, m: ("PUT", f"artifacts/models/{m}/b.txt", {"content": b"text"}),
    "artifacts of a model": lambda e, r, m: ("GET", f"artifacts/models/{m}", {}),
    "one artifact of a model": lambda e, r, m: ("GET", f"artifacts/models/{m}/b.txt", {}),
}


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_answers_those_alone_whom_mlflow_lets(team: Team, route: str) -> None:
    method, path, options = ROUTES[route](*team.anas)
    asked = {user: team.ask(user, method, path, **options) for user in (None, "bob", "ana", "admin")}
    assert {user: answer.status_code for user, answer in asked.items()} == {
        None: 401,
        "bob": 403,
        "ana": 200,
        "admin": 200,
    }
    assert "WWW-Authenticate" in asked[None].headers
    wrong = httpx.request(
        method, f"{team.address}{PREFIX}/{path}", auth=("ana", "a wrong password"), timeout=30, **options
    )
    assert wrong.status_code == 401
    method, path, options = ROUTES[route](*team.secret)
    assert team.ask("ana", method, path, **options).status_code == 403


@pytest.mark.parametrize("route", ["runs-table", "keys"])
@pytest.mark.parametrize("turn", [1, -1])
def test_one_forbidden_experiment_in_a_list_is_enough(team: Team, route: str, turn: int) -> None:
    ids = [team.anas[0], team.secret[0]][::turn]
    assert team.ask("ana", "POST", route, json={"experiment_ids": ids}).status_code == 403
    assert team.ask("admin", "POST", route, json={"experiment_ids": ids}).status_code == 200


def test_one_forbidden_run_in_a_list_is_enough(team: Team) -> None:
    body = {"run_ids": [team.anas[1], team.secret[1]], "keys": ["loss"]}
    assert team.ask("ana", "POST", "metric-history", json=body).status_code == 403
    assert team.ask("admin", "POST", "metric-history", json=body).status_code == 200


@pytest.mark.parametrize("body", [{}, {"notebook": {"id": "", "path": "a.ipynb"}}, {"view_type": "ALL"}])
def test_without_experiments_each_sees_their_own(team: Team, body: dict[str, Any]) -> None:
    expected = [] if "notebook" in body else [team.anas[1]]
    assert run_ids(team.ask("ana", "POST", "runs-table", json=body)) == expected
    assert run_ids(team.ask("bob", "POST", "runs-table", json=body)) == []
    assert team.ask(None, "POST", "runs-table", json=body).status_code == 401
    assert len(run_ids(team.ask("admin", "POST", "runs-table", json=body))) == 2 * len(expected)


def run_ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return pa.ipc.open_stream(answer.content).read_all()["run_id"].to_pylist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("body", [{"experiment_ids": []}, {"run_ids": [], "keys": ["loss"]}])
def test_to_ask_for_nothing_needs_a_name_too(team: Team, body: dict[str, Any]) -> None:
    route = "metric-history" if "run_ids" in body else "runs-table"
    assert team.ask(None, "POST", route, json=body).status_code == 401
    assert team.ask("bob", "POST", route, json=body).status_code == 200


def test_what_the_server_is_it_tells_whom_it_knows(team: Team) -> None:
    assert team.ask(None, "GET", "info").status_code == 401
    told = team.ask("bob", "GET", "info").json()
    assert told["package"] == "jupyterlab-experiments"
    assert told["protocol"] == 1 and told["columns"] is True


def test_changes_are_told_of_experiments_that_one_may_read(team: Team) -> None:
    assert team.ask(None, "GET", "changes").status_code == 401
    assert team.ask("bob", "GET", "changes").status_code == 403
    forbidden = {"experiment_ids": [team.anas[0], team.secret[0]]}
    assert team.ask("ana", "GET", "changes", params=forbidden).status_code == 403
    url, auth = f"{team.address}{PREFIX}/changes", ("ana", PASSWORDS["ana"])
    with httpx.stream("GET", url, auth=auth, timeout=30) as stream:
        assert stream.status_code == 200
        lines = stream.iter_lines()
        assert next(lines) == ": open"
        log_metric(team, "admin", team.secret[1], 2)
        log_metric(team, "admin", team.secret[1], 3)
        log_metric(team, "ana", team.anas[1], 4)
        first = next(line for line in lines if line.startswith("data:"))
        assert first == 'data: {"sequence": 1}'


def log_metric(team: Team, user: str, run_id: str, step: int) -> None:
    body = {"run_id": run_id, "key": "loss", "value": 1, "timestamp": step, "step": step}
    url = f"{team.address}{API}/runs/log-metric"
    httpx.post(url, json=body, auth=(user, PASSWORDS[user]), timeout=30).raise_for_status()


def test_another_host_name_is_refused_as_mlflow_refuses_it(team: Team) -> None:
    answer = team.ask("admin", "GET", "info", headers={"Host": "evil.example"})
    assert answer.status_code == 403 and "host" in answer.text.lower()


def test_mlflow_itself_answers_beside_us(team: Team) -> None:
    answer = httpx.get(f"{team.address}/version", auth=("admin", PASSWORDS["admin"]))
    assert re.match(r"\d+\.\d+", answer.text)
    assert httpx.get(f"{team.address}{API}/experiments/search?max_results=1").status_code == 401


def test_no_route_is_without_a_test_of_its_permissions() -> None:
    settings = Settings("sqlite:////nowhere/mlflow.db", "/nowhere")
    database = Database(settings.tracking_uri)
    app = our_app(Routes(database, ArtifactRoots(settings, database), Memory(), Everybody()))
    (mount,) = app.routes
    assert isinstance(mount, Mount)
    paths = {re.sub(r"\{.*", "", route.path) for route in mount.routes if isinstance(route, Route)}
    assert paths == {
        "/runs-table",
        "/keys",
        "/metric-history",
        "/info",
        "/changes",
        "/artifacts/",
        "/artifacts/models/",
    }


@pytest.mark.parametrize(
    ("uri", "folder", "root", "expected"),
    [
        ("mlflow-artifacts:/1/r/artifacts", "/srv/a/1/r/artifacts", "/srv/a", True),
        ("file:///etc", "/etc", "/srv/a", False),
        ("/srv/ab/1", "/srv/ab/1", "/srv/a", False),
        ("/srv/a/../b", "/srv/b", "/srv/a", False),
        ("s3://team/a/1/r", None, "s3://team/a", True),
        ("s3://team/ab/1/r", None, "s3://team/a", False),
        ("s3://team/a/%2e%2e/b", None, "s3://team/a", False),
        ("s3://other/a", None, "s3://team/a", False),
        ("s3://team/a", None, "/srv/a", False),
        ("/srv/a/1", "/srv/a/1", "s3://team/a", False),
        ("/srv/a/1", "/srv/a/1", "", False),
    ],
)
def test_only_what_lies_below_the_servers_root_is_served(
    uri: str, folder: str | None, root: str, expected: bool
) -> None:
    assert is_below(uri, folder, root) is expected


@pytest.mark.parametrize("name", ["no-such-app", "jupyterlab-experiments"])
def test_an_app_that_cannot_be_asked_keeps_the_server_from_starting(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(plugin.AUTH_VARIABLE, name)
    monkeypatch.setenv("_MLFLOW_SERVER_FILE_STORE", "sqlite:////nowhere/mlflow.db")
    with pytest.raises(plugin.PluginError, match="basic-auth"):
        plugin.create_app()
