"""The baseline: what it accepts, and what it says when it is out of date."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.legacy import BASELINE, LEGACY, LINKS, ONE, PAGE, PASS, STALE, TWO, baseline, migration
from tests.repository import Project, Run
from tests.revision import SLUG, SUITE

from definition_of_done.base.spots import Spot
from definition_of_done.engine.baseline import accepted, counted, dumped
from definition_of_done.engine.config import Config
from definition_of_done.engine.finding import BASELINE_FILE, Finding
from definition_of_done.engine.registry import known_ids
from definition_of_done.engine.report import Outcome
from definition_of_done.engine.session import Session
from definition_of_done.project.settings import SETTINGS


def test_a_surplus_is_reported(legacy: Project, run: Run) -> None:
    legacy.lay({PAGE: "# Home\n\n[gone](gone.md)\n\n[gone](gone.md), [away](away.md)\n"})
    code, out, _ = run(SUITE, "check")
    assert code == 1
    assert [line.split(": ")[0] for line in out.splitlines() if line.startswith("docs")] == [
        f"{PAGE}:5:1",
        f"{PAGE}:5:18",
    ]
    assert out.endswith("2 findings in 1 file, 7 accepted by the baseline\n")


@pytest.mark.parametrize("state", ["staged", "committed", "pushed"])
def test_what_the_branch_brings_is_reported(
    state: str, legacy: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    legacy.git("checkout", "-qb", "feature")
    legacy.lay({PAGE: "# Home\n\n[new](gone.md)\n\n[gone](gone.md)\n"})
    if state != "staged":
        legacy.git("commit", "-qm", "above what is accepted")
    if state == "pushed":
        monkeypatch.setenv("PRE_COMMIT_FROM_REF", "main")
        monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
        legacy.lay({PAGE: "# Home\n"})
    code, out, _ = run(SUITE, "check")
    assert code == 1
    assert out.startswith(f"{PAGE}:3:1: {LINKS}: ")
    assert out.endswith("1 finding in 1 file, 7 accepted by the baseline\n")


@pytest.mark.parametrize("argv", [(SLUG,), (SLUG, ONE, TWO), (SLUG, "--fix"), (LINKS,)])
def test_a_single_hook_accepts_its_own(argv: tuple[str, ...], legacy: Project, run: Run) -> None:
    code, out, err = run(*argv)
    assert (code, err) == (0, "")
    assert " accepted by the baseline)\n" in out


@pytest.mark.parametrize(
    ("edit", "argv", "line", "message"),
    [
        (
            {ONE: migration("add_one", "", "op.drop_table('x')")},
            (PASS, ONE),
            14,
            f"1 of {PASS} in {ONE} accepted for 'upgrade', 0 found",
        ),
        (
            {PAGE: "# Home\n"},
            (LINKS,),
            10,
            f"1 of {LINKS} in {PAGE} accepted for 'gone.md', 0 found",
        ),
        (
            {TWO: None},
            (SLUG,),
            7,
            f"1 of {SLUG} in {TWO} accepted for '4f2a91bc04de', 0 found",
        ),
    ],
)  # fmt: skip
def test_a_stale_entry(
    edit: dict[str, str | None],
    argv: tuple[str, ...],
    line: int,
    message: str,
    project: Project,
    run: Run,
) -> None:
    project.lay({**LEGACY, BASELINE_FILE: BASELINE})
    project.lay(edit)
    project.git("commit", "-qm", "x")
    code, out, _ = run(*argv)
    stale = [at for at in out.splitlines(True) if at.startswith(BASELINE_FILE)]
    assert stale == [f"{BASELINE_FILE}:{line}:1: baseline: {message}\n"]
    assert STALE in out
    assert code == 1
    assert run(SUITE, "baseline", "--update")[0] == 0
    assert run(*argv)[0] == 0


@pytest.mark.parametrize(
    ("edit", "argv"),
    [
        # Another hook's entries are not this run's.
        ({ONE: migration("add_one", "", "op.drop_table('x')")}, (LINKS,)),
        # A file that is not among those judged.
        ({ONE: migration("add_one", "", "op.drop_table('x')")}, (PASS, TWO)),
        # A hook that is left out.
        (
            {
                PAGE: "# Home\n",
                "pyproject.toml": f"[tool.definition-of-done]\nignore = {[*known_ids()][1:]}\n",
            },
            (SUITE, "check"),
        ),
        # A file that is broken: its hooks did not run.
        ({ONE: "def (\n"}, (PASS, ONE)),
    ],
)
def test_no_stale_entry(
    edit: dict[str, str], argv: tuple[str, ...], legacy: Project, run: Run
) -> None:
    legacy.lay(edit)
    legacy.git("commit", "-qm", "x")
    assert BASELINE_FILE not in run(*argv)[1]


def test_a_commit_does_not_judge_the_rest_of_the_tree(legacy: Project, run: Run) -> None:
    legacy.lay({PAGE: "# Home\n"})
    assert run(LINKS)[0] == 0
    legacy.git("commit", "-qm", "x")
    assert run(LINKS)[0] == 1


def test_a_commit_that_deletes_a_file_leaves_its_entries_stale(legacy: Project, run: Run) -> None:
    legacy.lay({TWO: None})
    out = run(SUITE, "check", "--from-runner")[1]
    assert out.count(f" in {TWO} accepted for ") == out.count(STALE) == 3
    run(SUITE, "baseline", "--update")
    assert run(SUITE, "check", "--from-runner")[0] == 0


def test_an_edit_above_changes_nothing(legacy: Project, run: Run) -> None:
    legacy.lay({path: "\n\n\n" + str(LEGACY[path]) for path in (ONE, TWO, PAGE)})
    assert run(SUITE, "check")[0] == 0


def test_what_cannot_be_read_may_be_accepted(project: Project, run: Run) -> None:
    project.lay({**LEGACY, ONE: "match x:\n    case 1 as: pass\n"})
    project.git("commit", "-qm", "x")
    run(SUITE, "baseline")
    assert f'[unreadable."{ONE}"]\n"{ONE}" = 1\n' in baseline(project)
    assert run(SUITE, "check")[0] == 0
    project.lay({ONE: LEGACY[ONE]})
    run(SUITE, "baseline", "--update")
    assert "unreadable" not in baseline(project)


def test_merge_of_two_baselines(legacy: Project, run: Run) -> None:
    legacy.git("checkout", "-qb", "one")
    legacy.lay({PAGE: "# Home\n\n[one](one.md)\n"})
    run(SUITE, "baseline")
    legacy.git("commit", "-qam", "one")
    legacy.git("checkout", "-q", "main")
    legacy.lay({PAGE: "# Home\n\n[two](two.md)\n"})
    run(SUITE, "baseline")
    legacy.git("commit", "-qam", "two")
    with pytest.raises(Exception, match="merge"):
        legacy.git("merge", "one")
    legacy.lay({PAGE: "# Home\n\n[one](one.md), [two](two.md)\n"})
    line = baseline(legacy).splitlines().index("<<<<<<< HEAD") + 1
    said = (
        f"error: {BASELINE_FILE}:{line}:1: it is in a merge conflict:"
        " run `definition-of-done baseline`\n"
    )
    assert run(SUITE, "check") == (2, "", f"{SUITE}: {said}")
    assert run(SUITE, "baseline", "--update") == (2, "", f"{SUITE}: {said}")
    assert run(SUITE, "baseline")[0] == 0
    assert '"one.md" = 1\n"two.md" = 1\n' in baseline(legacy)
    assert run(SUITE, "check")[0] == 0


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("x = [\n", "2:1: not TOML: Invalid value; run `definition-of-done baseline`"),
        ("\xff", "1:1: not utf-8 text: byte 0xff; run `definition-of-done baseline`"),
        *(
            (text, f"{line}:1: not an entry of a baseline: "
             '[hook-id."path"] with "symbol" = a count of at least 1')
            for text, line in (
                ("\nx = 1\n", 2),
                (f'[{SLUG}."{ONE}"]\na = 1\nb = 0\n', 3),
                (f'[{SLUG}."{ONE}"]\na = true\n', 2),
                (f'\n[{SLUG}]\n"{ONE}" = 1\n', 2),
                ("# x\n[[x]]\na = 1\n", 1),
            )
        ),
    ],
)  # fmt: skip
def test_damaged(text: str, error: str, project: Project, run: Run) -> None:
    project.lay({**LEGACY, BASELINE_FILE: text.encode("latin-1")})
    said = f"error: {BASELINE_FILE}:{error}\n"
    assert run(SLUG) == (2, "", f"{SLUG}: {said}")
    assert run(SUITE, "baseline")[0] == 0
    assert run(SUITE, "check")[0] == 0


def test_no_toml_where_it_cannot_matter(
    legacy: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = "alembic/versions/20240103_three.py"
    legacy.lay({new: migration("three", "4f2a91bc04de"), "pyproject.toml": ""})
    monkeypatch.setattr("definition_of_done.engine.baseline.read_counts", lambda _: 1 / 0)
    assert run(SLUG, new) == (0, "no findings (1 file judged)\n", "")
    monkeypatch.setenv("DEFINITION_OF_DONE_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        run(SLUG, ONE)


_names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)
_findings = st.lists(
    st.builds(
        lambda rule, path, line, symbol: Finding(
            Spot(path, line), f"{symbol} is wrong", symbol=symbol, rule=rule
        ),
        st.sampled_from(list(known_ids())[:4]),
        _names,
        st.integers(1, 40),
        _names,
    ),
    max_size=20,
)


def _judged(root: Path, findings: list[Finding], data: bytes) -> Outcome:
    outcome = Outcome([])
    outcome.whole = True
    outcome.over_tree = set(known_ids())
    session = Session(str(root), Config(str(root), SETTINGS))
    return accepted(session, outcome.only(findings), data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(_findings, st.integers(0, 9), st.randoms(use_true_random=False))
def test_whatever_is_found_is_accepted(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    findings: list[Finding],
    moved: int,
    shuffle: random.Random,
) -> None:
    # There is no repository that could tell which of several like findings is the new one.
    monkeypatch.setattr("definition_of_done.engine.branch.Branch.lines_added", lambda *_: set())
    found = Outcome([]).only(findings).findings
    data = dumped(counted(found))
    assert _judged(tmp_path, found, data).findings == []
    shuffled = list(found)
    shuffle.shuffle(shuffled)
    assert dumped(counted(shuffled)) == data
    for finding in found:
        finding.spot.line += moved
    assert _judged(tmp_path, found, data).findings == []
    assert dumped(counted(found)) == data
    fewer = _judged(tmp_path, found[1:], data).findings
    assert [finding.rule for finding in fewer] == ["baseline"] * bool(found)
    assert len(_judged(tmp_path, found, dumped(counted(found[1:]))).findings) == bool(found)


def test_fix_leaves_what_is_accepted(project: Project, run: Run) -> None:
    noise = "# ### commands auto generated by Alembic - please adjust! ###"
    text = migration("add_one", "", f"{noise}\n    op.drop_table('x')")
    project.lay({**LEGACY, ONE: text, "pyproject.toml": ""})
    run(SUITE, "baseline")
    assert run("no-autogenerate-noise", "--fix", ONE)[0] == 0
    assert (project.root / ONE).read_text() == text
    (project.root / BASELINE_FILE).unlink()
    assert run("no-autogenerate-noise", "--fix", ONE)[0] == 1
    assert noise not in (project.root / ONE).read_text()
