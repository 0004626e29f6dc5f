"""Looks at a database server through an interpreter's SQLAlchemy, without a write; in a thread."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
from typing import Any
from urllib.parse import urlsplit

from ... import tracking_uri as uris
from ..processes.interpreters import Interpreter
from .failures import judge_failure
from .probe import Place
from .revisions import Revisions
from .storelook import Content, judge_content
from .verdict import BAD_DATABASE_URI, Diagnosis, Name

_CONNECT_S = 5.0
_TIMEOUT_S = 20.0
_PORTS = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306, "mssql": 1433, "oracle": 1521}
_DRIVERS = {
    "postgresql": "pip install 'jupyterlab-experiments[postgres]'",
    "mysql": "pip install pymysql",
    "mssql": "pip install pyodbc",
}
#: The URI comes by stdin: everyone on the machine can read command lines.
_QUESTION = """
import sys
sys.path[:] = [folder for folder in sys.path if folder]
import json
uri = json.load(sys.stdin)["uri"]
try:
    import sqlalchemy
    from sqlalchemy.pool import NullPool
    with sqlalchemy.create_engine(uri, poolclass=NullPool).connect() as connection:
        tables = set(sqlalchemy.inspect(connection).get_table_names())
        revision = None
        if "alembic_version" in tables:
            revision = connection.execute(sqlalchemy.text("select version_num from alembic_version")).scalar()
        print(json.dumps({"has_runs": "runs" in tables, "has_tables": bool(tables), "revision": revision}))
except Exception as error:
    text = str(getattr(error, "orig", None) or error)
    print(json.dumps({"error": type(error).__name__, "text": text[:4000]}))
"""
#: Words of database servers and their drivers, and what they mean.
_WORDS: tuple[tuple[str, Name], ...] = (
    (r"could not translate host|name or service not known|unknown \w*\s?server host|getaddrinfo", "no-host"),
    (r"password|access denied for user|login failed|authentication|no pg_hba\.conf", "login"),
    (r"database .* does not exist|unknown database|cannot open database", "no-file"),
    (r"permission denied|not permitted|command denied", "permission"),
    (r"certificate|ssl", "certificate"),
    (r"refused|can't connect|no route|unreachable", "no-answer"),
    (r"time[d]?[- ]?out", "timeout"),
    (r"read-only|readonly", "read-only"),
)


def diagnose_sql(uri: str, interpreter: Interpreter, revisions: Revisions) -> Diagnosis:
    """What is wrong with a PostgreSQL, MySQL or SQL Server URI."""
    host = uris.host_of(uri)
    unreachable = _try_host(uri, host)
    if unreachable is not None:
        return unreachable
    try:
        done = subprocess.run(
            [interpreter.python, "-c", _QUESTION],
            input=json.dumps({"uri": uri}).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **interpreter.environ},
            timeout=_TIMEOUT_S,
            check=False,
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return Diagnosis("timeout", f"{host} does not answer in time.", "Is a firewall in between?")
    except (OSError, ValueError):
        return Diagnosis("failed", "The Python interpreter of the tracking servers cannot be run.")
    return judge_sql(answer, uri, revisions)


def judge_sql(answer: dict[str, Any], uri: str, revisions: Revisions) -> Diagnosis:
    """Pure: what the interpreter's answer says of the database."""
    host = uris.host_of(uri)
    if "error" not in answer:
        content = Content(bool(answer["has_runs"]), bool(answer["has_tables"]), answer["revision"])
        wrong = judge_content(content, host, revisions)
        return wrong or Diagnosis("ok", f"{host} answers.", None, revisions.version)
    if answer["error"] in ("ModuleNotFoundError", "NoSuchModuleError", "ImportError"):
        scheme = uris.scheme_of(uri)
        message = f"The Python driver for {scheme} is missing where the tracking servers run."
        return Diagnosis("no-plugin", message, f"`{_DRIVERS[scheme]}`" if scheme in _DRIVERS else None)
    if answer["error"] in ("ArgumentError", "ValueError"):
        return BAD_DATABASE_URI
    return judge_words(str(answer["text"]), host)


def judge_words(text: str, host: str) -> Diagnosis:
    """Pure: what a database server or a plugin means by its words, which are not shown."""
    found = (name for words, name in _WORDS if re.search(words, text, re.IGNORECASE))
    name: Name = next(found, "failed")
    message, remedy = _SENTENCES[name]
    return Diagnosis(name, message.format(host), remedy)


_SENTENCES: dict[Name, tuple[str, str]] = {
    "no-host": ("There is no host {}.", "Is the name spelled right?"),
    "login": ("{} refused the login.", "Write user and password into the URI: `…://user:password@host/…`."),
    "no-file": ("{} has no such database.", "Make it first, with `CREATE DATABASE`."),
    "permission": ("{} does not permit this user to read MLflow's tables.", "Ask its administrator."),
    "certificate": ("No safe connection to {} could be made.", "Look at the certificates and `sslmode`."),
    "no-answer": ("{} does not answer.", "Is it running, and is the port right?"),
    "timeout": ("{} does not answer in time.", "Is a firewall in between?"),
    "read-only": ("{} can be read, but not written.", "Ask its administrator."),
    "failed": ("{} cannot be used.", "The log of the tracking server may say more."),
}


def _try_host(uri: str, host: str) -> Diagnosis | None:
    """Whether anything listens there at all: drivers wait for minutes where nothing does."""
    try:
        parts = urlsplit(uris.without_credentials(uri))
        port = parts.port or _PORTS.get(uris.scheme_of(uri))
    except ValueError:
        return BAD_DATABASE_URI
    if not parts.hostname or port is None:
        return None
    try:
        socket.create_connection((parts.hostname, port), timeout=_CONNECT_S).close()
    except (OSError, UnicodeError) as error:
        return judge_failure(error, Place(host, ""))
    return None
