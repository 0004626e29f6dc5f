"""Curves: exact where they are short, and with the same look where they are long."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jupyterlab_experiments.tracking_server import downsample
from jupyterlab_experiments.tracking_server.database import Database
from jupyterlab_experiments.tracking_server.history import read_history
from jupyterlab_experiments.tracking_server.requests import decode_history_request

from .seeding import START_MS, add_curve
from .test_runtable import client_of, read

POINTS = 50_000


def history(path: Path, **request: Any) -> pa.Table:
    with Database(f"sqlite:///{path}").reader() as reader:
        return read_history(reader, decode_history_request(request))


@pytest.fixture(scope="module")
def curve(seeded: Callable[[int], Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    path = Path(shutil.copy(seeded(1_000), tmp_path_factory.mktemp("curve") / "mlflow.db"))
    run_id = read(path)["run_id"][0].as_py()
    add_curve(path, run_id, POINTS)
    return path, run_id


def test_a_curve_without_limit_is_whole(curve: tuple[Path, str]) -> None:
    path, run_id = curve
    table = history(path, run_ids=[run_id], keys=["long"])
    assert table["step"].to_pylist() == list(range(POINTS))


@pytest.mark.parametrize("has_library", [True, False])
def test_a_long_curve_keeps_its_ends_and_extremes(
    curve: tuple[Path, str], has_library: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_library:
        monkeypatch.setattr(downsample, "tsdownsample", None)
    path, run_id = curve
    table = history(path, run_ids=[run_id], keys=["long"], max_points=1_000)
    steps, values = table["step"].to_pylist(), table["value"].to_pylist()
    assert 500 < len(steps) <= 1_000 and steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0, POINTS - 1)
    assert (min(values), max(values)) == (-5.0, 7.0)


def test_a_range_of_steps_or_times_is_exact_where_it_is_short(curve: tuple[Path, str]) -> None:
    path, run_id = curve
    asked = {"run_ids": [run_id], "keys": ["long"], "max_points": 100}
    assert history(path, **asked, start_step=40, end_step=60)["step"].to_pylist() == list(range(40, 61))
    times = {"start_time_ms": START_MS + 10, "end_time_ms": START_MS + 12}
    assert history(path, **asked, **times)["step"].to_pylist() == [10, 11, 12]


def test_nan_and_infinity_are_as_mlflow_keeps_them_and_steps_ascend(new_store: Path) -> None:
    client = client_of(new_store)
    run_id = client.create_run("0").info.run_id
    for step, value in ((2, math.inf), (0, 1.0), (1, math.nan)):
        client.log_metric(run_id, "loss", value, step=step, timestamp=START_MS)
    table = history(new_store, run_ids=["unknown", run_id], keys=["loss", "unknown"])
    assert table["step"].to_pylist() == [0, 1, 2]
    first, second, third = table["value"].to_pylist()
    assert first == 1.0 and math.isnan(second) and third == 1.7976931348623157e308


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 7, 50])
def test_no_curve_has_more_points_than_asked_even_with_nan(limit: int) -> None:
    values = np.random.default_rng(1).random(500)
    values[::7] = np.nan
    kept = downsample.kept_points(values, limit)
    assert 0 < len(kept) <= limit and len(set(kept)) == len(kept)
