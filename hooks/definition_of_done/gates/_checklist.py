"""The checklist of chapter 8: its boxes, the rules that stand behind each, and how each stands."""

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from definition_of_done.engine.errors import NotEvaluated, Unreadable
from definition_of_done.engine.finding import Finding, listed
from definition_of_done.engine.registry import enabled, known_ids
from definition_of_done.engine.run import UNREADABLE, Note, Outcome, run
from definition_of_done.engine.session import NO_BASE, Session
from definition_of_done.engine.suppressions import SUPPRESSION
from definition_of_done.gates import _evidence as evidence
from definition_of_done.gates._evidence import Evidence

DONE, OPEN, UNPROVEN = "done", "open", "unproven"


class Box(NamedTuple):
    """One box. Without `proof`, only a run of `command` shows that it holds.

    `proof` are the rules that prove it where they hold, together with what `evidence` finds on the
    branch; it raises NotEvaluated where the facts are not enough. A finding of these or of
    `others` proves it wrong. `command` is what a person runs, `{base}` the branch to compare with.
    """

    title: str
    command: str
    proof: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    evidence: Callable[[Session, Collection[str]], Iterator[Evidence]] = evidence.none

    @property
    def rules(self) -> tuple[str, ...]:
        """All rules that can prove it wrong."""
        return (*self.proof, *self.others)


_TASK_ALL = (SUPPRESSION, "suppressions-need-codes", "file-length", "schema-export-fresh")
BOXES = (
    Box(
        "Plan before code",
        "git log --reverse --stat {base}..",
        ("plan-before-code", "feature-plan-shape"),
        (
            "feature-plan-filename",
            "plan-names-revisions",
            "plan-never-deleted",
            "open-questions-answered",
        ),
        evidence.plan,
    ),
    Box(
        "Deltas enumerated",
        "git diff --stat {base}...",
        ("deltas-enumerated",),
        ("graphql-surface-documented", "worker-tasks-documented"),
        evidence.deltas,
    ),
    Box(
        "Migration with both directions and the right parent",
        "alembic upgrade head && alembic downgrade -1",
        (
            "alembic-single-head",
            "downgrade-mirrors-upgrade",
            "downgrade-not-pass",
            "model-needs-migration",
        ),
        (
            "alembic-filename",
            "alembic-header-sync",
            "alembic-revision-slug",
            "alembic-roundtrip",
            "column-comment-required",
            "index-drop-alone",
            "migration-one-concern",
            "no-autogenerate-noise",
            "no-inline-ddl",
            "no-speculative-fk-index",
            "revision-immutable",
        ),
        evidence.migrations,
    ),
    Box(
        "RBAC members and backfill",
        "git diff {base}... -- '*rbac*' '*backfill*'",
        ("rbac-backfill-present", "rbac-enums-in-sync"),
        (),
        evidence.members,
    ),
    Box(
        "Full chain",
        "task gql && task gql-admin",
        ("resource-full-chain", "schema-mounted"),
        ("tests-with-code", "worker-tasks-registered"),
        evidence.resources,
    ),
    Box("`task all` green", "task all", (), _TASK_ALL),
    Box("`task test` green", "task test"),
    Box(
        "Page final with Future additions",
        "git diff {base}... -- docs",
        ("feature-page-final",),
        (),
        evidence.final,
    ),
    Box(
        "Page in the nav, strict build clean",
        "mkdocs build --strict",
        ("docs-links-resolve", "mkdocs-nav-entry"),
        (),
        evidence.nav,
    ),
    Box(
        "Version bumped with its changelog stub",
        "definition-of-done bump",
        ("version-sync",),
        ("semver-level",),
        evidence.version,
    ),
    Box(
        "Changelog filled in",
        "git diff {base}... -- docs",
        ("changelog-shape",),
        ("changelog-added-links", "changelog-migrations-order", "frontend-impact-repeated"),
        evidence.changelog,
    ),
    Box("`task all` again", "task all", (), _TASK_ALL),
)


class State(NamedTuple):
    """How a box stands: `state` is done, open or unproven, `reason` says why it is unproven.

    `notes` are on the rules that could prove a box wrong that is done, and were not evaluated.
    """

    box: Box
    state: str
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    notes: tuple[Note, ...] = ()


class Checklist(NamedTuple):
    """The state of every box; `base` is the commit that the branch starts from, if there is one."""

    states: tuple[State, ...]
    base: str | None

    @property
    def is_open(self) -> bool:
        """Whether a finding proves a box wrong."""
        return any(one.state == OPEN for one in self.states)


def read_checklist(session: Session) -> Checklist:
    """The checklist of the branch, judged by one run of all rules that the suite runs."""
    branch = _of_branch(session)
    named = {id for box in BOXES for id in box.rules}
    rules = enabled([id for id in known_ids() if id in named], session.config)
    outcome = run(branch, rules, None)
    ids = {rule.id for rule in rules}
    return Checklist(tuple(_state(branch, box, outcome, ids) for box in BOXES), branch.base)


def _of_branch(session: Session) -> Session:
    """A session of its own that is about the whole branch, also where a commit is being made."""
    base = session.named_base
    if base is None and session.change.new is None:
        base = session.base
        if base is None and not session.change.whole and session.has_commits:
            # What is staged on main itself.
            base = "HEAD"
    return Session(session.root, session.config, base)


def _state(session: Session, box: Box, outcome: Outcome, ids: set[str]) -> State:
    findings = tuple(_findings(box, outcome))
    if findings:
        return State(box, OPEN, findings=findings)
    try:
        _require(session, box, outcome, ids)
        shown = tuple(box.evidence(session, outcome.evaluated))
        notes = tuple(one for one in outcome.notes if one.rule in box.others)
        return State(box, DONE, shown, notes=notes)
    except NotEvaluated as error:
        return State(box, UNPROVEN, reason=str(error))
    except Unreadable as error:
        return State(box, UNPROVEN, reason=f"{error.path}:{error.line}: {error.message}")


def _findings(box: Box, outcome: Outcome) -> Iterator[Finding]:
    stops = {key for id in box.rules for key in outcome.stopped.get(id, ())}
    for one in outcome.findings:
        if one.rule in box.rules or (one.rule == UNREADABLE and one.key in stops):
            yield one


def _require(session: Session, box: Box, outcome: Outcome, ids: set[str]) -> None:
    """Raises NotEvaluated where the rules do not prove the box."""
    if not box.proof:
        raise NotEvaluated("only a run shows it")
    if left_out := [id for id in box.proof if id not in ids]:
        raise NotEvaluated(f"select or ignore leaves out {listed(left_out)}")
    if session.base is None:
        raise NotEvaluated(NO_BASE)
    notes = [f"{one.rule}: {one.message}" for one in outcome.notes if one.rule in box.proof]
    if notes:
        raise NotEvaluated("; ".join(dict.fromkeys(notes)))
