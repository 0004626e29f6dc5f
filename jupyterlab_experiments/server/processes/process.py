"""One operating-system process of a tracking server: its start, its last words, its end."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import os
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ...tracking_uri import scrubbed

#: Exit code of a child whose database has another MLflow's schema.
SCHEMA_EXIT_CODE = 3
#: Exit code of a child that ended itself since it worked for a client that had left.
ABANDONED_EXIT_CODE = 5
_TAIL_LINES = 200
_Raw = asyncio.subprocess.Process
_TERM_GRACE_S = 3.0


@dataclass(frozen=True)
class Launch:
    """How to start a process: command line, environment, working folder and words that are never logged."""

    command: Sequence[str]
    environ: Mapping[str, str]
    folder: str
    secrets: Sequence[str] = field(default_factory=tuple)


class Process:
    """A running child; it ends when the pipe at its stdin does, so it never outlives this server."""

    def __init__(self, process: _Raw, launch: Launch, log: Callable[[str], None]) -> None:
        self._process = process
        self._secrets = launch.secrets
        self._log = log
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self._reader = asyncio.ensure_future(self._read())
        self._exit = asyncio.ensure_future(self._wait())

    @classmethod
    async def start(cls, launch: Launch, log: Callable[[str], None]) -> Process:
        """Start it in a session of its own. Raises OSError when the interpreter cannot be run."""
        process = await asyncio.create_subprocess_exec(
            *launch.command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=dict(launch.environ),
            cwd=launch.folder,
            # Else Ctrl-C in the terminal, about which Jupyter asks first, would end it at once.
            start_new_session=True,
        )
        return cls(process, launch, log)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def exited(self) -> asyncio.Future[int]:
        """Resolved with the exit code once it has ended and its last words are read; shield it."""
        return self._exit

    @property
    def tail(self) -> str:
        """The end of what it wrote to stderr, without secrets."""
        return "\n".join(self._tail)

    @property
    def resident_mb(self) -> float | None:
        """Memory it takes now, in MB; None where neither the system nor psutil tells."""
        try:
            with open(f"/proc/{self.pid}/statm", encoding="ascii") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        except (OSError, ValueError, IndexError):
            return _resident_mb_by_psutil(self.pid)

    @property
    def schema_message(self) -> str | None:
        """What it said of a database of another MLflow, if it ended for that."""
        if not self._exit.done() or self._exit.result() != SCHEMA_EXIT_CODE:
            return None
        return self.told or self.tail

    @property
    def told(self) -> str | None:
        """The sentence for people in which it said why it ended, if it did."""
        for line in reversed(self._tail):
            with contextlib.suppress(ValueError, AttributeError):
                found = json.loads(line)
                if found.get("error"):
                    return str(found.get("message", ""))
        return None

    async def stop(self) -> None:
        """End it: SIGTERM, three seconds, SIGKILL."""
        if not self._exit.done():
            self._signal(self._process.terminate)
            done, _ = await asyncio.wait([self._exit], timeout=_TERM_GRACE_S)
            if not done:
                self._signal(self._process.kill)
        await asyncio.shield(self._exit)

    def kill(self) -> None:
        """End it at once, without waiting."""
        if not self._exit.done():
            self._signal(self._process.kill)

    @staticmethod
    def _signal(send: Callable[[], None]) -> None:
        with contextlib.suppress(ProcessLookupError):
            send()

    async def _wait(self) -> int:
        code = await self._process.wait()
        # A process it started may hold stderr open: its last words are not worth waiting for.
        await asyncio.wait([self._reader], timeout=1)
        self._reader.cancel()
        if self._process.stdin is not None:
            self._process.stdin.close()
        return code

    async def _read(self) -> None:
        stream = self._process.stderr
        assert stream is not None
        while True:
            try:
                raw = await stream.readline()
            except ValueError:
                # A line over asyncio's limit of 64 kB was dropped.
                continue
            if not raw:
                return
            self._keep(raw.decode("utf-8", "replace").rstrip())

    def _keep(self, line: str) -> None:
        line = scrubbed(line)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        self._tail.append(line)
        self._log(line)


def _resident_mb_by_psutil(pid: int) -> float | None:
    try:
        psutil = importlib.import_module("psutil")
    except ImportError:
        return None
    try:
        return float(psutil.Process(pid).memory_info().rss) / 2**20
    except psutil.Error:
        return None
