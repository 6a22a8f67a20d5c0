"""The command lines: files, folders, configuration, formats, suppressions, errors."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest
from tests.repository import Project, Run
from tests.sample import start_main
from tests.snapshot import ARGS

from definition_of_done.base.words import listed
from definition_of_done.commands.catalogue import generated
from definition_of_done.engine.explanation import difference
from definition_of_done.engine.registry import all_rules, known_ids, load_rule

PATH = "alembic/versions/20260524_add_x.py"
CLEAN = (
    "from alembic import op\nrevision = 'add_x'\n"
    "def upgrade():\n    op.drop_table('x')\ndef downgrade():\n    op.create_table('x')\n"
)
HASH = CLEAN.replace("'add_x'", "'3f2a91bc04de'")
SUITE = "definition-of-done"
SLUG = "alembic-revision-slug"


def test_generated_blocks_match_the_rules() -> None:
    root = Path(__file__).parents[2]
    for path, text in generated(str(root)).items():
        assert (root / path).read_text() == text, f"{path}: run `definition-of-done catalogue`"


@pytest.mark.parametrize("id", list(known_ids()))
def test_examples(id: str, sample: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = {rule.id: rule for rule in all_rules()}[id]
    assert rule.id == id
    # alembic-roundtrip asks for the team's Alembic.
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    sample.lay(rule.good)
    assert run(SUITE, "check")[1].startswith("no findings (")
    sample.lay(rule.bad)
    found = json.loads(run(SUITE, "check", "--format", "json")[1])["findings"]
    if rule.stages:
        # The suite leaves it to those who ask for it.
        assert found == []
        args = ARGS.get(id, ())
        found = json.loads(run(id, *args, "--format", "json")[1])["findings"]
        sample.lay(rule.good)
        assert run(id, *args)[0] == 0
    assert {finding["rule"] for finding in found} == {id}
    assert all(finding["contract"] == rule.contract for finding in found)


def test_no_files_means_all_tracked_ones(project: Project, run: Run) -> None:
    project.lay({PATH: HASH, "app/x.py": HASH})
    project.lay({"alembic/versions/untracked.py": HASH}, add=False)
    assert run(SLUG)[1].splitlines()[-1] == "1 finding in 1 file"
    project.lay({"pyproject.toml": f"[tool.definition-of-done]\nselect = ['{SLUG}']\n"})
    assert run(SUITE, "check", "--from-runner") == (0, "no findings (0 files judged)\n", "")
    assert run(SUITE, "check", "--from-runner", PATH)[0] == 1


def test_folder_stands_for_its_files(project: Project, run: Run) -> None:
    project.lay({PATH: HASH})
    assert run(SLUG, "alembic")[1].splitlines()[-1] == "1 finding in 1 file"


@pytest.mark.parametrize(
    "name",
    [
        f"./{PATH}",
        PATH.replace("/", "/./"),
        PATH.replace("/", "//"),
        PATH.replace("/", "/../alembic/", 1),
    ],
)
def test_a_file_in_another_form(name: str, project: Project, run: Run) -> None:
    project.lay({PATH: HASH})
    assert run(SLUG, name) == run(SLUG, PATH)
    assert run(SLUG, name)[1].startswith(f"{PATH}:2:12: ")


@pytest.mark.parametrize(
    ("words", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_how_a_message_lists_words(words: list[str], text: str) -> None:
    assert listed(words) == text


def test_base_narrows_to_the_change(project: Project, run: Run) -> None:
    project.lay({PATH: HASH})
    project.git("commit", "-qm", "legacy")
    new = PATH.replace("add_x", "add_y")
    project.lay({new: HASH})
    out = run(SLUG, "--base", "main")[1]
    assert out.startswith(f"{new}:2:12: ")
    assert out.splitlines()[-1] == "1 finding in 1 file"


def test_refs_of_the_runner_judge_what_is_pushed(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay({"a": "a"})
    project.git("commit", "-qm", "one")
    project.lay({PATH: HASH})
    project.git("commit", "-qm", "two")
    project.lay({PATH: CLEAN})
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~1")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert run(SLUG, PATH)[0] == 1


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


def test_outside_of_the_work_tree(
    project: Project, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other") / "x.py"
    other.write_text("")
    code, out, err = run(SLUG, str(other))
    assert (code, out) == (2, "")
    assert err == (f"{SLUG}: error: '{other}' is outside of the work tree '{project.root}'\n")


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ("verions = ['x']", "unknown key 'verions'; did you mean 'versions'?"),
        ("versions = 'x'", "versions must be a list of strings, not 'x'"),
        (
            "revision-max-length = true",
            "revision-max-length must be a whole number of at least 1, not True",
        ),
        (
            "feature-sections = {Rollout = 'Deploy'}",
            "feature-sections must be a table of names, each with a list of strings,"
            " not {'Rollout': 'Deploy'}",
        ),
        ("versions = ['x']", "versions names a path that does not exist: 'x'"),
        ("versions = ['../x']", "versions must be a path below the project, not '../x'"),
        (
            "ignore = ['downgrade-not-pas']",
            "ignore: unknown hook id 'downgrade-not-pas'; did you mean 'downgrade-not-pass'?",
        ),
        (
            "select = ['file-length,downgrade-not-pass']",
            "select: unknown hook id 'file-length,downgrade-not-pass'; write each id as a string of"
            " its own",
        ),
    ],
)
def test_configuration_error(table: str, error: str, project: Project, run: Run) -> None:
    project.lay({PATH: CLEAN, "pyproject.toml": f"[tool.definition-of-done]\n{table}\n"})
    where = "pyproject.toml: [tool.definition-of-done]: "
    assert run(SUITE, "check") == (2, "", f"{SUITE}: error: {where}{error}\n")


def test_ids_that_are_one_argument(project: Project, run: Run) -> None:
    for ids in ("file-length,downgrade-not-pass", "file-length, downgrade-not-pass"):
        hint = "repeat the option: --select file-length --select downgrade-not-pass"
        said = f"{SUITE}: error: --select: select: unknown hook id {ids!r}; {hint}\n"
        assert run(SUITE, "check", "--select", ids) == (2, "", said)


@pytest.mark.parametrize(
    ("folders", "ini", "said"),
    [
        (["db", "lite"], "", ""),
        (["db", "db_old"], "", ""),
        (["db", "db"], "", "'db' twice"),
        (["db", "lite", "./db/"], "recursive_version_locations = true", "'db' twice"),
        (["db", "db/old"], "", "'db/old', which lies in 'db'"),
        (["db/old", "lite", "db"], "", "'db/old', which lies in 'db'"),
        (["db", "."], "", "'db', which lies in '.'"),
        (["db", "db/old"], "version_locations = db", "'db/old', which lies in 'db'"),
        (["db", "db/old"], "version_locations = db\nrecursive_version_locations = true", ""),
        (["db", "db/old"], "version_locations = db db/old", ""),
    ],
)
def test_version_folders_that_overlap(
    folders: list[str],
    ini: str,
    said: str,
    project: Project,
    run: Run,
) -> None:
    project.lay({f"{folder}/x.txt": "" for folder in ("db/old", "db_old", "lite")})
    project.lay({"alembic.ini": f"[alembic]\nscript_location = db\n{ini}\n"})
    flags = [part for folder in folders for part in ("--versions", folder)]
    code, _, err = run(SLUG, *flags)
    assert (code, err) == _refused(SLUG, "--versions", said)
    project.lay({"pyproject.toml": f"[tool.definition-of-done]\nversions = {folders}\n"})
    code, _, err = run(SLUG)
    assert (code, err) == _refused(SLUG, "pyproject.toml: [tool.definition-of-done]", said)


def _refused(id: str, where: str, said: str) -> tuple[int, str]:
    return (2, f"{id}: error: {where}: versions names {said}\n") if said else (0, "")


def test_invalid_toml(project: Project, run: Run) -> None:
    project.lay({PATH: CLEAN, "pyproject.toml": "[tool.definition-of-done]\nversions = [\n"})
    assert run(SLUG, PATH)[::2] == (
        2,
        f"{SLUG}: error: pyproject.toml:3:1: not TOML: Invalid value\n",
    )


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": "[tool.definition-of-done]\nversions = ['db']\n"},
        {"alembic.ini": "[alembic]\nscript_location = db\nversion_locations = %(here)s/db\n"},
        {"pyproject.toml": "[tool.alembic]\nscript_location = 'x'\nversion_locations = ['db']\n"},
    ],
)
def test_version_folders(files: dict[str, str], project: Project, run: Run) -> None:
    project.lay({"db/one.py": HASH, "db/__init__.py": HASH, "db/sub/two.py": HASH, PATH: HASH})
    project.lay(files)
    out = run(SLUG)[1]
    assert out.startswith("db/one.py:2:12: ")
    assert out.splitlines()[-1] == "1 finding in 1 file"


def test_select_ignore_and_exclude(project: Project, run: Run) -> None:
    project.lay({PATH: HASH})
    for table in (
        f"ignore = {list(known_ids())}",
        "select = ['downgrade-not-pass']",
        "exclude = ['alembic', 'app']",
    ):
        project.lay({"pyproject.toml": f"[tool.definition-of-done]\n{table}\n"})
        assert run(SUITE, "check")[0] == 0, table


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        (f"# dod: ignore[{SLUG}] shipped in 2024", []),
        (f"# dod: ignore[{SLUG}]", [f"suppression: dod: ignore[{SLUG}] gives no reason"]),
        (
            f"# dod: ignore[downgrade-not-pass, {SLUG}] x",
            ["suppression: dod: ignore[downgrade-not-pass] silences nothing"],
        ),
        (
            f"# dod: ignore[slug, {SLUG}] x",
            ["suppression: dod: ignore names the unknown hook id 'slug'"],
        ),
        (
            "# dod: ignore",
            [
                f"{SLUG}: revision '3f2a91bc04de' is a hash, not a slug",
                "suppression: dod: ignore names no hook id",
            ],
        ),
    ],
)
def test_suppression(comment: str, expected: list[str], project: Project, run: Run) -> None:
    config = f"[tool.definition-of-done]\nselect = ['{SLUG}', 'downgrade-not-pass']\n"
    project.lay({PATH: HASH.replace("04de'", f"04de'  {comment}"), "pyproject.toml": config})
    findings = json.loads(run(SUITE, "check", "--format", "json")[1])["findings"]
    assert [f"{finding['rule']}: {finding['message']}" for finding in findings] == expected
    assert all(finding["line"] == 2 for finding in findings)


def test_comment_in_a_string_is_no_suppression(project: Project, run: Run) -> None:
    project.lay({PATH: CLEAN + f"text = '# dod: ignore[{SLUG}]'\n"})
    assert run(SLUG, PATH)[0] == 0


@pytest.mark.parametrize(
    ("head", "rules"),
    [
        ('"""Add x.\n"""  # dod: ignore[alembic-filename] shipped\n', []),
        ('"""Add x."""  # dod: ignore[alembic-filename] shipped\n', []),
        # A line further down is another place.
        (
            '"""Add x.\n"""\nx = 1  # dod: ignore[alembic-filename] shipped\n',
            ["alembic-filename", "suppression"],
        ),
        # What ends in the docstring's last line is not what starts there.
        (
            '"""Add x.\n"""; y = """\n"""  # dod: ignore[alembic-filename] shipped\n',
            ["alembic-filename", "suppression"],
        ),
    ],
)
def test_comment_after_a_docstring(head: str, rules: list[str], project: Project, run: Run) -> None:
    project.lay({"alembic/versions/add_x.py": head + CLEAN})
    found = json.loads(run("alembic-filename", "--format", "json")[1])["findings"]
    assert [finding["rule"] for finding in found] == rules


def test_another_hooks_suppression_is_not_judged(project: Project, run: Run) -> None:
    project.lay({PATH: CLEAN + "# dod: ignore[downgrade-not-pass] x\n"})
    assert run(SLUG, PATH)[0] == 0
    assert run("downgrade-not-pass", PATH)[0] == 1


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"def x(:\n", "1:7: unreadable: not Python: invalid syntax"),
        (b"print 'x'\n", "1:1: unreadable: not Python: Missing parentheses in call to 'print'."),
        (b"x = 0777\n", "1:5: unreadable: not Python: leading zeros in decimal integer literals"),
        (b"x = '\xff'\n", "1:6: unreadable: not utf-8 text: byte 0xff"),
    ],
)
def test_unreadable(source: bytes, expected: str, project: Project, run: Run) -> None:
    project.lay({PATH: source})
    code, out, err = run(SUITE, "check", PATH)
    assert out.startswith(f"{PATH}:{expected}")
    assert out.endswith("1 finding in 1 file\n")
    is_python_2 = source.startswith((b"print", b"x = 0"))
    is_python_2 = source.startswith((b"print", b"x = 0"))
    assert ("  help: this is Python 2: convert the file" in out) == is_python_2
    assert (code, err) == (1, "")


def test_github_format_escapes(project: Project, run: Run) -> None:
    name = "alembic/versions/a,b:100% \u00e9.py"
    project.lay({name: HASH})
    first, last = run(SLUG, "--format", "github", name)[1].splitlines()
    assert first == (
        "::error file=alembic/versions/a%2Cb%3A100%25 \u00e9.py,line=2,endLine=2,col=12,"
        "endColumn=26,title=alembic-revision-slug::revision '3f2a91bc04de' is a hash, not a slug"
        "%0Aname what the migration does, e.g. revision = 'a_b'"
    )
    assert last == "1 finding in 1 file"


def test_name_with_a_newline_forges_nothing(project: Project, run: Run) -> None:
    name = "alembic/versions/a\nb.py"
    project.lay({name: HASH})
    assert run(SLUG, name)[1].startswith("alembic/versions/a\\nb.py:2:12: ")


def test_shuffled_files_give_the_same_report(project: Project, run: Run) -> None:
    names = [f"alembic/versions/{letter}.py" for letter in "cab"]
    project.lay(dict.fromkeys(names, HASH))
    assert run(SLUG, *names) == run(SLUG, *sorted(names), names[0])


def test_help_explains(project: Project, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run("downgrade-not-pass", "--help")
    assert stop.value.code == 0
    out = capsys.readouterr().out
    assert "Why: A deploy that goes wrong at night" in out
    assert "--versions PATH" in out


def test_explain_and_list(project: Project, run: Run) -> None:
    assert run(SUITE, "explain", SLUG)[1].startswith(f"{SLUG}\n\nThe revision is a short")
    assert run(SUITE, "explain", "slug")[0] == 2
    assert len(re.findall(r"^\S", run(SUITE, "list")[1], re.M)) == len(known_ids())


def test_explain_shows_what_the_bad_example_deletes() -> None:
    page = "docs/feature/2026-06-01-credit-limit.md"
    assert difference(load_rule("plan-never-deleted")) == [f"- {page} (deleted)", f"+ {page}"]
    slug = "alembic/versions/20260{}_add_credit_limit.py"
    assert difference(load_rule("alembic-filename")) == [
        f"- {slug.format(631)}",
        f"+ {slug.format(601)}",
    ]


def test_new_needs_a_kind(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run(SUITE, "new")
    assert stop.value.code == 2
    assert "the following arguments are required: KIND\n" in capsys.readouterr().err


def test_sample_backend_is_clean(project: Project, run: Run) -> None:
    start_main(project)
    assert run(SUITE, "check") == (0, "no findings (45 files judged)\n", "")
