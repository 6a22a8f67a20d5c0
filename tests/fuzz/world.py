"""The sample backend in a repository, one file of which is replaced by anything at all."""

import contextlib
import functools
import io
import os
import random
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.sample import SAMPLE_FOLDER
from tests.snapshot import git

from definition_of_done.engine import git as real_git
from definition_of_done.engine.cli import main
from definition_of_done.engine.registry import load_rule

HOOKS = b"repos:\n  - repo: https://example.com/a\n    rev: v1\n    hooks:\n      - id: x\n"
BASELINE = b'[[finding]]\nrule = "file-length"\npath = "app/worker.py"\nsymbol = "app/worker.py"\n'
BODY = "pull_request.md"
_CHECK = ("definition-of-done", "check")
_ALWAYS = (_CHECK, (*_CHECK, "--fix"))
_VERSION = (*_ALWAYS, ("definition-of-done", "bump", "patch", "--dry-run"))
_MIGRATION = "alembic/versions/20260524_add_vendor_credits.py"
_PAGE = "docs/feature/2026-05-24-vendor-credits.md"
_CREDITS = "app/graphql/vendor_credits"
# What is fed: the file that is replaced, and the commands that read it.
FAMILIES: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "migration": (_MIGRATION, (*_ALWAYS, ("definition-of-done", "new", "pr-template"))),
    "env": ("alembic/env.py", (_CHECK,)),
    "page": (_PAGE, _ALWAYS),
    "changelog": ("docs/changelog/1.2.0.md", _VERSION),
    "mkdocs": ("mkdocs.yml", _VERSION),
    "zensical": ("zensical.toml", _VERSION),
    "taskfile": ("Taskfile.yml", (_CHECK,)),
    "pyproject": ("pyproject.toml", (*_VERSION, ("definition-of-done", "init", "--dry-run"))),
    "alembic": ("alembic.ini", (_CHECK,)),
    "sdl": ("schema.graphql", (_CHECK,)),
    "version": ("app/version.py", _VERSION),
    "enums": ("app/graphql/rbac/models/models.py", (_CHECK,)),
    "body": (BODY, (("pr-checklist", "--body", BODY),)),
    "baseline": (
        ".definition-of-done-baseline.toml",
        (_CHECK, ("definition-of-done", "baseline", "--update", "--dry-run")),
    ),
    "hooks": (".pre-commit-config.yaml", (("definition-of-done", "init", "--dry-run"),)),
    "model": (f"{_CREDITS}/models/vendor_credit.py", (_CHECK,)),
    "types": (f"{_CREDITS}/types.py", (_CHECK,)),
    "queries": (f"{_CREDITS}/queries.py", (_CHECK,)),
    "service": (f"{_CREDITS}/services/vendor_credit_service.py", (_CHECK,)),
    "tasks": (f"{_CREDITS}/tasks/expire_credits.py", (_CHECK,)),
    "worker": ("app/worker.py", (_CHECK,)),
    "schema": ("app/graphql/schema.py", (_CHECK,)),
    "backfill": ("scripts/backfill_new_path_permissions.py", (_CHECK,)),
    "test": ("tests/graphql/vendor_credits/test_vendor_credit_service.py", (_CHECK,)),
    "template": (".github/pull_request_template.md", (("definition-of-done", "status"),)),
}
_MADE = {
    ".definition-of-done-baseline.toml": BASELINE,
    ".pre-commit-config.yaml": HOOKS,
    BODY: b"- [x] plan before code: `docs/feature/a.md`\n- [ ] migration\n",
    "zensical.toml": b'[project]\nsite_name = "a"\nnav = [{"Core Operations" = ["index.md"]}]\n',
}
# Half of what a run prints; the rest are the summary, the statistics and what was fixed.
_FINDING = re.compile(r"[^\n]+:\d+:\d+: [a-z-]+: [ -~]+\n(?:    help: [ -~]+\n)?")
# For 1 MiB; what is small has the start of git to pay for.
SECONDS = 5.0


class World:
    """A branch of the sample backend; `folder` is empty, and becomes the working folder."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        shutil.copytree(SAMPLE_FOLDER, folder, dirs_exist_ok=True)
        git(folder, "init", "--quiet", "--initial-branch=main")
        git(folder, "config", "commit.gpgsign", "false")
        new = [path for path in sorted(folder.rglob("*")) if "vendor_credits" in path.name]
        git(folder, "add", "--all")
        git(folder, "rm", "-rq", "--cached", "--", *map(str, new), _PAGE)
        git(folder, "commit", "--quiet", "--message=main")
        git(folder, "checkout", "--quiet", "-b", "feature")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message=feature")
        os.chdir(folder)
        # Git costs more than all hooks together, and always has the same answer.
        real_git._spawned = functools.cache(real_git._spawned)
        self.kept = {
            path: (folder / path).read_bytes()
            for path in git(folder, "ls-files", "-z").split("\0")
            if path
        }

    def seeds(self, family: str) -> list[bytes]:
        """Real texts of a family: the sample's, and those of the rules' examples."""
        path = FAMILIES[family][0]
        found = [self.kept.get(path) or _MADE[path]]
        found += [data for other, data in self.kept.items() if _kind(other) == _kind(path)]
        return list(dict.fromkeys([*found, *_examples(path)]))

    def feed(self, family: str, data: bytes) -> None:
        """Run the commands of a family over these bytes; raises AssertionError for a defect."""
        path, commands = FAMILIES[family]
        self.lay(path, data)
        try:
            for command in commands:
                self._run(command, len(data))
        finally:
            self.restore(path)

    def lay(self, path: str, data: bytes) -> None:
        """Replace a file."""
        (self.root / path).write_bytes(data)

    def _run(self, command: Sequence[str], size: int) -> None:
        start = time.process_time()
        code, out, err = call(command)
        took = time.process_time() - start
        assert took < SECONDS * (1 + size / 2**20), f"{command}: {took:.1f} s"
        assert code in (0, 1, 2), f"{command}: exit code {code}"
        assert "internal error" not in err, err
        assert out.isascii(), f"{command}: {out}"
        if code == 2:
            assert re.fullmatch(r"[a-z-]+: error: [ -~]+\n", err), f"{command}: {err}"
        if "check" not in command or code != 1:
            return
        if "--fix" not in command:
            assert _FINDING.match(out), out
        elif "fixed: " in out:
            again = call(command)
            assert "fixed: " not in again[1], f"{command} fixes for ever: {again[1]}"

    def restore(self, path: str) -> None:
        """Undo what replaced a file, and what the commands changed."""
        for other, data in self.kept.items():
            if (self.root / other).read_bytes() != data:
                (self.root / other).write_bytes(data)
        if path not in self.kept:
            (self.root / path).unlink(missing_ok=True)


def call(command: Sequence[str]) -> tuple[int, str, str]:
    """Run a console script in process, its errors uncaught: exit code, output, errors."""
    id, *argv = command
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        os.environ["DEFINITION_OF_DONE_TRACEBACK"] = "1"
        try:
            code = main(argv) if id == "definition-of-done" else load_rule(id).main(argv)
        finally:
            del os.environ["DEFINITION_OF_DONE_TRACEBACK"]
    return code, out.getvalue(), err.getvalue()


def _kind(path: str) -> str:
    return os.path.dirname(path) if path.startswith(("alembic/", "docs/")) else path


def _examples(path: str) -> Iterator[bytes]:
    from definition_of_done.engine.registry import all_rules

    for rule in all_rules():
        for files in (rule.good, rule.bad):
            for other, text in files.items():
                if text and os.path.splitext(other)[1] == os.path.splitext(path)[1]:
                    yield text.encode()


# What parsers trip over.
_HARD = (
    *(b"\0", b"\r", b"\r\n", b"\n", b"\t", b"\x0c", b"\x1b[2J", b"\xff\xfe", b"\xef\xbb\xbf"),
    *(b"\xed\xa0\x80", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xf0\x9f\x98\x80"),
    *(b"# -*- coding: utf-16 -*-\n", b"# coding: latin-1\n", b"\\", b'"""', b"'", b'"', b"`"),
    *(b"```\n", b"<!--", b"-->", b"<details>", b"[a](b)", b"[a]: b\n", b"# ", b"## ", b"- [ ] "),
    *(b"&a ", b"*a", b"<<: *a\n", b"!ENV ", b"!!python/name:os.system ", b"? ", b"---\n", b"|\n"),
    *(b"[" * 200, b"(" * 200, b"{" * 50, b"- " * 200, b"> " * 200, b"a." * 200, b"-" * 400),
    *(b"[tool.definition-of-done]\n", b"[[a]]\n", b"a = 1\n", b"1e999", b"9" * 5000, b"%(a)s"),
    *(b"dod: ignore[file-length] x\n", b"# dod: ignore[*]\n", b"# type: ignore\n", b"# noqa\n"),
    *(b"op.", b"sa.Column(", b"lambda: ", b"*", b"**", b"@", b"None", b"def upgrade():\n", b"f'{"),
    *(b"::error::x\n", b"##[error]x\n", b"2026-02-30", b"0000-00-00", b"-1", b"1.2.3-rc.1"),
)
Step = tuple[int, int, int]


def mutated(data: bytes, steps: Sequence[Step], pool: Sequence[bytes]) -> bytes:
    """The text after some steps, each a kind and two numbers that say where."""
    for kind, first, second in steps:
        data = _KINDS[kind % len(_KINDS)](data, first, second, pool)
    return data


def steps(chance: random.Random) -> list[Step]:
    """Some steps, at random."""
    many = range(chance.choice((1, 1, 2, 3, 5, 8)))
    return [(chance.randrange(99), chance.randrange(2**20), chance.randrange(2**20)) for _ in many]


def _spliced(data: bytes, first: int, second: int, pool: Sequence[bytes]) -> bytes:
    other = pool[second % len(pool)]
    at, start = first % (len(data) + 1), second % (len(other) + 1)
    return data[:at] + other[start : start + 400] + data[at:]


def _token(data: bytes, first: int, second: int, _: Sequence[bytes]) -> bytes:
    at = first % (len(data) + 1)
    return data[:at] + _HARD[second % len(_HARD)] + data[at:]


def _byte(data: bytes, first: int, second: int, _: Sequence[bytes]) -> bytes:
    at = first % (len(data) + 1)
    return data[:at] + bytes([second % 256]) + data[at + 1 :]


def _cut(data: bytes, first: int, second: int, _: Sequence[bytes]) -> bytes:
    at = first % (len(data) + 1)
    return data[:at] + data[at + second % 40 :]


def _line(data: bytes, first: int, second: int, _: Sequence[bytes]) -> bytes:
    """Delete, double or move a line."""
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    at, to = first % len(lines), second // 3 % len(lines)
    if second % 3 == 0:
        del lines[at]
    elif second % 3 == 1:
        lines.insert(to, lines[at])
    else:
        lines[at], lines[to] = lines[to], lines[at]
    return b"".join(lines)


def _word(data: bytes, first: int, second: int, _: Sequence[bytes]) -> bytes:
    """Put one word of the text in the place of another."""
    words = [found.span() for found in re.finditer(rb"\w+|[^\w\s]", data)]
    if not words:
        return data
    start, end = words[first % len(words)]
    other = words[second % len(words)]
    return data[:start] + data[slice(*other)] + data[end:]


def _ends(data: bytes, first: int, second: int, _: Sequence[bytes]) -> bytes:
    new = (b"\r\n", b"\r", b"\n\n", b"")[second % 4]
    lines = data.split(b"\n")
    at = first % len(lines)
    return b"\n".join(lines[:at]) + new + new.join(lines[at:])


_KINDS = (_spliced, _token, _byte, _cut, _line, _line, _word, _word, _ends)
