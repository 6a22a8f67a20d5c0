"""The steps of a feature in the contract's order, and the first of them that is open."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from posixpath import dirname

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.branch import NO_BASE
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.git import checked_out, names
from definition_of_done.engine.registry import is_selected, known_ids, load_rule
from definition_of_done.engine.session import Session
from definition_of_done.project import boxes
from definition_of_done.project.docs.branch_pages import shipped
from definition_of_done.project.docs.feature_page import feature_page_of
from definition_of_done.project.docs.sections import (
    DATA_MODEL,
    DELTAS,
    FUTURE,
    QUESTIONS,
    SHIPPED,
)
from definition_of_done.project.gates.checklist import (
    DONE,
    OPEN,
    Checklist,
    State,
    checklist_of,
    is_kept,
    of_branch,
)
from definition_of_done.project.gates.code_tree import read_code_tree
from definition_of_done.project.gates.evidence import commands_of
from definition_of_done.project.gates.losses import Loss, loss_of, lost_files
from definition_of_done.project.layout import is_changelog, is_export, is_feature_page
from definition_of_done.project.page_names import filename_slug, slug
from definition_of_done.project.receipts import current_files, receipts_of
from definition_of_done.project.settings import SHOWN_LINKS

# Before all steps, the files must be known and readable.
FILES = "files"
ANSWERS, EXPORTS, BUMP, AGAIN = "answers", "exports", "bump", "task all again"
STEPS = (
    *(boxes.PLAN, ANSWERS, boxes.DELTAS, boxes.MIGRATION, boxes.CHAIN, EXPORTS),
    *(boxes.TASK_ALL, boxes.TASK_TEST, boxes.FINAL_PAGE, boxes.NAV, BUMP, boxes.CHANGELOG, AGAIN),
)
# The rules that are a step of their own within a box.
_OF_RULE = {"open-questions-answered": ANSWERS, "schema-export-fresh": EXPORTS}
# Of the findings of a step, those that tell the command that begins it.
_FIRST = (
    *("plan-never-deleted", "plan-before-code", "model-needs-migration"),
    "schema-export-fresh",
)
# The sections of a plan that are steps of their own.
_OF_SECTION = {
    QUESTIONS: ANSWERS,
    DELTAS: boxes.DELTAS,
    SHIPPED: boxes.FINAL_PAGE,
    FUTURE: boxes.FINAL_PAGE,
}
# The link of a resource that is its plan.
PAGE = "feature-page"
# The commands of the team, by the step that runs one.
RUNS = {**boxes.RUNS, AGAIN: boxes.CHECKS}
# The files of which git should know, as far as rules read them.
_KINDS = (".py", ".md", ".graphql", ".toml", ".yml", ".yaml")
# What a tracker puts before the words of a branch.
_TICKET = regex(r"^(?:[A-Za-z]+-)?[0-9]+[-_](?=[A-Za-z])")
_NOTHING_YET = "the branch changes nothing: a feature begins with its plan, a fix with its code"
_OFF = "all of its hooks are off"
_RAN_BEFORE = "it ran on this code; pages or the version changed since"


class Opened(NamedTuple):
    """A step that is open, with the reason: a finding, or a fact that no rule finds.

    `more` counts the further findings of the step. `is_refuted` says that a fact proves the step
    wrong. `paths` are files to add.
    """

    step: str
    reason: str
    spot: Spot | None = None
    finding: Finding | None = None
    more: int = 0
    paths: tuple[str, ...] = ()
    is_refuted: bool = False

    @property
    def is_planned(self) -> bool:
        """True where a page names what is not there yet."""
        return self.finding is not None and bool(self.finding.awaits)

    @property
    def begins(self) -> bool:
        """True for the first step of a branch that changes nothing yet."""
        is_fact = self.finding or self.is_refuted or self.paths
        return not is_fact and self.step in (boxes.PLAN, boxes.MIGRATION, boxes.CHAIN)


class Passed(NamedTuple):
    """A step that nothing proves here, and why."""

    step: str
    reason: str


class Progress(NamedTuple):
    """How far the branch is in a project.

    `session` is about the whole branch. `opened` is the first step that is open, None where none
    is. `is_begun` is False where the branch changes nothing there. `done` are the steps that are
    proven, `passed` those that nothing proves.
    """

    session: Session
    opened: Opened | None
    is_begun: bool
    done: tuple[str, ...]
    passed: tuple[Passed, ...]

    @property
    def later(self) -> tuple[str, ...]:
        """The steps behind the one that is open."""
        at = STEPS.index(self.opened.step) + 1 if self.opened and self.opened.step in STEPS else 0
        return STEPS[at:] if self.opened else ()

    @property
    def waiting(self) -> tuple[str, ...]:
        """The steps that wait for the one that is open, without those that the team leaves out."""
        return tuple(step for step in self.later if Passed(step, _OFF) not in self.passed)


def read_progress(session: Session) -> Progress:
    """Read how far the branch is, by one run of the rules that looks ahead to what is planned."""
    branch = of_branch(session)
    branch.looks_ahead, branch.folder = True, session.folder
    checklist = checklist_of(branch)
    unadded = _unadded(branch)
    changes = branch.branch
    # Without a base nothing tells what the branch changes.
    is_begun = changes.has_commits and bool(unadded or changes.base is None or changes.changed)
    every = []
    if changes.has_commits:
        every = list(_opened(branch, checklist, unadded, is_begun=is_begun))
    opened, all_open = next(iter(every), None), {each.step for each in every}
    reasons = {
        step: _why_unproven(branch, checklist, step) for step in STEPS if step not in all_open
    }
    return Progress(
        branch,
        opened,
        is_begun,
        tuple(step for step, reason in reasons.items() if reason is None),
        tuple(Passed(step, reason) for step, reason in reasons.items() if reason),
    )


def _opened(
    branch: Session, checklist: Checklist, unadded: Sequence[str], *, is_begun: bool
) -> Iterator[Opened]:
    """Yield the steps that are open, in order."""
    found = _findings_by_step(branch, checklist)
    facts = {_step_of_state(state): state for state in checklist.states if state.facts}
    unrun = {_step_of_state(state): state for state in checklist.states if state.is_unrun}
    losses = _losses(branch, checklist)
    if boxes.TASK_ALL in unrun:
        # Where the branch bumps no version, the last run is still one on the tree as it is.
        unrun.setdefault(AGAIN, unrun[boxes.TASK_ALL])
    if unadded:
        reason = "git does not know it yet, and what is not added is not judged"
        yield Opened(FILES, reason, Spot(unadded[0]), more=len(unadded) - 1, paths=(*unadded,))
    for step in (FILES, *STEPS):
        if step == boxes.PLAN and not is_begun and _is_of_feature(branch, checklist):
            yield _begin(branch)
        if findings := found.get(step):
            finding, more = findings[0], len(findings) - 1
            yield Opened(step, finding.message, finding.spot, finding, more)
        elif step in facts:
            yield Opened(step, facts[step].facts[0], is_refuted=True)
        elif step in losses:
            path, reason = losses[step]
            yield Opened(step, reason, Spot(path), is_refuted=True)
        elif is_begun and step in unrun and not _ran_on_code(branch, step):
            yield Opened(step, unrun[step].reason)


def _losses(branch: Session, checklist: Checklist) -> dict[str, Loss]:
    """The steps that miss a file of the base, each with the first one."""
    lost = lost_files(branch)
    losses: dict[str, Loss] = {}
    for state in checklist.states if lost else ():
        if loss := loss_of(branch, state, lost):
            losses.setdefault(_step_of_state(state), loss)
    return losses


def _is_of_feature(branch: Session, checklist: Checklist) -> bool:
    """True where a branch is checked out that is not main, and the team has plans."""
    is_named = checked_out(branch.root) is not None
    is_planned = any(not state.is_off for state in checklist.states if state.box.name == boxes.PLAN)
    return is_named and not branch.branch.is_main and is_planned


def _begin(branch: Session) -> Opened:
    """The first step of a branch: the plan, or what a page of main plans that has its name."""
    name = branch_words(branch).replace(" ", "-")
    plans = [
        path
        for path in branch.tree.tracked
        if is_feature_page(branch, path) and name and filename_slug(path) == name
    ]
    try:
        page = None if not plans or shipped(branch, plans) else feature_page_of(branch, plans[-1])
    except Unreadable:
        page = None
    if page is None:
        return Opened(boxes.PLAN, _NOTHING_YET)
    migrates = any(not section.says_none for section in page.all_sections(DATA_MODEL))
    reason = f"the branch changes nothing yet of what {page.path} plans"
    return Opened(boxes.MIGRATION if migrates else boxes.CHAIN, reason, page.start)


def branch_words(session: Session) -> str:
    """The words of the branch's name, without its kind and the number of a ticket."""
    kind, _, name = (checked_out(session.root) or "").rpartition("/")
    words = slug(_TICKET.sub("", name)).replace("-", " ")
    return words if kind or " " in words else ""


def _unadded(branch: Session) -> list[str]:
    """The files of a feature that git does not track, and those whose change is not staged."""
    tree = branch.tree
    if tree.commit:
        return []
    folders = {path.partition("/")[0] for path in tree.tracked if "/" in path}
    new = [path for path in tree.untracked() if _is_of_project(branch, path, folders)]
    known = branch.branch.changed if branch.branch.base else {}
    unstaged = names(branch.root, "diff", "--name-only", "--relative", "-z")
    changed = [path for path in unstaged if path in tree.tracked_set - known.keys()]
    return [path for path in (*new, *changed) if path.endswith(_KINDS)]


def _is_of_project(branch: Session, path: str, folders: Collection[str]) -> bool:
    """True for a page, and for code in a folder that has some."""
    if branch.config.excludes(path):
        return False
    is_page = is_feature_page(branch, path) or is_changelog(branch, path)
    return is_page or (path.endswith(".py") and path.partition("/")[0] in folders)


def _findings_by_step(branch: Session, checklist: Checklist) -> dict[str, list[Finding]]:
    """The findings of each step in order."""
    every = {found.key: found for state in checklist.states for found in state.findings}
    is_stale = any(found.rule == "schema-export-fresh" for found in every.values())
    steps: dict[str, list[Finding]] = {}
    for _, finding in sorted(every.items()):
        step = _step_of(branch, finding, is_stale=is_stale)
        steps.setdefault(step, []).append(finding)
    for findings in steps.values():
        findings.sort(key=_precedence)
    return steps


def _precedence(finding: Finding) -> tuple[int, ...]:
    """Sort what stands there and is wrong before what is to be written, files before names.

    A revision that a page plans tells how the migration is called that a model needs.
    """
    is_planned, is_revision = bool(finding.awaits), finding.awaits == boxes.MIGRATION
    if is_revision and finding.rule == "plan-names-revisions":
        return False, False, False, _FIRST.index("model-needs-migration") - 1
    is_name = is_planned and "/" not in finding.symbol
    rank = _FIRST.index(finding.rule) if finding.rule in _FIRST else len(_FIRST)
    return is_planned, is_name, _lacks_roots(finding), rank


def _step_of(branch: Session, finding: Finding, *, is_stale: bool) -> str:
    if finding.rule not in known_ids():
        # An export that cannot be read is made again.
        return EXPORTS if is_export(branch, finding.spot.path) else FILES
    if finding.awaits:
        return _step_of_box(finding.awaits)
    is_version = finding.rule == "version-sync"
    if not is_version and _is_of_changelog(branch, finding):
        # Rules of other boxes ask for what it says, too.
        return boxes.CHANGELOG
    if finding.rule in _OF_RULE:
        return _OF_RULE[finding.rule]
    for section, step in _OF_SECTION.items():
        if finding.rule == "feature-plan-shape" and finding.symbol.startswith(section):
            return step
    if PAGE in _links(finding):
        return boxes.PLAN
    if is_stale and _lacks_roots(finding):
        return EXPORTS
    return _step_of_box(load_rule(finding.rule).box)


def _is_of_changelog(branch: Session, finding: Finding) -> bool:
    """True for what is found in the changelog, and for the entry of a page of it in the nav."""
    if finding.rule != "mkdocs-nav-entry":
        return is_changelog(branch, finding.spot.path)
    folder = dirname(finding.symbol)
    return bool(folder) and f"/{branch.config['changelog']}".endswith(f"/{folder}")


def _lacks_roots(finding: Finding) -> bool:
    """True for a resource that lacks nothing but what its exported schema shows."""
    links = _links(finding)
    return bool(links) and links <= set(SHOWN_LINKS)


def _links(finding: Finding) -> set[str]:
    """The links of the chain that a resource lacks, empty for another finding."""
    is_chain = finding.rule == "resource-full-chain"
    return {name.rpartition(".")[2] for name in finding.symbol.split()} if is_chain else set()


def _step_of_state(state: State) -> str:
    return AGAIN if state.box.after else _step_of_box(state.box.name)


def _step_of_box(box: str) -> str:
    """The step of a box, which is called alike but for two."""
    return {boxes.RBAC: boxes.CHAIN, boxes.VERSION: BUMP}.get(box, box)


def _ran_on_code(session: Session, step: str) -> bool:
    """True where the newest run on the code as it is, whatever its pages say, ended with 0.

    The last step is about the version, too, and no such run is enough for it.
    """
    found = receipts_of(session, commands_of(session.config, RUNS[step]))
    if step == AGAIN or not found:
        return False
    code = session.cache.keep("code tree", lambda: read_code_tree(session, current_files(session)))
    here = [receipt for receipt in found if code and receipt.code_tree == code]
    return bool(here) and here[0].code == 0 and here[0].before == here[0].after


def _why_unproven(branch: Session, checklist: Checklist, step: str) -> str | None:
    """None for a step that is proven, else the reason why nothing proves it."""
    for rule, own in _OF_RULE.items():
        if step == own and rule not in checklist.evaluated:
            if not (is_selected(rule, branch.config) and is_kept(branch, load_rule(rule))):
                return _OFF
            return NO_BASE if checklist.base is None else f"{rule} judged nothing"
    states = [state for state in checklist.states if _step_of_state(state) == step]
    on = [state for state in states if not state.is_off]
    if states and not on:
        return _OFF
    # A box is open, too, by what is another step of it.
    reasons = [state.reason for state in on if state.state not in (DONE, OPEN)]
    if on and on[0].is_unrun and _ran_on_code(branch, step):
        return _RAN_BEFORE
    return reasons[0] if reasons else None
