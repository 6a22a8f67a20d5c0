"""The links of each resource: those that it lacks, and those that are waived in vain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.words import listed
from definition_of_done.engine.session import Session
from definition_of_done.project.alembic import DEFAULT_FOLDER, version_folders
from definition_of_done.project.api.contents import may_hold
from definition_of_done.project.api.coverage import ResourceTests
from definition_of_done.project.api.declarations import OPERATIONS, Field
from definition_of_done.project.api.graphql import operation_of, read_code
from definition_of_done.project.api.plurals import Names, singular
from definition_of_done.project.api.resources import TESTS, new_test, read_layout
from definition_of_done.project.api.root_fields import ROOTS, Own, creates, read_root_fields
from definition_of_done.project.api.waivers import reason_spot
from definition_of_done.project.docs.pages import feature_paths
from definition_of_done.project.layout import RESOLVER
from definition_of_done.project.migrations.mapped.changed_models import recall_tables
from definition_of_done.project.migrations.shapes.filename_form import filename_form
from definition_of_done.project.migrations.tables.created_tables import read_created
from definition_of_done.project.page_names import filename_slug
from definition_of_done.project.releases.wanted import read_exportable, read_membership
from definition_of_done.project.without import links_left_out

_GRAPHQL = {name: singular(name) for name in ("types", "inputs", "queries", "mutations")}
# Each module with the path that the contract gives it.
_MODULES = {
    "models": "models/{}.py",
    "repositories": "repositories/{}_repository.py",
    "services": "services/{}_service.py",
    **{name: f"{name}.py" for name in _GRAPHQL},
}
# What a layer holds, where it has a file that holds nothing.
_HELD = {
    "models": "model class",
    "repositories": "repository with a public method",
    "services": "service with a public method",
    **_GRAPHQL,
}
_OPERATIONS = {
    **dict.fromkeys(("Query", "Queries"), "query"),
    **dict.fromkeys(("Mutation", "Mutations"), "mutation"),
}
_ASKED = {"list": "query that lists it", "export": "query or mutation to export it"}
# A link is excused where all the links that it needs are waived.
_NEEDED = {
    "repository-test": ("repositories",),
    "service-test": ("services",),
    "migration": ("models",),
    "resolver-test": ("queries", "mutations"),
    "list": ("queries",),
    **dict.fromkeys(ROOTS[1:], ("mutations",)),
}
# Such a model is of a view, or of a table that Alembic does not create.
_NO_TABLE = regex(rb"skip_autogenerate|is_view")
# Headings of level 2 are the contract's own sections, not a resource's name.
_HEADING = regex(r"^[ ]{0,3}(?:#|#{3,6})[ \t]+(.*)$", re.M)
_NAME = regex(r"\b[a-z]+[A-Z_]\w*")


class Link(NamedTuple):
    """A link of a resource: `name` as `waive` has it, `noun` as a sentence has it.

    `advice` is the way to add it. The branch has begun it where it brings the `begun` file, or the
    word of that file. `is_written` says that the code has it, and no export.
    """

    name: str
    is_there: bool
    noun: str = ""
    advice: str = ""
    begun: tuple[str, str] | None = None
    is_written: bool = False


class MissingLink(NamedTuple):
    """A link that a resource lacks; the branch has begun it where it brings what `begun` names."""

    folder: str
    resource: str
    link: Link
    begun: tuple[str, str]


class StaleWaiver(NamedTuple):
    """A link that is waived in vain.

    The resource has the link, or there is no such resource, as `is_resource` says.
    """

    spot: Spot
    resource: str
    link: str
    is_resource: bool


class Chains(NamedTuple):
    """The links that resources lack, and the waivers that are in vain."""

    missing: tuple[MissingLink, ...]
    stale: tuple[StaleWaiver, ...]


def read_chains(session: Session) -> Chains:
    """Read the links of all resources; raise Unreadable for a file that cannot be read."""
    files = read_layout(session)
    missing, stale = [], []
    home = session.config["resources"]
    waivers = session.config.tables.get("resources", {})
    left_out = links_left_out(session.config)
    for resource, link in _links(session, files):
        waived = waivers.get(resource, {})
        if link.name in left_out:
            continue
        needed = _NEEDED.get(link.name, ())
        is_excused = bool(needed) and all(name in waived for name in needed)
        if link.is_there and link.name in waived:
            stale.append((resource, link.name))
        elif not (link.is_there or link.name in waived or is_excused):
            folder = f"{home}/{resource}"
            begun = None if session.branch.begins(folder) else link.begun
            missing.append(MissingLink(folder, resource, link, begun or (folder, "")))
    for resource, waived in waivers.items():
        if resource not in files and not session.config.excludes(f"{home}/{resource}"):
            stale += [(resource, name) for name in waived]
    in_vain = (
        StaleWaiver(
            *(reason_spot(session, "resources", resource, "waive", name), resource, name),
            is_resource=resource in files,
        )
        for resource, name in stale
    )
    return Chains(tuple(missing), tuple(in_vain))


def _links(session: Session, files: dict[str, list[str]]) -> Iterator[tuple[str, Link]]:
    """Yield each link of each resource, as far as it can be seen."""
    if files:
        project = _Project(session, files)
        for resource in files:
            for link in project.links(resource):
                yield resource, link


class _Project:
    """The resources, and the files outside of their folders: tests, migrations, pages, exports."""

    def __init__(self, session: Session, files: dict[str, list[str]]) -> None:
        self._session = session
        self._files = files
        self._home = session.config["resources"]
        self._names = Names(files)
        self._own: dict[str, Own] = {}
        tests = ResourceTests(session, self._names, lambda name: self._own_code(name).operations)
        self._covered = tests.covered()
        self._described = self._read_pages()
        self._roots = read_root_fields(session)
        self._exportable = read_exportable(session, self._names) if self._roots else {}
        self._membership = read_membership(session, self._names)

    def links(self, resource: str) -> Iterator[Link]:
        """Yield each link of a resource that can be seen."""
        yield from self._modules(resource)
        yield from self._migration(resource)
        yield from self._tests(resource)
        if features := self._session.config["features"]:
            advice = f"create {features}/YYYY-MM-DD-{resource.replace('_', '-')}.md"
            is_there = resource in self._described
            yield Link("feature-page", is_there, "feature page that names it", advice)
        yield from self._root_fields(resource)
        if resource in self._membership:
            models = self._session.config["rbac-models"]
            advice = f"add it to {models}, or write None under RBAC of the page"
            is_there = self._membership[resource]
            yield Link("rbac", is_there, "member of Path and Resource", advice)

    def _tests(self, resource: str) -> Iterator[Link]:
        for link, layer in TESTS.items():
            noun = f"test of {'a' if layer == RESOLVER else 'its'} {layer}"
            is_covered = layer in self._covered.get(resource, ())
            path = new_test(self._session, resource, layer)
            is_known = path in self._session.tree.tracked_set
            advice = f"add it to {path}" if is_known else f"create {path}"
            yield Link(link, is_covered, noun, advice)

    def _modules(self, resource: str) -> Iterator[Link]:
        folder = f"{self._home}/{resource}"
        files = {
            path: path.removeprefix(f"{folder}/").removesuffix(".py").split("/")
            for path in self._files[resource]
        }
        for link, pattern in _MODULES.items():
            named = [path for path, parts in files.items() if {link, singular(link)} & set(parts)]
            read = self._session.tree.read
            is_there = any(may_hold(link, path, read(path)) for path in named)
            path = named[0] if named else f"{folder}/{pattern.format(singular(resource))}"
            noun = f"{_HELD[link]} in {path.removeprefix(f'{folder}/')}" if named else link
            advice = f"{'write it in' if named else 'create'} {path}"
            if stubs := [*self._stubs(resource, link)]:
                noun = f"code in its {_GRAPHQL[link]} {listed(stubs)}"
                yield Link(link, False, noun, f"write what {stubs[0]} does")
            else:
                yield Link(link, is_there or self._holds(resource, link), noun, advice)

    def _stubs(self, resource: str, link: str) -> Iterator[str]:
        """Yield the queries or mutations of a resource that are still to be written."""
        for path in self._files[resource] if link in ("queries", "mutations") else ():
            code = read_code(self._session, path)
            for declared in code.declarations:
                operation = operation_of(self._session, declared)
                if operation == _GRAPHQL[link] and not declared.is_base:
                    yield from (field.attribute for field in declared.fields if field.is_stub)

    def _holds(self, resource: str, link: str) -> bool:
        """True where a module of the resource holds GraphQL classes of a layer."""
        if link not in _GRAPHQL:
            return False
        return any(_GRAPHQL[link] in self._held(path) for path in self._files[resource])

    def _held(self, path: str) -> Iterator[str]:
        """Yield the operation of each GraphQL class of a module, else its kind."""
        code = read_code(self._session, path)
        for declared in code.declarations:
            is_type = declared.kind == "type"
            names = (name for name in _OPERATIONS if is_type and declared.label.endswith(name))
            operation = _OPERATIONS.get(next(names, ""), declared.kind)
            yield operation_of(self._session, declared) or operation
        yield from (loose.kind for loose in code.loose)

    def _migration(self, resource: str) -> Iterator[Link]:
        created, tables = read_created(self._session), self._tables(resource)
        if created is None or not tables:
            return
        lost = [name for name in tables if not created.may_have(name)]
        if not lost:
            yield Link("migration", True)
            return
        noun = f"migration that creates the table{'s' if len(lost) > 1 else ''} {listed(lost)}"
        versions = version_folders(self._session).folders
        folder = versions[0] if versions else DEFAULT_FOLDER
        title = f"add_{lost[0]}"
        name = filename_form(self._session, f"{folder}/").new_name("<revision>", title, None)
        advice = f"create {folder}/{name}" if name else f"create a migration {title} in {folder}"
        yield Link("migration", False, noun, advice, (tables[lost[0]], lost[0]))

    def _root_fields(self, resource: str) -> Iterator[Link]:
        if self._roots is None:
            return
        exports = self._session.config["schema-exports"]
        paths = " or ".join(filter(self._session.tree.exists, exports))
        own = self._own_code(resource) if self._roots else Own()
        page = self._exportable.get(resource)
        for link in (*ROOTS, "export") if page else ROOTS:
            fields = [field for field in self._roots if field.does(link)]
            is_there = any(field.is_for(resource, self._names, own) for field in fields)
            noun = _ASKED.get(link, f"mutation to {link} it")
            begun = None
            if page and link == "export":
                noun += f", which {page} has in scope,"
                begun = page, ""
            module = "mutations" if link in ROOTS[1:] else "queries"
            is_written = not is_there and own.does(link)
            asked = "mount it" if is_written else f"add it to {self._home}/{resource}/{module}.py"
            advice = f"{asked} and export the schema again"
            yield Link(link, is_there, f"{noun} in {paths}", advice, begun, is_written)

    def _tables(self, resource: str) -> dict[str, str]:
        """The tables that the models of a resource declare, each with its file."""
        return {
            table.name: path
            for path in self._files[resource]
            if not _NO_TABLE.search(self._session.tree.read(path))
            for table in recall_tables(self._session, path, self._session.tree.read(path))
            if not table.is_mixin
        }

    def _read_pages(self) -> set[str]:
        """Read which resources a feature page describes.

        Many pages only mention a resource. A page describes it where its filename or a heading
        names the resource, where it lists files of two of its layers, or where it names the
        mutation that creates it.
        """
        found: set[str] = set()
        for path in feature_paths(self._session):
            text = self._session.tree.text(path).text
            for line in (filename_slug(path), *_HEADING.findall(text)):
                found |= self._names.of(line)
            for name in filter(creates, set(_NAME.findall(text))):
                found |= self._names.of(name)
            for resource in self._files:
                below = rf"{re.escape(self._home)}/{re.escape(resource)}/(\w+)"
                if len(set(re.findall(below, text))) > 1:
                    found.add(resource)
        return found

    def _own_code(self, resource: str) -> Own:
        if resource not in self._own:
            self._own[resource] = self._read_own(resource)
        return self._own[resource]

    def _read_own(self, resource: str) -> Own:
        types: list[str] = []
        fields: list[tuple[str | None, Field]] = []
        for path in self._files[resource]:
            code = read_code(self._session, path)
            for declared in code.declarations:
                operation = operation_of(self._session, declared)
                if operation in OPERATIONS:
                    fields += [(operation, field) for field in declared.fields]
                elif declared.name:
                    types.append(declared.name)
            fields += [(field.kind, field) for field in code.loose]
        named = [(kind, name) for kind, field in fields for name in (field.name, field.attribute)]
        mutations = frozenset(name for kind, name in named if kind == "mutation")
        return Own(frozenset(types), frozenset(name for _, name in named), mutations)
