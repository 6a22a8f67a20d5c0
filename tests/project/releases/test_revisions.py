"""release_revisions: what a release holds, with Alembic's own graph as the oracle of the order."""

from __future__ import annotations

import pytest
from alembic.script.revision import Revision, RevisionMap
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.repository import Project

from definition_of_done.project.layout import is_changelog_page
from definition_of_done.project.migrations.ancestry.graph import read_history
from definition_of_done.project.releases.revisions import release_revisions
from definition_of_done.project.releases.versions import read_versions
from definition_of_done.project.settings import open_project as open_session

FOLDER = "alembic/versions"


def migrations(*chain: str) -> dict[str, str]:
    """Files for `child<parent`; parents are joined by `+`, and dependencies follow a `!`."""
    files = {}
    for link in chain:
        name, _, rest = link.partition("<")
        parents, _, depends = rest.partition("!")
        down = tuple(filter(None, parents.split("+")))
        files[f"{FOLDER}/{name}.py"] = (
            f"revision = {name!r}\ndown_revision = {down!r}\n"
            f"depends_on = {depends.split('+') if depends else None!r}\n"
        )
    return files


def pages(**listed: str) -> dict[str, str]:
    """Changelog pages `v1_2_0="a b"` that list revisions."""
    return {
        f"docs/changelog/{name[1:].replace('_', '.', 2).replace('_', '-')}.md": "## Migrations\n\n"
        + ("".join(f"- `{name}`\n" for name in names.split()) or "None\n")
        for name, names in listed.items()
    }


@pytest.mark.parametrize(
    ("chain", "listed", "version", "expected"),
    [
        (("a", "b<a", "c<b"), {"v1_0_0": "a", "v1_1_0": ""}, None, ["b", "c"]),
        (("a", "b<a", "c<b"), {"v1_0_0": "a", "v1_1_0": "b"}, "1.2.0", ["c"]),
        (("a", "b<a", "c<b"), {"v1_9_0": "a b", "v1_10_0": ""}, None, ["c"]),
        # What an older page left out came with its newest revision.
        (("a", "b<a", "c<b"), {"v1_0_0": "b", "v1_1_0": ""}, None, ["c"]),
        # A branch that was merged after the release, and the merge.
        (("a", "x<a", "y<a", "m<x+y"), {"v1_0_0": "x", "v1_1_0": ""}, None, ["y", "m"]),
        # No page lists any: the history before the changelog is not asked for.
        (("a", "b<a", "c<b"), {"v1_0_0": ""}, None, []),
        (("a", "b<a", "c<b"), {"v1_0_0": "b"}, None, ["b", "c"]),
        (("a", "b<a"), {}, None, []),
        # A dependency is above its dependent, as a parent is.
        (("a", "z<a", "b<a!z", "m<z+b"), {"v1_0_0": "a", "v1_1_0": ""}, None, ["z", "b", "m"]),
        # Two heads, an unknown parent, a circle, a computed name.
        (("a", "b<a", "c<a"), {"v1_0_0": "a"}, None, None),
        (("a", "b<gone"), {"v1_0_0": "a"}, None, None),
        (("a<b", "b<a"), {"v1_0_0": "a"}, None, None),
    ],
)
def test_release(
    chain: tuple[str, ...],
    listed: dict[str, str],
    version: str | None,
    expected: list[str] | None,
    project: Project,
) -> None:
    project.lay({**migrations(*chain), **pages(**listed)})
    project.git("commit", "-qm", "x")
    assert release_revisions(open_session(str(project.root)), version) == expected


def test_a_plain_word_is_told_where_it_leads_and_in_code_alone(project: Project) -> None:
    told = "## Migrations\n\n- what runs\n    - first and second: the tables\n- third comes later\n"
    chain = migrations("first", "second<first", "later<second", "last<later")
    project.lay({**chain, "docs/changelog/1.0.0.md": told, **pages(v1_1_0="")})
    project.git("commit", "-qm", "x")
    assert release_revisions(open_session(str(project.root))) == ["later", "last"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("docs/changelog/1.2.0.md", True),
        ("docs/changelog/1.2.0-rc.1.md", True),
        ("docs/changelog/1.2.0-rc.1", False),
        ("docs/changelog/1.2.md", False),
        ("docs/changelog/a.b.c.md", False),
        ("docs/1.2.0.md", False),
        ("docs/changelog/old/1.2.0.md", False),
        ("1.2.0.md", False),
    ],
)
def test_which_paths_are_pages(path: str, expected: bool, project: Project) -> None:
    assert is_changelog_page(open_session(str(project.root)), path) is expected


def test_since_without_a_page(project: Project) -> None:
    config = "[tool.definition-of-done]\nsince = 'b'\n"
    project.lay({**migrations("a", "b<a", "c<b"), "pyproject.toml": config})
    project.git("commit", "-qm", "x")
    assert release_revisions(open_session(str(project.root))) == ["c"]


def test_what_the_branch_adds_without_a_page(project: Project) -> None:
    project.lay(migrations("a", "b<a"))
    project.git("commit", "-qm", "x")
    project.git("checkout", "-qb", "feature")
    project.lay(migrations("c<b"))
    assert release_revisions(open_session(str(project.root))) == ["c"]


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, tuple[list[str], list[str]]]:
    """Parents and dependencies of revisions whose names say nothing about their order."""
    names = draw(st.permutations("abcdefgh"))[: draw(st.integers(1, 8))]
    graph: dict[str, tuple[list[str], list[str]]] = {}
    for at, name in enumerate(names):
        earlier = st.lists(st.sampled_from(names[:at] or [""]), unique=True, max_size=2)
        parents, depends = (draw(earlier) if at else [] for _ in range(2))
        graph[name] = parents, depends[:1]
    below = {parent for parents, _ in graph.values() for parent in parents}
    graph["z"] = [name for name in names if name not in below], []
    return graph


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=30)
@given(graph=graphs())
def test_the_order_is_one_that_alembic_walks(
    project: Project, graph: dict[str, tuple[list[str], list[str]]]
) -> None:
    for path in (project.root / FOLDER).glob("*.py"):
        path.unlink()
    project.lay(
        migrations(
            *(f"{name}<{'+'.join(down)}!{'+'.join(deps)}" for name, (down, deps) in graph.items())
        )
    )
    project.git("add", "--all")
    history = read_history(open_session(str(project.root)))
    assert history is not None
    ours = [str(node.revision) for node in history.order]
    revisions = RevisionMap(
        lambda: [
            Revision(name, tuple(down), dependencies=tuple(deps))
            for name, (down, deps) in graph.items()
        ]
    )
    walked = [revision.revision for revision in revisions.iterate_revisions("heads", "base")]
    assert sorted(ours) == sorted(walked)
    for name in ours:
        [revision] = revisions.get_revisions(name)
        above = revisions._get_ancestor_nodes([revision], include_dependencies=True)
        assert {revision.revision for revision in above} - {name} <= set(ours[: ours.index(name)])


@pytest.mark.parametrize(
    ("path", "text", "start", "end"),
    [
        ("app/version.py", '__version__ = "1.2.0"\n', (1, 15), (1, 22)),
        ("pyproject.toml", "[project]\nname = 'x'\nversion = '1.2.0'\n", (3, 11), (3, 18)),
    ],
)
def test_where_a_version_stands(
    path: str, text: str, start: tuple[int, int], end: tuple[int, int], project: Project
) -> None:
    project.lay({path: text})
    place = read_versions(open_session(str(project.root))).source
    assert place.path == path
    assert ((place.spot.line, place.spot.column), place.spot.end) == (start, end)
    assert place.version == "1.2.0"
