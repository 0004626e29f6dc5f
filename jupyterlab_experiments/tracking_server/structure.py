"""Do the tables look as we read them? Their columns are checked, not MLflow's schema revision."""

from __future__ import annotations

import pyarrow as pa

from .database import Database, Reader, quoted
from .errors import StoreBusyError, StoreNotReadableError

_NEEDED = {
    "runs": (
        "run_uuid",
        "name",
        "user_id",
        "status",
        "start_time",
        "end_time",
        "lifecycle_stage",
        "artifact_uri",
        "experiment_id",
    ),
    "experiments": ("experiment_id", "lifecycle_stage"),
    "latest_metrics": ("key", "value", "run_uuid", "is_nan", "step", "timestamp"),
    "metrics": ("key", "value", "run_uuid", "is_nan", "step", "timestamp"),
    "params": ("key", "value", "run_uuid"),
    "tags": ("key", "value", "run_uuid"),
}


class Structure:
    """Whether a database can be read as columns; asked anew until it can."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_known = False

    def is_readable(self) -> bool:
        """False for stores without tables or with other ones; True for an SQLite file still to be made."""
        if self._database.dialect is None:
            return False
        if self._is_known or not self._database.exists():
            return True
        with self._database.reader() as reader:
            return not self.has_tables(reader)[1]

    def has_tables(self, reader: Reader) -> tuple[bool, str | None]:
        """Whether MLflow has made its tables, and what is amiss with them."""
        if self._is_known:
            return True, None
        if not _has_column(reader, "alembic_version", "version_num") and not _has_column(
            reader, "runs", "run_uuid"
        ):
            return False, None
        for table, columns in _NEEDED.items():
            missing = [column for column in columns if not _has_column(reader, table, column)]
            if missing:
                return True, f"Table {table} has no column {', '.join(missing)}."
        self._is_known = True
        return True, None

    def check(self, reader: Reader) -> bool:
        """True when there are tables; raises StoreNotReadableError when they are not those we know."""
        is_made, problem = self.has_tables(reader)
        if problem:
            raise StoreNotReadableError(f"This store cannot be read as columns. {problem}")
        return is_made


def _has_column(reader: Reader, table: str, column: str) -> bool:
    # Quoting would turn an unknown column into a string on SQLite; only reserved words need it.
    name = quoted(reader.dialect, column) if column == "key" else column
    kind = pa.string() if column != "is_nan" else pa.bool_()
    try:
        reader.read(f"select {table}.{name} from {table} where 1 = 0", (), pa.schema([(column, kind)]))  # noqa: S608 values are bound
    except StoreBusyError as error:
        if reader.dialect == "sqlite" and "no such" not in str(error):
            # Locked, damaged or away: that tells nothing of its tables.
            raise
        return False
    return True
