"""What a remote MLflow server lists of the artifacts of a run or a logged model."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ..errors import NotMlflow
from .target import Artifact, Target

Ask = Callable[[Target], Awaitable[dict[str, Any]]]
_API = "api/2.0/mlflow"
_MOST_PAGES = 1000
_DEEPEST = 64


@dataclass(frozen=True)
class Entry:
    """A file or folder by its path below the root; `size` in bytes where it is known."""

    path: str
    is_folder: bool
    size: int | None = None


class Listing:
    """Folders of one run or logged model, each asked for when it is needed."""

    def __init__(self, ask: Ask, owner: Artifact) -> None:
        self._ask = ask
        self._owner = owner

    async def find(self, path: str) -> Entry:
        """The entry at a path; one that is not listed counts as a file."""
        if path == "" or path.endswith("/"):
            return Entry(path.rstrip("/"), is_folder=True)
        async for entry in self.folder(path.rpartition("/")[0]):
            if entry.path == path:
                return entry
        return Entry(path, is_folder=False)

    async def folder(self, path: str) -> AsyncGenerator[Entry, None]:
        """What lies directly in a folder. Raises NotMlflow for pages without end."""
        token = ""
        for _ in range(_MOST_PAGES):
            page = await self._ask(self._page(path, token))
            for given in page.get("files") or []:
                entry = _entry(given, path)
                if entry is not None:
                    yield entry
            token = str(page.get("next_page_token") or "")
            if not token:
                return
        raise NotMlflow("The tracking server's list of artifacts has no end.")

    async def files_below(self, path: str, depth: int = 0) -> AsyncGenerator[Entry, None]:
        """All files in a folder and in those below it."""
        if depth > _DEEPEST:
            raise NotMlflow("The tracking server's folders of artifacts have no end.")
        async for entry in self.folder(path):
            if not entry.is_folder:
                yield entry
                continue
            async for file in self.files_below(entry.path, depth + 1):
                yield file

    def _page(self, path: str, token: str) -> Target:
        query = f"page_token={quote(token, safe='')}&" if token else ""
        if self._owner.is_of_model:
            query += f"artifact_directory_path={quote(path, safe='')}" if path else ""
            route = f"{_API}/logged-models/{self._owner.owner_id}/artifacts/directories"
        else:
            query += f"run_id={self._owner.owner_id}" + (f"&path={quote(path, safe='')}" if path else "")
            route = f"{_API}/artifacts/list"
        return Target(route, query.rstrip("&"), "rest", "read")


def _entry(given: object, folder: str) -> Entry | None:
    """One line of a list; None for a name that does not lie directly in the folder."""
    if not isinstance(given, dict) or not isinstance(given.get("path"), str):
        return None
    path: str = given["path"]
    name = path[len(folder) + 1 :] if folder else path
    if path != (f"{folder}/{name}" if folder else name):
        return None
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        return None
    size = given.get("file_size")
    # Protobuf prints 64-bit integers as strings.
    is_size = isinstance(size, int) or (isinstance(size, str) and size.isdecimal())
    return Entry(path, bool(given.get("is_dir")), int(size) if is_size else None)  # type: ignore[arg-type]
