"""feature-plan-filename: exact findings, and what it must leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

ID = "feature-plan-filename"


@pytest.mark.parametrize(
    ("name", "fault", "better"),
    [
        (
            "vendor-credits.md",
            "is not YYYY-MM-DD-<kebab-case>.md",
            "YYYY-MM-DD-vendor-credits.md",
        ),
        (
            "2026-05-24-Vendor_Credits.md",
            "is not YYYY-MM-DD-<kebab-case>.md",
            "2026-05-24-vendor-credits.md",
        ),
        (
            "2026-05-24.md",
            "is not YYYY-MM-DD-<kebab-case>.md",
            "2026-05-24-name.md",
        ),
        (
            "20260524-vendor-credits.md",
            "is not YYYY-MM-DD-<kebab-case>.md",
            "YYYY-MM-DD-20260524-vendor-credits.md",
        ),
        (
            "2026-02-30-vendor-credits.md",
            "starts with 2026-02-30, a date that does not exist",
            "YYYY-MM-DD-vendor-credits.md",
        ),
        (
            "2026-05-24-vendor--credits.md",
            "is not YYYY-MM-DD-<kebab-case>.md",
            "2026-05-24-vendor-credits.md",
        ),
    ],
)
def test_finding(name: str, fault: str, better: str, project: Project, run: Run) -> None:
    path = f"docs/feature/{name}"
    project.lay({path: "x\n"})
    report = f"{path}:1:1: {ID}: filename {name!r} {fault}\n    help: git mv it to {better}\n"
    assert run(ID, path) == (1, f"{report}1 finding in 1 file\n", "")


@pytest.mark.parametrize(
    ("name", "judged"),
    [
        ("feature/2026-05-24-vendor-credits.md", 1),
        ("feature/2024-02-29-v2.md", 1),
        ("feature/index.md", 0),
        ("feature/README.md", 0),
        ("feature/Old/x.md", 0),
        ("feature/x.png", 0),
        ("x.md", 0),
    ],
)
def test_left_alone(name: str, judged: int, project: Project, run: Run) -> None:
    project.lay({f"docs/{name}": "x\n"})
    files = f"{judged} file{'' if judged == 1 else 's'}"
    assert run(ID) == (0, f"no findings ({files} judged)\n", "")


def test_folder_is_a_setting(project: Project, run: Run) -> None:
    project.lay({"plans/x.md": "x\n", "docs/feature/x.md": "x\n"})
    assert run(ID, "--features", "plans")[1].startswith("plans/x.md:1:1: ")
    assert run(ID, "--features", "plan")[::2] == (
        2,
        f"{ID}: error: --features: features names a path that does not exist: 'plan'\n",
    )


@pytest.mark.parametrize("rule", [ID, "feature-plan-shape", "feature-page-final"])
def test_an_undated_page_from_before(rule: str, project: Project, run: Run) -> None:
    path, log = "docs/feature/recurring-invoices.md", "docs/changelog/1.0.0.md"
    link = "# 1.0.0\n\n## Added\n\n- [It](../feature/recurring-invoices.md)\n"
    project.lay({path: "# Recurring invoices\n", log: link})
    # As long as it is new, it is judged.
    assert run(rule)[0] == 1
    project.git("commit", "-qm", "before")
    assert run(rule)[0] == 0
    project.git("checkout", "-qb", "feature")
    project.lay({path: "# Recurring invoices\n\nMore.\n"})
    assert run(rule)[0] == 0
    project.git("commit", "-qm", "more")
    assert (run(rule)[0], run(rule, "--base", "main")[0]) == (0, 0)
    new = path.replace("recurring", "one-off")
    project.lay({new: "# One-off invoices\n", log: link.replace("recurring", "one-off")})
    assert [line for line in run(rule)[1].splitlines() if line.startswith(path)] == []
    assert run(rule)[1].startswith(f"{new}:1:1: ")
    project.git("commit", "-qm", "new")
    assert run(rule, "--base", "main")[1].startswith(f"{new}:1:1: ")


def test_a_page_from_before_with_another_date(project: Project, run: Run) -> None:
    project.lay({"docs/feature/2026-5-24-x.md": "x\n", "docs/feature/20260524-y.md": "y\n"})
    project.git("commit", "-qm", "before")
    assert run(ID)[1].endswith("2 findings in 2 files\n")
