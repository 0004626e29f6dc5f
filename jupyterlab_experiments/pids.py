"""Is a process of this machine alive? Shared by processes that import nothing of each other."""

from __future__ import annotations

import os
import sys


def is_alive(pid: int) -> bool:
    """Whether there is such a process, anybody's; True where the system cannot be asked without ending it."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
