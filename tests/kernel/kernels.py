"""Real kernels for the tests, with the runtime folder of a server that is not there."""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from jupyterlab_experiments.server.kernelpart import build_kernel_part

RUN_MIME_TYPE = "application/vnd.jupyter.mlflow-run.v1+json"


def unpack_kernel_part(folder: Path) -> Path:
    """The part that is sent to kernels, as the zip holds it."""
    zipfile.ZipFile(io.BytesIO(build_kernel_part().content)).extractall(folder)
    return folder


class Cell:
    """What came back from one cell."""

    def __init__(self, reply: dict[str, Any], messages: list[dict[str, Any]]) -> None:
        self.status: str = reply["status"]
        self.reply = reply
        self.messages = messages

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [message["content"] for message in self.messages if message["msg_type"] == kind]

    @property
    def text(self) -> str:
        return "".join(content["text"] for content in self.of_type("stream"))

    @property
    def stdout(self) -> str:
        return "".join(content["text"] for content in self.of_type("stream") if content["name"] == "stdout")

    @property
    def value(self) -> Any:
        return self.of_type("execute_result")[-1]["data"]["text/plain"]

    @property
    def printed_json(self) -> Any:
        return json.loads(self.stdout)

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [c["data"] for c in self.of_type("comm_msg") if c["data"].get("kind") == kind]

    @property
    def cards(self) -> list[dict[str, Any]]:
        bundles = [content["data"] for content in self.of_type("display_data")]
        return [bundle for bundle in bundles if RUN_MIME_TYPE in bundle]


class Kernel:
    """One kernel in a folder of its own."""

    def __init__(self, python: str, root: Path, path: Path) -> None:
        self.root = root
        self.runtime = root / ".runtime"
        self.python = python
        self.path = path
        self.environment: dict[str, str] = {}
        self.connection: dict[str, Any] = {
            "tracking_uri": f"sqlite:///{root}/mlflow.db",
            "registry_uri": None,
            "artifact_root": str(root / "mlartifacts"),
            "is_shared": False,
            "kind": "child",
        }
        self.server: dict[str, Any] = {"version": 1, "root": str(root), "default_experiment": "notebook"}

    def start(self) -> Kernel:
        if self.runtime is not None:
            for name in ("kernels", "active"):
                (self.runtime / name).mkdir(parents=True, exist_ok=True)
            content = {**self.server, "connections": {"default": self.connection}}
            (self.runtime / "server.json").write_text(json.dumps(content))
        self._manager = KernelManager()
        self._manager._kernel_spec = KernelSpec(
            argv=[self.python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="test",
            language="python",
        )
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW", "JPY_", "PYTHON"))}
        environment.update(PYTHONPATH=str(self.path), JUPYTERLAB_EXPERIMENTS_RUNTIME=str(self.runtime))
        environment.update(self.environment)
        self._manager.start_kernel(env=environment, cwd=str(self.root))
        self._client = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=120)
        return self

    def interrupt(self) -> None:
        self._manager.interrupt_kernel()

    def stop(self) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)

    def send(self, code: str, silent: bool = False, cell_id: str | None = None) -> str:
        content = {
            "code": code,
            "silent": silent,
            "store_history": not silent,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        message = self._client.session.msg("execute_request", content)
        if cell_id:
            message["metadata"]["cellId"] = cell_id
        self._client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def finish(self, message_id: str, until: str = "") -> Cell:
        """All messages until the cell is idle, or until one whose text holds `until`."""
        messages: list[dict[str, Any]] = []
        while True:
            message = self._client.get_iopub_msg(timeout=120)
            messages.append(message)
            if until and message["msg_type"] == "stream" and until in message["content"]["text"]:
                return Cell({"status": "running"}, messages)
            is_idle = message["content"].get("execution_state") == "idle"
            if is_idle and message["parent_header"].get("msg_id") == message_id:
                break
        while True:
            # A slow start leaves answers to earlier questions behind.
            reply = self._client.get_shell_msg(timeout=120)
            if reply["parent_header"].get("msg_id") == message_id:
                return Cell(reply["content"], messages)

    def run(self, code: str, cell_id: str | None = None) -> Cell:
        return self.finish(self.send(code, cell_id=cell_id))

    def tell(self, **changes: Any) -> Cell:
        telling = {
            "protocol": 1,
            "notebook_path": "work/quickstart.ipynb",
            "notebook_id": "notebook-1",
            "connection_id": "default",
            "experiment_name": None,
            "default_experiment": "notebook",
            **changes,
        }
        code = '__import__("jupyterlab_experiments.kernel", fromlist=["tell"])'
        return self.finish(self.send(f"{code}.tell({json.dumps(telling)!r})", silent=True))

    def runs(self) -> dict[str, dict[str, Any]]:
        """All runs of the store in use, by name, read by the kernel itself."""
        code = """
import json as _json, mlflow as _mlflow
print(_json.dumps({r.info.run_name: dict(id=r.info.run_id, status=r.info.status, tags=r.data.tags,
    params=r.data.params, metrics={k: str(v) for k, v in r.data.metrics.items()},
    experiment=_mlflow.get_experiment(r.info.experiment_id).name, artifact_uri=r.info.artifact_uri)
    for r in _mlflow.search_runs(search_all_experiments=True, output_format='list')}))"""
        found: dict[str, dict[str, Any]] = self.run(code).printed_json
        return found


def pythons() -> dict[str, str | None]:
    """The interpreters to test in: this one, and one with another MLflow."""
    return {"this": sys.executable, "old": os.environ.get("JLX_OLD_PYTHON")}
