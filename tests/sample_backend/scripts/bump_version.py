"""The team's own bump command, by a part of the version: major, minor or patch."""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from app.version import __version__

if __name__ == "__main__":
    numbers = [int(number) for number in __version__.split(".")]
    at = ("major", "minor", "patch").index(sys.argv[1])
    numbers[at:] = [numbers[at] + 1, *(0 for _ in numbers[at + 1 :])]
    version = ".".join(str(number) for number in numbers)
    sys.exit(subprocess.call(["definition-of-done", "bump", version]))
