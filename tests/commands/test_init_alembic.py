"""`init --alembic`: what it writes, and that real Alembic then writes the contract's form."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from textwrap import indent

import alembic
import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from hypothesis import given
from hypothesis import strategies as st
from mako.template import Template  # type: ignore[import-untyped]
from tests.repository import Files, Project, Run

from definition_of_done.project.migrations.files import slugs
from definition_of_done.project.migrations.shapes.revision_template import TEMPLATE, is_alembics_own

SUITE = "definition-of-done"
MAKO = "alembic/script.py.mako"
STOCK = Path(alembic.__file__).parent / "templates"
SETTINGS = """\
file_template = %%(year)d%%(month).2d%%(day).2d_%%(slug)s
truncate_slug_length = 32
"""
OPTIONS = (
    "check --fix --select no-autogenerate-noise --select alembic-header-sync"
    " REVISION_SCRIPT_FILENAME"
)
HOOKS = f"""\
[post_write_hooks]
hooks = definition_of_done
definition_of_done.type = exec
definition_of_done.executable = definition-of-done
definition_of_done.options = {OPTIONS}
"""
INI = "[alembic]\nscript_location = alembic\nprepend_sys_path = .\npath_separator = os\n"
FOUND = f"{INI}sqlalchemy.url = sqlite:///dev.db\n"
# What `init --alembic` makes of it.
FORM = FOUND.replace("[alembic]\n", f"[alembic]\n{SETTINGS}") + f"\n{HOOKS}"
BLACK = "[post_write_hooks]\nhooks: black \nblack.type = exec\n"
TOML = """\
file_template = "%%(year)d%%(month).2d%%(day).2d_%%(slug)s"
truncate_slug_length = 32
"""
TOML_HOOK = f"""
[[tool.alembic.post_write_hooks]]
name = "definition_of_done"
type = "exec"
executable = "definition-of-done"
options = "{OPTIONS}"
"""
ENV = """\
import sqlalchemy as sa
from alembic import context

metadata = sa.MetaData()
columns = [sa.Column("id", sa.Integer, primary_key=True, comment="counts the vendors")]
sa.Table("vendors", metadata, *columns)
with sa.create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
"""
BODY = [
    ("downgrade-not-pass", "upgrade does nothing"),
    ("downgrade-not-pass", "downgrade does nothing"),
]


@pytest.fixture
def stock(project: Project) -> Project:
    """A project that `alembic init` has set up, and that has adopted the hooks."""
    hooks = "repos:\n- repo: local\n  hooks:\n  - id: definition-of-done\n"
    project.lay({
        "alembic.ini": FOUND,
        "alembic/env.py": ENV,
        MAKO: (STOCK / "generic/script.py.mako").read_bytes(),
        "alembic/versions/.keep": "",
        "pyproject.toml": f"[tool.{SUITE}]\n",
        ".pre-commit-config.yaml": hooks,
    })  # fmt: skip
    project.git("commit", "-qm", "base")
    return project


@pytest.fixture
def written(stock: Project) -> Config:
    """Alembic's configuration with the contract's form, but for the hook, which takes a second."""
    stock.lay({MAKO: TEMPLATE, "alembic.ini": FOUND.replace(INI, INI + SETTINGS)})
    return Config("alembic.ini", cmd_opts=argparse.Namespace(quiet=True))


def rules(project: Project, run: Run) -> list[tuple[str, str]]:
    """What the rules find of the migrations, but for what needs a plan."""
    project.git("add", "--all")
    found = json.loads(run(SUITE, "check", "--format", "json")[1])["findings"]
    return [
        (finding["rule"], finding["message"])
        for finding in found
        if finding["path"].startswith("alembic/") and not finding["rule"].startswith("plan-")
    ]


def names(project: Project) -> list[str]:
    return sorted(path.stem[9:] for path in (project.root / "alembic/versions").glob("*.py"))


def test_alembic_writes_what_passes(
    stock: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = f"written: {MAKO}\nwritten: alembic.ini\n"
    done = f"{out}set up: look at the changes, then git add them\n"
    assert run(SUITE, "init", "--alembic") == (0, done, "")
    assert (stock.root / MAKO).read_text() == TEMPLATE
    ini = (stock.root / "alembic.ini").read_text()
    assert ini == FORM
    code, out, err = run(SUITE, "init", "--alembic")
    assert (code, out.partition(":")[0], err) == (0, "nothing to do", "")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    argv = ["alembic", "revision", "--autogenerate", "-m", "add vendors"]
    subprocess.run(argv, check=True, capture_output=True)
    (path,) = (stock.root / "alembic/versions").glob("*_add_vendors.py")
    text = path.read_text()
    assert text.startswith('"""add vendors\n\nRevision ID: add_vendors\nRevises:\nCreate Date: 20')
    assert "###" not in text
    assert "op.drop_table('vendors')\n" in text
    assert rules(stock, run) == []


@pytest.mark.parametrize(
    ("message", "revision", "name", "more"),
    [
        ("add vendor credits", "add_vendor_credits", "add_vendor_credits", []),
        ("Add unit cost snapshot to invoice details", "add_unit_cost_snapshot_to", None, []),
        ('Drop "old" \\vendors\' "', "drop_old_vendors", "drop_old_vendors", []),
        ("${x} <% %> \\", "x", "x", []),
        ("add limits\n\nbecause of x", "add_limits", "add_limits_because_of_x", []),
        ("add limits\n\nbecause of x, y and many others", "add_limits", None, []),
        ("W" * 40, "w" * 32, None, []),
        ("2 more vendors", "more_vendors", "2_more_vendors", []),
        (
            "add caf\xe9s",
            "add_cafes",
            "add_caf\xe9s",
            [("alembic-filename", "filename '{}' is not YYYYMMDD_<snake_case>.py")],
        ),
    ],
)
def test_any_message(
    message: str,
    revision: str,
    name: str | None,
    more: list[tuple[str, str]],
    written: Config,
    project: Project,
    run: Run,
) -> None:
    command.revision(written, message)
    (path,) = (project.root / "alembic/versions").glob("*.py")
    assert f"\nrevision: str = {revision!r}\n" in path.read_text()
    assert name is None or path.stem[9:] == name
    found = [(rule, said.format(path.name)) for rule, said in more]
    assert sorted(rules(project, run)) == sorted([*BODY, *found])


def test_no_message_is_no_form(written: Config, project: Project, run: Run) -> None:
    command.revision(written)
    found = [rule for rule, _ in rules(project, run)]
    assert {*found} == {
        *("alembic-filename", "alembic-revision-slug", "no-autogenerate-noise"),
        "downgrade-not-pass",
    }


def test_lines_labels_and_merges(written: Config, project: Project, run: Run) -> None:
    command.revision(written, "add vendors", rev_id="vendors_first")
    command.revision(written, "add credits")
    command.revision(written, "add limits", head="vendors_first", splice=True)
    command.merge(written, "heads", message="join credits and limits")
    assert rules(project, run) == 3 * BODY
    labelled = command.revision(
        written, "add billing", head="base", branch_label="billing", depends_on="add_limits"
    )
    assert not isinstance(labelled, list)
    assert labelled
    assert labelled.branch_labels == {"billing"}
    # A revision that opens a labelled branch may be empty.
    assert rules(project, run) == 3 * BODY
    text = (project.root / "alembic/versions").glob("*_join_credits_and_limits.py")
    merge = next(text).read_text()
    # Alembic sorts the heads as it likes.
    assert "\nRevises: add_" in merge
    assert "\ndown_revision: str | Sequence[str] | None = ('add_" in merge


def test_a_revision_that_stands_is_not_written_over(
    written: Config, project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    command.revision(written, "add vendors")
    (path,) = (project.root / "alembic/versions").glob("*.py")
    path.write_text(f"{path.read_text()}# mine\n")
    with pytest.raises(CommandError):
        command.revision(written, "add vendors")
    said = "revision 'add_vendors' stands already: give another message\n"
    assert said in capfd.readouterr().err
    assert path.read_text().endswith("# mine\n")
    assert names(project) == ["add_vendors"]


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("aB1 _'\u2019\xe9"), max_size=60))
def test_the_slug_is_that_of_new_migration(message: str) -> None:
    made = _MODULE.slug(message)
    assert made == slugs.slug(message, 32)


_MODULE = Template(TEMPLATE).module


@pytest.mark.parametrize("name", ["generic", "async", "pyproject", "multidb"])
def test_what_alembic_wrote_is_known(name: str) -> None:
    text = (STOCK / name / "script.py.mako").read_text()
    assert (
        is_alembics_own(text) == is_alembics_own(text.replace("\n", "\r\n")) == (name != "multidb")
    )
    assert not is_alembics_own(text + "# ours\n")


@pytest.mark.parametrize(
    ("files", "left", "after"),
    [
        (
            {MAKO: "# ours\n"},
            f"{MAKO} is the team's own, and stays: make the revision a slug in it",
            {MAKO: "# ours\n"},
        ),
        (
            {"alembic.ini": f"{FOUND}file_template = %%(rev)s\n{HOOKS}"},
            "alembic.ini sets file_template already, and it stays: the contract's is"
            " %%(year)d%%(month).2d%%(day).2d_%%(slug)s",
            {
                "alembic.ini": FOUND.replace("]\n", "]\ntruncate_slug_length = 32\n")
                + f"file_template = %%(rev)s\n{HOOKS}"
            },
        ),
        (
            {"alembic.ini": f"{FOUND}{SETTINGS}{BLACK}"},
            None,
            {
                "alembic.ini": f"{FOUND}{SETTINGS}[post_write_hooks]\n"
                + HOOKS.partition("\n")[2].partition("\n")[2]
                + "hooks: black, definition_of_done \nblack.type = exec\n"
            },
        ),
        (
            {"alembic.ini": f"{FOUND}{SETTINGS}[post_write_hooks]\nhooks =\n  black\n"},
            "alembic.ini cannot be edited with certainty: set file_template, truncate_slug_length"
            " and post_write_hooks as the docs of definition-of-done show",
            {"alembic.ini": f"{FOUND}{SETTINGS}[post_write_hooks]\nhooks =\n  black\n"},
        ),
        (
            {"alembic.ini": FOUND.replace("\n", "\r\n")},
            None,
            {
                "alembic.ini": (
                    FORM
                ).replace("\n", "\r\n")
            },
        ),
    ],
)  # fmt: skip
def test_what_the_team_changed_stays(
    files: Files, left: str | None, after: Files, stock: Project, run: Run
) -> None:
    stock.lay({MAKO: TEMPLATE, **files})
    code, out, err = run(SUITE, "init", "--alembic")
    assert (code, err) == (0, "")
    assert [line for line in out.splitlines() if "by hand" in line] == (
        [f"by hand: {left}"] if left else []
    )
    for path, text in after.items():
        assert isinstance(text, str)
        assert (stock.root / path).read_bytes() == text.encode()


def test_pyproject(stock: Project, run: Run) -> None:
    ours = f"[tool.{SUITE}]\n\n[tool.alembic]  # here\nscript_location = 'alembic'\n"
    hook = '\n[[tool.alembic.post_write_hooks]]\nname = "black"\ntype = "exec"\n'
    end = "\n[tool.x]\ny = 1\n"
    ini = "[alembic]\nsqlalchemy.url = sqlite:///dev.db\n"
    stock.lay({"pyproject.toml": ours + hook + end, "alembic.ini": ini})
    assert run(SUITE, "init", "--alembic", "--dry-run")[0] == 0
    assert (stock.root / MAKO).read_text() != TEMPLATE
    assert run(SUITE, "init", "--alembic")[0] == 0
    text = (stock.root / "pyproject.toml").read_text()
    assert text == ours.replace("# here\n", f"# here\n{TOML}") + hook + end + TOML_HOOK
    assert (stock.root / "alembic.ini").read_text() == ini
    assert (stock.root / MAKO).read_text() == TEMPLATE
    written = Config("alembic.ini", toml_file="pyproject.toml")
    assert [hook["_hook_name"] for hook in written.get_hooks_list()] == [
        "black",
        "definition_of_done",
    ]
    (stock.root / "pyproject.toml").write_text(
        text.replace(hook, "").rpartition("\n[[tool.alembic")[0]
    )
    command.revision(Config("alembic.ini", toml_file="pyproject.toml"), "add vendors")
    assert names(stock) == ["add_vendors"]


def test_it_is_offered_and_goes_along_with_the_rest(stock: Project, run: Run) -> None:
    stock.lay(
        {"pyproject.toml": "[tool.alembic]\nscript_location = 'alembic'\n", "alembic.ini": None}
    )
    offer = "`alembic revision` can write the contract's form: definition-of-done init --alembic\n"
    assert run(SUITE, "init", "--dry-run")[1].endswith(offer)
    code, out, _ = run(SUITE, "init", "--alembic")
    assert code == 0
    assert offer not in out
    document = tomllib.loads((stock.root / "pyproject.toml").read_text())["tool"]
    assert document["alembic"]["truncate_slug_length"] == 32
    assert document[SUITE]["features"] == ""


def test_the_docs_show_the_lines() -> None:
    page = (Path(__file__).parents[2] / "docs/migrations.md").read_text()
    assert indent(f"[alembic]\n{SETTINGS}\n{HOOKS}", "    ") in page


@pytest.mark.parametrize(
    ("ini", "location"),
    [
        # Flask-Migrate sets the folder itself.
        ("alembic/alembic.ini", ""),
        # Alembic is run at the top, as `alembic -c conf/alembic.ini`.
        ("conf/alembic.ini", "script_location = alembic\n"),
    ],
)
def test_a_configuration_in_a_folder(ini: str, location: str, stock: Project, run: Run) -> None:
    stock.lay({"alembic.ini": None, ini: f"[alembic]\n{location}", MAKO: None})
    stock.git("commit", "-qam", "moved")
    code, out, _ = run(SUITE, "init", "--alembic")
    assert (code, f"written: {MAKO}\n" in out, f"written: {ini}\n" in out) == (0, True, True)
    assert (stock.root / MAKO).read_text() == TEMPLATE
    assert "\ntruncate_slug_length = 32\n" in (stock.root / ini).read_text()
    config = Config(ini, cmd_opts=argparse.Namespace(quiet=True))
    config.set_main_option("script_location", "alembic")
    config.set_section_option("post_write_hooks", "hooks", "")
    command.revision(config, "add vendors")
    assert names(stock) == ["add_vendors"]


def test_refused_without_alembic(project: Project, run: Run) -> None:
    error = "alembic.ini names no script_location in the project: run alembic init first"
    assert run(SUITE, "init", "--alembic") == (2, "", f"{SUITE}: error: {error}\n")
    assert project.git("status", "--porcelain") == ""
