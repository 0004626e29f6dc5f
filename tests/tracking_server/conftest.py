"""Seeded stores, and a child on one of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .child import Child
from .seeding import make_tables, seed


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Stores of so many runs, each made once; only to be read."""
    made: dict[int, Path] = {}

    def store(runs: int) -> Path:
        if runs not in made:
            made[runs] = tmp_path_factory.mktemp(f"seeded{runs}") / "mlflow.db"
            seed(made[runs], runs)
        return made[runs]

    return store


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of the installed MLflow without rows; to be copied."""
    path = tmp_path_factory.mktemp("empty") / "mlflow.db"
    make_tables(path)
    return path


@pytest.fixture
def new_store(empty_store: Path, tmp_path: Path) -> Path:
    """A store of the test's own."""
    return Path(shutil.copy(empty_store, tmp_path / "mlflow.db"))


@pytest.fixture(scope="module")
def child(seeded: Callable[[int], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    """On a copy of the store of 1,000 runs."""
    folder = tmp_path_factory.mktemp("served")
    store = shutil.copy(seeded(1_000), folder / "mlflow.db")
    with Child(f"sqlite:///{store}", folder / "mlartifacts") as started:
        yield started
