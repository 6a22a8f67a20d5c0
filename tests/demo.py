"""`make demo`: a commit that breaks the contract is rejected, the mended one passes."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.snapshot import consumer, environment, git, snapshot

MIGRATION = "alembic/versions/20260601_add_credit_limit.py"
BROKEN = '''\
"""add credit_limit to vendors"""

import sqlalchemy as sa
from alembic import op

revision = "3f2a91bc04de"
down_revision = "add_vendor_credits"


def upgrade() -> None:
    op.add_column("vendors", sa.Column("credit_limit", sa.Integer()))


def downgrade() -> None:
    pass
'''
MENDED = (
    BROKEN.replace("3f2a91bc04de", "add_credit_limit")
    .replace("sa.Integer()", 'sa.Integer(), comment="Highest open credit in cents"')
    .replace("    pass", '    op.drop_column("vendors", "credit_limit")')
)


def main() -> int:
    """Play the demo; returns 1 where a commit did not end as it says."""
    folder = Path(tempfile.mkdtemp(prefix="definition-of-done-"))
    try:
        source, team = folder / "hooks", folder / "backend"
        source.mkdir()
        _say("1. A team's backend uses the hook `definition-of-done` from this checkout.")
        consumer(team, ["definition-of-done"], source, snapshot(source))
        _run(team, "pre-commit", "install", "--install-hooks")
        _say("2. A migration with a hash, a bare column and an empty downgrade is committed.")
        (team / MIGRATION).write_text(BROKEN)
        git(team, "add", MIGRATION)
        rejected = _run(team, "git", "commit", "--message=add credit limit") != 0
        _say(f"   The commit was {'rejected' if rejected else 'NOT rejected'}.")
        _say("3. The three findings are mended, and it is committed again.")
        (team / MIGRATION).write_text(MENDED)
        git(team, "add", MIGRATION)
        passed = _run(team, "git", "commit", "--message=add credit limit") == 0
        _say(f"   The commit {'passed' if passed else 'did NOT pass'}.")
        return 0 if rejected and passed else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _say(line: str) -> None:
    print(f"\n{line}", flush=True)


def _run(folder: Path, *command: str) -> int:
    print(f"   $ {' '.join(command)}", flush=True)
    return subprocess.run(
        command, cwd=folder, env=environment(), stderr=subprocess.STDOUT
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
