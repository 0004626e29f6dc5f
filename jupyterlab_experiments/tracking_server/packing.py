"""Pure: a query's columns packed by SQLite into one text each, and unpacked to Arrow.

For each row that Python fetches, objects are made and the interpreter's lock is let go and taken again. So
SQLite itself adds each column up to one text, in one step of one statement, and Arrow takes the texts apart:
three times quicker. A float64's own text is not the same number again on every build of SQLite; numbers
travel as an integer and a power of two, which is exact; the power is a letter before the integer, and
absent for the most frequent one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Numbers = np.ndarray[Any, np.dtype[np.float64]]

_MARK = "\x1f"
# Each step holds the magnitudes of ten powers of two: times one power of two for all, they are whole numbers
# of 54 to 63 bits. 2^-130 to 2^130 is more than what 32-bit floats hold; others are read row by row.
_FIRST, _LAST, _BITS = -13, 12, 10
_MANTISSA_BITS = 53
# What MLflow writes for infinity: the greatest float64, (2^53 - 1) * 2^971.
_GREATEST, _GREATEST_POWER = 2**_MANTISSA_BITS - 1, 971
# Numbers from 2^-10 to 1 bear no letter; each other step has its own, MLflow's infinity the last one.
_PLAIN = -1
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZa"


def packed_sql(sql: str, schema: pa.Schema) -> str:
    """A statement that answers one row: the number of rows, then two values for each column of the schema."""
    names = [f"c{index}" for index in range(len(schema))]
    sums = [part for name, field in zip(names, schema, strict=True) for part in _sums(name, field.type)]
    return f"with asked({', '.join(names)}) as ({sql}) select count(*), {', '.join(sums)} from asked"  # noqa: S608 our own statements only


def unpacked(row: Sequence[Any], schema: pa.Schema) -> pa.Table | None:
    """The answer, texts as bytes, in the declared types; None where a value could not be packed."""
    length, sums = int(row[0]), row[1:]
    try:
        arrays = [
            _unpack(length, sums[2 * index : 2 * index + 2], field.type) for index, field in enumerate(schema)
        ]
        return pa.Table.from_arrays(arrays, schema=schema)
    except pa.ArrowInvalid:
        return None


def table_of_rows(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.Table:
    """Rows as a database's driver gives them, in the declared types."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [_array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_boolean(kind):
        return pa.array([bool(value) for value in values], kind)
    return pa.array(values, kind)


def _sums(name: str, kind: pa.DataType) -> tuple[str, str]:
    if pa.types.is_floating(kind):
        return f"group_concat({_number(name)}, '{_MARK}')", "0"
    if pa.types.is_string(kind):
        return f"group_concat({name}, '{_MARK}')", "0"
    if pa.types.is_boolean(kind):
        return f"group_concat(ifnull({name} <> 0, '-'), '')", "0"
    return f"group_concat(ifnull({name}, ''), '{_MARK}')", f"count({name})"


def _unpack(length: int, sums: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_boolean(kind):
        return _flags(sums[0] or b"", length)
    words = _split(sums[0], length)
    if pa.types.is_floating(kind):
        return pa.array(_numbers(words))
    if pa.types.is_string(kind):
        return words
    if sums[1] != length:
        words = pc.if_else(pc.equal(words, ""), pa.scalar(None, pa.string()), words)
    return words.cast(pa.int64()).cast(kind)


def _flags(text: bytes, length: int) -> pa.Array:
    if len(text) != length:
        raise pa.ArrowInvalid("flags that are missing")
    letters = np.frombuffer(text, np.uint8)
    return pa.array(letters == ord("1"), mask=letters == ord("-"))


def _numbers(words: pa.Array) -> Numbers:
    try:
        return _scaled(words, np.int64(-_shift(_PLAIN)))
    except pa.ArrowInvalid:
        letters = pc.index_in(pc.utf8_slice_codeunits(words, 0, 1), value_set=pa.array(list(_LETTERS)))
        steps = pc.fill_null(letters, _PLAIN - _FIRST).to_numpy()
        powers = np.array([-_shift(_FIRST + index) for index in range(len(_LETTERS) - 1)] + [_GREATEST_POWER])
        return _scaled(pc.utf8_ltrim(words, characters=_LETTERS), powers[steps])


def _scaled(words: pa.Array, powers: Any) -> Numbers:
    scaled: Numbers = np.ldexp(words.cast(pa.int64()).to_numpy().astype(np.float64), powers)
    return scaled


def _split(text: bytes | None, length: int) -> pa.Array:
    if text is None:
        words = pa.array([], pa.string())
    else:
        words = pc.split_pattern(pa.array([text], pa.string()), _MARK).flatten()
    if len(words) != length:
        raise pa.ArrowInvalid("values that are missing, or that contain the mark between values")
    return words


def _number(name: str) -> str:
    """The integer of a number with its letter; NULL for a number that cannot be packed."""
    greatest = f"'{_LETTERS[-1]}' || ({_GREATEST} * (1 - 2 * ({name} < 0)))"
    return (
        f"case {_by_step(name, lambda step: _leaf(name, step))} when {_is_greatest(name)} then {greatest} end"
    )


def _leaf(name: str, step: int) -> str:
    integer = f"cast({name} * {_power_of_two(_shift(step))} as integer)"
    return integer if step == _PLAIN else f"'{_LETTERS[step - _FIRST]}' || {integer}"


def _shift(step: int) -> int:
    return _MANTISSA_BITS - _BITS * step


def _by_step(name: str, leaf: Callable[[int], str]) -> str:
    """The `when` branches of numbers: most often from 2^-10 to 2^10, which is asked first."""
    often = " ".join(f"when {_is_within(name, step, step)} then {leaf(step)}" for step in (-1, 0))
    size = f"abs({name})"
    others = f"when {_is_within(size, _FIRST, _LAST)} then {_tree(size, (_FIRST, _LAST), leaf)}"
    return f"{often} when {name} = 0 then 0 {others}"


def _is_within(size: str, first: int, last: int) -> str:
    return f"{size} >= {_power_of_two(_BITS * first)} and {size} < {_power_of_two(_BITS * (last + 1))}"


def _tree(size: str, steps: tuple[int, int], leaf: Callable[[int], str]) -> str:
    first, last = steps
    if first == last:
        return leaf(first)
    middle = (first + last + 1) // 2
    below, above = _tree(size, (first, middle - 1), leaf), _tree(size, (middle, last), leaf)
    return f"case when {size} < {_power_of_two(_BITS * middle)} then {below} else {above} end"


def _is_greatest(name: str) -> str:
    return f"abs({name}) = {_GREATEST} * {_power_of_two(_GREATEST_POWER)}"


def _power_of_two(power: int) -> str:
    # Factors that are whole numbers: SQLite reads those exactly, and their products and quotients are exact.
    sign = "*" if power >= 0 else "/"
    whole, rest = divmod(abs(power), 60)
    return f"(1.0{f' {sign} {2**60}' * whole} {sign} {2**rest})"
