"""Files that a branch takes away: which of them a box misses, and which nobody does."""

from __future__ import annotations

import pytest
from tests.branch import RBAC, SCHEMA, VERSION
from tests.repository import Files, Project
from tests.sample import SAMPLE, start_feature

from definition_of_done.project import boxes
from definition_of_done.project.gates.checklist import checklist_of, of_branch
from definition_of_done.project.gates.losses import loss_of, lost_files
from definition_of_done.project.settings import open_project

WITHOUT_SCHEMA = 'schema-mounted sees no schema module: resources = "app/graphql", the default'
NO_MEMBERS = f"rbac-enums-in-sync: {RBAC[0]} defines no enum Path and no enum Resource"
SITE = "mkdocs is `zensical.toml` where there is one, else `mkdocs.yml`"
SERVICE = "app/graphql/vendor_credits/services/vendor_credit_service.py"


def losses(project: Project) -> dict[str, tuple[str, str]]:
    """The file that each box misses, and the reason."""
    branch = of_branch(open_project(str(project.root)))
    lost = lost_files(branch)
    found = {
        state.box.name: loss_of(branch, state, lost)
        for state in checklist_of(branch).states
        if not state.box.after
    }
    return {name: loss for name, loss in found.items() if loss}


@pytest.mark.parametrize(
    ("files", "box", "reason"),
    [
        ({SCHEMA: None}, boxes.CHAIN, WITHOUT_SCHEMA),
        ({SCHEMA: '"""Later."""\n# TODO\n'}, boxes.CHAIN, WITHOUT_SCHEMA),
        ({RBAC[0]: "'''Later.'''\n"}, boxes.RBAC, NO_MEMBERS),
        ({"mkdocs.yml": "# later\n"}, boxes.NAV, f"mkdocs-nav-entry sees no site page: {SITE}"),
        (
            {VERSION[0]: None},
            boxes.VERSION,
            f'the branch deletes {VERSION[0]}: version-file = "{VERSION[0]}", the default',
        ),
    ],
)
def test_missed(files: Files, box: str, reason: str, project: Project) -> None:
    start_feature(project)
    project.lay(files)
    [path] = files
    assert losses(project) == {box: (path, reason)}


@pytest.mark.parametrize(
    "files",
    [
        {SERVICE: None},
        {SERVICE: '"""Later."""\n'},
        {SCHEMA: None, "app/graphql/schema/__init__.py": SAMPLE[SCHEMA]},
        {RBAC[0]: None, "app/graphql/rbac/models/enums.py": SAMPLE[RBAC[0]]},
        {VERSION[0]: None, "definition-of-done.toml": "version-file = ''\n"},
        {"mkdocs.yml": None, "zensical.toml": '[project]\nsite_name = "Sample"\n'},
        {"docs/index.md": ""},
        {"docs/changelog/1.1.0.md": "# 1.1.0\n"},
    ],
)
def test_left_alone(files: Files, project: Project) -> None:
    start_feature(project)
    project.lay(files)
    assert losses(project) == {}
