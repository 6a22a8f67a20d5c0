"""The parser and the printer of graphql-core, without what it imports besides.

Execution, validation and asyncio take longer to import than everything that a hook does. Both
packages that lead to them are entered through stand-ins, which import what they are asked for.
"""

from __future__ import annotations

import ast
import sys
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_TOP = "graphql"
_BESIDE = "graphql.pyutils"


class _StandIn(ModuleType):
    """A package of which each name is imported, from where its own source says, when asked for."""

    def __init__(self, name: str, path: Sequence[str] | None) -> None:
        super().__init__(name)
        found = (finder.find_spec(name, path) for finder in sys.meta_path)
        spec = next((one for one in found if one), None)
        if spec is None or not spec.origin or not spec.submodule_search_locations:
            raise ImportError(name)
        self.__file__ = spec.origin
        self.__path__ = list(spec.submodule_search_locations)

    def __setattr__(self, name: str, value: object) -> None:
        # A module that is called as what it defines is not to hide that.
        if not isinstance(value, ModuleType):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> object:
        assert self.__file__
        with open(self.__file__, "rb") as stream:
            tree = ast.parse(stream.read())
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and name in [one.name for one in node.names]:
                place = f"{self.__name__}.{node.module}"
                value: object = getattr(__import__(place, fromlist=(name,)), name)
                setattr(self, name, value)
                return value
        raise AttributeError(name)


def _language() -> tuple[Any, Any, Any]:
    if _TOP in sys.modules:
        return _imported()
    try:
        top = sys.modules[_TOP] = _StandIn(_TOP, None)
        sys.modules[_BESIDE] = _StandIn(_BESIDE, top.__path__)
        return _imported()
    except (ImportError, AttributeError, OSError):
        # Another version may be made otherwise.
        _forget()
        return _imported()
    finally:
        if isinstance(sys.modules.get(_TOP), _StandIn):
            # Whoever imports the package in this process gets all of it.
            _forget()


def _imported() -> tuple[Any, Any, Any]:
    from graphql.error import GraphQLSyntaxError
    from graphql.language import parse, print_ast

    return GraphQLSyntaxError, parse, print_ast


def _forget() -> None:
    for name in [one for one in sys.modules if one.partition(".")[0] == _TOP]:
        del sys.modules[name]


SyntaxFault, parse, print_ast = _language()
