"""A real tracking server as a child process, and a client on its socket."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

import httpx
import pyarrow as pa

TOP = Path(__file__).resolve().parents[2]
PREFIX = "/jupyterlab-experiments"
_PACKAGE = "jupyterlab_experiments.tracking_server"
_MAIN = f"import sys; from {_PACKAGE}.__main__ import main; sys.exit(main())"


class Child:
    """Running from `with` on; `post_table` reads Arrow."""

    def __init__(
        self, tracking_uri: str, artifact_root: Path | str, socket: str = "", before: str = ""
    ) -> None:
        """`before` is Python that its process runs first."""
        # A folder with a short name: the path of a Unix socket has at most some hundred letters.
        self._folder = tempfile.TemporaryDirectory(prefix="ts-")
        self.socket = socket or f"{self._folder.name}/s.sock"
        environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONWARNINGS": "ignore"}
        self.process = subprocess.Popen(
            [
                *(sys.executable, *(("-c", f"{before}\n{_MAIN}") if before else ("-m", _PACKAGE))),
                *("--uds", self.socket, "--tracking-uri", tracking_uri),
                *("--artifact-root", str(artifact_root)),
            ],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=self._folder.name,
            text=True,
        )
        transport = httpx.HTTPTransport(uds=self.socket)
        self.client = httpx.Client(transport=transport, base_url="http://localhost", timeout=120)

    def __enter__(self) -> Child:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.client.get("/health").raise_for_status()
                return self
            except httpx.TransportError:
                time.sleep(0.05)
        self.stop()
        assert self.process.stderr is not None
        raise AssertionError(f"the tracking server did not start: {self.process.stderr.read()}")

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.client.close()
        self.stop()
        self._folder.cleanup()

    def stop(self) -> int:
        """End its stdin, and wait for its end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(20)

    def post(self, route: str, **body: object) -> httpx.Response:
        """One of our routes."""
        return self.client.post(f"{PREFIX}/{route}", json=body)

    def table(self, route: str = "runs-table", **body: object) -> pa.Table:
        """The Arrow answer of one of our routes."""
        answer = self.post(route, **body)
        assert answer.status_code == 200, answer.text
        return pa.ipc.open_stream(answer.content).read_all()
