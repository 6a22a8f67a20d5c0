"""8: each box of the checklist, ticked falsely and ticked in truth.

`status` and `pr-checklist` see the same: what proves a tick wrong, what proves it, or why neither
can be seen here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
from tests.commands.test_status import TITLES
from tests.contract.programs import lay_task
from tests.contract.worlds import GROWN, NEW, Edit, World, edited
from tests.repository import Files, Project, Run
from tests.sample import SAMPLE

from definition_of_done.engine import store

SUITE = "definition-of-done"
PLAN, DELTAS, MIGRATION, RBAC, CHAIN, ALL, TEST, FINAL, NAV, VERSION, CHANGELOG, AGAIN = TITLES
PAGE = "docs/feature/2026-05-24-vendor-credits.md"
GROWN_PAGE = "docs/feature/2026-07-01-approve-vendor-credits.md"
REVISION = "alembic/versions/20260524_add_vendor_credits.py"
GROWN_REVISION = "alembic/versions/20260702_add_approved_on.py"
HOME = "app/graphql/vendor_credits"
TESTS = "tests/graphql/vendor_credits"
MEMBERS = "app/graphql/rbac/models/models.py"
BACKFILL = "scripts/backfill_new_path_permissions.py"
LOG, GROWN_LOG = "docs/changelog/1.2.0.md", "docs/changelog/1.3.0.md"
SITE = "mkdocs.yml"
NAV_LINE = "      - Vendor credits: feature/2026-05-24-vendor-credits.md\n"
SETTINGS = "pyproject.toml"
BLANKET: Mapping[str, Edit] = {"app/clock.py": "NOON = 12  # noqa\n"}
TABLE = ("[tool.pytest", "[tool.definition-of-done]\n{}\n\n[tool.pytest")
# A fix of a fault in code that stands, and nothing else.
BUG_FIX: Mapping[str, Edit] = {
    **dict.fromkeys([path for path in NEW.feature if not NEW.base.get(path)]),
    **{
        path: str(text) for path, text in NEW.base.items() if text and NEW.feature.get(path) != text
    },
    f"{HOME.replace('_credits', 's')}/services/vendor_service.py": SAMPLE[
        "app/graphql/vendors/services/vendor_service.py"
    ].replace("self.repository.all()", "list(self.repository.all())"),
}
NO_PAGES: Mapping[str, Edit] = dict.fromkeys(
    [path for path in SAMPLE if path.startswith("docs/feature/")]
)
OPEN, DONE, UNPROVEN = "open", "done", "unproven"


def configured(line: str) -> Mapping[str, Edit]:
    """The settings of the project, with one more."""
    return {SETTINGS: (TABLE[0], TABLE[1].format(line))}


@dataclass(frozen=True)
class Tick:
    """A box that is ticked on a branch: its state, and a part of what is shown for it.

    `steps` are the commits of the branch by the starts of their paths, the rest comes last. `ran`
    has what was run at the end with its exit code, and `then` what was edited after that.
    """

    box: str
    name: str
    world: World
    edits: Mapping[str, Edit]
    state: str
    shows: str
    steps: tuple[tuple[str, ...], ...] = ()
    ran: tuple[tuple[str, int], ...] = ()
    writes: str = ""
    then: Mapping[str, Edit] = field(default_factory=dict)
    earlier: Mapping[str, Edit] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.box}: {self.name} ({self.world.name})"


def lie(box: str, name: str, world: World, edits: Mapping[str, Edit], shows: str) -> Tick:
    return Tick(box, name, world, edits, OPEN, shows)


def truth(box: str, name: str, world: World, edits: Mapping[str, Edit], shows: str) -> Tick:
    return Tick(box, name, world, edits, DONE, shows)


def unseen(box: str, name: str, world: World, edits: Mapping[str, Edit], shows: str) -> Tick:
    return Tick(box, name, world, edits, UNPROVEN, shows)


UNPLANNED: Mapping[str, Edit] = {
    GROWN_PAGE: None,
    SITE: ("      - Approve vendor credits: feature/2026-07-01-approve-vendor-credits.md\n", ""),
    GROWN_LOG: ("[approval](../feature/2026-07-01-approve-vendor-credits.md)", "approval"),
}
REFACTORED: Mapping[str, Edit] = {"app/clock.py": '"""Hours."""\n\nNOON = 12\n'}
LIES = [
    lie(PLAN, "no page at all", GROWN, UNPLANNED, "plan-before-code: the branch adds revision"),
    Tick(
        PLAN,
        "the page was written after the code",
        NEW,
        {},
        OPEN,
        f"was committed before {PAGE}",
        steps=((HOME, "alembic", TESTS),),
    ),
    Tick(
        PLAN,
        "the page was written after the migration alone",
        GROWN,
        {},
        OPEN,
        f"was committed before {GROWN_PAGE}",
        steps=(("alembic/versions/20260701",), ("app/graphql",)),
    ),
    lie(
        PLAN,
        "a question is open",
        NEW,
        {PAGE: ("## Open questions\n\nNone", "## Open questions\n\n- Who approves a credit?")},
        "open-questions-answered",
    ),
    lie(
        PLAN,
        "a section of the plan is missing",
        NEW,
        {PAGE: ("## Background tasks / cron", "## Later")},
        "feature-plan-shape",
    ),
    lie(
        PLAN,
        "a revision is not planned",
        GROWN,
        {GROWN_PAGE: ("`add_approved_on`", "the next one")},
        "plan-names-revisions: revision 'add_approved_on'",
    ),
    lie(PLAN, "an older plan is deleted", GROWN, {PAGE: None}, "plan-never-deleted"),
    lie(
        DELTAS,
        "the service is missing",
        GROWN,
        {
            GROWN_PAGE: (
                "[vendor_credit_service.py](https://example.com/sample/blob/main/app/graphql"
                "/vendor_credits/services/vendor_credit_service.py) with",
                "The",
            )
        },
        "deltas-enumerated",
    ),
    lie(
        DELTAS,
        "the model is missing",
        NEW,
        {
            PAGE: (
                "- Model: [app/graphql/vendor_credits/models/vendor_credit.py](https://example.com/sample/blob/main/app/graphql/vendor_credits/models/vendor_credit.py)",
                "- Model: the credit",
            )
        },
        "deltas-enumerated",
    ),
    lie(
        DELTAS,
        "a mutation is not on the surface",
        NEW,
        {PAGE: ("`createVendorCredit`, ", "")},
        "graphql-surface-documented",
    ),
    lie(DELTAS, "no page at all", GROWN, UNPLANNED, "plan-before-code: the branch adds revision"),
    lie(
        MIGRATION,
        "downgrade is empty",
        NEW,
        {REVISION: ('op.drop_table("vendor_credits")', "pass")},
        "downgrade-not-pass: downgrade does nothing",
    ),
    lie(
        MIGRATION,
        "downgrade undoes a half",
        GROWN,
        {GROWN_REVISION: ('        batch_op.drop_column("approved_on")\n', "")},
        "downgrade-mirrors-upgrade",
    ),
    lie(
        MIGRATION,
        "a second head",
        GROWN,
        {GROWN_REVISION: ("add_credit_approvals", "add_vendor_credits")},
        "alembic-single-head: 2 heads",
    ),
    lie(MIGRATION, "no migration for a table", NEW, {REVISION: None}, "model-needs-migration"),
    lie(
        MIGRATION,
        "a column without a comment",
        GROWN,
        {GROWN_REVISION: (', comment="Day of the approval"', "")},
        "column-comment-required",
    ),
    lie(
        RBAC,
        "no backfill for the member",
        NEW,
        {BACKFILL: ("    (Path.VENDOR_CREDITS, Resource.VENDOR_CREDITS),\n", "")},
        "rbac-backfill-present",
    ),
    lie(
        RBAC,
        "a member of Path alone",
        GROWN,
        {
            MEMBERS: (
                '    VENDOR_CREDITS = "vendor-credits"\n\n\n',
                '    VENDOR_CREDITS = "vendor-credits"\n    APPROVALS = "approvals"\n\n\n',
            )
        },
        "rbac-enums-in-sync",
    ),
    lie(
        RBAC,
        "the changelog does not name the backfill",
        NEW,
        {LOG: ("- `scripts/backfill_new_path_permissions.py` after the deploy\n", "")},
        "rbac-backfill-present",
    ),
    lie(
        CHAIN,
        "no test of the service",
        NEW,
        {f"{TESTS}/test_vendor_credit_service.py": None},
        "resource-full-chain",
    ),
    lie(
        CHAIN,
        "not mounted",
        NEW,
        {"app/graphql/schema.py": (", VendorCreditMutations)", ")")},
        "schema-mounted",
    ),
    lie(
        CHAIN,
        "no repository",
        NEW,
        {
            f"{HOME}/repositories/vendor_credit_repository.py": None,
            f"{TESTS}/test_vendor_credit_repository.py": None,
        },
        "resource-full-chain",
    ),
    lie(
        CHAIN,
        "no worker imports the task",
        NEW,
        {
            f"{HOME}/tasks/expire_credits.py": None,
            f"{HOME}/jobs/expire_credits.py": SAMPLE[f"{HOME}/tasks/expire_credits.py"],
        },
        "worker-tasks-registered",
    ),
    lie(ALL, "a blanket suppression", NEW, BLANKET, "suppressions-need-codes"),
    lie(
        ALL,
        "an export is stale",
        GROWN,
        dict.fromkeys(
            ("schema.graphql", "schema-admin.graphql"),
            ("  pendingVendorCredits: [VendorCreditType!]!\n", ""),
        ),
        "schema-export-fresh",
    ),
    lie(
        ALL,
        "a file is too long",
        NEW,
        {"app/states.py": "".join(f"STATE_{at} = {at}\n" for at in range(1001))},
        "file-length",
    ),
    Tick(ALL, "it failed", NEW, {}, OPEN, "ended with exit code 3", ran=(("task all", 3),)),
    Tick(
        ALL,
        "it ended well, and a suppression is blanket",
        GROWN,
        BLANKET,
        OPEN,
        "suppressions-need-codes",
        ran=(("task all", 0),),
    ),
    Tick(
        ALL,
        "it ended well, and then failed",
        GROWN,
        {},
        OPEN,
        "ended with exit code 1",
        ran=(("task all", 0), ("task all", 1)),
    ),
    Tick(TEST, "it failed", NEW, {}, OPEN, "ended with exit code 1", ran=(("task test", 1),)),
    Tick(
        TEST,
        "it failed under the team's name for it",
        GROWN,
        configured('test-commands = ["uv run task test"]'),
        OPEN,
        "uv run task test ended with exit code 2",
        ran=(("uv run task test", 2),),
    ),
    lie(
        TEST,
        "a layer of the new resource has no test",
        NEW,
        {f"{TESTS}/test_vendor_credit_resolvers.py": None},
        "resource-full-chain: resource vendor_credits has no",
    ),
    lie(
        TEST,
        "the touched area has no test",
        GROWN,
        {
            **{
                path: SAMPLE[path]
                for path in (
                    f"{TESTS}/test_vendor_credit_service.py",
                    f"{TESTS}/test_vendor_credit_resolvers.py",
                )
            },
            "tests/test_approve_old_credits.py": None,
            f"{TESTS}/test_remind_approvers.py": None,
        },
        "tests-with-code",
    ),
    lie(
        FINAL,
        "no word on what shipped",
        NEW,
        {PAGE: ("## What shipped", "## Notes")},
        "feature-page-final",
    ),
    lie(
        FINAL,
        "no future additions",
        GROWN,
        # The changelog has its link to the page.
        {GROWN_PAGE: ("## Future additions", "## Notes"), GROWN_LOG: ("# 1.3.0", "# 1.3.0")},
        "feature-page-final",
    ),
    lie(
        FINAL,
        "what shipped is still to be written",
        NEW,
        {
            PAGE: (
                SAMPLE[PAGE][
                    SAMPLE[PAGE].index("## What shipped") : SAMPLE[PAGE].index("## Future")
                ],
                "## What shipped\n\nTBD\n\n",
            )
        },
        "feature-page-final: section What shipped is a stub",
    ),
    lie(
        FINAL,
        "a follow-up without a reason",
        NEW,
        {PAGE: ("to a bill: waits for the payment run", "to a bill")},
        "feature-page-final",
    ),
    lie(FINAL, "no page at all", GROWN, UNPLANNED, "plan-before-code: the branch adds revision"),
    lie(NAV, "not in the nav", NEW, {SITE: (NAV_LINE, "")}, "mkdocs-nav-entry"),
    lie(
        NAV,
        "under another section",
        NEW,
        {SITE: [(NAV_LINE, ""), ("  - Roadmap:\n", f"  - Other:\n{NAV_LINE}  - Roadmap:\n")]},
        "mkdocs-nav-entry",
    ),
    lie(
        NAV,
        "a broken link",
        GROWN,
        {GROWN_PAGE: ("../roadmap/approval-by-amount.md", "../roadmap/approval.md")},
        "docs-links-resolve",
    ),
    lie(NAV, "no page at all", GROWN, UNPLANNED, "plan-before-code: the branch adds revision"),
    lie(
        VERSION,
        "pyproject.toml stays behind",
        NEW,
        {SETTINGS: ('"1.2.0"', '"1.1.0"')},
        "version-sync",
    ),
    lie(
        VERSION,
        "the version file stays behind",
        GROWN,
        {"app/version.py": ("1.3.0", "1.2.0")},
        "version-sync",
    ),
    lie(
        VERSION,
        "a step that is too small",
        NEW,
        {
            "app/version.py": ("1.2.0", "1.1.1"),
            SETTINGS: ('"1.2.0"', '"1.1.1"'),
            LOG: None,
            "docs/changelog/1.1.1.md": SAMPLE[LOG].replace("1.2.0", "1.1.1"),
            SITE: ("1.2.0: changelog/1.2.0.md", "1.1.1: changelog/1.1.1.md"),
        },
        "semver-level",
    ),
    lie(
        CHANGELOG,
        "a section is empty",
        NEW,
        {LOG: ("## Changed\n\nNone", "## Changed")},
        "changelog-shape",
    ),
    lie(
        CHANGELOG,
        "a section is missing",
        GROWN,
        {GROWN_LOG: ("## Fixed\n\nNone\n\n", "")},
        "changelog-shape",
    ),
    lie(
        CHANGELOG,
        "a revision is missing",
        GROWN,
        {GROWN_LOG: ("2. `add_approved_on`\n", "")},
        "changelog-migrations-order",
    ),
    lie(
        CHANGELOG,
        "the frontend contract is not repeated",
        NEW,
        {LOG: ("The vendor page lists the open credits.", "None")},
        "frontend-impact-repeated",
    ),
    lie(
        CHANGELOG,
        "an addition without its page",
        GROWN,
        {GROWN_LOG: ("[approval](../feature/2026-07-01-approve-vendor-credits.md)", "approval")},
        "changelog-added-links",
    ),
    lie(AGAIN, "a blanket suppression", GROWN, BLANKET, "suppressions-need-codes"),
    lie(
        AGAIN,
        "the bump is owed",
        GROWN,
        {
            "app/version.py": SAMPLE["app/version.py"],
            SETTINGS: SAMPLE[SETTINGS],
            GROWN_LOG: None,
            SITE: ("      - 1.3.0: changelog/1.3.0.md\n", ""),
        },
        "semver-level",
    ),
    Tick(AGAIN, "it failed", GROWN, {}, OPEN, "ended with exit code 201", ran=(("task all", 201),)),
    lie(
        AGAIN,
        "an export is stale",
        NEW,
        dict.fromkeys(
            ("schema.graphql", "schema-admin.graphql"),
            ("  deleteVendorCredit(id: Int!): Boolean!\n", ""),
        ),
        "schema-export-fresh",
    ),
]
ONLY_A_RUN = "only a run shows it"
UNPROVEN_TICKS = [
    Tick(
        PLAN,
        "no folder of pages",
        NEW,
        {**BUG_FIX, **NO_PAGES},
        UNPROVEN,
        "sees no feature page: features = ",
        earlier=NO_PAGES,
    ),
    unseen(
        PLAN, "no pages are kept", NEW, configured('features = ""'), "the team keeps no feature"
    ),
    unseen(DELTAS, "a bug fix needs no page", NEW, BUG_FIX, "changes code, and no feature page"),
    unseen(
        MIGRATION,
        "a rule is left out",
        NEW,
        configured('ignore = ["alembic-single-head"]'),
        "leaves out alembic-single-head",
    ),
    unseen(
        MIGRATION,
        "no migration is seen",
        NEW,
        configured('versions = ["docs"]\nexclude = ["alembic"]'),
        'sees no migration: versions = ["docs"]',
    ),
    unseen(RBAC, "no enums are kept", NEW, configured('rbac-models = ""'), "keeps no enums"),
    unseen(
        CHAIN, "no resource is seen", NEW, configured('resources = "docs"'), 'resources = "docs"'
    ),
    unseen(ALL, "nothing ran", NEW, {}, ONLY_A_RUN),
    Tick(ALL, "another command ran", NEW, {}, UNPROVEN, ONLY_A_RUN, ran=(("true", 0),)),
    Tick(ALL, "a part of it ran", NEW, {}, UNPROVEN, ONLY_A_RUN, ran=(("task lint", 0),)),
    Tick(ALL, "it ran with uv", NEW, {}, UNPROVEN, ONLY_A_RUN, ran=(("uv run task all", 0),)),
    Tick(
        ALL,
        "code changed since",
        NEW,
        {},
        UNPROVEN,
        "changed since",
        ran=(("task all", 0),),
        then=REFACTORED,
    ),
    Tick(
        ALL,
        "it failed before the change",
        GROWN,
        {},
        UNPROVEN,
        "changed since",
        ran=(("task all", 3),),
        then=REFACTORED,
    ),
    Tick(
        ALL,
        "it changed files while it ran",
        GROWN,
        {},
        UNPROVEN,
        "changed files while it ran",
        ran=(("task all", 0),),
        writes="schema.graphql.new",
    ),
    Tick(TEST, "task all ran instead", NEW, {}, UNPROVEN, ONLY_A_RUN, ran=(("task all", 0),)),
    Tick(
        TEST,
        "a test changed since",
        GROWN,
        {},
        UNPROVEN,
        "changed since",
        ran=(("task test", 0),),
        then={f"{TESTS}/test_remind_approvers.py": ("assert", "assert 1 and")},
    ),
    unseen(NAV, "no site is kept", NEW, configured('mkdocs = ""'), "the team keeps no site"),
    unseen(VERSION, "a bug fix that is released later", NEW, BUG_FIX, "adds no changelog page"),
    unseen(
        CHANGELOG, "a bug fix that is released later", NEW, BUG_FIX, "the newest changelog page"
    ),
    Tick(
        AGAIN,
        "the version does not change",
        NEW,
        BUG_FIX,
        UNPROVEN,
        "adds no changelog page for a new version",
        ran=(("task all", 0),),
    ),
    Tick(
        AGAIN,
        "it ran before the bump",
        NEW,
        {"app/version.py": ("1.2.0", "1.1.0"), SETTINGS: ('"1.2.0"', '"1.1.0"')},
        UNPROVEN,
        "changed since",
        ran=(("task all", 0),),
        then={"app/version.py": ("1.2.0", "1.2.0"), SETTINGS: ('"1.2.0"', '"1.2.0"')},
    ),
]
RAN = "ended with exit code 0 on this very tree"
TRUTHS = [
    truth(PLAN, "one commit", NEW, {}, PAGE),
    Tick(PLAN, "the page comes first", GROWN, {}, DONE, GROWN_PAGE, steps=((GROWN_PAGE,),)),
    Tick(
        PLAN,
        "other code came before the page",
        NEW,
        REFACTORED,
        DONE,
        PAGE,
        steps=(("app/clock.py",), (PAGE,), ("alembic",)),
    ),
    Tick(
        PLAN,
        "the page stands on main, and is changed at the end",
        NEW,
        {},
        DONE,
        PAGE,
        steps=((HOME, "alembic"),),
        earlier={
            PAGE: SAMPLE[PAGE].partition("## What shipped")[0],
            SITE: ("feature/2026-04-10-vendors.md\n", f"feature/2026-04-10-vendors.md\n{NAV_LINE}"),
        },
    ),
    Tick(
        PLAN,
        "the page had another name first",
        NEW,
        {"docs/feature/2026-05-20-credits.md": "# Credits\n"},
        DONE,
        PAGE,
        steps=(("docs/feature/2026-05-20",), (HOME, "alembic")),
        then={"docs/feature/2026-05-20-credits.md": None},
    ),
    truth(DELTAS, "as it is", NEW, {}, PAGE),
    truth(DELTAS, "other words", GROWN, {}, GROWN_PAGE),
    truth(MIGRATION, "one", NEW, {}, "add_vendor_credits on top of add_vendors"),
    truth(MIGRATION, "two", GROWN, {}, "add_approved_on on top of add_credit_approvals"),
    truth(MIGRATION, "none is needed", NEW, BUG_FIX, "adds no migration"),
    truth(RBAC, "members with their backfill", NEW, {}, "VENDOR_CREDITS"),
    truth(RBAC, "no member", GROWN, {}, "adds no member"),
    truth(CHAIN, "a new resource", NEW, {}, "vendor_credits"),
    truth(CHAIN, "one that grows", GROWN, {}, "vendor_credits"),
    Tick(ALL, "it ran", NEW, {}, DONE, RAN, ran=(("task all", 0),)),
    Tick(
        ALL, "it ran after it failed", GROWN, {}, DONE, RAN, ran=(("task all", 1), ("task all", 0))
    ),
    Tick(
        ALL,
        "it ran with uv, as is configured",
        NEW,
        configured('check-commands = ["task all", "uv run task all"]'),
        DONE,
        RAN,
        ran=(("uv run task all", 0),),
    ),
    Tick(
        ALL,
        "a change that was taken back",
        GROWN,
        {},
        DONE,
        RAN,
        ran=(("task all", 0), ("task lint", 1)),
    ),
    Tick(TEST, "it ran", NEW, {}, DONE, RAN, ran=(("task test", 0),)),
    Tick(
        TEST,
        "it ran, and an old resource has no test of its service",
        GROWN,
        {"tests/graphql/vendors/test_vendor_service.py": None},
        DONE,
        RAN,
        ran=(("task test", 0),),
        earlier={"tests/graphql/vendors/test_vendor_service.py": None},
    ),
    Tick(
        TEST,
        "it ran after task all failed",
        GROWN,
        {},
        DONE,
        RAN,
        ran=(("task all", 1), ("task test", 0)),
    ),
    truth(FINAL, "as it is", NEW, {}, PAGE),
    truth(FINAL, "other words", GROWN, {}, GROWN_PAGE),
    truth(NAV, "as it is", NEW, {}, PAGE),
    truth(NAV, "with a page of the roadmap", GROWN, {}, GROWN_PAGE),
    truth(VERSION, "1.2.0", NEW, {}, "1.2.0"),
    truth(VERSION, "1.3.0", GROWN, {}, "1.3.0"),
    truth(CHANGELOG, "as it is", NEW, {}, LOG),
    truth(CHANGELOG, "by theme", GROWN, {}, GROWN_LOG),
    Tick(AGAIN, "it ran with the new version", NEW, {}, DONE, RAN, ran=(("task all", 0),)),
    Tick(AGAIN, "it ran with the new version", GROWN, {}, DONE, RAN, ran=(("task all", 0),)),
]
TICKS = LIES + UNPROVEN_TICKS + TRUTHS
NAMES = [str(tick) for tick in TICKS]
assert sorted(set(NAMES)) == sorted(NAMES)


@dataclass
class Scene:
    """A branch on which several boxes are ticked, and what was told of it, once it was asked."""

    first: Tick
    edits: dict[str, Edit]
    boxes: set[str] = field(default_factory=set)
    told: dict[str, tuple[str, str, bool]] = field(default_factory=dict)

    def takes(self, tick: Tick) -> bool:
        """True where the tick can be told on the same branch, to the same end."""
        if _story(tick) != _story(self.first):
            return False
        if tick.edits == self.edits:
            return True
        is_plain = tick.state == self.first.state == OPEN and not tick.ran and not tick.steps
        return is_plain and not tick.edits.keys() & self.edits.keys() and tick.box not in self.boxes


def _story(tick: Tick) -> tuple[object, ...]:
    return (tick.world.name, tick.steps, tick.ran, tick.writes, tick.then, tick.earlier)


def _scenes() -> dict[str, Scene]:
    """The scene of each tick: a run for each would take a minute."""
    scenes: list[Scene] = []
    found = {}
    for tick in TICKS:
        scene = next((scene for scene in scenes if scene.takes(tick)), None)
        if scene is None:
            scene = Scene(tick, {})
            scenes.append(scene)
        scene.edits |= tick.edits
        scene.boxes.add(tick.box)
        found[str(tick)] = scene
    return found


SCENES = _scenes()


@pytest.fixture
def tell(
    project: Project,
    run: Run,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Scene], None]:
    """Commit the branch of a scene in its steps, run what it runs, and ask what is told of it."""
    # What `status` has judged, `pr-checklist` may know.
    monkeypatch.setenv(store.VARIABLE, str(tmp_path_factory.mktemp("cache")))

    def lay(scene: Scene) -> None:
        tick = scene.first
        _commit(project, tick, scene.edits)
        if tick.ran:
            lay_task(tmp_path_factory.mktemp("programs") / "bin", monkeypatch)
            monkeypatch.setenv("TASK_WRITES", tick.writes)
        for command, code in tick.ran:
            monkeypatch.setenv("TASK_CODE", str(code))
            assert run(SUITE, "run", "--", *command.split())[0] == code
        project.lay(edited({**_texts(tick.world.base), **tick.world.whole}, tick.then))
        _, out, _ = run(SUITE, "status", "--base", "main", "--format", "json")
        body = tmp_path_factory.mktemp("body") / "body.md"
        body.write_text("".join(f"- [x] {title}\n" for title in TITLES))
        _, refuted, _ = run("pr-checklist", "--base", "main", "--body", str(body))
        # A box of a command is called after the team's.
        for title, box in zip(TITLES, json.loads(out)["boxes"], strict=True):
            found = [f"{finding['rule']}: {finding['message']}" for finding in box["findings"]]
            told = "\n".join([*found, *box["facts"], *box["evidence"], box["reason"]])
            is_refuted = f"the box {box['box']!r} is ticked against" in refuted
            scene.told[title] = (box["state"], told, is_refuted)

    return lay


def _texts(files: Files) -> dict[str, str]:
    return {path: str(text) for path, text in files.items() if text is not None}


def _commit(project: Project, tick: Tick, edits: Mapping[str, Edit]) -> None:
    """Commit main as it was before, and the branch in its steps."""
    base = _texts(tick.world.base)
    project.lay({**base, **edited(base, tick.earlier)})
    project.git("commit", "-qm", "before")
    project.git("checkout", "-qb", "feature")
    project.lay({**tick.world.feature, **edited(tick.world.whole, edits)})
    if tick.steps:
        _in_steps(project, tick.steps)
    else:
        project.git("commit", "-qm", "feature")


def _in_steps(project: Project, steps: tuple[tuple[str, ...], ...]) -> None:
    """Commit the branch anew: the paths that start so, step by step, then the rest."""
    staged = project.git("diff", "--cached", "--name-only", "--no-renames").split()
    project.git("reset", "-q")
    for step in steps:
        project.git("add", "-A", "--", *(path for path in staged if path.startswith(step)))
        project.git("commit", "-qm", "step")
    project.git("add", "-A")
    project.git("commit", "-q", "--allow-empty", "-m", "last step")


@pytest.mark.parametrize("tick", TICKS, ids=NAMES)
def test_tick(tick: Tick, tell: Callable[[Scene], None]) -> None:
    scene = SCENES[str(tick)]
    if not scene.told:
        tell(scene)
    state, told, is_refuted = scene.told[tick.box]
    assert (state, tick.shows in told) == (tick.state, True), told
    assert is_refuted == (tick.state == OPEN)


def test_each_box_has_lies_and_truths() -> None:
    for title in TITLES:
        assert sum(tick.box == title for tick in LIES) >= 3, title
        assert sum(tick.box == title for tick in TRUTHS) >= 2, title
