"""What reads cost a writer of the same SQLite file: our reader, MLflow's search, and nobody."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.tracking_server.child import PREFIX, Child

from .figures import Claim, Figure, milliseconds
from .stores import ALL_COLUMNS, Size, child_on_sqlite, read_pages, table_request

# As MLflow writes a value: its statements, one transaction, one each 5 ms; then the latencies as JSON.
WRITER = """
import json, sqlite3, sys, time
path, seconds = sys.argv[1], float(sys.argv[2])
connection = sqlite3.connect(path, timeout=20, isolation_level=None)
one = lambda sql, *values: connection.execute(sql, values).fetchone()[0]
run_id = one("select run_uuid from runs order by start_time desc limit 1")
first = one("select coalesce(max(step), 0) + 1 from metrics where run_uuid = ?", run_id)
times, failures, end = [], 0, time.perf_counter() + seconds
while time.perf_counter() < end:
    start = time.perf_counter()
    step = first + len(times) + failures
    try:
        connection.execute("begin immediate")
        connection.execute("insert into metrics (key, value, timestamp, step, is_nan, run_uuid) "
            "values ('written', 0.5, ?, ?, 0, ?)", (step, step, run_id))
        connection.execute("insert into latest_metrics (key, value, timestamp, step, is_nan, run_uuid) "
            "values ('written', 0.5, ?, ?, 0, ?) on conflict (key, run_uuid) "
            "do update set step = excluded.step", (step, step, run_id))
        connection.execute("commit")
        times.append(time.perf_counter() - start)
    except sqlite3.OperationalError:
        failures += 1
        if connection.in_transaction:
            connection.execute("rollback")
    time.sleep(0.005)
print(json.dumps([times, failures]))
"""


def measure(folder: Path, runs: int, seconds: float) -> Iterator[Figure]:
    """Commits of a writer in both journal modes, beside each kind of reader."""
    for journal in ("wal", "delete"):
        with child_on_sqlite(folder / journal, Size(runs), journal) as child:
            yield from _beside(child, folder / journal / "mlflow.db", f"{journal}, {runs:,} runs", seconds)


def _beside(child: Child, store: Path, where: str, seconds: float) -> Iterator[Figure]:
    readers: dict[str, Callable[[], object] | None] = {
        "nobody": None,
        "runs-table with 20 columns": lambda: drain_table(child),
        "runs/search of 1,000": lambda: read_pages(child, 1),
    }
    for name, read in readers.items():
        with loop_of(read) as count:
            times, failures = _write(store, seconds)
        latencies = milliseconds(times) if times else {}
        made_from = {**latencies, "failures": failures, "reads": len(count)}
        is_ours = name.startswith("runs-table")
        worst = max(times, default=float("inf")) * 1000
        # No read of ours holds the lock for long: see ROWS_A_SCAN in tracking_server/values.py.
        claim = Claim("less than", 1000) if is_ours else None
        yield Figure(f"worst commit beside {name} ({where})", worst, "ms", claim, made_from)
        if is_ours:
            yield Figure(f"commits that failed beside {name} ({where})", failures, "", Claim("at most", 0))


def _write(store: Path, seconds: float) -> tuple[list[float], int]:
    command = [sys.executable, "-c", WRITER, str(store), str(seconds)]
    times, failures = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return times, failures


def drain_table(child: Child) -> None:
    """One table, its bytes thrown away: the reader should not be what computes."""
    request = {"json": table_request(ALL_COLUMNS), "headers": {"Accept-Encoding": "zstd"}}
    with child.client.stream("POST", f"{PREFIX}/runs-table", **request) as answer:
        answer.raise_for_status()
        for _ in answer.iter_raw():
            pass


@contextmanager
def loop_of(work: Callable[[], object] | None) -> Iterator[list[int]]:
    """The work again and again in a thread, until the end; gives a list that grows with each time."""
    done: list[int] = []
    is_over = threading.Event()

    def repeat() -> None:
        while work is not None and not is_over.is_set():
            work()
            done.append(1)

    with ThreadPoolExecutor(1) as pool:
        repeated = pool.submit(repeat)
        try:
            yield done
        finally:
            is_over.set()
        # A reader that failed has loaded nothing: no figure then.
        repeated.result()
