"""The services and methods that a module exposes."""

from __future__ import annotations

import pytest

from definition_of_done.project.api.services import read_services


@pytest.mark.parametrize(
    ("source", "exposed"),
    [
        (
            "class VendorService:\n"
            "    def __init__(self): ...\n"
            "    def list_all(self): ...\n"
            "    async def create(self): ...\n"
            "    @staticmethod\n    def check(): ...\n"
            "    @property\n    def session(self): ...\n"
            "    def _private(self): ...\n"
            "    @overload\n    def get(self): ...\n"
            "    def get(self): ...\n"
            "def helper(): ...\n",
            {"VendorService": ["list_all", "create", "check", "get"]},
        ),
        (
            "def list_all(): ...\nasync def create(): ...\ndef _x(): ...\n",
            {"": ["list_all", "create"]},
        ),
        ("class NotFound(Exception):\n    def text(self): ...\n", {}),
        ("class NotFound(errors.AppError):\n    def text(self): ...\ndef f(): ...\n", {}),
        ("@dataclass\nclass Row:\n    def total(self): ...\n", {}),
        ("class Kind(str, enum.Enum):\n    def label(self): ...\n", {}),
        ("class Filter(pydantic.BaseModel):\n    def clean(self): ...\n", {}),
        (
            "class _Base:\n    def f(self): ...\nclass A(_Base):\n    def g(self): ...\n",
            {"A": ["g"]},
        ),
        ("class Empty: ...\n", {}),
        ("", {}),
    ],
)
def test_exposed(source: str, exposed: dict[str, list[str]]) -> None:
    found = read_services("app/x.py", source.encode())
    assert {
        service.name: [method.name for method in service.methods] for service in found
    } == exposed


def test_functions_stand_where_the_first_of_them_is() -> None:
    source = b"def _x(): ...\n\n\ndef first(): ...\ndef second(): ...\n"
    (service,) = read_services("app/x.py", source)
    assert (service.spot.key, service.name) == (("app/x.py", 4, 1), "")
