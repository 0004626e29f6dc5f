"""Pure: which points of a curve to keep so that it looks the same in fewer."""

from __future__ import annotations

import importlib
from contextlib import suppress
from typing import Any

import numpy as np

Indices = np.ndarray[Any, np.dtype[np.int64]]
Numbers = np.ndarray[Any, np.dtype[np.float64]]

tsdownsample: Any = None
with suppress(ImportError):
    tsdownsample = importlib.import_module("tsdownsample")


def kept_points(values: Numbers, max_points: int) -> Indices:
    """Positions to keep, ascending: of each part first, last, least and greatest, and some NaN."""
    if len(values) <= max_points:
        return np.arange(len(values))
    is_nan = np.isnan(values)
    absent = np.flatnonzero(is_nan)
    if not len(absent):
        return _m4(values, max_points)
    share = min(len(absent), max(1, max_points // 4)) if max_points > 1 else 0
    marked = absent[np.linspace(0, len(absent) - 1, share).astype(np.int64)] if share else absent[:0]
    present = np.flatnonzero(~is_nan)
    room = max_points - share
    kept = present if len(present) <= room else present[_m4(values[present], room)]
    return np.unique(np.concatenate([marked, kept]))


def _m4(values: Numbers, max_points: int) -> Indices:
    parts = max_points // 4
    if parts == 0:
        return _ends(values, max_points)
    if tsdownsample is not None:
        kept = tsdownsample.M4Downsampler().downsample(np.ascontiguousarray(values), n_out=parts * 4)
        return np.unique(kept.astype(np.int64))
    return _m4_by_numpy(values, parts)


def _m4_by_numpy(values: Numbers, parts: int) -> Indices:
    kept: list[int] = []
    for part in np.array_split(np.arange(len(values)), parts):
        kept += [part[0], part[-1], part[np.argmin(values[part])], part[np.argmax(values[part])]]
    return np.unique(np.asarray(kept, dtype=np.int64))


def _ends(values: Numbers, max_points: int) -> Indices:
    """Fewer than four: last, then first, then greatest."""
    order = [len(values) - 1, 0, int(np.argmax(values))]
    return np.unique(np.asarray(order[:max_points], dtype=np.int64))
