"""Faults on real parts: what was answered is kept. A tenth of the counts; all of them in scripts/soak."""

import os
import signal
import sqlite3
import threading
from pathlib import Path

import httpx
from jupyter_client.manager import KernelManager
from jupyterserver import JupyterServer, wait_for

IS_SOAK = bool(os.environ.get("JUPYTERLAB_EXPERIMENTS_SOAK"))
CHILD_KILLS = 50 if IS_SOAK else 5
KERNEL_KILLS = 20 if IS_SOAK else 2


class Writer(threading.Thread):
    """Logs one step after another, and notes those that were answered with 200 and those that were not."""

    def __init__(self, server: JupyterServer, stop: threading.Event) -> None:
        super().__init__()
        self._server = server
        self._stop_event = stop
        made = server.post("runs/create", {"experiment_id": "0", "start_time": 1}).json()
        self.run_id: str = made["run"]["info"]["run_id"]
        self.answered: list[int] = []
        self.reported: list[int] = []
        self.odd: list[str] = []

    def run(self) -> None:
        """Until it is told to stop."""
        step = 0
        while not self._stop_event.is_set():
            body = {"run_id": self.run_id, "key": "loss", "value": 1.0, "timestamp": step, "step": step}
            try:
                self._note(step, self._server.post("runs/log-metric", body))
            except httpx.HTTPError:
                self.reported.append(step)
            step += 1

    def _note(self, step: int, answer: httpx.Response) -> None:
        (self.answered if answer.status_code == 200 else self.reported).append(step)
        if answer.status_code not in (200, 502, 503):
            self.odd.append(answer.text)


def stored_steps(database: Path, run_id: str) -> list[int]:
    """Steps of a run's metric in the store."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute("select step from metrics where run_uuid = ? order by step", (run_id,))
        return [row[0] for row in rows]


def test_no_answered_write_is_lost_when_the_tracking_server_is_killed(server: JupyterServer) -> None:
    stop = threading.Event()
    writers = [Writer(server, stop) for _ in range(3)]
    for writer in writers:
        writer.start()
    for _ in range(CHILD_KILLS):
        before = answers(writers)
        wait_for("writes", lambda before=before: answers(writers) > before + 20)
        child = wait_for("the tracking server", server.child)
        child.send_signal(signal.SIGKILL)
        child.wait(10)
    before = answers(writers)
    wait_for("writes after the last kill", lambda: answers(writers) > before + 20)
    stop.set()
    for writer in writers:
        writer.join()
        stored = stored_steps(server.root / "mlflow.db", writer.run_id)
        assert set(writer.answered) <= set(stored)
        assert set(stored) <= set(writer.answered) | set(writer.reported)
        assert len(stored) == len(set(stored))
        assert writer.odd == []
    reported = sum(len(writer.reported) for writer in writers)
    kept = f"{answers(writers)} answered writes, 0 lost; {reported} others, each reported"
    print(f"{CHILD_KILLS} kills of the tracking server: {kept}")


def answers(writers: list[Writer]) -> int:
    """How many writes were answered so far."""
    return sum(len(writer.answered) for writer in writers)


CELL = """%%run killed --quiet
import mlflow, sys
for step in range(100000):
    mlflow.log_metric('loss', float(step), step=step)
    print(step, flush=True)
"""


def test_a_killed_kernel_loses_no_value_and_leaves_a_store_that_works(server: JupyterServer) -> None:
    env = os.environ | {
        "JUPYTERLAB_EXPERIMENTS_RUNTIME": str(wait_for("the runtime folder", server.runtime_folder)),
        "JUPYTERLAB_EXPERIMENTS_NOTEBOOK": "killed.ipynb",
    }
    env.pop("MLFLOW_TRACKING_URI", None)
    total = 0
    for _ in range(KERNEL_KILLS):
        printed = kill_while_it_logs(env, server.root)
        database = server.root / "mlflow.db"
        with sqlite3.connect(database) as connection:
            (run_id,) = connection.execute(
                "select run_uuid from runs order by start_time desc limit 1"
            ).fetchone()
            assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        assert set(printed) <= set(stored_steps(database, run_id))
        total += len(printed)
        assert server.post("runs/create", {"experiment_id": "0", "start_time": 1}).status_code == 200
    print(f"{KERNEL_KILLS} kills of a logging kernel: {total} values whose call had returned, 0 lost")


def kill_while_it_logs(env: dict[str, str], folder: Path) -> list[int]:
    """Starts a kernel, kills it after some values, and gives the steps it said it had logged."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env=env, cwd=str(folder))
    client = manager.client()
    client.start_channels()
    printed: list[int] = []
    try:
        client.wait_for_ready(timeout=60)
        load = "get_ipython().extension_manager.load_extension('jupyterlab_experiments.kernel')"
        client.execute_interactive(load, silent=True, timeout=60)
        client.execute(CELL)
        while len(printed) < 50:
            message = client.get_iopub_msg(timeout=60)
            if message["msg_type"] == "error":
                raise AssertionError("\n".join(message["content"]["traceback"]))
            if message["msg_type"] == "stream":
                printed += [int(word) for word in message["content"]["text"].split() if word.isdigit()]
    finally:
        manager.signal_kernel(signal.SIGKILL)
        client.stop_channels()
        manager.cleanup_resources()
    return printed
