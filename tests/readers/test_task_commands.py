"""The commands of a Taskfile, as they are kept for later runs."""

from __future__ import annotations

import json

from definition_of_done.base.text import Text
from definition_of_done.readers.task_commands import PACKING, Unfollowed
from definition_of_done.readers.taskfile import read_commands

SOURCE = """\
vars: {A: b}
tasks:
  x: echo {{.A}} {{.B}}
  y: {dir: in, cmds: [one, {cmd: two}]}
"""


def test_commands_that_are_kept_are_the_same() -> None:
    found = read_commands("Taskfile.yml", lambda _: Text("Taskfile.yml", SOURCE))
    assert len(found) == 3
    found.append(Unfollowed(found[0].spot))
    pack, unpack = PACKING
    assert unpack("Taskfile.yml", b"", json.loads(json.dumps(pack(found)))) == found
