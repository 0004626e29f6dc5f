"""`python -m jupyterlab_experiments.tracking_server.maintain upgrade FILE | copy FOLDER FILE`.

Says what it does on stderr, a JSON object a line: `progress`, at the end `done`, or `error` and `message`.
May be killed at any moment: what was there before is there after.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sqlite3
import sys
from collections.abc import Callable, Sequence

from .copying import copy_folder
from .lifeline import end_with_stdin
from .safety import MaintenanceError, Tell
from .upgrading import upgrade_file

_FAILED = 1


def main(arguments: Sequence[str] | None = None, tell: Tell | None = None) -> int:
    """Do what the command line says; 0 when it is done. Ends when stdin does."""
    options = _options(arguments)
    tell = tell or (lambda text: _say("progress", text))
    end_with_stdin(lambda: None)
    work: Callable[[], str]
    if options.what == "upgrade":
        work = lambda: upgrade_file(options.file, tell)  # noqa: E731 - the other one is alike
    else:
        work = lambda: copy_folder(options.folder, options.file, tell)  # noqa: E731
    try:
        # MLflow prints what it does.
        with contextlib.redirect_stdout(_Lines(tell)):
            done = work()
    except (MaintenanceError, OSError, sqlite3.Error, ImportError) as error:
        return _fail(str(error))
    except Exception as error:  # noqa: BLE001 - MLflow's and SQLAlchemy's are of many kinds
        return _fail(f"{type(error).__name__}: {error}")
    _say("done", done)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    upgrade = commands.add_parser("upgrade", help="back up an SQLite store and upgrade its schema")
    upgrade.add_argument("file")
    copy = commands.add_parser("copy", help="copy a folder of files into a new SQLite store")
    copy.add_argument("folder")
    copy.add_argument("file")
    options = parser.parse_args(arguments)
    if not os.path.isabs(options.file):
        parser.error("the file's path must be absolute")
    return options


def _fail(message: str) -> int:
    whole = f"{message.rstrip('.')}. Nothing was changed."
    sys.stderr.write(json.dumps({"error": "maintenance", "message": whole}) + "\n")
    return _FAILED


def _say(kind: str, text: str) -> None:
    sys.stderr.write(json.dumps({kind: text}) + "\n")
    sys.stderr.flush()


class _Lines(io.TextIOBase):
    """A text stream whose lines are told as progress."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def write(self, text: str) -> int:
        """Tells lines that say something: MLflow prints its summary in a frame, by lines."""
        for line in text.splitlines():
            if line.startswith("["):
                self._tell(line.strip())
        return len(text)


if __name__ == "__main__":
    sys.exit(main())
