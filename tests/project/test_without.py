"""`without`: the sections, links and rules of parts that a team does without."""

from __future__ import annotations

import json
import re

import pytest
from tests.repository import Project, Run
from tests.sample import SAMPLE, start_feature

from definition_of_done.engine.registry import all_rules

SUITE = "definition-of-done"
# Each part with its sections in the sample, and the rules about it.
PARTS = {
    "graphql": (
        ["GraphQL surface"],
        ["graphql-surface-documented", "schema-export-fresh", "schema-mounted"],
    ),
    "rbac": (["RBAC"], ["rbac-backfill-present", "rbac-enums-in-sync"]),
    "tasks": (
        ["Background tasks / cron"],
        ["worker-tasks-documented", "worker-tasks-registered"],
    ),
    "frontend": (["Frontend contract", "Frontend impact"], ["frontend-impact-repeated"]),
}
SHAPES = "feature-plan-shape,feature-page-final,changelog-shape"


def _lacking(*names: str) -> dict[str, str]:
    """The sample's pages without these sections."""
    section = re.compile(rf"^## (?:{'|'.join(map(re.escape, names))})\n.*?(?=^## |\Z)", re.M | re.S)
    pages = {path: text for path, text in SAMPLE.items() if path.endswith(".md")}
    return {path: section.sub("", text) for path, text in pages.items() if section.search(text)}


def _configured(*lines: str) -> dict[str, str]:
    table = "".join(f"{line}\n" for line in lines)
    return {"pyproject.toml": f"{SAMPLE['pyproject.toml']}\n[tool.definition-of-done]\n{table}"}


def test_every_part_has_its_rules() -> None:
    found: dict[str, list[str]] = {}
    for rule in all_rules():
        if rule.part:
            found.setdefault(rule.part, []).append(rule.id)
    assert {part: sorted(ids) for part, ids in found.items()} == {
        part: ids for part, (_, ids) in PARTS.items()
    }


@pytest.mark.parametrize("part", PARTS)
def test_sections(part: str, project: Project, run: Run) -> None:
    pages = _lacking(*PARTS[part][0])
    start_feature(project, pages)
    argv = ("--select", SHAPES, "--format", "json")
    found = json.loads(run(SUITE, "check", *argv)[1])["findings"]
    assert {finding["path"] for finding in found} == set(pages)
    assert all("is missing" in finding["message"] for finding in found)
    project.lay(_configured(f"without = ['{part}']"))
    assert run(SUITE, "check", "--select", SHAPES)[0] == 0
    assert run(SUITE, "check")[0] == 0


@pytest.mark.parametrize("part", PARTS)
def test_sections_that_stand_all_the_same(part: str, project: Project, run: Run) -> None:
    start_feature(project, _configured(f"without = ['{part}']"))
    assert run(SUITE, "check")[0] == 0
    name = PARTS[part][0][-1]
    path = next(iter(_lacking(name)))
    text = re.sub(rf"(?s)(## {re.escape(name)}\n).*?(?=\n## |\Z)", r"\1", SAMPLE[path])
    project.lay({path: text})
    assert f"section {name} is empty" in run(SUITE, "check", "--select", SHAPES)[1]


@pytest.mark.parametrize("part", PARTS)
def test_rules_are_silent_and_say_so(part: str, sample: Project, run: Run) -> None:
    ids = PARTS[part][1]
    sample.lay(_configured(f"without = ['{part}']"))
    for id in ids:
        code, _, err = run(id)
        assert (code, err) == (0, f"{id}: not judged: without names {part}\n")
    code, out, err = run(SUITE, "check", "--format", "json")
    said = {note["message"] for note in json.loads(out)["notes"] if note["rule"] in ids}
    assert (code, said) == (0, {f"without names {part}"})
    assert err == ""
    doctor = run(SUITE, "doctor")[1]
    assert len(re.findall(rf'off: without = \["{part}"\]', doctor)) == len(ids)


def test_faults_of_a_part(sample: Project, run: Run) -> None:
    path = "app/graphql/rbac/models/models.py"
    sample.lay({path: SAMPLE[path].replace('    VENDOR_CREDITS = "vendor-credits"\n', "", 1)})
    assert run("rbac-enums-in-sync")[0] == 1
    assert run("rbac-enums-in-sync", "--without", "rbac")[0] == 0
    assert run("rbac-enums-in-sync", "--without", "tasks")[0] == 1


@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        (["resources = ''"], {"Background tasks / cron", "Frontend contract"}),
        (
            ["rbac-models = ''"],
            {"Background tasks / cron", "Frontend contract", "GraphQL surface"},
        ),
        (["resources = ''", "without = ['frontend', 'tasks']"], set()),
    ],
)
def test_what_is_kept_nowhere(
    lines: list[str], missing: set[str], project: Project, run: Run
) -> None:
    start_feature(project, _lacking(*(name for names, _ in PARTS.values() for name in names)))
    project.lay(_configured(*lines))
    out = run(SUITE, "check", "--select", "feature-plan-shape", "--format", "json")[1]
    symbols = {finding["symbol"] for finding in json.loads(out)["findings"]}
    assert {symbol for symbol in symbols if symbol != "RBAC"} == missing
    assert "RBAC" not in symbols


def test_links_of_a_resource(sample: Project, run: Run) -> None:
    home = "app/graphql/vendors"
    gone = [
        path for path in SAMPLE if re.match(rf"{home}/(types|inputs|queries|mutations)\.", path)
    ]
    gone += ["tests/graphql/vendors/test_vendor_resolvers.py"]
    sample.lay({path: None for path in gone if path in SAMPLE})
    argv = ("resource-full-chain",)
    assert "resource vendors has no inputs, mutations, queries, " in run(*argv)[1]
    sample.lay(_configured("without = ['graphql']"))
    code, out, _ = run(*argv)
    assert (code, out.partition(" (")[0]) == (0, "no findings")


@pytest.mark.parametrize(
    ("table", "path", "command"),
    [
        ("", "", "task gql && task gql-admin"),
        ("", "app/graphql/x/models.py", "task gql && task gql-admin"),
        ("without = ['graphql']", "app/graphql/x/models.py",
         "git diff --stat main... -- app/graphql"),
        ("without = ['graphql']", "src/api/x.py", None),
        ("without = ['rbac', 'tasks']", "src/api/x.py", "task gql && task gql-admin"),
        ("resources = ''", "", None),
    ],
)  # fmt: skip
def test_full_chain(table: str, path: str, command: str | None, project: Project, run: Run) -> None:
    files = {path: "X = 1\n"} if path else {}
    project.lay({"pyproject.toml": f"[tool.definition-of-done]\n{table}\n", **files})
    project.git("commit", "-qm", "x")
    report = json.loads(run(SUITE, "status", "--base", "main", "--format", "json")[1])
    (box,) = [box for box in report["boxes"] if box["box"] == "Full chain"]
    assert (box["is_off"], command or box["command"]) == (command is None, box["command"])
    assert run(SUITE, "new", "pr-template")[0] == 0
    template = (project.root / ".github/pull_request_template.md").read_text()
    assert ("Full chain" in template) == (command is not None)


def test_link_to_the_members(sample: Project, run: Run) -> None:
    """A new resource without members of the enums."""
    models = "app/graphql/rbac/models/models.py"
    text = re.sub(r"    VENDOR_CREDITS = .*\n", "", SAMPLE[models])
    sample.lay(_configured("without = ['rbac']") | {models: text})
    assert run(SUITE, "check", "--base", "main")[0] == 0


def test_new_plan_and_bump_leave_the_sections_out(sample: Project, run: Run) -> None:
    sample.lay(_configured(f"without = {list(PARTS)}"))
    sample.git("commit", "-qam", "settings")
    assert run(SUITE, "new", "plan", "Refunds", "--date", "2026-07-01")[0] == 0
    text = (sample.root / "docs/feature/2026-07-01-refunds.md").read_text()
    heads = re.findall(r"^## (.*)$", text, re.M)
    assert heads == [
        *("Problem / motivation", "In scope", "Out of scope", "Data model changes"),
        *("Open questions", "What's being implemented"),
    ]
    assert "TODO: models, services with their methods and scripts to run after" in text
    sample.git("add", "-A")
    sample.git("commit", "-qm", "plan")
    assert run(SUITE, "bump", "minor")[0] == 0
    page = (sample.root / "docs/changelog/1.3.0.md").read_text()
    assert "## Versioning notes" in page
    assert "## Frontend impact" not in page


def test_frontend_that_is_told_nothing(project: Project, run: Run) -> None:
    """A section that says None beside new names of the API is right where there is no frontend."""
    start_feature(project)
    page = "docs/feature/2026-05-24-vendor-credits.md"
    text = re.sub(r"(?s)(## Frontend \w+\n\n).*?(?=\n## )", r"\1None\n", SAMPLE[page])
    project.git("checkout", "-q", "main")
    project.git("rm", "-rq", "app/graphql/vendor_credits", page)
    project.git("commit", "-qm", "before")
    project.git("checkout", "-qB", "branch")
    files = {path: SAMPLE[path] for path in SAMPLE if path.startswith("app/graphql/vendor_credits")}
    project.lay({**files, page: text})
    argv = ("graphql-surface-documented", "--base", "main")
    assert "says None" in run(*argv)[1]
    project.lay(_configured("without = ['frontend']"))
    assert run(*argv)[0] == 0


def test_unknown_part(project: Project, run: Run) -> None:
    project.lay({"pyproject.toml": "[tool.definition-of-done]\nwithout = ['rbca']\n"})
    where = "pyproject.toml: [tool.definition-of-done]: "
    error = f"{where}without: unknown part 'rbca'; did you mean 'rbac'?"
    assert run(SUITE, "check") == (2, "", f"{SUITE}: error: {error}\n")
