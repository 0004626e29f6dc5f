"""Kernels at their start: what they are told, what they find, what they lack."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from kernels import Kernel

PLAIN = "import mlflow\nwith mlflow.start_run(run_name='plain'): pass"


def test_an_environment_variable_turns_all_off(make_kernel: Callable[..., Kernel]) -> None:
    kernel = make_kernel()
    kernel.environment["JUPYTERLAB_EXPERIMENTS_DISABLED"] = "1"
    kernel.start()
    assert kernel.tell().told("state")[0]["reason"] == "disabled"
    assert kernel.run("get_ipython().find_cell_magic('run') is None").value == "True"


def test_nonsense_does_not_raise(make_kernel: Callable[..., Kernel]) -> None:
    kernel = make_kernel().start()
    for text in ("", "[]", "{", "null", '{"notebook_path": 3}'):
        cell = kernel.run(f"__import__('jupyterlab_experiments.kernel', fromlist=['tell']).tell({text!r})")
        assert (cell.status, cell.text) == ("ok", "")


def test_a_kernel_that_nobody_told_takes_the_environments_word(make_kernel: Callable[..., Kernel]) -> None:
    kernel = make_kernel()
    notebook = kernel.root / "work" / "job.ipynb"
    notebook.write_text(json.dumps({"metadata": {"experiments": {"notebook_id": "from-file"}}, "cells": []}))
    kernel.environment["JUPYTERLAB_EXPERIMENTS_NOTEBOOK"] = str(notebook)
    kernel.start()
    kernel.run("%load_ext jupyterlab_experiments.kernel")
    kernel.run(PLAIN)
    run = kernel.runs()["plain"]
    assert run["tags"]["jupyter.notebook_id"] == "from-file"
    assert (run["tags"]["jupyter.notebook_path"], run["experiment"]) == ("work/job.ipynb", "work/job")


HIDES_MLFLOW = """import sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name == "mlflow":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Without())
"""


def test_without_mlflow_the_magics_say_what_to_install(
    make_kernel: Callable[..., Kernel], tmp_path: Path
) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(HIDES_MLFLOW)
    kernel = make_kernel()
    kernel.environment["PYTHONPATH"] = f"{hidden}:{kernel.path}"
    kernel.start()
    assert kernel.tell().told("state")[0]["mlflow_version"] is None
    for line in ("%%run\n1", "%runs", "%experiment"):
        cell = kernel.run(line)
        assert cell.text.startswith("UsageError: ") and "%pip install mlflow" in cell.text


def test_importing_the_kernel_part_is_light(run_python: Callable[..., str], installed: Path) -> None:
    standard = (
        "import time, json, sys, logging, subprocess, hashlib, threading, argparse, shlex, uuid, getpass, "
        "tempfile, asyncio, html, inspect, urllib.parse, socket, importlib.metadata\n"
    )
    code = (
        f"{standard}before = set(sys.modules)\n"
        "from jupyterlab_experiments.kernel import telling, run_context, magics\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    imported = json.loads(run_python(code, installed))
    others = [name for name in imported if name.partition(".")[0] != "jupyterlab_experiments"]
    # How long it takes is scripts/bench's to say: here counts, which no busy machine changes.
    assert len(imported) - len(others) <= 45
    assert not {"mlflow", "pandas", "numpy", "IPython", "sqlite3", "requests", "sqlalchemy"} & set(others)
    assert len(others) <= 5, others


def test_a_refused_model_format_is_told_with_what_helps(make_kernel: Callable[..., Kernel]) -> None:
    pytest.importorskip("sklearn")
    kernel = make_kernel().start()
    kernel.tell()
    cell = kernel.run(
        "%%run refused\nfrom sklearn.neural_network import MLPClassifier\nimport mlflow\n"
        "net = MLPClassifier(max_iter=1).fit([[0.0], [1.0]], [0, 1])\n"
        "mlflow.sklearn.log_model(net, name='net')"
    )
    error = cell.cards[0]["application/vnd.jupyter.mlflow-run.v1+json"]["error"]
    assert 'serialization_format="cloudpickle"' in error
    assert 'serialization_format="cloudpickle"' not in kernel.runs()["refused"]["tags"]["jupyter.error"]


def test_a_second_environment_with_the_part_that_was_sent(
    make_kernel: Callable[..., Kernel], sent: Path, tmp_path: Path
) -> None:
    python = os.environ.get("JLX_OLD_PYTHON")
    if python is None:
        pytest.skip("JLX_OLD_PYTHON names no interpreter with an older MLflow")
    kernel = make_kernel(python, tmp_path).start()
    kernel.run(f"import sys, mlflow; sys.path.insert(0, {str(sent)!r})")
    kernel.run(f"mlflow.set_tracking_uri('sqlite:///{kernel.root}/second.db')")
    kernel.tell()
    cell = kernel.run("%%run second -p a=1\nmlflow.log_metric('m', 1)", cell_id="cell-1")
    assert cell.status == "ok", cell.text
    assert len(cell.cards) == 1
    run = kernel.runs()["second"]
    assert (run["tags"]["jupyter.cell_id"], run["experiment"]) == ("cell-1", "work/quickstart")


def test_the_startup_file_registers_all_and_leaves_no_name(make_kernel: Callable[..., Kernel]) -> None:
    source = Path(__file__).parents[2] / "jupyter-config/ipython-startup/50-jupyterlab-experiments.py"
    kernel = make_kernel()
    startup = kernel.root / "profile" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / source.name).write_text(source.read_text())
    kernel.environment.update(IPYTHONDIR=str(kernel.root / "profile"), JPY_SESSION_NAME="work/hinted.ipynb")
    kernel.start()
    assert kernel.run("[name for name in dir() if 'experiment' in name]").value == "[]"
    kernel.run(f"%%run started --quiet\n{PLAIN}")
    run = kernel.runs()["started"]
    assert (run["tags"]["jupyter.notebook_path"], run["experiment"]) == ("work/hinted.ipynb", "work/hinted")
