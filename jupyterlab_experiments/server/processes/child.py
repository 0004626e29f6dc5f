"""Starts a tracking server on first use, one per URI; watches, restarts, stops it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NoReturn

import httpx

from ..errors import SchemaMismatch, TrackingServerUnavailable
from ..state import State
from .process import ABANDONED_EXIT_CODE, Launch, Process

_HEALTH_INTERVAL_S = 0.05
_SHORT_LIFE_S = 10.0
_BACK_OFF_FIRST_S = 1.0
_BACK_OFF_MOST_S = 60.0
_LOG_LINES = 200
_LOGGED_LINES = 30


@dataclass(frozen=True)
class ChildOptions:
    """What a child needs: its name for people, its socket, how it is launched, and times in seconds.

    One that takes more than `memory_limit_mb` (0: no limit) is ended once nobody has used it for
    `memory_quiet_s`: the next request starts another.
    """

    name: str
    socket_path: str
    launch: Callable[[], Launch]
    store_file: str | None = None
    idle_timeout_s: float = 1800
    start_timeout_s: float = 120
    memory_limit_mb: float = 0
    memory_quiet_s: float = 10


class Child:
    """The tracking server of one URI: at most one process, started by `ready`."""

    def __init__(self, options: ChildOptions, log: logging.Logger) -> None:
        self._options = options
        self._log = log
        self._process: Process | None = None
        self._client: httpx.AsyncClient | None = None
        self._start: asyncio.Task[httpx.AsyncClient] | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._in_use = 0
        self._last_used = time.monotonic()
        self._failures = 0
        self._next_try = 0.0
        self._is_closed = False
        self._state = State()
        self._lines: deque[str] = deque(maxlen=_LOG_LINES)
        #: Called with the client of each process that has become ready.
        self.on_ready: Callable[[httpx.AsyncClient], None] = lambda _: None

    @property
    def pid(self) -> int | None:
        """Process id while it runs, else None."""
        return self._process.pid if self._process else None

    @property
    def log_text(self) -> str:
        """The last lines that its processes wrote, the latest last, without secrets."""
        return "\n".join(self._lines)

    @property
    def state(self) -> State:
        """Its state now; a store that does not exist is `absent`, learnt without starting anything."""
        if self._state.name in ("idle", "absent"):
            self._state.become("absent" if self._is_absent() else "idle")
        return self._state

    def _is_absent(self) -> bool:
        file = self._options.store_file
        return file is not None and not os.path.exists(file)

    @contextlib.contextmanager
    def used(self) -> Iterator[None]:
        """Within it the child does not count as idle."""
        self._in_use += 1
        try:
            yield
        finally:
            self._in_use -= 1
            self._last_used = time.monotonic()

    async def ready(self) -> httpx.AsyncClient:
        """A client of the running child, started if need be; all who wait share one start.

        Raises TrackingServerUnavailable or SchemaMismatch.
        """
        self._last_used = time.monotonic()
        if self._client is not None and self._process is not None and not self._process.exited.done():
            return self._client
        if self._start is None or self._start.done():
            self._refuse_while_backing_off()
            self._start = asyncio.ensure_future(self._begin())
        # One of those who wait may leave: the start goes on for the others.
        return await asyncio.shield(self._start)

    async def lost(self) -> None:
        """Say that a connection could not be made: wait up to a second for the process's end to be seen."""
        if self._watcher is not None:
            await asyncio.wait([self._watcher], timeout=1)

    def retry_now(self) -> None:
        """Forget that it is too early for another try."""
        self._next_try = 0.0

    async def stop(self) -> None:
        """End the process, if one runs; `ready` starts another."""
        if self._start is not None and not self._start.done():
            self._start.cancel()
            await asyncio.wait([self._start])
        if self._process is not None:
            await self._process.stop()
        if self._watcher is not None:
            await asyncio.wait([self._watcher])

    async def close(self) -> None:
        """Stop for good."""
        self._is_closed = True
        await self.stop()

    def _refuse_while_backing_off(self) -> None:
        wait = self._next_try - time.monotonic()
        if self._is_closed:
            raise TrackingServerUnavailable("The Jupyter server is stopping.")
        if wait > 0:
            self._raise_state(max(1, round(wait)))

    def _raise_state(self, retry_after_s: int) -> NoReturn:
        message = self._state.message or f"{self._options.name} cannot be served."
        if self._state.name == "schema":
            raise SchemaMismatch(message)
        raise TrackingServerUnavailable(
            f"{message} It can be tried again in {retry_after_s} s.", retry_after_s
        )

    async def _begin(self) -> httpx.AsyncClient:
        if self._watcher is not None:
            await asyncio.wait([self._watcher])
        self._state.become("starting")
        began = time.monotonic()
        client = self._new_client()
        try:
            # Choosing the interpreter may ask several of them.
            launch = await asyncio.to_thread(self._options.launch)
            self._process = await Process.start(launch, self._log_line)
            await self._until_healthy(client, self._process)
        except (OSError, TrackingServerUnavailable) as error:
            await self._abandon(client)
            self._failed(str(error))
            self._raise_state(round(self._next_try - time.monotonic()) or 1)
        except asyncio.CancelledError:
            await self._abandon(client)
            self._state.become("idle")
            raise
        self._log.info("Tracking server for %s ready in %.1f s", self._options.name, time.monotonic() - began)
        self._client = client
        self._state.become("ready")
        self._watcher = asyncio.ensure_future(self._watch(self._process, client))
        self.on_ready(client)
        return client

    def _new_client(self) -> httpx.AsyncClient:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._options.socket_path)
        transport = httpx.AsyncHTTPTransport(
            uds=self._options.socket_path,
            trust_env=False,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=50, keepalive_expiry=30),
        )
        timeout = httpx.Timeout(None, connect=5)
        return httpx.AsyncClient(
            transport=transport, base_url="http://localhost", timeout=timeout, trust_env=False
        )

    async def _until_healthy(self, client: httpx.AsyncClient, process: Process) -> None:
        deadline = time.monotonic() + self._options.start_timeout_s
        while time.monotonic() < deadline:
            if process.exited.done():
                raise TrackingServerUnavailable(self._last_words(process))
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get("/health", timeout=5)).status_code == 200:
                    return
            await asyncio.wait([process.exited], timeout=_HEALTH_INTERVAL_S)
        timeout_s = self._options.start_timeout_s
        raise TrackingServerUnavailable(f"{self._options.name} did not start in {timeout_s:.0f} s.")

    def _last_words(self, process: Process) -> str:
        if process.told:
            return process.told
        last = (process.tail.splitlines() or ["it said nothing"])[-1].strip()
        return f"The tracking server for {self._options.name} ended (code {process.exited.result()}): {last}"

    async def _abandon(self, client: httpx.AsyncClient) -> None:
        if self._process is not None:
            self._process.kill()
            await asyncio.shield(self._process.exited)
        await client.aclose()

    def _failed(self, message: str) -> None:
        schema = self._process.schema_message if self._process else None
        tail = self._process.tail if self._process else ""
        self._process = None
        self._state.become("schema" if schema is not None else "unavailable", schema or message)
        self._log.warning("%s\n%s", self._state.message, _last_lines(tail))
        self._count_failure()

    def _count_failure(self) -> None:
        self._failures += 1
        wait = min(_BACK_OFF_FIRST_S * 2 ** (self._failures - 1), _BACK_OFF_MOST_S)
        self._next_try = time.monotonic() + wait

    async def _watch(self, process: Process, client: httpx.AsyncClient) -> None:
        """Until the process ends: stop it when idle; afterwards drop its connections."""
        began = time.monotonic()
        while not process.exited.done():
            await asyncio.wait([process.exited], timeout=self._interval_s())
            reason = None if process.exited.done() else self._reason_to_stop(process)
            if reason:
                self._tell(f"The tracking server was stopped: {reason}")
                # Who comes now waits for this end and gets a new process.
                self._client = None
                await process.stop()
        self._client = None
        self._process = None
        await client.aclose()
        self._ended(process, time.monotonic() - began)

    def _ended(self, process: Process, life_s: float) -> None:
        code = process.exited.result()
        self._state.become("idle")
        if life_s >= _SHORT_LIFE_S:
            self._failures = 0
        # Ended by us, by a person, by the system or by its watchdog: that is no fault of its own.
        if code in (0, -signal.SIGTERM, -9, ABANDONED_EXIT_CODE):
            told = process.told if code == ABANDONED_EXIT_CODE else None
            self._tell(told or f"The tracking server ended (code {code}).")
            return
        message = self._last_words(process)
        self._log.warning("%s\n%s", message, _last_lines(process.tail))
        if life_s < _SHORT_LIFE_S:
            self._count_failure()
            self._state.become("unavailable", message)

    def _interval_s(self) -> float:
        options = self._options
        times = [30.0, options.idle_timeout_s / 4 if options.idle_timeout_s > 0 else 30.0]
        if options.memory_limit_mb > 0:
            times.append(options.memory_quiet_s / 2)
        return max(0.05, min(times))

    def _reason_to_stop(self, process: Process) -> str | None:
        options = self._options
        quiet_s = 0.0 if self._in_use else time.monotonic() - self._last_used
        if 0 < options.idle_timeout_s <= quiet_s:
            return "nobody used it."
        if options.memory_limit_mb <= 0 or quiet_s < options.memory_quiet_s:
            return None
        taken_mb = process.resident_mb or 0.0
        if taken_mb <= options.memory_limit_mb:
            return None
        return f"it took {taken_mb:.0f} MB, more than the limit of {options.memory_limit_mb:.0f} MB."

    def _tell(self, message: str) -> None:
        self._log.info("%s: %s", self._options.name, message)
        self._lines.append(message)

    def _log_line(self, line: str) -> None:
        self._lines.append(line)
        self._log.debug("tracking server: %s", line)


def _last_lines(text: str) -> str:
    return "\n".join(text.splitlines()[-_LOGGED_LINES:])
