"""How runs find their notebook and cell, and which store and experiment they go to."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
from collections.abc import Callable

from kernels import Kernel

PLAIN = "import mlflow\nwith mlflow.start_run(run_name='plain'): mlflow.log_metric('loss', float('nan'))"


def test_a_plain_run_knows_its_notebook_and_cell(kernel: Kernel) -> None:
    cell = kernel.run(PLAIN, cell_id="cell-7")
    run = kernel.runs()["plain"]
    tags = run["tags"]
    assert tags["mlflow.source.name"] == tags["jupyter.notebook_path"] == "work/quickstart.ipynb"
    assert (tags["mlflow.source.type"], tags["jupyter.notebook_id"]) == ("NOTEBOOK", "notebook-1")
    assert tags["jupyter.cell_id"] == "cell-7"
    assert tags["jupyter.cell_hash"] == hashlib.sha256(PLAIN.encode()).hexdigest()[:16]
    assert tags["jupyter.execution_count"] == str(cell.reply["execution_count"])
    assert run["experiment"] == "work/quickstart"
    assert cell.text == ""


def test_an_autologged_run_and_a_client_run_know_their_cell(kernel: Kernel) -> None:
    kernel.run(
        "import mlflow\nfrom sklearn.linear_model import LinearRegression\n"
        "mlflow.sklearn.autolog(log_models=False, silent=True)\n"
        "LinearRegression().fit([[0], [1]], [0, 1])\nmlflow.sklearn.autolog(disable=True)\n"
        "mlflow.MlflowClient().set_tag(mlflow.last_active_run().info.run_id, 'mlflow.runName', 'auto')",
        cell_id="auto-cell",
    )
    kernel.run("made = mlflow.MlflowClient().create_run('0', run_name='client')", cell_id="client-cell")
    kernel.run("mlflow.MlflowClient().set_terminated(made.info.run_id)")
    runs = kernel.runs()
    assert runs["auto"]["tags"]["jupyter.cell_id"] == "auto-cell"
    assert runs["client"]["tags"]["jupyter.cell_id"] == "client-cell"
    assert runs["client"]["tags"]["mlflow.source.name"] == "work/quickstart.ipynb"


def test_what_is_written_is_published(kernel: Kernel) -> None:
    cell = kernel.run(
        "with mlflow.start_run(run_name='live'):\n    mlflow.log_params({'lr': 0.1})\n"
        "    mlflow.log_metric('loss', float('inf'), step=3)\n    mlflow.set_tag('k', 'v')"
    )
    run_id = kernel.runs()["live"]["id"]
    messages = [message for message in cell.told("run") if message["run_id"] == run_id]
    assert (messages[0]["event"], messages[0]["info"]["run_name"]) == ("created", "live")
    assert messages[-1]["event"] == "ended"
    merged: dict[str, object] = {}
    for message in messages:
        merged.update(message.get("metrics", {}))
        merged.update(message.get("params", {}))
    assert merged["loss"][:2] == ["Infinity", 3]  # type: ignore[index]
    assert merged["lr"] == "0.1"


def test_a_tight_loop_sends_ten_messages_a_second_and_all_that_came_last(kernel: Kernel) -> None:
    cell = kernel.run(
        "import time\nwith mlflow.start_run():\n    end = time.monotonic() + 1\n    step = 0\n"
        "    while time.monotonic() < end:\n        step += 1\n"
        "        mlflow.log_metric('loss', step, step=step)\n"
        "print(step)"
    )
    messages = cell.told("run")
    assert len(messages) <= 14
    assert all(len(points) <= 100 for m in messages for points in m.get("points", {}).values())
    last = [m["metrics"]["loss"][0] for m in messages if "metrics" in m][-1]
    assert last == int(cell.stdout)


def test_a_resumed_run_of_nobody_becomes_the_notebooks(kernel: Kernel) -> None:
    kernel.run(
        "from mlflow.tracking._tracking_service.utils import _get_store\n"
        "import jupyterlab_experiments.kernel.storewrap as sw\nedit = sw.editors.pop('create_run')\n"
        "other = mlflow.MlflowClient().create_run('0', run_name='of nobody')\nsw.editors['create_run'] = edit"
    )
    kernel.run("with mlflow.start_run(run_id=other.info.run_id, experiment_id='0'): pass", cell_id="resumes")
    assert kernel.runs()["of nobody"]["tags"]["jupyter.cell_id"] == "resumes"


def test_nothing_is_left_in_the_users_namespace(make_kernel: Callable[..., Kernel]) -> None:
    kernel = make_kernel().start()
    before = kernel.run("sorted(dir())").value
    kernel.tell()
    kernel.run("%%run --quiet\npass")
    names = set(eval(kernel.run("sorted(dir())").value)) - set(eval(before))
    assert {name for name in names if not name.startswith("_")} == set()
    assert not [name for name in names if "experiment" in name]


def test_nothing_is_written_before_the_first_run(make_kernel: Callable[..., Kernel]) -> None:
    kernel = make_kernel().start()
    assert kernel.tell().told("state")[0]["tracking_kind"] == "told"
    kernel.run("import mlflow\nmlflow.autolog(silent=True)\nmlflow.get_tracking_uri()")
    kernel.run("%experiment")
    assert kernel.run("len(get_ipython().run_line_magic('runs', ''))").value == "0"
    kernel.run("mlflow.set_tracking_uri('sqlite:///own.db')")
    assert {path.name for path in kernel.root.iterdir()} == {".runtime", "work"}


def test_our_store_is_wal_with_its_artifacts_in_their_folder(make_kernel: Callable[..., Kernel]) -> None:
    kernel = make_kernel().start()
    kernel.tell()
    cell = kernel.run(
        PLAIN + "\nmlflow.set_experiment('mine')\nmlflow.start_run(run_name='b'); mlflow.end_run()"
    )
    assert "database tables" not in cell.text
    for run in kernel.runs().values():
        assert run["artifact_uri"].removeprefix("file://").startswith(str(kernel.root / "mlartifacts"))
    with sqlite3.connect(kernel.root / "mlflow.db") as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_the_panel_follows_set_tracking_uri_of_the_cell(make_kernel: Callable[..., Kernel]) -> None:
    kernel = make_kernel().start()
    kernel.tell()
    kernel.run("import os; os.chdir('work')")
    cell = kernel.run("import mlflow\nmlflow.set_tracking_uri('sqlite:///mlflow.db')")
    state = cell.told("state")[-1]
    assert (state["tracking_kind"], state["connection_id"]) == ("own", None)
    assert state["tracking_label"] == "local · work/mlflow.db"
    (path,) = (kernel.runtime / "kernels").iterdir()
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert json.loads(path.read_text())["tracking_uri"] == f"sqlite:///{kernel.root}/work/mlflow.db"
    cell = kernel.run("mlflow.start_run(); mlflow.end_run()")
    assert (kernel.root / "work" / "mlflow.db").exists()
    assert not (kernel.root / "mlflow.db").exists()


def test_the_users_own_uri_wins(make_kernel: Callable[..., Kernel]) -> None:
    kernel = make_kernel()
    kernel.environment["MLFLOW_TRACKING_URI"] = f"sqlite:///{kernel.root}/theirs.db"
    kernel.start()
    state = kernel.tell().told("state")[0]
    assert (state["tracking_kind"], state["tracking_label"]) == ("own", "local · theirs.db")


def test_a_store_of_another_schema_is_not_opened(make_kernel: Callable[..., Kernel]) -> None:
    kernel = make_kernel()
    with sqlite3.connect(kernel.root / "mlflow.db") as database:
        database.execute("create table alembic_version (version_num text)")
        database.execute("insert into alembic_version values ('000000000000')")
    kernel.start()
    state = kernel.tell().told("state")[0]
    assert (state["tracking_kind"], state["reason"]) == ("none", "schema")
    assert kernel.run("import os; 'MLFLOW_TRACKING_URI' in os.environ").value == "False"


def test_a_store_that_another_mlflow_will_read_is_reached_by_its_address(
    make_kernel: Callable[..., Kernel],
) -> None:
    kernel = make_kernel()
    kernel.server.update(
        address="http://127.0.0.1:9/base/connections/", token="secret-token", mlflow_version="1.0.0"
    )
    kernel.start()
    state = kernel.tell().told("state")[0]
    assert (state["tracking_kind"], state["connection_id"]) == ("told", "default")
    assert state["tracking_label"] == "local · mlflow.db"
    uri = kernel.run(
        "import os; os.environ['MLFLOW_TRACKING_URI'], os.environ['MLFLOW_TRACKING_TOKEN']"
    ).value
    assert uri == "('http://127.0.0.1:9/base/connections/default', 'secret-token')"
    kernel.run("import mlflow; mlflow.set_tracking_uri('http://127.0.0.1:10')")
    assert kernel.run("'MLFLOW_TRACKING_TOKEN' in os.environ").value == "False"


def test_the_experiment_follows_a_rename_and_is_found_after_a_restart(
    make_kernel: Callable[..., Kernel],
) -> None:
    kernel = make_kernel().start()
    kernel.tell(notebook_path="Untitled.ipynb")
    kernel.run(PLAIN)
    kernel.stop()
    kernel.start()
    kernel.tell(notebook_path="work/renamed.ipynb")
    kernel.run("import mlflow\nwith mlflow.start_run(run_name='later'): pass")
    assert {run["experiment"] for run in kernel.runs().values()} == {"work/renamed"}
    kernel.tell(notebook_path="Untitled.ipynb", notebook_id="notebook-2")
    kernel.run("with mlflow.start_run(run_name='other notebook'): pass")
    kernel.tell(notebook_path="work/renamed.ipynb", notebook_id="notebook-3")
    kernel.run("with mlflow.start_run(run_name='same name'): pass")
    runs = kernel.runs()
    assert runs["other notebook"]["experiment"] == "Untitled"
    assert runs["same name"]["experiment"] == "work/renamed (2)"


def test_who_chooses_the_experiment(make_kernel: Callable[..., Kernel]) -> None:
    kernel = make_kernel().start()
    kernel.tell(default_experiment="none")
    kernel.run("import mlflow\nmlflow.start_run(run_name='default'); mlflow.end_run()")
    kernel.tell(default_experiment="team/{name}")
    kernel.run("mlflow.start_run(run_name='template'); mlflow.end_run()")
    state = kernel.tell(experiment_name="chosen").told("state")[0]
    assert state["experiment"] == {"id": None, "name": "chosen", "chosen_by": "user"}
    kernel.run("mlflow.start_run(run_name='panel'); mlflow.end_run()")
    cell = kernel.run("mlflow.set_experiment('theirs')")
    assert cell.told("state")[-1]["experiment"]["name"] == "theirs"
    kernel.run("mlflow.start_run(run_name='user'); mlflow.end_run()")
    found = {name: run["experiment"] for name, run in kernel.runs().items()}
    assert found == {"default": "Default", "template": "team/quickstart", "panel": "chosen", "user": "theirs"}


def test_runs_carry_the_commit_of_the_notebooks_repository(make_kernel: Callable[..., Kernel]) -> None:
    kernel = make_kernel()
    work = kernel.root / "work"
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "init", "-q", "-b", "main", work], check=True)
    (work / "a.txt").write_text("1")
    subprocess.run(["git", "-C", work, "add", "a.txt"], check=True)
    subprocess.run(["git", "-C", work, *identity, "commit", "-qm", "first"], check=True)
    (work / "a.txt").write_text("2")
    kernel.start()
    kernel.tell()
    kernel.run("import jupyterlab_experiments.kernel.gitinfo as g; g._reading.join()")
    kernel.run(PLAIN)
    tags = kernel.runs()["plain"]["tags"]
    commit = subprocess.run(["git", "-C", work, "rev-parse", "HEAD"], capture_output=True, text=True).stdout
    assert tags["mlflow.source.git.commit"] == commit.strip()
    assert (tags["mlflow.source.git.branch"], tags["mlflow.source.git.dirty"]) == ("main", "True")
