"""`%%run` against a bare `with mlflow.start_run()`, same params and tags, in one real kernel on SQLite.

Prints one JSON object: medians in milliseconds, their difference and their ratio. The
argument is the number of rounds.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "kernel"))

from kernels import Kernel, unpack_kernel_part

MAGIC = "%%run bench -p alpha=0.3 -p beta=abc -t kind=bench\nmlflow.log_metric('loss', 0.5)"
BARE = (
    "with mlflow.start_run(run_name='bench', tags={'kind': 'bench'}):\n"
    "    mlflow.log_params({'alpha': 0.3, 'beta': 'abc'})\n"
    "    mlflow.log_metric('loss', 0.5)"
)


def milliseconds(kernel: Kernel, code: str) -> float:
    """Time from the request to the idle kernel."""
    start = time.perf_counter()
    cell = kernel.run(code)
    assert cell.status == "ok", cell.text
    return (time.perf_counter() - start) * 1000


IMPORT = (
    "import time, IPython, ipykernel.ipkernel, importlib.metadata\nstart = time.perf_counter()\n"
    "from jupyterlab_experiments.kernel import telling, run_context, magics\n"
    "print((time.perf_counter() - start) * 1000)"
)


def import_milliseconds(package: Path) -> float:
    """Median time to import the kernel part into what a kernel has imported anyway."""
    environment = os.environ | {"PYTHONPATH": str(package)}
    command = [sys.executable, "-c", IMPORT]
    return statistics.median(
        float(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
        for _ in range(7)
    )


def bench(rounds: int) -> dict[str, float]:
    """Medians over rounds that alternate between the two."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        package = unpack_kernel_part(Path(folder) / "package")
        (package / "jupyterlab_experiments" / "server").mkdir()
        import_ms = import_milliseconds(package)
        root = Path(folder) / "root"
        (root / "work").mkdir(parents=True)
        kernel = Kernel(sys.executable, root, package).start()
        try:
            kernel.tell()
            kernel.run("import mlflow, os; os.environ['MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT'] = 'true'")
            for code in (MAGIC, BARE) * 3:
                milliseconds(kernel, code)
            times = [(milliseconds(kernel, MAGIC), milliseconds(kernel, BARE)) for _ in range(rounds)]
        finally:
            kernel.stop()
    magic, bare = (statistics.median(column) for column in zip(*times, strict=True))
    return {
        "magic_ms": round(magic, 2),
        "bare_ms": round(bare, 2),
        "difference_ms": round(magic - bare, 2),
        "ratio": round(magic / bare, 3),
        "import_ms": round(import_ms, 2),
        "rounds": rounds,
    }


if __name__ == "__main__":
    print(json.dumps(bench(int(sys.argv[1]) if len(sys.argv) > 1 else 25)))
