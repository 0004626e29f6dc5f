"""The part of this package that a kernel of another environment is sent: a zip with always the same bytes."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from .contract import DISTRIBUTION, PACKAGE_FOLDER

# The earliest time a zip can hold.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ENTRY_POINTS = """\
[mlflow.run_context_provider]
jupyterlab_experiments = jupyterlab_experiments.kernel.run_context:NotebookRunContext

[mlflow.default_experiment_provider]
jupyterlab_experiments = jupyterlab_experiments.kernel.run_context:NotebookExperiment
"""


@dataclass(frozen=True)
class KernelPart:
    """The zip, and its entity tag."""

    content: bytes
    etag: str


def build_kernel_part(folder: Path = PACKAGE_FOLDER) -> KernelPart:
    """Zip the kernel's files with a dist-info in which MLflow finds our entry points. Raises OSError."""
    package = PACKAGE_FOLDER.name
    files = {f"{package}/{path.relative_to(folder).as_posix()}": path for path in _sources(folder)}
    dist_info = f"{DISTRIBUTION.replace('-', '_')}-{__version__}.dist-info"
    texts = {
        f"{dist_info}/METADATA": f"Metadata-Version: 2.1\nName: {DISTRIBUTION}\nVersion: {__version__}\n",
        f"{dist_info}/entry_points.txt": _ENTRY_POINTS,
    }
    entries = {name: path.read_bytes() for name, path in files.items()}
    entries.update({name: text.encode() for name, text in texts.items()})
    content = _zip(entries)
    return KernelPart(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


def _sources(folder: Path) -> list[Path]:
    single = [folder / name for name in ("__init__.py", "_version.py", "contract.json", "newsqlite.py")]
    found = [path for path in [*single, *(folder / "kernel").rglob("*")] if path.is_file()]
    return [path for path in found if "__pycache__" not in path.parts]


def _zip(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(entries):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, entries[name])
    return buffer.getvalue()
