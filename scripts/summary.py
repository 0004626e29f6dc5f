"""Adds up the results of all suites: the files of a folder, JUnit XML and a list of checks.

Prints one line `N passed, N failed` and exits with 1 when anything failed or nothing ran.
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def count_junit(path: Path) -> tuple[int, int]:
    """Passed and failed test cases of one JUnit file; skipped ones count as neither."""
    passed = failed = 0
    for case in ElementTree.parse(path).iter("testcase"):
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            failed += 1
        elif "skipped" not in kinds:
            passed += 1
    return passed, failed


def count_checks(path: Path) -> tuple[int, int]:
    """Passed and failed lines of the list of checks."""
    lines = path.read_text().split() if path.exists() else []
    return lines.count("passed"), lines.count("failed")


def main(folder: Path) -> int:
    """Adds up, prints, and gives the exit status."""
    counts = [count_junit(path) for path in sorted(folder.glob("*.xml"))]
    counts.append(count_checks(folder / "checks"))
    passed, failed = (sum(column) for column in zip(*counts, strict=True))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
