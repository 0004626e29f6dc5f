"""Pure: rows of (run, value) → one Arrow column in the order of the frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Integers = np.ndarray[Any, np.dtype[np.integer[Any]]]


def number_column(length: int, rows: Integers, values: pa.Array) -> pa.Array:
    """Float64 with null where no row has a value; NaN stays NaN."""
    numbers = np.zeros(length)
    missing = np.ones(length, dtype=bool)
    numbers[rows] = values.to_numpy(zero_copy_only=False)
    missing[rows] = False
    return pa.array(numbers, mask=missing)


def text_column(
    length: int, rows: Integers, values: pa.Array, limit_bytes: int | None = None
) -> pa.DictionaryArray:
    """Strings with null where no row has a value, over a dictionary whose words ascend: a code is a rank.

    Words over the limit are cut between characters and end in “…”.
    """
    encoded = values.dictionary_encode()
    words, word_codes = encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False)
    if limit_bytes is not None and pc.any(pc.greater(pc.binary_length(words), limit_bytes)).as_py():
        shorter = pa.array(
            [_cut(word, limit_bytes) for word in words.to_pylist()], pa.string()
        ).dictionary_encode()
        words, word_codes = shorter.dictionary, shorter.indices.to_numpy(zero_copy_only=False)[word_codes]
    order = pc.sort_indices(words)
    ranks = np.empty(len(order), dtype=np.int32)
    ranks[order.to_numpy()] = np.arange(len(order), dtype=np.int32)
    codes = np.full(length, -1, dtype=np.int32)
    codes[rows] = ranks[word_codes]
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), words.take(order))


def whole_text_column(values: pa.Array) -> pa.DictionaryArray:
    """Strings of every row; an empty one is missing."""
    present = pc.not_equal(values, "").to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(present)
    return text_column(len(values), rows, values if len(rows) == len(values) else values.take(pa.array(rows)))


def numbers_of(column: pa.DictionaryArray) -> pa.Array | None:
    """The column as float64 when every word is a number, else None."""
    if len(column.dictionary) == 0:
        return None
    try:
        words = column.dictionary.cast(pa.float64())
    except pa.ArrowInvalid:
        return None
    return words.take(column.indices)


def _cut(word: str, limit_bytes: int) -> str:
    encoded = word.encode()
    return word if len(encoded) <= limit_bytes else encoded[:limit_bytes].decode(errors="ignore") + "…"
