"""Lock files name packages and versions, never where they were downloaded from."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = [ROOT / "yarn.lock", *sorted((ROOT / "requirements").glob("*.lock"))]


def main() -> int:
    """Prints lines with an address, and gives the exit status."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in LOCKS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"https?://|file:/", line)
    ]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
