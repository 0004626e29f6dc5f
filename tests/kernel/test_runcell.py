"""Cells that begin with `%%run`, in real kernels."""

from __future__ import annotations

import shlex

import pytest
from kernels import RUN_MIME_TYPE, Kernel


def test_binds_params_and_shows_the_last_value(kernel: Kernel) -> None:
    cell = kernel.run("n = 3")
    cell = kernel.run("%%run 'binds {n}' -p x=14 -p s=abc -p 'l=[1, 2]'\n(x, s, l)")
    assert (cell.status, cell.value) == ("ok", "(14, 'abc', [1, 2])")
    run = kernel.runs()["binds 3"]
    assert (run["status"], run["params"]) == ("FINISHED", {"x": "14", "s": "abc", "l": "[1, 2]"})


@pytest.mark.parametrize(
    "body",
    ["%%time\nsum(range(9))", "import asyncio\nawait asyncio.sleep(0)\n36"],
    ids=["time", "await"],
)
def test_runs_other_magics_and_await(kernel: Kernel, body: str) -> None:
    cell = kernel.run(f"%%run body\n{body}")
    assert (cell.status, cell.value) == ("ok", "36")
    assert kernel.runs()["body"]["status"] == "FINISHED"


def test_makes_no_run_of_a_cell_that_cannot_be_compiled(kernel: Kernel) -> None:
    assert kernel.run("%%run syntax\nx = (").status == "error"
    assert "syntax" not in kernel.runs()


@pytest.mark.parametrize("line", ["-p lr", "-p", "--as 1x", "--unknown", "a b", "-p 'x=1"])
def test_a_wrong_line_is_one_line_of_usage(kernel: Kernel, line: str) -> None:
    before = len(kernel.runs())
    cell = kernel.run(f"%%run {line}\n1")
    assert cell.status == "error"
    assert cell.text.startswith("UsageError: ")
    assert cell.text.count("\n") == 1
    assert len(kernel.runs()) == before


def test_a_failing_cell_fails_its_run_with_one_traceback(kernel: Kernel) -> None:
    cell = kernel.run("%%run fails\n1 / 0")
    assert cell.status == "error"
    assert len(cell.of_type("error")) == 1
    run = kernel.runs()["fails"]
    assert (run["status"], run["tags"]["jupyter.error"]) == ("FAILED", "ZeroDivisionError: division by zero")
    card = cell.cards[0]
    assert card[RUN_MIME_TYPE]["error"] == "ZeroDivisionError: division by zero"
    assert card["text/plain"].startswith("✕ fails · ")


def test_the_worst_result_inside_counts(kernel: Kernel) -> None:
    assert kernel.run("%%run inner\nget_ipython().run_cell('1/0')\n5").status == "ok"
    assert kernel.run("%%run captured\n%%capture\n1/0").status == "ok"
    runs = kernel.runs()
    assert (runs["inner"]["status"], runs["captured"]["status"]) == ("FAILED", "FAILED")


# ipykernel itself sees some interrupts of an `await` only when it returns.
@pytest.mark.parametrize("wait", ["import time; time.sleep(60)", "import asyncio; await asyncio.sleep(6)"])
def test_an_interrupted_cell_is_killed(kernel: Kernel, wait: str) -> None:
    message_id = kernel.send(f"%%run interrupted\nprint('waiting', flush=True)\n{wait}")
    kernel.finish(message_id, until="waiting")
    kernel.interrupt()
    assert kernel.finish(message_id).status == "error"
    assert kernel.runs()["interrupted"]["status"] == "KILLED"


def test_a_run_left_open_by_a_failed_cell_is_not_in_the_way(kernel: Kernel) -> None:
    kernel.run("import mlflow\nmlflow.start_run(run_name='left open')\n1 / 0")
    assert kernel.run("%%run next\n1").status == "ok"
    runs = kernel.runs()
    assert (runs["left open"]["status"], runs["next"]["status"]) == ("FAILED", "FINISHED")
    assert "mlflow.parentRunId" not in runs["next"]["tags"]


def test_a_run_left_open_on_purpose_asks_for_nested(kernel: Kernel) -> None:
    kernel.run("import mlflow\nopened = mlflow.start_run(run_name='on purpose')")
    assert "--nested" in kernel.run("%%run refused\n1").text
    assert kernel.run("%%run accepted --nested\n1").status == "ok"
    kernel.run("mlflow.end_run()")
    runs = kernel.runs()
    assert runs["accepted"]["tags"]["mlflow.parentRunId"] == runs["on purpose"]["id"]
    assert "refused" not in runs


def test_a_plain_start_run_inside_is_a_child_and_closed_with_the_cell(kernel: Kernel) -> None:
    kernel.run("from mlflow import start_run as sr")
    cell = kernel.run("%%run parent\nwith sr(run_name='child'): pass\nsr(run_name='child left');")
    assert cell.status == "ok"
    runs = kernel.runs()
    for name in ("child", "child left"):
        assert runs[name]["tags"]["mlflow.parentRunId"] == runs["parent"]["id"]
        assert runs[name]["status"] == "FINISHED"
    assert [child["run_name"] for child in cell.cards[0][RUN_MIME_TYPE]["children"]] == [
        "child",
        "child left",
    ]


def test_after_the_cell_mlflow_raises_again_as_it_does(kernel: Kernel) -> None:
    kernel.run("%%run before\n1")
    cell = kernel.run("a = mlflow.start_run(run_name='first of two')\nmlflow.start_run()")
    kernel.run("mlflow.end_run('FINISHED')")
    assert "is already active" in cell.of_type("error")[0]["evalue"]


def test_threads_log_into_the_run_of_the_cell(kernel: Kernel) -> None:
    cell = kernel.run(
        "%%run pool\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "def work(i):\n    mlflow.log_metric(f't{i}', i)\n"
        "    with mlflow.start_run(run_name=f'thread {i}'):\n        mlflow.log_param('i', i)\n"
        "with ThreadPoolExecutor(2) as pool:\n    list(pool.map(work, range(4)))\n"
    )
    assert cell.status == "ok"
    runs = kernel.runs()
    assert set(runs["pool"]["metrics"]) == {"t0", "t1", "t2", "t3"}
    for i in range(4):
        child = runs[f"thread {i}"]
        assert (child["status"], child["params"]) == ("FINISHED", {"i": str(i)})
        assert child["tags"]["mlflow.parentRunId"] == runs["pool"]["id"]
    assert not [name for name, run in runs.items() if run["status"] == "RUNNING"]


def test_joblib_workers_log_into_the_run_of_the_cell_they_serve(kernel: Kernel) -> None:
    work = (
        "from joblib import Parallel, delayed\n"
        "def work(i, name):\n    import mlflow\n    mlflow.log_metric(f'j{i}', i)\n"
        "    with mlflow.start_run(run_name=f'{name} {i}'):\n        mlflow.log_param('i', i)\n"
    )
    for name in ("jobs", "jobs again"):
        cell = kernel.run(
            f"%%run '{name}'\n{work}Parallel(n_jobs=2)(delayed(work)(i, '{name}') for i in range(4));"
        )
        assert cell.status == "ok", cell.text
        assert len(cell.cards[0][RUN_MIME_TYPE]["children"]) == 4
    runs = kernel.runs()
    for name in ("jobs", "jobs again"):
        assert (runs[name]["status"], set(runs[name]["metrics"])) == ("FINISHED", {"j0", "j1", "j2", "j3"})
        children = [runs[f"{name} {i}"] for i in range(4)]
        assert {child["tags"]["mlflow.parentRunId"] for child in children} == {runs[name]["id"]}
        assert {child["tags"]["jupyter.notebook_id"] for child in children} == {"notebook-1"}
        assert {child["experiment"] for child in children} == {runs[name]["experiment"]}
    assert kernel.run("import os; 'MLFLOW_RUN_ID' in os.environ").value == "False"


def test_names_and_values_pass_unharmed(kernel: Kernel) -> None:
    name = 'it\'s "<b>né</b>" 😀 a/b'
    kernel.run(f"name = {shlex.quote(name)!r}")
    cell = kernel.run(
        "%%run {name}"
        " -t 'note=<script>1</script>' -d 'less = more'\n"
        "import mlflow\nmlflow.log_metrics({'nan': float('nan'), 'inf': float('inf'), '-inf': float('-inf')})"
    )
    assert cell.status == "ok", cell.text
    run = kernel.runs()[name]
    assert run["tags"]["note"] == "<script>1</script>"
    assert run["tags"]["mlflow.note.content"] == "less = more"
    card = cell.cards[0]
    assert card[RUN_MIME_TYPE]["metrics"] == {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    assert "<b>" not in card["text/html"]
    assert "&lt;b&gt;né&lt;/b&gt;" in card["text/html"]
    assert cell.text == ""


def test_quiet_shows_no_card_and_as_names_the_run(kernel: Kernel) -> None:
    cell = kernel.run("%%run hush --quiet --as this_run\nthis_run.info.run_id")
    assert cell.cards == []
    assert cell.value.strip("'") == kernel.runs()["hush"]["id"]


def test_an_experiment_of_the_cell_holds_its_children_too(kernel: Kernel) -> None:
    kernel.run("%%run elsewhere -e 'an other'\nwith mlflow.start_run(run_name='elsewhere child'): pass")
    runs = kernel.runs()
    assert runs["elsewhere"]["experiment"] == runs["elsewhere child"]["experiment"] == "an other"


def test_autologging_for_one_cell_only(kernel: Kernel) -> None:
    fit = "from sklearn.linear_model import LinearRegression\nLinearRegression().fit([[0], [1]], [0, 1]);"
    kernel.run("import mlflow; mlflow.sklearn.autolog(log_models=False, log_datasets=False, silent=True)")
    kernel.run(f"%%run 'not autologged' --no-autolog\n{fit}")
    kernel.run(f"%%run autologged\n{fit}")
    kernel.run("mlflow.sklearn.autolog(disable=True)")
    runs = kernel.runs()
    assert runs["not autologged"]["params"] == {}
    assert runs["autologged"]["params"]["fit_intercept"] == "True"


def test_help_is_shown_and_the_run_magic_of_ipython_stays(kernel: Kernel) -> None:
    page = kernel.run("%%run?").reply["payload"][0]["data"]["text/plain"]
    assert "--no-autolog" in page
    assert kernel.run("'ipython' in get_ipython().find_line_magic('run').__module__.lower()").value == "True"
    assert (
        kernel.run(
            "{'begin_run', 'experiment', 'runs'} <= set(get_ipython().magics_manager.magics['line'])"
        ).value
        == "True"
    )
