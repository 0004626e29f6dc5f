from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from kernels import Kernel, pythons, unpack_kernel_part


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as if installed: with its entry points, and the server's folder beside the kernel's."""
    folder = unpack_kernel_part(tmp_path_factory.mktemp("installed"))
    (folder / "jupyterlab_experiments" / "server").mkdir()
    return folder


@pytest.fixture(scope="session")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack_kernel_part(tmp_path_factory.mktemp("sent"))


@pytest.fixture(scope="module", params=["this", "old"])
def python(request: pytest.FixtureRequest) -> str:
    found = pythons()[request.param]
    if found is None:
        pytest.skip("JLX_OLD_PYTHON names no interpreter with an older MLflow")
    return found


@pytest.fixture(scope="module")
def kernel(python: str, installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel that was told, for all tests of a file."""
    root = tmp_path_factory.mktemp("root")
    (root / "work").mkdir()
    made = Kernel(python, root, installed).start()
    made.tell()
    yield made
    made.stop()


@pytest.fixture
def make_kernel(installed: Path, tmp_path: Path) -> Iterator[Callable[..., Kernel]]:
    """Makes kernels of this interpreter, not started; stops them in the end."""
    made: list[Kernel] = []

    def make(python: str = sys.executable, path: Path = installed) -> Kernel:
        root = tmp_path / f"root{len(made)}"
        (root / "work").mkdir(parents=True)
        made.append(Kernel(python, root, path))
        return made[-1]

    yield make
    for kernel in made:
        if hasattr(kernel, "_client"):
            kernel.stop()


@pytest.fixture
def run_python() -> Callable[..., Any]:
    """Runs a line in a fresh interpreter and answers what it printed."""

    def run(code: str, path: Path) -> str:
        environment = {"PYTHONPATH": str(path), "PATH": "/usr/bin:/bin"}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    return run
