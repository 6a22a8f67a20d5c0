"""alembic-revision-slug: exact findings, and what it must leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

PATH = "alembic/versions/20260524_add_vendor_credits.py"
HELP = "    help: name what the migration does, e.g. revision = 'add_vendor_credits'\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1\n", "1:1: the migration has no revision"),
        ("revision: str\n", "1:1: the migration has no revision"),
        ("revision = 'a'\ndel revision\n", "1:1: the migration has no revision"),
        ("revision = None\n", "1:12: revision is not a string literal"),
        ("revision = make()\n", "1:12: revision is not a string literal"),
        ("revision = f'add_x'\n", "1:12: revision is not a string literal"),
        ("revision = 'add_x'\nrevision += 'y'\n", "2:1: revision is not a string literal"),
        ("revision = '3f2a91bc04de'\n", "1:12: revision '3f2a91bc04de' is a hash, not a slug"),
        ("revision = 'AE1027A6ACF'\n", "1:12: revision 'AE1027A6ACF' is a hash, not a slug"),
        ("revision = 'deadbeefcafe'\n", "1:12: revision 'deadbeefcafe' is a hash, not a slug"),
        ("revision = 'b1c2d3e4f5g6'\n", "1:12: revision 'b1c2d3e4f5g6' is a hash, not a slug"),
        ("revision = 'akl592fe692n'\n", "1:12: revision 'akl592fe692n' is a hash, not a slug"),
        ("revision = 'abc12def34gh'\n", "1:12: revision 'abc12def34gh' is a hash, not a slug"),
        ("revision = '1a2b3c4d'\n", "1:12: revision '1a2b3c4d' is a hash, not a slug"),
        (
            "revision = '0b2e4f0a-1c3d-4e5f-8a9b-0c1d2e3f4a5b'\n",
            "1:12: revision '0b2e4f0a-1c3d-4e5f-8a9b-0c1d2e3f4a5b' is a hash, not a slug",
        ),
        (
            "revision = 'AddCredits'\n",
            "1:12: revision 'AddCredits' is not snake_case starting with a letter",
        ),
        (
            "revision = '2024_add'\n",
            "1:12: revision '2024_add' is not snake_case starting with a letter",
        ),
        (
            "revision = 'add__x'\n",
            "1:12: revision 'add__x' is not snake_case starting with a letter",
        ),
        ("revision = 'base'\n", "1:12: revision 'base' is a symbol of Alembic's own"),
        ("revision = 'head'\n", "1:12: revision 'head' is a symbol of Alembic's own"),
        ("revision = 'heads'\n", "1:12: revision 'heads' is a symbol of Alembic's own"),
        ("revision = ''\n", "1:12: revision '' is not snake_case starting with a letter"),
        (
            "# é\nx = 'é'; revision = 'add-x'\n",
            "2:21: revision 'add-x' is not snake_case starting with a letter",
        ),
        (
            f"revision = '{'x' * 33}'\n",
            f"1:12: revision '{'x' * 33}' has 33 characters, at most 32 fit:"
            " PostgreSQL's alembic_version.version_num is VARCHAR(32)",
        ),
    ],
)
def test_finding(source: str, expected: str, project: Project, run: Run) -> None:
    project.lay({PATH: source})
    place, _, message = expected.partition(": ")
    code, out, err = run("alembic-revision-slug", PATH)
    assert out == (f"{PATH}:{place}: alembic-revision-slug: {message}\n{HELP}1 finding in 1 file\n")
    assert (code, err) == (1, "")


@pytest.mark.parametrize(
    "source",
    [
        "revision = 'add_vendor_credits'\n",
        "revision: str = 'initial'\n",
        "revision = ('add_x')\n",
        "a = revision = 'add_x'\n",
        "revision = 'add' '_x'\n",
        "revision, down_revision = 'add_x', 'y'\n",
        "revision = '3f2a91bc04de'\nrevision = 'add_x'\n",
        "revision = 'add_oauth2_tokens'\n",
        "revision = 'facade'\n",
        "revision = 'heading'\n",
        "revision = 'current'\n",
        "revision = 'v2api3'\n",
        "revision = 'abcd12efgh34'\n",
        "revision = 'abc12def3ghi'\n",
        "revision = 'abc12def34g'\n",
        f"revision = '{'x' * 32}'\n",
        "# -*- coding: latin-1 -*-\nrevision = 'add_x'  # caf\u00e9\n",
        "\ufeffrevision = 'add_x'\n",
        "revision = 'add_x'\r\n",
    ],
)
def test_left_alone(source: str, project: Project, run: Run) -> None:
    encoding = "latin-1" if "latin-1" in source else "utf-8"
    project.lay({PATH: source.encode(encoding)})
    assert run("alembic-revision-slug", PATH) == (0, "no findings (1 file judged)\n", "")


def test_longest_revision_is_a_setting(project: Project, run: Run) -> None:
    project.lay({PATH: f"revision = '{'x' * 40}'\n"})
    assert run("alembic-revision-slug", "--revision-max-length", "40", PATH)[0] == 0
    assert run("alembic-revision-slug", "--revision-max-length=39", PATH)[0] == 1


RECURSIVE = "[alembic]\nscript_location = alembic\nrecursive_version_locations = {}\n"


def test_a_folder_that_alembic_ini_does_not_spell(project: Project, run: Run) -> None:
    ini = "[DEFAULT]\na = re\nb = vs\n[alembic]\nversion_locations = %(a)s%(b)s\n"
    project.lay({"alembic.ini": ini, "revs/x.py": "revision = 'A'\n"})
    assert run("alembic-revision-slug", "revs/x.py")[0] == 1


@pytest.mark.parametrize(
    ("path", "flag", "is_judged"),
    [
        ("alembic/versions/2026/a.py", "true", True),
        ("alembic/versions/2026/05/a.py", "true", True),
        ("alembic/versions/2026/a.py", "false", False),
        ("alembic/versions/2026/__init__.py", "true", False),
        ("alembic/versions/2026/.#a.py", "true", False),
        ("alembic/versions/__pycache__/a.py", "true", False),
        ("alembic/other/a.py", "true", False),
    ],
)
def test_folders_in_the_versions_folder(
    path: str, flag: str, is_judged: bool, project: Project, run: Run
) -> None:
    project.lay({"alembic.ini": RECURSIVE.format(flag), path: "x = 1\n"})
    code, out, err = run("alembic-revision-slug", path)
    assert (code, err) == (int(is_judged), "")
    assert out.startswith(f"{path}:1:1: " if is_judged else "no findings (0 files judged)")
