"""A real Jupyter server with our extension, as its own process, and kernels that it has started."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
from jupyter_client.blocking import BlockingKernelClient

ROOT = Path(__file__).parents[2]
TOKEN = "a token for the test"

sys.path.insert(0, str(ROOT / "tests" / "kernel"))

from kernels import Cell, Kernel, unpack_kernel_part  # noqa: E402 - its folder is named just above


def second_python() -> str | None:
    """An interpreter with another MLflow and without our package, if one is named."""
    names = ("JUPYTERLAB_EXPERIMENTS_SECOND_PYTHON", "JLX_OLD_PYTHON")
    return next((os.environ[name] for name in names if os.environ.get(name)), None)


def wait_for(what: str, probe: Callable[[], Any], seconds: float = 60) -> Any:
    """Gives the first true answer of a probe."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if answer := probe():
                return answer
        except (httpx.HTTPError, OSError, StopIteration):
            pass
        time.sleep(0.05)
    raise AssertionError(f"waited in vain for {what}")


class JupyterServer:
    """A real Jupyter server with our extension, and its tracking server."""

    def __init__(self, folder: Path, port: int) -> None:
        self.root = folder / "work"
        self.root.mkdir()
        self.runtime = folder / "run"
        self.origin = f"http://127.0.0.1:{port}"
        self.address = f"{self.origin}/jupyterlab-experiments"
        self.headers = {"Authorization": f"token {TOKEN}"}
        self._offer_second_kernel(folder / "data")
        env = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW", "JPY_", "JUPYTERLAB_EXP"))}
        env |= {
            "JUPYTER_RUNTIME_DIR": str(self.runtime),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "PYTHONPATH": str(_installed(folder / "site")),
        }
        with (folder / "server.log").open("w") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser"),
                    *(f"--port={port}", f"--ServerApp.root_dir={self.root}"),
                    f"--IdentityProvider.token={TOKEN}",
                    "--ServerApp.jpserver_extensions={'jupyterlab_experiments': True}",
                ],
                env=env,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> JupyterServer:
        """Returns once it answers."""
        wait_for("the server", lambda: self.get("status").status_code == 200)
        return self

    def stop(self) -> None:
        """Ends it as a person would."""
        self.process.terminate()
        self.process.wait(30)

    def get(self, path: str, **query: Any) -> httpx.Response:
        """One of our routes."""
        return httpx.get(f"{self.address}/{path}", params=query, headers=self.headers, timeout=60)

    def post(self, path: str, body: object) -> httpx.Response:
        """One call of MLflow's REST API at the address of the default connection."""
        return self.post_to(f"connections/default/api/2.0/mlflow/{path}", body)

    def post_to(self, path: str, body: object) -> httpx.Response:
        """One of our routes, with a JSON body."""
        return httpx.post(f"{self.address}/{path}", json=body, headers=self.headers, timeout=60)

    def child(self) -> psutil.Process | None:
        """The tracking server, if it runs."""
        for process in psutil.Process(self.process.pid).children(recursive=True):
            if any("tracking_server" in part for part in process.cmdline()):
                return process
        return None

    def runtime_folder(self) -> Path:
        """The folder that kernels are told of."""
        return next(self.runtime.glob("*/server.json")).parent

    def runs(self, connection: str = "default") -> dict[str, dict[str, Any]]:
        """All runs of a connection by name, as its address tells them."""
        api = f"connections/{connection}/api/2.0/mlflow"
        found = self.get(f"{api}/experiments/search", max_results=1000).json()["experiments"]
        names = {entry["experiment_id"]: entry["name"] for entry in found}
        body = {"experiment_ids": list(names), "max_results": 1000}
        return {
            run["info"]["run_name"]: {
                "id": run["info"]["run_id"],
                "status": run["info"]["status"],
                "artifact_uri": run["info"]["artifact_uri"],
                "experiment": names[run["info"]["experiment_id"]],
                **{
                    kind: {entry["key"]: entry["value"] for entry in run["data"].get(kind, ())}
                    for kind in ("params", "metrics", "tags")
                },
            }
            for run in self.post_to(f"{api}/runs/search", body).json().get("runs", ())
        }

    @staticmethod
    def _offer_second_kernel(data: Path) -> None:
        python = second_python()
        if python is None:
            return
        spec = {
            "argv": [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": "second",
            "language": "python",
            "env": {"PYTHONPATH": ""},
        }
        folder = data / "kernels" / "second"
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps(spec))


def _installed(folder: Path) -> Path:
    """The package of this checkout as if it were installed there, with its entry points."""
    unpack_kernel_part(folder)
    shutil.rmtree(folder / "jupyterlab_experiments")
    (folder / "jupyterlab_experiments").symlink_to(ROOT / "jupyterlab_experiments")
    return folder


class ServedKernel(Kernel):
    """A kernel that a Jupyter server has started, told as the browser tells it."""

    def __init__(self, server: JupyterServer, name: str, path: str = "") -> None:
        self._server = server
        self.name = name
        answer = httpx.post(
            f"{server.origin}/api/kernels",
            json={"name": name, "path": path},
            headers=server.headers,
            timeout=60,
        )
        self.id: str = answer.json()["id"]
        file = server.runtime / f"kernel-{self.id}.json"
        wait_for("the kernel's connection file", file.exists)
        self._client = BlockingKernelClient(connection_file=str(file))
        self._client.load_connection_file()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=120)

    def stop(self) -> None:
        self._client.stop_channels()
        httpx.delete(f"{self._server.origin}/api/kernels/{self.id}", headers=self._server.headers, timeout=60)

    def tell(self, **changes: Any) -> Cell:
        telling = {
            "protocol": 1,
            "notebook_path": "quickstart.ipynb",
            "notebook_id": f"notebook-{self.id}",
            "connection_id": "default",
            "experiment_name": None,
            "default_experiment": "notebook",
            **changes,
        }
        names = {
            "part": base64.b64encode(self._server.get("kernel-part").content).decode(),
            "telling": json.dumps(telling),
        }
        code = f'__import__("builtins").exec({bootstrap_text()!r}, {names!r})'
        return self.finish(self.send(code, silent=True))

    def connection(self) -> dict[str, Any]:
        """What the server says of the store that this kernel uses."""
        answer: dict[str, Any] = self._server.post_to("connections", {"kernel_id": self.id}).json()
        return answer


def bootstrap_text() -> str:
    """The Python that the browser sends, from its source."""
    source = (ROOT / "src" / "kernel" / "unpacking.ts").read_text()
    found = re.search(r"const BOOTSTRAP = `\n(.*?)`;", source, re.DOTALL)
    assert found is not None
    return found.group(1)
