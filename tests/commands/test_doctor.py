"""`definition-of-done doctor`: all that the rules see in the sample, and the setting to blame."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.repository import Files, Project, Run
from tests.sample import SAMPLE, configure, start_main

from definition_of_done.engine.registry import all_rules
from definition_of_done.project.sights import sights_of

SUITE = "definition-of-done"
MIGRATION_RULES = (
    "alembic-filename",
    "alembic-single-head",
    "plan-names-revisions",
    "changelog-migrations-order",
)


def _rules(run: Run, code: int) -> dict[str, dict[str, Any]]:
    found, out, err = run(SUITE, "doctor", "--format", "json")
    assert (found, err) == (code, "")
    return {rule["rule"]: rule for rule in json.loads(out)["rules"]}


def test_what_is_found_is_told(project: Project, run: Run) -> None:
    project.lay({"api/alembic.ini": "[alembic]\nscript_location = alembic\n"})
    project.lay({"api/alembic/versions/one.py": "revision = 'one'\n", "docs/mkdocs.yml": ""})
    assert run(SUITE, "doctor")[1].splitlines()[-2:] == [
        'versions = ["api/alembic/versions"], found',
        'mkdocs = "docs/mkdocs.yml", found',
    ]
    found = json.loads(run(SUITE, "doctor", "--format", "json")[1])["found"]
    assert found == {"versions": ["api/alembic/versions"], "mkdocs": "docs/mkdocs.yml"}


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ('versions = ["alembic"]', ["alembic-filename", "plan-names-revisions"]),
        ('schema-exports = ["docs/index.md"]', ["schema-export-fresh"]),
        ('mkdocs = "Taskfile.yml"', ["mkdocs-nav-entry"]),
        ('tests = "docs"', ["tests-with-code"]),
        ('rbac-models = "app/database.py"', ["rbac-enums-in-sync", "rbac-backfill-present"]),
    ],
)
def test_a_file_of_another_kind_is_not_what_a_rule_sees(
    line: str, rules: list[str], project: Project, run: Run
) -> None:
    start_main(project)
    configure(project, line)
    told = _rules(run, 1)
    assert [(told[name]["state"], told[name]["setting"]) for name in rules] == [
        ("sees none", line.partition(" ")[0])
    ] * len(rules)


def test_each_rule_says_what_it_must_see() -> None:
    assert [rule.id for rule in all_rules() if not sights_of(rule)] == []


def test_all_see_in_the_sample(project: Project, run: Run) -> None:
    start_main(project)
    rules = _rules(run, 0)
    assert set(rules) == {rule.id for rule in all_rules() if not (rule.stages or rule.is_beyond)}
    assert {rule["state"] for rule in rules.values()} == {"sees"}
    assert rules["alembic-filename"] == {
        "rule": "alembic-filename",
        "state": "sees",
        "seen": {"migration": 2},
        "setting": "",
        "reason": "",
        "help": "",
    }
    seen = {id: rule["seen"] for id, rule in rules.items()}
    assert seen["model-needs-migration"] == {"model file": 2, "migration": 2}
    assert seen["worker-tasks-registered"] == {"worker task": 1, "worker": 1}
    assert seen["schema-mounted"] == {"resource": 2, "schema module": 1}
    assert seen["rbac-backfill-present"] == {"RBAC member": 4, "backfill script": 1}
    assert seen["version-sync"] == {"version place": 2}
    assert seen["mkdocs-nav-entry"] == {"site page": 7}
    code, out, err = run(SUITE, "doctor")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "alembic-filename            2 migrations"
    assert "schema-mounted              2 resources and 1 schema module" in lines
    assert lines[-1] == f"{len(rules)} rules: {len(rules)} see, 0 see none, 0 off"


@pytest.mark.parametrize(
    ("table", "ids", "setting", "told"),
    [
        (
            'versions = ["docs"]',
            MIGRATION_RULES,
            "versions",
            'sees no migration: versions = ["docs"]',
        ),
        (
            'features = "docs/roadmap/archive"',
            ("plan-before-code", "deltas-enumerated", "feature-page-final"),
            "features",
            'sees no feature page: features = "docs/roadmap/archive"',
        ),
        (
            'resources = "scripts"',
            ("resource-full-chain", "schema-export-fresh", "tests-with-code"),
            "resources",
            'sees no resource: resources = "scripts"',
        ),
        (
            'resources-ignore = ["vendors", "vendor_credits", "rbac"]',
            ("resource-full-chain",),
            "resources-ignore",
            'sees no resource: resources-ignore = ["vendors", "vendor_credits", "rbac"]',
        ),
        (
            'exclude = ["alembic"]',
            MIGRATION_RULES,
            "exclude",
            'sees no migration: exclude = ["alembic"]',
        ),
        (
            'schema-exports = ["docs"]',
            ("schema-export-fresh",),
            "schema-exports",
            'sees no exported schema: schema-exports = ["docs"]',
        ),
        (
            'version-file = "app/worker.py"',
            ("version-sync", "semver-level"),
            "version-file",
            'sees no version place: version-file = "app/worker.py"',
        ),
        (
            'max-lines-for = [".pyx"]',
            ("file-length",),
            "max-lines-for",
            'sees no measured file: max-lines-for = [".pyx"]',
        ),
        (
            'changelog = "docs/feature"',
            ("changelog-shape",),
            "changelog",
            'sees no changelog page: changelog = "docs/feature"',
        ),
        (
            'rbac-models = "app/worker.py"',
            ("rbac-enums-in-sync", "rbac-backfill-present"),
            "rbac-models",
            'sees no RBAC member: rbac-models = "app/worker.py"',
        ),
        (
            'taskfile = "mkdocs.yml"',
            ("worker-tasks-registered",),
            "taskfile",
            'sees no worker: taskfile = "mkdocs.yml"',
        ),
    ],
)
def test_setting_to_blame(
    table: str, ids: tuple[str, ...], setting: str, told: str, project: Project, run: Run
) -> None:
    start_main(project, {"docs/roadmap/archive/note.txt": "old\n"})
    configure(project, table)
    rules = _rules(run, 1)
    blind = {id for id, rule in rules.items() if rule["state"] == "sees none"}
    assert blind >= set(ids)
    for id in ids:
        rule = rules[id]
        assert (rule["setting"], rule["reason"]) == (setting, told)
        assert rule["help"]
    assert {rules[id]["state"] for id in rules if id not in blind} == {"sees"}


@pytest.mark.parametrize(
    ("gone", "id", "told", "help"),
    [
        (
            ["alembic/", "alembic.ini"],
            "alembic-single-head",
            "sees no migration: versions is `alembic-config`'s or `[tool.alembic]`'s, else"
            " `alembic/versions`",
            "name the right place in versions, or say that the project keeps none: versions = []",
        ),
        (
            ["app/graphql/rbac/"],
            "rbac-enums-in-sync",
            'sees no RBAC member: rbac-models = "app/graphql/rbac/models/models.py", the default',
            "name the right place in rbac-models, or say that the project keeps none:"
            ' rbac-models = ""',
        ),
        (
            ["scripts/backfill"],
            "rbac-backfill-present",
            "sees no backfill script: backfill-scripts ="
            ' ["scripts/backfill_new_path_permissions.py"], the default',
            "name the right place in backfill-scripts, or say that the project keeps none:"
            " backfill-scripts = []",
        ),
        (
            ["app/graphql/vendor_credits/tasks/"],
            "worker-tasks-registered",
            'sees no worker task: resources = "app/graphql", the default',
            "name the right place in resources, or say that the project keeps none:"
            ' ignore = ["worker-tasks-registered"]',
        ),
        (
            ["app/version.py", "pyproject.toml"],
            "version-sync",
            'sees no version place: version-file = "app/version.py", the default',
            "name the right place in version-file, or say that the project keeps none:"
            ' version-file = ""',
        ),
        (
            ["mkdocs.yml"],
            "mkdocs-nav-entry",
            "sees no site page: mkdocs is `zensical.toml` where there is one, else `mkdocs.yml`",
            'name the right place in mkdocs, or say that the project keeps none: mkdocs = ""',
        ),
        (
            ["app/graphql/vendors/models", "app/graphql/vendor_credits/models"],
            "model-needs-migration",
            "sees no model file: exclude = [], the default",
            'say that the project has none: ignore = ["model-needs-migration"]',
        ),
    ],
)
def test_what_is_not_there(
    gone: list[str], id: str, told: str, help: str, project: Project, run: Run
) -> None:
    starts = tuple(gone)
    without: Files = {path: None for path in SAMPLE if path.startswith(starts)}
    start_main(project, without)
    rule = _rules(run, 1)[id]
    assert (rule["state"], rule["reason"], rule["help"]) == ("sees none", told, help)
    code, out, err = run(SUITE, "doctor")
    assert (code, err) == (1, "")
    assert f"{told}\n    help: {help}\n" in out


def test_what_the_team_does_without_is_off(project: Project, run: Run) -> None:
    start_main(project)
    configure(
        project,
        'rbac-models = ""\nbackfill-scripts = []\nmkdocs = ""\nignore = ["file-length"]',
    )
    rules = _rules(run, 0)
    assert "file-length" not in rules
    off = {id: rule["reason"] for id, rule in rules.items() if rule["state"] == "off"}
    assert off == {
        "mkdocs-nav-entry": 'mkdocs = ""',
        "rbac-backfill-present": 'rbac-models = ""',
        "rbac-enums-in-sync": 'rbac-models = ""',
    }
    lines = run(SUITE, "doctor")[1].splitlines()
    assert 'rbac-enums-in-sync          off: rbac-models = ""' in lines
    assert lines[-1].endswith(" see, 0 see none, 3 off")


def test_broken_file(project: Project, run: Run) -> None:
    start_main(project, {"app/version.py": "version = (\n"})
    rule = _rules(run, 1)["version-sync"]
    assert rule["reason"].startswith("app/version.py:1: not Python: ")
    assert rule["help"] == "mend the file"


def test_usage(project: Project, run: Run) -> None:
    project.lay({"pyproject.toml": '[tool.definition-of-done]\nfeatures = "nowhere"\n'})
    code, out, err = run(SUITE, "doctor")
    assert (code, out) == (2, "")
    assert err.endswith("features names a path that does not exist: 'nowhere'\n")


@pytest.mark.parametrize("folder", [".", "shop"])
def test_one_place_of_the_version(folder: str, project: Project, run: Run) -> None:
    files = {"pyproject.toml": '[project]\nname = "shop"\nversion = "1.2.0"\n'}
    if folder != ".":
        files[f"{folder}/version.py"] = 'VERSION = "1.2.0"\n'
    project.lay(files)
    out = run("definition-of-done", "doctor")[1]
    told = "1 version place\n" if folder == "." else "2 version places\n"
    assert next(line for line in out.splitlines(True) if "version-sync" in line).endswith(told)


def test_a_version_that_other_files_name(project: Project, run: Run) -> None:
    """Without a version-file pyproject.toml names it: the rules and their box are on."""
    start_main(project)
    configure(project, 'version-file = ""')
    project.git("rm", "-q", "app/version.py")
    for id in ("version-sync", "semver-level"):
        assert _rules(run, 0)[id]["seen"]["version place"] == 1
    assert "] Version bumped" in run(SUITE, "status")[1]
    text = SAMPLE["pyproject.toml"].replace('version = "1.2.0"\n', "")
    project.lay({"pyproject.toml": f"{text}\n[tool.definition-of-done]\nversion-file = ''\n"})
    assert _rules(run, 0)["version-sync"]["state"] == "off"


def test_a_nav_into_which_no_page_belongs(project: Project, run: Run) -> None:
    start_main(project)
    for table, state in (
        ("features = ''", "sees"),
        ("changelog = ''", "sees"),
        ("features = ''\nchangelog = ''", "off"),
    ):
        configure(project, table)
        code = run(SUITE, "doctor")[0]
        assert _rules(run, code)["mkdocs-nav-entry"]["state"] == state
