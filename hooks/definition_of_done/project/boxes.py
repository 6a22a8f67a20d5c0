"""The names of the boxes of the contract's checklist (chapter 8), for the rules behind them.

`task all` stands there twice, and so do the rules behind it.
"""

from __future__ import annotations

PLAN = "plan"
DELTAS = "deltas"
MIGRATION = "migration"
RBAC = "rbac"
CHAIN = "chain"
TASK_ALL = "task all"
TASK_TEST = "task test"
FINAL_PAGE = "final page"
NAV = "nav"
VERSION = "version"
CHANGELOG = "changelog"
CHECKS, TESTS = COMMANDS = ("check-commands", "test-commands")
# The boxes that only a run ticks, and the settings that name the commands behind them.
RUNS = {TASK_ALL: CHECKS, TASK_TEST: TESTS}
