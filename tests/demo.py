"""`make demo`: a commit that breaks the contract is rejected, the mended one passes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.snapshot import consumer, environment, git, snapshot

from definition_of_done.rules.sample import example

# The sample backend has a plan that names the mended one.
MENDED = example()
BROKEN = example(revision="3f2a91bc04de", comment="", downgrade="pass")


def main(hooks: tuple[Path, str] | None = None) -> int:
    """Play the demo, with `hooks` as the checkout and its commit.

    Returns 1 where a commit did not end as it says.
    """
    folder = Path(tempfile.mkdtemp(prefix="definition-of-done-"))
    try:
        source, team = folder / "hooks", folder / "backend"
        if hooks is None:
            source.mkdir()
            hooks = source, snapshot(source)
        _say("1. A team's backend uses the hook `definition-of-done` from this checkout.")
        consumer(team, ["definition-of-done"], *hooks)
        _run(team, "pre-commit", "install", "--install-hooks")
        _say("2. A migration with a hash, a bare column and an empty downgrade is committed.")
        _lay(team, BROKEN)
        rejected = _run(team, "git", "commit", "--message=add credit limit") != 0
        _say(f"   The commit was {'rejected' if rejected else 'NOT rejected'}.")
        _say("3. What was found is mended, and it is committed again.")
        _lay(team, MENDED)
        passed = _run(team, "git", "commit", "--message=add credit limit") == 0
        _say(f"   The commit {'passed' if passed else 'did NOT pass'}.")
        return 0 if rejected and passed else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lay(team: Path, files: Mapping[str, str | None]) -> None:
    for path, text in files.items():
        (team / path).write_text(str(text))
    git(team, "add", "--all")


def _say(line: str) -> None:
    print(f"\n{line}", flush=True)


def _run(folder: Path, *command: str) -> int:
    print(f"   $ {' '.join(command)}", flush=True)
    return subprocess.run(
        command, cwd=folder, env=environment(), stderr=subprocess.STDOUT
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
