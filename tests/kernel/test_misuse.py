"""What a cell sees when the store is gone, and what it may do to its own run."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

import pytest
from kernels import RUN_MIME_TYPE, Kernel

FORK = """%%run forked
import mlflow, os
mlflow.log_metric('before', 1)
child = os.fork()
if child == 0:
    try:
        mlflow.log_metric('in child', 2)
    finally:
        os._exit(0)
os.waitpid(child, 0)
mlflow.log_metric('after', 3)
"""


def test_an_address_where_nobody_listens_is_one_clear_error_soon(
    make_kernel: Callable[..., Kernel], unused_tcp_port: int
) -> None:
    kernel = make_kernel()
    kernel.server.update(
        address=f"http://127.0.0.1:{unused_tcp_port}/connections/", token="t", mlflow_version="1.0.0"
    )
    kernel.start()
    kernel.tell()
    kernel.run("import mlflow")
    for code in ("%%run gone\nprint('never')", "%%run gone -e other\n1", "mlflow.start_run()"):
        start = time.monotonic()
        cell = kernel.run(code)
        assert time.monotonic() - start < 30, "MLflow's own patience is more than a minute"
        (error,) = cell.of_type("error")
        assert "The Jupyter server does not answer at" in error["evalue"]
        assert (cell.text, cell.cards) == ("", [])
        assert not any(name in "".join(error["traceback"]) for name in ("runcell.py", "magics.py"))
    assert kernel.run("mlflow.active_run() is None").value == "True"
    kernel.run("mlflow.set_tracking_uri('sqlite:///own.db')")
    assert kernel.run("%%run elsewhere\nmlflow.log_metric('m', 1)").status == "ok"
    assert kernel.runs()["elsewhere"]["status"] == "FINISHED"
    assert kernel.run("[n for n in __import__('os').environ if n.startswith('MLFLOW_HTTP')]").value == "[]"


def test_a_forked_child_sends_nothing_and_is_in_the_card(kernel: Kernel) -> None:
    cell = kernel.run(FORK)
    assert (cell.status, len(cell.cards)) == ("ok", 1)
    assert not [m for m in cell.told("run") if "in child" in m.get("metrics", {})]
    assert set(cell.cards[0][RUN_MIME_TYPE]["metrics"]) == {"before", "in child", "after"}
    assert kernel.runs()["forked"]["status"] == "FINISHED"


def test_a_cell_that_ends_its_run_itself_leaves_none_open(kernel: Kernel) -> None:
    cell = kernel.run(
        "%%run 'ends itself'\nimport mlflow\nmlflow.log_metric('a', 1)\n"
        "mlflow.end_run()\nmlflow.log_metric('b', 1)"
    )
    assert (cell.status, len(cell.cards)) == ("ok", 1)
    assert kernel.run("mlflow.active_run() is None").value == "True"
    assert {run["status"] for run in kernel.runs().values()} == {"FINISHED"}


def test_a_run_within_a_run_that_is_open_on_purpose_ends_alone(kernel: Kernel) -> None:
    kernel.run("import mlflow\nopened = mlflow.start_run(run_name='stays')")
    kernel.run("%%run inside --nested\nmlflow.end_run()")
    assert kernel.run("mlflow.active_run().info.run_id == opened.info.run_id").value == "True"
    kernel.run("mlflow.end_run()")


@pytest.mark.parametrize("body", ["", "\n# nothing\n\n# more", "\npass"], ids=["none", "comments", "pass"])
def test_a_cell_without_an_effect_is_a_run_too(kernel: Kernel, body: str) -> None:
    cell = kernel.run(f"%%run 'nothing in it'{body}")
    assert (cell.status, len(cell.cards)) == ("ok", 1)


def test_runs_within_cells_within_cells_are_nested(kernel: Kernel) -> None:
    kernel.run(
        "def third(): get_ipython().run_cell('%%run third\\nimport mlflow; mlflow.log_metric(\"c\", 3)')\n"
        "def second(): get_ipython().run_cell('%%run second\\nthird()')"
    )
    cell = kernel.run("%%run first\nsecond()\nimport mlflow; mlflow.log_metric('a', 1)")
    assert len(cell.cards) == 3
    runs = kernel.runs()
    assert runs["third"]["tags"]["mlflow.parentRunId"] == runs["second"]["id"]
    assert runs["second"]["tags"]["mlflow.parentRunId"] == runs["first"]["id"]
    assert (set(runs["first"]["metrics"]), set(runs["third"]["metrics"])) == ({"a"}, {"c"})


def test_the_experiment_may_be_changed_within_the_cell(kernel: Kernel) -> None:
    before = kernel.run(
        "%%run 'sets one'\nimport mlflow; mlflow.set_experiment('set inside')\nmlflow.log_metric('a', 1)"
    )
    assert before.status == "ok"
    runs = kernel.runs()
    assert (runs["sets one"]["status"], set(runs["sets one"]["metrics"])) == ("FINISHED", {"a"})
    kernel.run("%%run 'the next'\n1")
    assert kernel.runs()["the next"]["experiment"] == "set inside"


def test_names_in_all_scripts_and_long_values_pass_unharmed(kernel: Kernel) -> None:
    name, value = 'שלום 😀 \u202eabc "x"', "x" * 600
    cell = kernel.run(f"%%run '{name}' -p 'v={value}' -p w=nan -t 'ключ=значение'\nlen(v), w")
    assert cell.value == "(600, 'nan')"
    run = kernel.runs()[name]
    assert (run["params"]["v"], run["params"]["w"], run["tags"]["ключ"]) == (value, "nan", "значение")


def test_a_kernel_that_is_told_while_the_store_is_locked_stays_with_it(
    make_kernel: Callable[..., Kernel],
) -> None:
    kernel = make_kernel()
    # A file that is there already keeps its journal: in that mode a lock keeps readers out as well.
    (kernel.root / "mlflow.db").touch()
    kernel.start()
    kernel.tell()
    kernel.run("import mlflow\nwith mlflow.start_run(): pass")
    with closing(sqlite3.connect(kernel.root / "mlflow.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        state = kernel.tell().told("state")[-1]
    assert (state["tracking_kind"], state["connection_id"]) == ("told", "default")
    assert kernel.run("mlflow.get_tracking_uri()[:7]").value == "'sqlite:'"
