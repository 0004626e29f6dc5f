"""Columns against pages, on SQLite and on PostgreSQL, by the same socket; and what many keys cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.postgresserver import has_postgres
from tests.tracking_server.child import Child

from .figures import Claim, Figure, best, seconds_of
from .stores import COLUMNS, Size, child_on, child_on_sqlite, postgresql, read_pages, read_table


def measure(folder: Path, runs: list[int]) -> Iterator[Figure]:
    """`runs-table` of ten columns against all pages of `runs/search`."""
    for number in runs:
        with child_on_sqlite(folder / f"sqlite-{number}", Size(number)) as child:
            yield against_pages(child, f"SQLite, {number:,} runs", number, 80)
        if not has_postgres():
            continue
        with _child_on_postgresql(folder / f"postgresql-{number}", Size(number)) as child:
            yield against_pages(child, f"PostgreSQL, {number:,} runs", number, 60)


def measure_keys(folder: Path, runs: int, keys: int) -> Iterator[Figure]:
    """The same ten columns among a thousand keys and among ten."""
    times = {}
    columns = [f"metrics.metric_{key}" for key in range(10)]
    for number in (10, keys):
        with child_on_sqlite(folder / f"keys-{number}", Size(runs, metrics=number)) as child:
            read_table(child, columns)
            times[number] = best(9, lambda child=child: read_table(child, columns))
    made_from = {f"{number} keys_ms": round(seconds * 1000, 1) for number, seconds in times.items()}
    name = f"frame and 10 columns of {runs:,} runs, {keys:,} keys against 10"
    yield Figure(name, times[keys] / times[10], "times", Claim("at most", 3), made_from)


@contextmanager
def _child_on_postgresql(folder: Path, size: Size) -> Iterator[Child]:
    folder.mkdir()
    with postgresql(size, folder) as uri, child_on(uri, folder) as child:
        yield child


def against_pages(child: Child, where: str, runs: int, least: float) -> Figure:
    """One ratio: the quickest table against one reading of all pages."""
    assert read_table(child, COLUMNS) == runs
    read_pages(child, 1)
    table_s = best(5, lambda: read_table(child, COLUMNS))
    pages_s = seconds_of(lambda: read_pages(child))
    table_s = min(table_s, best(3, lambda: read_table(child, COLUMNS)))
    made_from = {"table_s": round(table_s, 3), "pages_s": round(pages_s, 2)}
    return Figure(
        f"runs-table with 10 columns against runs/search, {where}",
        pages_s / table_s,
        "times faster",
        Claim("at least", least),
        made_from,
    )
