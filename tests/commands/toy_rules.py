"""Rules that find nothing, for what is said of a rule."""

from __future__ import annotations

from typing import Any

from definition_of_done.engine.rule import FileSubject, RepositorySubject, Rule


def toy_rule(
    subject: FileSubject[None] | RepositorySubject[None], stages: tuple[str, ...] = (), **more: Any
) -> Rule:
    return Rule(
        id="some-rule",
        contract="1.1",
        summary="a | b is `a | b`, 2 * 3 * 4 and <x>",
        why="Because of <y> and `<z>`",
        subject=subject,
        stages=stages,
        **{"good": {}, "bad": {}, **more},
    )(lambda _: iter(()))


def of_files(suffix: str) -> FileSubject[None]:
    return FileSubject("x", suffix=suffix, concerns=lambda _, __: True, read=lambda _, __: None)


def of_tree(diff: bool | str = False) -> RepositorySubject[None]:
    return RepositorySubject("x", concerns=lambda _, __: True, read=lambda _: None, diff=diff)
