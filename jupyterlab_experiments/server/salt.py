"""Names for stores and users that say nothing of them: hashes with a salt of this user's own."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from .runtime import write_private


class Salt:
    """Kept in a file of mode 0600, made when it is first needed; stable across restarts."""

    def __init__(self, folder: str) -> None:
        self._file = Path(folder) / "jupyterlab-experiments" / "salt"
        self._salt: bytes | None = None

    def hash(self, text: str) -> str:
        """A hash of 32 hexadecimal digits."""
        if self._salt is None:
            self._salt = self._read()
        return hmac.new(self._salt, text.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()[:32]

    def _read(self) -> bytes:
        try:
            kept = self._file.read_text("ascii").strip()
            if kept:
                return kept.encode()
            return self._make()
        except FileNotFoundError:
            return self._make()
        except (OSError, UnicodeDecodeError):
            return self._fallback()

    def _make(self) -> bytes:
        salt = secrets.token_hex(32)
        try:
            write_private(self._file, salt)
        except OSError:
            return self._fallback()
        return salt.encode()

    def _fallback(self) -> bytes:
        # A folder that cannot be written: still stable, only easier to guess.
        return hashlib.sha256(str(self._file).encode("utf-8", "surrogateescape")).hexdigest().encode()
