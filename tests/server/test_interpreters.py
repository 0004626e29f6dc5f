"""Which interpreter serves a tracking URI, and what is said where none can."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_experiments.server.errors import TrackingServerUnavailable
from jupyterlab_experiments.server.processes.interpreters import Interpreter, Interpreters, interpreter_of
from jupyterlab_experiments.server.processes.plugins import missing_plugin_message, plugin_needed
from jupyterlab_experiments.tracking_server.settings import Settings
from jupyterlab_experiments.tracking_uri import scheme_of

LOG = logging.getLogger(__name__)
ABLE = {"mlflow": "2.9.2", "flask": "3.0.0"}
SKINNY = {"mlflow-skinny": "2.9.2"}


class Machine:
    """Programs that answer as interpreters do and write down each time they are asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.specs: dict[str, Any] = {}

    def add(self, name: str, schemes: list[str], versions: dict[str, str]) -> str:
        """A kernel whose interpreter has plugins for these schemes."""
        program = self._folder / name / "python"
        program.parent.mkdir()
        answer = {"tracking": schemes, "registry": [], "versions": versions, "python": "3.11"}
        answer_file = program.with_suffix(".json")
        answer_file.write_text(json.dumps(answer))
        program.write_text(f"#!/bin/sh\necho asked >> '{program}.asked'\ncat '{answer_file}'\n")
        program.chmod(0o755)
        self.specs[name] = {
            "resource_dir": "/nowhere",
            "spec": {"argv": [str(program), "-m", "ipykernel_launcher"], "display_name": name, "env": {}},
        }
        return str(program)

    def interpreters(self, **by_scheme: str) -> Interpreters:
        return Interpreters(sys.executable, by_scheme, LOG, lambda: self.specs)

    def times_asked(self, program: str) -> int:
        return Path(f"{program}.asked").read_text().count("asked")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_stores_that_need_no_plugin_ask_nobody() -> None:
    def fail() -> Any:
        raise AssertionError

    interpreters = Interpreters("/ours", {}, LOG, fail)
    for uri in ("sqlite:////a.db", "postgresql+psycopg2://h/d", "mysql://h/d", "mssql://h/d", "file:///a"):
        assert interpreters.find(uri).python == "/ours"


def test_the_given_interpreter_comes_first_and_is_not_asked(machine: Machine) -> None:
    machine.add("azure", ["azureml"], ABLE)
    assert machine.interpreters(azureml="/given/python").find("azureml://x").python == "/given/python"
    assert machine.interpreters(sqlite="/given/python").find("sqlite:////a.db").python == "/given/python"


def test_each_interpreter_is_asked_once_until_the_kernelspecs_change(machine: Machine) -> None:
    azure = machine.add("azure", ["azureml"], ABLE)
    interpreters = machine.interpreters()
    assert [interpreters.find("azureml://x").python for _ in range(3)] == [azure] * 3
    amazon = machine.add("amazon", ["arn"], ABLE)
    assert interpreters.find("arn:aws:sagemaker:eu-west-1:1:mlflow-tracking-server/t").python == amazon
    assert (machine.times_asked(azure), machine.times_asked(amazon)) == (1, 1)


def test_an_interpreter_without_a_server_is_passed_over(machine: Machine) -> None:
    machine.add("a-skinny", ["cml"], SKINNY)
    full = machine.add("b-full", ["cml"], ABLE)
    assert machine.interpreters().find("cml://localhost").python == full


def test_where_only_such_a_one_has_the_plugin_it_says_so(machine: Machine) -> None:
    skinny = machine.add("skinny", ["cml"], SKINNY)
    with pytest.raises(TrackingServerUnavailable, match=f"`{skinny} -m pip install mlflow==2.9.2`"):
        machine.interpreters().find("cml://localhost")


def test_one_interpreter_must_open_both_tracking_and_registry(machine: Machine) -> None:
    machine.add("one", ["toy"], ABLE)
    both = machine.add("two", ["toy", "other"], ABLE)
    assert machine.interpreters().find("toy://x", "other://y").python == both
    with pytest.raises(TrackingServerUnavailable, match="plugin for third://…"):
        machine.interpreters().find("toy://x", "third://y")


def test_a_program_that_is_no_interpreter_is_passed_over(machine: Machine, tmp_path: Path) -> None:
    broken = tmp_path / "broken-python"
    broken.mkdir()
    machine.specs["a-broken"] = {"spec": {"argv": [str(broken / "python"), "-m", "ipykernel_launcher"]}}
    toy = machine.add("toy", ["toy"], ABLE)
    assert machine.interpreters().find("toy://x").python == toy


def test_databricks_needs_its_client_beside_mlflow() -> None:
    found = Interpreters(sys.executable, {}, LOG, dict).find("databricks://team", "databricks-uc://team")
    assert found.python == sys.executable


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["/opt/a/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"], "/opt/a/bin/python"),
        (["python", "-m", "ipykernel_launcher"], sys.executable),
        (["env", "A=1", "/opt/a/bin/python3.9", "-m", "ipykernel_launcher"], "/opt/a/bin/python3.9"),
        (
            ["python", "-m", "nb_conda_kernels.runner", "/c", "/c/envs/a", "/c/envs/a/bin/python", "-m", "x"],
            "/c/envs/a/bin/python",
        ),
        (["{resource_dir}/bin/python3", "-m", "ipykernel_launcher"], "/here/bin/python3"),
        (["ark", "--connection_file", "{connection_file}"], None),
    ],
)
def test_the_interpreter_is_found_behind_a_wrapper(arguments: list[str], expected: str | None) -> None:
    found = interpreter_of({"resource_dir": "/here", "spec": {"argv": arguments, "language": "python"}})
    assert (found.python if found else None) == expected


def test_a_kernelspecs_variables_go_with_its_interpreter() -> None:
    spec = {
        "argv": ["/p/python", "-m", "ipykernel"],
        "display_name": "P",
        "env": {"PYTHONPATH": "{resource_dir}/lib"},
    }
    expected = Interpreter("/p/python", {"PYTHONPATH": "/here/lib"}, "P")
    assert interpreter_of({"resource_dir": "/here", "spec": spec}) == expected


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("azureml://west.example/ws", "for azureml://… Install it for Azure Machine Learning"),
        (
            "arn:aws:sagemaker:eu-west-1:123:mlflow-app/a",
            "for arn:aws:sagemaker:… Install it for Amazon Sage",
        ),
        ("sds://onelake.example/ws", 'pip install "mlflow<3" synapseml-mlflow'),
        ("cml://localhost", "Cloudera AI's own runtimes have it"),
        ("databricks", "for databricks. Install it for Databricks"),
        ("databricks-uc://team", "pip install mlflow databricks-sdk"),
        ("other://ana:hidden@host", "`mlflow.tracking_store`"),
    ],
)
def test_a_missing_plugin_is_named_with_what_to_install_and_nothing_private(uri: str, words: str) -> None:
    message = missing_plugin_message(uri)
    assert words in message
    assert message.startswith("No interpreter here has a plugin for ")
    assert not any(private in message for private in ("hidden", "123", "example", "team"))


def test_what_needs_a_plugin_is_told_by_the_scheme() -> None:
    assert [scheme_of(uri) for uri in ("postgresql+psycopg://h/d", "/a/mlruns", "databricks-uc")] == [
        "postgresql",
        "file",
        "databricks-uc",
    ]
    assert plugin_needed("sqlite:////a.db", None) == []
    assert plugin_needed("toy://a", "toy://b") == ["toy"]


def test_models_of_databricks_are_in_unity_catalog_unless_another_registry_is_named() -> None:
    def registry(uri: str, given: str | None = None) -> str:
        return Settings(uri, "/a", given).environment()["_MLFLOW_SERVER_REGISTRY_STORE"]

    assert registry("databricks") == "databricks-uc"
    assert registry("databricks://team") == "databricks-uc://team"
    assert registry("databricks", "databricks") == "databricks"
    assert registry("toy://x") == "toy://x"
