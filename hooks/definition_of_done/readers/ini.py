"""INI files such as setup.cfg: an option of a section, and the place of its value."""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.text import Text

_SECTION = regex(r"^\[([^\]\r\n]*)\]", re.M)


class Option(NamedTuple):
    """The value of an option; `span` holds its offsets."""

    value: str
    span: tuple[int, int]


def locate_option(text: Text, section: str, name: str) -> Option | None:
    """Find an option that stands on one line; the last one counts. None where there is none."""
    headers = list(_SECTION.finditer(text.text))
    found = None
    for at, header in enumerate(headers):
        if header[1].strip() != section:
            continue
        end = headers[at + 1].start() if at + 1 < len(headers) else len(text.text)
        line = rf"^{re.escape(name)}[ \t]*[=:]([^\r\n]+)"
        for option in re.compile(line, re.M | re.I).finditer(text.text, header.end(), end):
            value = option[1].strip()
            start = option.start(1) + option[1].find(value)
            found = Option(value, (start, start + len(value)))
    return found if found and found.value else None
