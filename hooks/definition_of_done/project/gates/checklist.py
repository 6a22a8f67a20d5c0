"""The checklist of chapter 8: its boxes, the rules that stand behind each, and how each stands."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterator

from definition_of_done.base.errors import NotEvaluated, Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.words import listed
from definition_of_done.engine.branch import NO_BASE
from definition_of_done.engine.config import Config
from definition_of_done.engine.finding import UNREADABLE, Finding
from definition_of_done.engine.registry import all_rules, enabled, load_rule
from definition_of_done.engine.report import Note, Outcome
from definition_of_done.engine.rule import Rule
from definition_of_done.engine.run import run
from definition_of_done.engine.session import Session
from definition_of_done.engine.sight import blind_sight, sights_off
from definition_of_done.engine.suppressions import SUPPRESSION
from definition_of_done.project import boxes
from definition_of_done.project.gates import evidence
from definition_of_done.project.gates.evidence import Evidence, Refuted, Unrun
from definition_of_done.project.layout import MARKDOWN
from definition_of_done.project.receipts import read_receipts
from definition_of_done.project.sights import RESOURCES, sights_of
from definition_of_done.project.without import GRAPHQL, left_out

DONE, OPEN, UNPROVEN = "done", "open", "unproven"


class Box(NamedTuple):
    """One box of the checklist.

    `name` is one of `boxes`, and rules with that name stand behind the box. Some of them prove it:
    they find nothing, and `evidence` finds enough on the branch, or else raises NotEvaluated. Where
    no rule proves it, `evidence` alone does, from the receipt of a run. Else a person runs
    `command`, in which `{base}` stands for the branch to compare with, `{pages}` and `{changelog}`
    for where these lie, `{chain}` for what shows the resources, and the name of a setting for the
    first command under it. A finding of a rule behind the box proves it wrong, and so does one of
    `others`: rules of other boxes, and what the engine itself reports. So do `lacks`: the links of
    the chain that a resource which the branch brings does not have. `after` names the box that
    comes first, and without which this one is nothing.
    """

    name: str
    title: str
    command: str
    evidence: Callable[[Session, Collection[str]], Iterator[Evidence]]
    others: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    after: str = ""

    def worded(self, config: Config) -> str:
        """The title, with the team's first command instead of the contract's."""
        title = self.title
        for own, key in boxes.RUNS.items():
            command = next(iter(config[key]), own)
            title = title if "`" in command else title.replace(own, command)
        return title


_CHAIN, _BUMP = "resource-full-chain", "semver-level"
_RUN = "definition-of-done run -- {%s}"
# A page that the branch lacks lists nothing, says nothing of what shipped, and is in no nav.
_NO_PAGE = ("plan-before-code",)

BOXES = (
    Box(boxes.PLAN, "Plan before code", "git log --reverse --stat {base}..", evidence.plan),
    Box(boxes.DELTAS, "Deltas enumerated", "git diff --stat {base}...", evidence.deltas, _NO_PAGE),
    Box(
        boxes.MIGRATION,
        "Migration with both directions and the right parent",
        "alembic upgrade head && alembic downgrade -1",
        evidence.migrations,
    ),
    Box(
        boxes.RBAC,
        "RBAC members and backfill",
        "git diff {base}... -- '*rbac*' '*backfill*'",
        evidence.members,
        lacks=("rbac",),
    ),
    Box(boxes.CHAIN, "Full chain", "{chain}", evidence.resources),
    Box(boxes.TASK_ALL, "`task all` green", _RUN % boxes.CHECKS, evidence.check, (SUPPRESSION,)),
    Box(
        boxes.TASK_TEST,
        "`task test` green",
        _RUN % boxes.TESTS,
        evidence.test,
        # No test of what the branch touches is green where there is none.
        ("tests-with-code",),
        ("repository-test", "service-test", "resolver-test"),
    ),
    Box(
        boxes.FINAL_PAGE,
        "Page final with Future additions",
        "git diff {base}... -- {pages}",
        evidence.final,
        _NO_PAGE,
    ),
    Box(
        boxes.NAV,
        "Page in the nav, strict build clean",
        "mkdocs build --strict",
        evidence.nav,
        _NO_PAGE,
    ),
    Box(
        boxes.VERSION,
        "Version bumped with its changelog stub",
        "definition-of-done bump",
        evidence.version,
    ),
    Box(
        boxes.CHANGELOG,
        "Changelog filled in",
        "git diff {base}... -- {changelog}",
        evidence.changelog,
    ),
    Box(
        boxes.TASK_ALL,
        "`task all` again",
        _RUN % boxes.CHECKS,
        evidence.again,
        (SUPPRESSION,),
        after=boxes.VERSION,
    ),
)


class Backing(NamedTuple):
    """The ids of the rules behind a box: those that prove it, and all that can prove it wrong."""

    proof: tuple[str, ...]
    all: tuple[str, ...]


class State(NamedTuple):
    """The state of a box under the team's title: done, open or unproven for the `reason`.

    A box is open where there are `findings`, or `facts` that no rule finds. One that is done is
    ticked `by` rules that found nothing, of which `proof` are those that it cannot do without, and
    may have `notes`: rules that could prove it wrong were not evaluated. `is_blind` says that a
    rule of the proof could not see. `warnings` prove nothing wrong, and the box is not ticked.
    `is_off` says that all rules behind the box are off, and it need not be ticked. `is_unrun` says
    that a run of the team's command is missing.
    """

    box: Box
    state: str
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    facts: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
    reason: str = ""
    notes: tuple[Note, ...] = ()
    is_blind: bool = False
    warnings: tuple[Finding, ...] = ()
    title: str = ""
    is_off: bool = False
    is_unrun: bool = False

    @property
    def against(self) -> Iterator[str]:
        """Each finding and fact that proves the box wrong, in words."""
        yield from map(_in_words, self.findings)
        yield from self.facts

    @property
    def warned(self) -> Iterator[str]:
        """Each warning about the box, in words."""
        yield from map(_in_words, self.warnings)


class Checklist(NamedTuple):
    """The state of every box; `base` is the commit that the branch starts from, or None.

    `owed` has the findings that are due when the feature is done, `broken` the names of files that
    should be receipts. `evaluated` has the ids of the rules that were.
    """

    states: tuple[State, ...]
    base: str | None
    owed: tuple[Finding, ...]
    broken: tuple[str, ...]
    evaluated: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """True where a finding proves a box wrong."""
        return any(state.state == OPEN for state in self.states)


def chain_command(config: Config, base: str) -> str:
    """The command that shows the resources: it exports the API, where the team has one."""
    if GRAPHQL in left_out(config):
        return f"git diff --stat {base}... -- {shlex.quote(config['resources'])}"
    return "task gql && task gql-admin"


def read_checklist(session: Session) -> Checklist:
    """The checklist of the branch, by one run of those rules of the suite that name a box."""
    return checklist_of(of_branch(session))


def checklist_of(branch: Session) -> Checklist:
    """The checklist of a session that is about the whole branch."""
    rules = enabled([rule.id for rule in all_rules() if rule.box], branch.config)
    outcome = run(branch, rules, None)
    off = boxes_off(branch)
    states = tuple(
        state._replace(title=state.box.worded(branch.config), is_off=state.box in off)
        for state in (_state(branch, box, outcome) for box in BOXES)
    )
    broken = read_receipts(branch).broken
    owed = tuple(outcome.owed)
    return Checklist(states, branch.branch.base, owed, broken, outcome.evaluated)


def boxes_off(session: Session) -> list[Box]:
    """The boxes that rules prove, where all rules behind them are off.

    A rule is off where select, ignore or `without` leave it out, and where the team says that it
    keeps nothing of what the rule is about. Where none of them is selected, the selection is not
    about the checklist. Without a site no page is in a nav, though links are judged; without
    GraphQL there is a chain only where there are resources all the same; and a box
    whose proof is about what the team does not keep is off, whatever else is looked at.
    """
    behind = [rule for rule in all_rules() if rule.box]
    ids = {rule.id for rule in enabled([rule.id for rule in behind], session.config)}
    kept = [rule for rule in behind if is_kept(session, rule)]
    on = {rule.box for rule in kept if rule.id in ids or not ids}
    on &= {rule.box for rule in kept if rule.proves}
    if session.config["mkdocs"] == "":
        on.discard(boxes.NAV)
    if GRAPHQL in left_out(session.config) and not RESOURCES.seen(session):
        on.discard(boxes.CHAIN)
    off = {rule.box for rule in behind if rule.proves} - on
    return [box for box in BOXES if off & {box.name, box.after}]


def is_kept(session: Session, rule: Rule) -> bool:
    """True for a rule that is about something that the team keeps, and does not do without."""
    is_part = rule.part not in left_out(session.config)
    return is_part and not sights_off(session, sights_of(rule))


def _backing(session: Session, box: Box) -> Backing:
    parts = left_out(session.config)
    behind = [rule for rule in all_rules() if rule.box == box.name and rule.part not in parts]
    proof = tuple(rule.id for rule in behind if rule.proves)
    return Backing(proof, (*(rule.id for rule in behind), *box.others))


def of_branch(session: Session) -> Session:
    """A session about the whole branch, also where a commit is being made."""
    branch = session.branch
    base = branch.named_base
    if base is None and branch.change.new is None:
        base = branch.base
        if base is None and not branch.change.whole and branch.has_commits:
            # Where no branch is called main, the branch is what is staged.
            base = "HEAD"
    return Session(session.root, session.config, base, cached=session.cache.is_on)


def _in_words(finding: Finding) -> str:
    path, line, _ = finding.spot.key
    return f"{path}:{line}: {finding.rule}: {finding.message}"


def _state(session: Session, box: Box, outcome: Outcome) -> State:
    backing = _backing(session, box)
    found = tuple(_findings(session, box, backing, outcome))
    warnings = tuple(finding for finding in found if finding.is_warning)
    if findings := tuple(finding for finding in found if not finding.is_warning):
        return State(box, OPEN, findings=findings, warnings=warnings)
    if warnings:
        # A rule that finds something proves nothing, and by its severity refutes nothing.
        rules = listed(list(dict.fromkeys(finding.rule for finding in warnings)))
        return State(box, UNPROVEN, reason=f"there are warnings of {rules}", warnings=warnings)
    try:
        _require(session, backing, outcome)
    except NotEvaluated as error:
        return State(box, UNPROVEN, reason=str(error), is_blind=True)
    except Unreadable as error:
        return State(box, UNPROVEN, reason=_unreadable(error), is_blind=True)
    try:
        shown = tuple(box.evidence(session, outcome.evaluated))
        notes = tuple(note for note in outcome.notes if note.rule in backing.all)
        by = tuple(id for id in backing.all if id in {*backing.proof, *outcome.evaluated})
        return State(box, DONE, shown, by=by, proof=backing.proof, notes=notes)
    except Refuted as fact:
        return State(box, OPEN, facts=(str(fact),))
    except NotEvaluated as error:
        is_unrun = isinstance(error, Unrun)
        if not is_unrun and (owed := _owed_before(box, outcome)):
            return State(box, OPEN, findings=owed)
        return State(box, UNPROVEN, reason=str(error), is_unrun=is_unrun)
    except Unreadable as error:
        return State(box, UNPROVEN, reason=_unreadable(error))


def _owed_before(box: Box, outcome: Outcome) -> tuple[Finding, ...]:
    """The bump that the branch owes, for a box that comes after it."""
    found = (finding for finding in outcome.findings if finding.rule == _BUMP)
    return tuple(finding for finding in found if box.after and not finding.is_warning)


def _unreadable(error: Unreadable) -> str:
    return f"{error.path}:{error.line}: {error.message}"


def _findings(session: Session, box: Box, backing: Backing, outcome: Outcome) -> Iterator[Finding]:
    stops = {key for id in backing.all for key in outcome.stopped.get(id, ())}
    for finding in outcome.findings:
        is_stop = finding.rule == UNREADABLE and finding.key in stops
        if finding.rule in backing.all or is_stop or _is_lack(session, box, finding):
            yield finding
            continue
        # A page lacks a section for each box that asks for it; a revision has one wrong name.
        for found in finding.leads:
            is_elsewhere = found.spot.path != finding.spot.path
            if found.rule in backing.all and (is_elsewhere or found.spot.path.endswith(MARKDOWN)):
                yield found


def _is_lack(session: Session, box: Box, finding: Finding) -> bool:
    """True where a resource that the branch brings lacks a link that the box is about."""
    if finding.rule != _CHAIN or finding.begun is None:
        return False
    links = (name.rpartition(".")[2] for name in finding.symbol.split())
    begun = finding.begun
    return any(link in box.lacks for link in links) and session.branch.begins(
        begun.path, begun.word
    )


def _require(session: Session, backing: Backing, outcome: Outcome) -> None:
    """Raise NotEvaluated where the rules do not prove the box."""
    if not backing.proof:
        return
    if left_out := [id for id in backing.proof if id not in outcome.ran]:
        raise NotEvaluated(f"select or ignore leaves out {listed(left_out)}")
    if session.branch.base is None:
        raise NotEvaluated(NO_BASE)
    notes = [f"{note.rule}: {note.message}" for note in outcome.notes if note.rule in backing.proof]
    if notes:
        raise NotEvaluated("; ".join(dict.fromkeys(notes)))
    for rule in map(load_rule, backing.proof):
        if blind := blind_sight(session, sights_of(rule)):
            raise NotEvaluated(f"{rule.id} {blind}")
