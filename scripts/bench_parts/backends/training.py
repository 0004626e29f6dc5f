"""`log_metric` in a kernel, with and without somebody who reads large tables of the same store."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.tracking_server.child import Child

from .figures import Claim, Figure, milliseconds, percentile
from .locks import drain_table, loop_of
from .stores import Size, child_on_sqlite

sys.path.insert(0, str(Path(__file__).parents[3] / "tests" / "kernel"))

from kernels import Kernel, unpack_kernel_part

ROUNDS = 6
START = "import json, time, mlflow\nrun = mlflow.start_run()\nstep = 0"
PHASE = """
times, end = [], time.perf_counter() + {seconds}
while time.perf_counter() < end:
    start = time.perf_counter()
    mlflow.log_metric('loss', 0.5, step=step)
    times.append(time.perf_counter() - start)
    step += 1
    time.sleep(0.005)
print(json.dumps(times))
"""


def measure(folder: Path, runs: int, seconds: float) -> Iterator[Figure]:
    """Both phases in turns, so that what else the machine does falls on both."""
    with child_on_sqlite(folder, Size(runs)) as child:
        kernel = Kernel(sys.executable, folder, unpack_kernel_part(folder / "package")).start()
        try:
            kernel.tell()
            assert kernel.run(START).status == "ok"
            yield from _phases(kernel, child, runs, seconds / 2)
        finally:
            kernel.stop()


def _phases(kernel: Kernel, child: Child, runs: int, seconds: float) -> Iterator[Figure]:
    _times(kernel, 1)
    alone: list[float] = []
    beside: list[float] = []
    reads = 0
    for _ in range(ROUNDS):
        alone += _times(kernel, seconds)
        with loop_of(lambda: drain_table(child)) as count:
            # Not before the first read is at work.
            time.sleep(0.05)
            beside += _times(kernel, seconds)
        reads += len(count)
    made_from = {"alone": milliseconds(alone), "beside": milliseconds(beside), "tables": reads}
    ratio = percentile(beside, 0.99) / percentile(alone, 0.99)
    name = f"99th percentile of log_metric during tables of {runs:,} runs, against without"
    yield Figure(name, ratio, "times", Claim("at most", 2), made_from)


def _times(kernel: Kernel, seconds: float) -> list[float]:
    cell = kernel.run(PHASE.format(seconds=seconds))
    assert cell.status == "ok", cell.text
    return list(cell.printed_json)
