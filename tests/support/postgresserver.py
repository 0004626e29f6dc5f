"""A PostgreSQL of its own, from the binaries of this machine."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .ports import free_port


def binary(name: str) -> str | None:
    """Path of one of PostgreSQL's programs, if it is here."""
    return shutil.which(name) or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))), None)


def has_postgres() -> bool:
    """Whether one can be started."""
    return binary("initdb") is not None and binary("pg_ctl") is not None


def _as_postgres(*command: str) -> None:
    # PostgreSQL refuses to run as root.
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    identity: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **identity)


@contextmanager
def postgres(user: str = "mlflow", password: str = "") -> Iterator[str]:
    """A new server without data; gives the URI of its database. With a password it asks for it."""
    port, folder = free_port(), tempfile.mkdtemp(prefix="pg-")
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data, pg_ctl = f"{folder}/data", str(binary("pg_ctl"))
    trust = ["-A", "trust"]
    if password:
        with open(f"{folder}/password", "w", encoding="utf-8") as file:
            file.write(password)
        trust = ["-A", "scram-sha-256", f"--pwfile={folder}/password"]
    _as_postgres(str(binary("initdb")), "-D", data, "-U", user, *trust, "-E", "UTF8", "--no-sync")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    _as_postgres(pg_ctl, "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start")
    secret = f":{password}" if password else ""
    try:
        yield f"postgresql+psycopg2://{user}{secret}@127.0.0.1:{port}/postgres"
    finally:
        _as_postgres(pg_ctl, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
