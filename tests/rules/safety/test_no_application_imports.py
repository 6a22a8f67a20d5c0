"""no-application-imports: what it finds, word for word, and what it leaves alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules.safety.deploys import FOLDER, found, helps, lay, migration, path_of

ID = "no-application-imports"
MODELS = """\
from enum import Enum

from sqlalchemy import Column, Integer, Table, types
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

LIMIT = 10


class Kind(Enum):
    A = "a"


class Money(types.TypeDecorator):
    impl = Integer


class Stamped:
    made_at: Mapped[int] = mapped_column()


class Vendor(Base):
    __tablename__ = "vendors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    mail: Mapped[str] = mapped_column()


class Owner(Base):
    __tablename__ = "owners"
    id: Mapped[int] = mapped_column(primary_key=True)


bills = Table("bills", Base.metadata, Column("id", Integer))
"""
SERVICE = '''\
"""Works on vendors."""
from sqlalchemy import select
from enum import Enum

BATCH = 100


class Order(Enum):
    UP = 1


class VendorService:
    pass


def merge(session):
    session.execute(select(1))
'''
CODE = {
    "app/__init__.py": "",
    "app/db.py": "from sqlalchemy.orm import DeclarativeBase\n\n\n"
    "class Base(DeclarativeBase):\n    pass\n",
    "app/models/__init__.py": "from .vendor import Vendor, Owner, bills\n",
    "app/models/vendor.py": MODELS,
    "app/models/all.py": "from app.models.vendor import *\n",
    "app/services/__init__.py": "",
    "app/services/vendors.py": SERVICE,
    "app/services/dates.py": "def start():\n    return 1\n",
    "app/vendor_service.py": SERVICE,
    "app/settings.py": "SCHEMA = 'x'\n",
    "app/types.py": "from sqlalchemy import types\n\n\n"
    "class GUID(types.TypeDecorator):\n    impl = types.CHAR\n",
    "app/text.py": "def slug(text):\n    return text\n\n\nclass TextRepository:\n    pass\n",
    "alembic/helpers.py": SERVICE,
    f"{FOLDER}/shared.py": SERVICE,
}
MESSAGE = "{} {} of {} is imported: once that moves on, the migration fails or does something else"
FILE = "app/models/vendor.py"
VENDOR = MESSAGE.format("model", "Vendor", FILE)
OWNER = MESSAGE.format("model", "Owner", FILE)
MERGE = MESSAGE.format("service", "merge", "app/services/vendors.py")
FOUND = {
    "model": ("from app.models.vendor import Vendor", [VENDOR]),
    "of_a_package": ("from app.models import Vendor", [VENDOR]),
    "by_a_star": ("from app.models.all import Vendor", [VENDOR]),
    "by_its_own_star": ("from app.models import *\n---\nVendor.name", [VENDOR]),
    "under_another_name": ("from app.models import Vendor as V", [VENDOR]),
    "two": ("from app.models import (\n    Vendor,\n    Owner,\n)", [OWNER, VENDOR]),
    "of_a_module": ("from app.models import vendor\n---\nvendor.Vendor.name", [VENDOR]),
    "of_a_whole_name": ("import app.models.vendor\n---\napp.models.vendor.Vendor.name", [VENDOR]),
    "core_table": (
        "from app.models import bills",
        [MESSAGE.format("model", "bills", FILE)],
    ),
    "inside": ("\n---\nfrom app.models import Vendor\nVendor.name", [VENDOR]),
    "service": ("from app.services.vendors import merge", [MERGE]),
    "service_of_a_module": ("from app.services import vendors\n---\nvendors.merge(1)", [MERGE]),
    "service_class_anywhere": (
        "from app.text import TextRepository",
        [MESSAGE.format("service", "TextRepository", "app/text.py")],
    ),
    "service_class": (
        "from app.vendor_service import VendorService",
        [MESSAGE.format("service", "VendorService", "app/vendor_service.py")],
    ),
}
LEFT_ALONE = {
    "type": "from app.types import GUID",
    "type_beside_models": "from app.models.vendor import Money",
    "enum_beside_models": "from app.models.vendor import Kind",
    "mixin": "from app.models.vendor import Stamped",
    "constant": "from app.models.vendor import LIMIT\nfrom app.services.vendors import BATCH",
    "enum_of_a_service": "from app.services.vendors import Order",
    "settings": "from app.settings import SCHEMA",
    "base": "from app.db import Base",
    "star_of_other_things": "from app.models import *\n---\nsa.text(op.f('x'))",
    "helper": "from app.text import slug",
    "helper_among_services": "from app.services.dates import start",
    "module_of_types": "import app.types\n---\napp.types.GUID()",
    "helpers_of_migrations": "from alembic.helpers import merge",
    "beside_it": "from .shared import merge",
    "for_types_alone": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
    "    from app.models import Vendor",
    "not_there": "from app.models import Nothing\nfrom app.nowhere import Vendor",
    "another_package": "from vendorlib import Vendor\nfrom vendorlib.services import merge",
    "in_a_string": "TEXT = 'from app.models import Vendor'",
    "written_down": "vendors = sa.table('vendors', sa.column('name'))",
}


def _bodies(rows: dict[str, str]) -> dict[str, str]:
    return {name: body if "---" in body else f"{body}\n---\npass" for name, body in rows.items()}


@pytest.mark.parametrize("folder", ["", "src/"])
def test_found(folder: str, project: Project, run: Run) -> None:
    project.lay({f"{folder if path[:4] == 'app/' else ''}{path}": CODE[path] for path in CODE})
    lay(project, _bodies({name: body for name, (body, _) in FOUND.items()}))
    expected = {
        name: [message.replace(" of app/", f" of {folder}app/") for message in messages]
        for name, (_, messages) in FOUND.items()
    }
    told = found(run, ID)
    assert {name: sorted(messages) for name, messages in told.items()} == expected


def test_left_alone(project: Project, run: Run) -> None:
    project.lay(CODE)
    lay(project, _bodies(LEFT_ALONE))
    assert found(run, ID) == {}


def test_whatever_the_database(project: Project, run: Run) -> None:
    project.lay(CODE)
    lay(project, _bodies({"model": "from app.models import Vendor"}), settings="")
    assert found(run, ID) == {"model": [VENDOR]}


def test_help_and_place(project: Project, run: Run) -> None:
    project.lay(CODE)
    rename = "op.execute(sa.update(Vendor).values(name=Vendor.mail))"
    lay(
        project,
        _bodies(
            {
                "model": f"from app.models import Vendor\n---\n{rename}",
                "service": "from app.services.vendors import merge",
            }
        ),
    )
    assert helps(run, ID) == {
        "model": 'write the table down: Vendor = sa.table("vendors", sa.column("name"),'
        ' sa.column("mail"))',
        "service": "write what it does into the migration with op.execute, or leave it to a script"
        " that is run after the deploy",
    }
    assert run(ID, path_of("model"))[1].startswith(f"{path_of('model')}:7:1: {ID}: model Vendor")


def test_verdict_that_is_kept(project: Project, run: Run, cache: object) -> None:
    project.lay(CODE)
    lay(project, _bodies({"model": "from app.models import Vendor"}))
    for text, expected in ((MODELS, {"model": [VENDOR]}), ("Vendor = 1\n", {})) * 2:
        project.lay({FILE: text})
        assert found(run, ID) == expected


def test_files_that_are_no_python(project: Project, run: Run) -> None:
    project.lay({**CODE, FILE: "class Vendor(:\n"})
    lay(project, _bodies({"model": "from app.models import Vendor"}))
    assert found(run, ID) == {}
    project.lay({path_of("broken"): migration("broken", "import app\n---\ndef (")})
    assert run(ID)[0] == 1
