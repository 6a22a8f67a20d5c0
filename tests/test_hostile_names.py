"""Names and texts that would forge a line, an annotation or a command: none does, anywhere."""

from __future__ import annotations

import json
import os
import re

import pytest
from tests.repository import Project, Run

from definition_of_done.engine.report import FORMATS

NAMES = [
    "a\nfake.py:1:1: x: y",
    "a\x1b[2J\x07",
    "a\r::error file=x::y",
    "::error::x",
    "##[error]x",
    "a%0A::warning::x",
    "\u202eyp.exe",
    "\u2066x\u2069\u200f",
    "\x9b31m\x85\u2028\u2029",
    "\udcff\udc80",
]
VERSIONS = "alembic/versions"
LINE = re.compile(r"[ -~]*")
posix = pytest.mark.skipif(os.name != "posix", reason="needs any name of a file")


def forges(text: str) -> list[str]:
    """Lines that a terminal, a person or GitHub's runner would take for what they are not."""
    return [
        line
        for line in text.removesuffix("\n").split("\n")
        if not LINE.fullmatch(line)
        or "##[" in line
        or (line.startswith("::") and not re.match(r"::error file=[^:,]*,line=\d+", line))
        or line.startswith("fake.py")
    ]


@posix
@pytest.mark.parametrize("format", FORMATS)
def test_names_of_files(format: str, project: Project, run: Run) -> None:
    # Migrations of a bad name, some that cannot be read, and pages.
    for name in NAMES:
        path = f"{VERSIONS}/{name}.py"
        project.lay({path: "revision = '3f2a91bc04de'\n", f"{VERSIONS}/{name}_2.py": "def x(:\n"})
        project.lay({f"docs/feature/{name}.md": "# X\n"})
    project.lay({"mkdocs.yml": "nav: []\n"})
    for argv in (["check", "--fix"], ["check", path, "--statistics"]):
        code, out, err = run("definition-of-done", *argv, f"--format={format}")
        assert code in (1, 2)
        assert forges(err) == []
        if format in ("gitlab", "json", "sarif"):
            json.loads(out)
            assert out.isascii() or "\x1b" not in out
        else:
            assert forges(out) == []


@posix
@pytest.mark.parametrize("name", NAMES)
def test_names_in_errors_and_in_what_is_written(name: str, project: Project, run: Run) -> None:
    project.lay({"app/version.py": "version = '1.0.0'\n"})
    commands = (
        ("check", name),
        ("check", "--base", name),
        ("check", "--versions", name),
        ("explain", name),
        ("new", "plan", name),
        ("new", "migration", name),
        ("bump", name),
        ("status", "--base", name),
        ("next", "--base", name),
    )
    for command in commands:
        try:
            code, out, err = run("definition-of-done", *command)
        except SystemExit:
            # argparse's own answer to what looks like a flag.
            continue
        assert code in (0, 1, 2), command
        assert forges(out) == [], command
        assert forges(err) == [], command


@pytest.mark.parametrize("name", NAMES[:-1])
def test_texts_of_files(name: str, project: Project, run: Run) -> None:
    """Names out of a file stand in messages, notes, help, baselines and the status."""
    quoted = json.dumps(name)
    flat = " ".join(name.split())
    migration = f"revision = {quoted}\ndown_revision = {quoted}\ndef upgrade():\n    pass\n"
    project.lay(
        {
            f"{VERSIONS}/20260524_a.py": f'"""x\n\nRevision ID: {flat}\n"""\n{migration}',
            "docs/feature/2026-05-24-a.md": f"# {flat}\n\n## {flat}\n\n[{flat}]({flat})\n",
            "docs/changelog/1.0.0.md": f"# {flat}\n\n## Migrations\n\n- `{flat}`\n",
            "mkdocs.yml": f"nav:\n  - {quoted}:\n      - {quoted}: feature/2026-05-24-a.md\n",
            "app/version.py": f"version = {quoted}\n",
            "app/graphql/rbac/models/models.py": f"class Path:\n    A = {quoted}\n",
            "pull_request.md": f"- [ ] {flat}\n",
        }
    )
    project.git("commit", "-qm", "all")
    for words in ("check", "check --format=github", "check --fix", "status", "next"):
        command = words.split()
        code, out, err = run("definition-of-done", *command)
        assert code in (0, 1, 2)
        assert forges(out) == [], command
        assert forges(err) == [], command
    _, out, err = run("pr-checklist", "--body", "pull_request.md")
    assert forges(out + err) == []


@pytest.mark.parametrize("name", NAMES[:-1])
def test_texts_of_the_configuration(name: str, project: Project, run: Run) -> None:
    quoted = json.dumps(name).replace("\\/", "/")
    for line in (
        f"{quoted} = 1",
        f"select = [{quoted}]",
        f"versions = [{quoted}]",
        f"x = {quoted}",
    ):
        project.lay({"pyproject.toml": f"[tool.definition-of-done]\n{line}\n"})
        code, out, err = run("definition-of-done", "check")
        assert (code, out) == (2, "")
        assert forges(err) == []
        assert err.count("\n") == 1
