"""A plan that keeps the contract, and a repository in which a branch starts from it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.repository import Project

PATH = "docs/feature/2026-05-24-vendor-credits.md"
PLAN = """\
# Vendor credits

Date: 2026-05-24

## Problem / motivation

Accounting keeps the credits in a spreadsheet.

## In scope

- Record a credit

## Out of scope

- Apply it to a bill

## Data model changes

- `add_credits` creates the table `vendor_credits`

## GraphQL surface

None

## RBAC

None

## Background tasks / cron

None

## Frontend contract

None

## Open questions

None

## What's being implemented

- The model
"""


@pytest.fixture
def branch(project: Project) -> Project:
    """A project with the plan on main, and a branch of it checked out."""
    project.lay({PATH: PLAN, "app/x.py": ""})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature")
    return project


def shallow_clone(project: Project, folder: Path) -> Path:
    """A clone that holds nothing but the last commit of the branch `feature`."""
    project.git("checkout", "-q", "main")
    clone = folder / "shallow"
    source = f"file://{project.root.as_posix()}"
    command = ["git", "clone", "-q", "--depth", "1", "--branch", "feature", source, str(clone)]
    subprocess.run(command, check=True)
    return clone
