"""A kept conclusion of a rule is reused only where the rule would come to it again."""

import builtins
import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from tests.project import Project, Run
from tests.sample import SAMPLE
from tests.snapshot import ARGS

from definition_of_done.engine import store, trace
from definition_of_done.engine.config import Config
from definition_of_done.engine.registry import all_rules
from definition_of_done.engine.rule import Rule
from definition_of_done.engine.session import Session
from definition_of_done.engine.subject import RepositorySubject
from definition_of_done.pages import LINKS

RULES = [
    rule
    for rule in all_rules()
    if isinstance(rule.subject, RepositorySubject) and not rule.subject.outside
]
by_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
TABLE = "[tool.definition-of-done]\n"
PLAN = "docs/feature/2026-05-24-vendor-credits.md"
HEAD = "alembic/versions/20260524_add_vendor_credits.py"
NEW = PLAN.replace("05-24", "05-25")
STEPS = 8
Files: TypeAlias = dict[str, str | bytes | None]


def refuse(*_: object) -> None:
    raise AssertionError("read again")


@by_rule
def test_what_was_concluded_is_not_read_again(
    rule: Rule, sample: Project, run: Run, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = (rule.id, *ARGS.get(rule.id, ()), "--format", "json")
    for files in (rule.good, rule.bad):
        sample.lay(files)
        plain = run(*call, "--no-cache")
        assert run(*call) == plain
        with monkeypatch.context() as patch:
            patch.setattr(rule.subject, "read", refuse)
            assert run(*call) == plain
    # Nothing of what was read has changed, and yet it is not what is asked for.
    for words in (("--base", "main"), ("--base", "HEAD")):
        assert run(*call, *words) == run(*call, *words, "--no-cache")


def steps(project: Project, rule: Rule, chance: random.Random) -> Iterator[Callable[[], object]]:
    """Changes of all that a rule may ask for, without an end."""

    def write(path: str, text: str) -> None:
        (project.root / path).parent.mkdir(parents=True, exist_ok=True)
        (project.root / path).write_text(text)

    def append() -> None:
        path = chance.choice([*rule.bad, *rule.good, *SAMPLE])
        if (project.root / path).is_file():
            data = (project.root / path).read_bytes()
            (project.root / path).write_bytes(data + b"\n")

    def remove() -> None:
        (project.root / chance.choice([*rule.bad, *SAMPLE])).unlink(missing_ok=True)

    def settings() -> None:
        key = chance.choice(["exclude = ['docs/**']", "since = 'add_vendors'", "mkdocs = ''", ""])
        write("pyproject.toml", f"{SAMPLE['pyproject.toml']}{TABLE}{key}\n")

    made = [
        lambda: project.lay(rule.bad),
        lambda: project.lay(rule.bad, add=False),
        lambda: project.lay(rule.good),
        lambda: project.lay(SAMPLE),
        lambda: project.git("add", "--all"),
        lambda: project.git("reset", "--quiet"),
        lambda: project.git("commit", "--quiet", "--allow-empty", "-m", "step"),
        lambda: project.git("commit", "--quiet", "--all", "--allow-empty", "-m", "step"),
        lambda: project.git("checkout", "--quiet", "-B", chance.choice(["feature", "other"])),
        lambda: project.git("branch", "--force", "main", "HEAD"),
        lambda: project.git("checkout", "--quiet", "--detach"),
        lambda: write(".gitignore", chance.choice(["docs/*.png\n", "*.md\n", ""])),
        lambda: write("docs/new.md", "# New\n"),
        lambda: write("alembic.ini", "[alembic]\nscript_location = elsewhere\n"),
        append,
        remove,
        settings,
    ]
    while True:
        yield chance.choice(made)


@by_rule
def test_whatever_happens_in_between(rule: Rule, sample: Project, run: Run, cache: Path) -> None:
    call = (rule.id, *ARGS.get(rule.id, ()), "--format", "json")
    chance = random.Random(rule.id)
    walk = steps(sample, rule, chance)
    for _ in range(STEPS):
        next(walk)()
        plain = run(*call, "--no-cache")
        assert run(*call) == plain
        assert run(*call) == plain


def commit(project: Project, files: Files) -> None:
    project.lay(files)
    project.git("commit", "--quiet", "--message=another")


def merging(project: Project) -> None:
    os.environ["GIT_REFLOG_ACTION"] = "merge main"


@pytest.mark.parametrize(
    ("id", "first", "then"),
    [
        # In each row one answer alone is another one; it is named.
        pytest.param(
            "mkdocs-nav-entry", {}, lambda it: commit(it, {NEW: SAMPLE[PLAN]}), id="tracked"
        ),
        pytest.param(
            "alembic-single-head",
            {},
            lambda it: commit(it, {HEAD: SAMPLE[HEAD].replace('"add_vendors"', '"none"')}),
            id="each",
        ),
        pytest.param("plan-never-deleted", {PLAN: None}, merging, id="change"),
        pytest.param(
            "plan-never-deleted",
            {PLAN: None},
            lambda it: commit(it, {PLAN: SAMPLE[PLAN]}),
            id="since",
        ),
        pytest.param(
            "plan-never-deleted",
            {PLAN: None},
            lambda it: it.git("branch", "--force", "main", "HEAD"),
            id="bases",
        ),
        pytest.param(
            "docs-links-resolve",
            {"docs/new.md": "[report](made.pdf)\n"},
            lambda it: (it.root / ".git/info/exclude").write_text("made.pdf\n"),
            id="ignored",
        ),
        pytest.param(
            "docs-links-resolve",
            {"docs/new.md": "[report](made.pdf)\n"},
            lambda it: (it.root / "docs/made.pdf").write_text(""),
            id="exists",
        ),
        pytest.param(
            "plan-names-revisions",
            {PLAN: None},
            lambda it: (it.root / "alembic.ini").write_text("[alembic]\nscript_location = none\n"),
            id="checked-out-bytes",
        ),
    ],
)
def test_what_a_conclusion_depends_on(
    id: str,
    first: Files,
    then: Callable[[Project], object],
    sample: Project,
    run: Run,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GIT_REFLOG_ACTION", "commit")
    if first:
        commit(sample, first)
    plain = run(id, "--no-cache")
    assert run(id) == plain
    then(sample)
    assert run(id) == run(id, "--no-cache") != plain


class Watch:
    """Records each question to the system that goes past the session, while it is on."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.is_on = False

    def audit(self, event: str, args: tuple[Any, ...]) -> None:
        if event in ("open", "os.listdir", "os.scandir", "os.posix_spawn", "subprocess.Popen"):
            self.note(event, args[0])

    def note(self, event: str, what: object) -> None:
        name = str(what)
        # Modules, and what the parsers read of themselves.
        is_own = name.endswith((".py", ".pyc", ".so")) and not name.startswith(os.getcwd())
        if self.is_on and not is_own and "site-packages" not in name and "python3" not in name:
            self.seen.append(f"{event} {name}")

    @contextmanager
    def set(self, *, is_on: bool) -> Iterator[None]:
        before, self.is_on = self.is_on, is_on
        try:
            yield
        finally:
            self.is_on = before


WATCH = Watch()
sys.addaudithook(WATCH.audit)


class Watched(Session):
    """A session that may ask the system, where nobody else may."""

    def ask(self, question: str) -> Any:
        with WATCH.set(is_on=False):
            return super().ask(question)

    def read_at(self, commit: str, path: str) -> bytes:
        with WATCH.set(is_on=False):
            return super().read_at(commit, path)

    def read_each(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        with WATCH.set(is_on=False):
            found = list(super().read_each(paths))
        yield from found

    def recall(self, *words: Any) -> Any:
        kind, path, data, make, _, _ = words
        return self.keep(f"recall {kind} {path}", lambda: make(path, data))


@by_rule
def test_rules_ask_the_session_alone(
    rule: Rule, sample: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("stat", "lstat", "access", "readlink"):
        asked = getattr(os, name)

        def told(path: Any, *args: Any, asked: Any = asked, **named: Any) -> Any:
            WATCH.note(asked.__name__, path)
            return asked(path, *args, **named)

        monkeypatch.setattr(os, name, told)
    subject: Any = rule.subject
    for files in (rule.good, rule.bad):
        sample.lay(files)
        session = Watched(str(sample.root), Config(str(sample.root)), cached=False)
        WATCH.seen.clear()
        with WATCH.set(is_on=True):
            for path in session.change.touched:
                subject.concerns(session, path)
            facts = subject.read(session)
            list(rule.check(*((facts, session.config) if rule.settings else (facts,))))
        assert WATCH.seen == []


def test_the_watch_sees(sample: Project) -> None:
    with WATCH.set(is_on=True):
        builtins.open(sample.root / "pyproject.toml").close()
        os.listdir(sample.root)
    assert WATCH.seen == [f"open {sample.root}/pyproject.toml", f"os.listdir {sample.root}"]
    WATCH.seen.clear()


def test_a_way_that_is_too_long_is_not_kept(
    sample: Project, run: Run, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "MOST", 3)
    sample.lay({PLAN: None})
    plain = run("docs-links-resolve", "--no-cache")
    assert plain[0] == 1
    assert run("docs-links-resolve") == plain
    with monkeypatch.context() as patch:
        patch.setattr(LINKS, "read", refuse)
        assert "read again" in run("docs-links-resolve")[2]
    monkeypatch.setattr(trace, "MOST", 1_000)
    assert run("docs-links-resolve") == plain
    monkeypatch.setattr(LINKS, "read", refuse)
    assert run("docs-links-resolve") == plain


def test_what_keeps_a_rule_from_running_is_said_again(
    sample: Project, run: Run, cache: Path
) -> None:
    # A note of what cannot be evaluated.
    sample.git("branch", "--quiet", "-D", "main")
    noted = run("plan-never-deleted", "--no-cache")
    assert noted[2].startswith("plan-never-deleted: not evaluated: no base")
    assert run("plan-never-deleted") == noted
    assert run("plan-never-deleted") == noted
    # An error, and the file that cannot be read.
    sample.lay({"alembic.ini": "[alembic\n"})
    broken = run("alembic-single-head", "--no-cache")
    assert broken[0] == 2
    assert run("alembic-single-head") == broken
    sample.lay({"alembic.ini": SAMPLE["alembic.ini"], "mkdocs.yml": "nav: [\n"})
    unreadable = run("mkdocs-nav-entry", "--no-cache")
    assert unreadable[0] == 1
    for _ in range(2):
        assert run("mkdocs-nav-entry") == unreadable
    sample.lay({"mkdocs.yml": SAMPLE["mkdocs.yml"]})
    assert run("mkdocs-nav-entry")[0] == 0


def test_a_forged_conclusion_is_ignored(sample: Project, run: Run, cache: Path) -> None:
    sample.lay({PLAN: None})
    plain = run("docs-links-resolve", "--no-cache")
    assert run("docs-links-resolve") == plain
    (file,) = cache.iterdir()
    signature = store.signature(store._PACKAGE)
    known = store._unpacked(file.read_bytes()[16:])
    for forged in (
        b"",
        b"\0\0\0\0",
        b"\xff" * 9,
        b"\1\0\0\0" + b"a" * 16 + b"\0\0" * 4,
        b"\0" * 99,
    ):
        file.write_bytes(store._packed(dict.fromkeys(known, forged), signature))
        assert run("docs-links-resolve") == plain
