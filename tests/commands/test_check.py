"""`definition-of-done check`: its usage errors, and the sample backend without a finding."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.revision import CLEAN, PATH, SLUG, SUITE
from tests.sample import start_main


@pytest.mark.parametrize(
    ("argv", "error"),
    [
        (["nowhere.py"], "no such file: 'nowhere.py'"),
        (
            ["--base", "nowhere", PATH],
            "--base names no commit: 'nowhere'; fetch it, or name another",
        ),
        (
            ["--require-base", PATH],
            "no base: fetch the main branch (a shallow clone has none), or name it with --base",
        ),
        (
            ["--versions", "nowhere", PATH],
            "--versions: versions names a path that does not exist: 'nowhere'",
        ),
    ],
)
def test_usage_error(argv: list[str], error: str, project: Project, run: Run) -> None:
    project.lay({PATH: CLEAN})
    assert run(SLUG, *argv) == (2, "", f"{SLUG}: error: {error}\n")


def test_sample_backend_is_clean(project: Project, run: Run) -> None:
    start_main(project)
    assert run(SUITE, "check") == (0, "no findings (45 files judged)\n", "")


def test_what_git_does_not_track_is_named(project: Project, run: Run) -> None:
    project.lay({".gitignore": "*.tmp.py\n", PATH: CLEAN})
    others = {f"app/{name}.py": "" for name in "abcd"}
    project.lay({"a.tmp.py": "", "notes.txt": "", "app/\x1b.py": ""}, add=False)
    said = "1 untracked file is not judged, git add first: app/\\x1b.py\n"
    assert run("file-length") == (0, "no findings (1 file judged)\n", said)
    project.lay(others, add=False)
    (project.root / "app/\x1b.py").unlink()
    said = "4 untracked files are not judged, git add first: app/a.py, app/b.py, app/c.py, ...\n"
    assert run("file-length")[2] == said
    # Nothing is said by a rule of other files, over the repository, or of files that are named.
    assert run("alembic-filename")[2] == ""
    assert run("alembic-single-head")[2] == ""
    assert run("file-length", PATH)[2] == ""
    assert run("suppressions-need-codes")[2] == said
    project.lay({"pyproject.toml": "[tool.definition-of-done]\nexclude = ['app']\n"})
    assert run("file-length")[2] == ""


@pytest.mark.parametrize("words", [("--diff",), ("--fix", "--diff", "--format", "json")])
def test_a_diff_is_one_of_a_fix(words: tuple[str, ...], project: Project, run: Run) -> None:
    said = "--diff shows what --fix would write: it goes with --fix, as text"
    assert run(SUITE, "check", *words) == (2, "", f"{SUITE}: error: {said}\n")


def test_a_diff_and_what_stays(project: Project, run: Run) -> None:
    path = "alembic/versions/20260524_add_x.py"
    marker = "# ### end Alembic commands ###"
    text = f'"""empty message"""\nrevision = "add_x"\n{marker}\ndown_revision = 1\n'
    project.lay({path: text})
    assert run("no-autogenerate-noise", "--fix", "--diff") == (
        1,
        f"--- a/{path}\n+++ b/{path}\n@@ -1,4 +1,3 @@\n"
        ' """empty message"""\n revision = "add_x"\n'
        "-# ### end Alembic commands ###\n down_revision = 1\n",
        f"{path}:1:4: no-autogenerate-noise: the title is Alembic's 'empty message'\n"
        "    help: say what the migration does\n1 finding in 1 file\n",
    )
    assert (project.root / path).read_text() == text
    project.lay({path: text.replace("empty message", "add x").replace("# ### end", "# end")})
    assert run("no-autogenerate-noise", "--fix", "--diff")[0] == 1
    project.lay({path: '"""add x"""\nrevision = "add_x"\n'})
    assert run("no-autogenerate-noise", "--fix", "--diff") == (0, "", "")
