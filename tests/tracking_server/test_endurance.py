"""A child that works on for nobody ends itself, and one that has told much gives the memory back."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest

from .child import PREFIX, Child
from .seeding import add_curve

HISTORY = "/api/2.0/mlflow/metrics/get-history"
SEARCH = "/api/2.0/mlflow/runs/search"
# MLflow needs some five seconds for a curve of so many points without a limit.
POINTS = 100_000
SOON = "from jupyterlab_experiments.tracking_server import watchdog\nwatchdog.GRACE_S = 0.5"


@pytest.fixture(scope="module")
def with_curve(seeded: Callable[[int], Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store with a long curve, and the run that has it."""
    store = Path(shutil.copy(seeded(1_000), tmp_path_factory.mktemp("curve") / "mlflow.db"))
    with closing(sqlite3.connect(store)) as connection:
        (run_id,) = connection.execute("select run_uuid from runs limit 1").fetchone()
    add_curve(store, run_id, POINTS)
    return store, run_id


def ask_and_leave(child: Child, run_id: str) -> None:
    with pytest.raises(httpx.ReadTimeout):
        child.client.get(HISTORY, params={"run_id": run_id, "metric_key": "long"}, timeout=0.5)


def test_work_for_a_client_that_has_left_ends_the_process(with_curve: tuple[Path, str]) -> None:
    store, run_id = with_curve
    with Child(f"sqlite:///{store}", store.parent, before=SOON) as child:
        child.client.get("/api/2.0/mlflow/experiments/search?max_results=1").raise_for_status()
        with child.client.stream("GET", f"{PREFIX}/changes") as stream:
            assert next(stream.iter_lines()) == ": open"
            # Another client is still waiting for its answer: so long nothing ends.
            waiting = threading.Thread(target=wait_for_answer, args=(child, run_id, answers := []))
            waiting.start()
            ask_and_leave(child, run_id)
            waiting.join()
            assert answers == [200]
            # What was left may be still at work: then it ends now.
            with suppress(httpx.TransportError):
                ask_and_leave(child, run_id)
            assert child.process.wait(10) == 5
        assert child.process.stderr is not None
        last = json.loads(child.process.stderr.read().splitlines()[-1])
    assert last["error"] == "abandoned"
    assert "whose client had left" in last["message"]


def wait_for_answer(child: Child, run_id: str, answers: list[int]) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(uds=child.socket), timeout=60) as client:
        query = {"run_id": run_id, "metric_key": "long"}
        answers.append(client.get(f"http://localhost{HISTORY}", params=query).status_code)


def test_clients_that_leave_early_or_stay_do_no_harm(child: Child) -> None:
    for _ in range(3):
        with pytest.raises(httpx.ReadTimeout):
            child.client.post(SEARCH, json={"experiment_ids": ["1"], "max_results": 900}, timeout=0.05)
    answer = child.client.post(SEARCH, json={"experiment_ids": ["1"], "max_results": 900})
    assert len(answer.json()["runs"]) == 900
    assert child.process.poll() is None


def test_what_a_large_table_took_is_given_back(seeded: Callable[[int], Path], tmp_path: Path) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux tells how much memory a process takes")
    store = shutil.copy(seeded(10_000), tmp_path / "mlflow.db")
    soon = "from jupyterlab_experiments.tracking_server import memory\nmemory._GROWTH_BYTES = 4 * 1024 * 1024"
    with Child(f"sqlite:///{store}", tmp_path, before=soon) as child:
        columns = ["metrics.*", "params.*", "tags.nullable"]
        child.table(columns=columns)
        before, _ = memory_of(child)
        for _ in range(5):
            assert child.table(columns=columns).num_rows > 9_000
        after, peak = memory_of(child)
    assert peak - before > 20
    assert after - before < 10


def memory_of(child: Child) -> tuple[int, int]:
    """Now, and at the most: in MB."""
    lines = Path(f"/proc/{child.process.pid}/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    now, peak = (int(fields[name].split()[0]) // 1024 for name in ("VmRSS", "VmHWM"))
    return now, peak
