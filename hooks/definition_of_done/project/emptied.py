"""Files that are there, and hold nothing."""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.project.layout import MARKDOWN

# Code or configuration that holds nothing but this is empty.
_BLANK = regex(rb'(?:\s|#[^\n]*+|""".*?"""|' + rb"'''.*?''')*+", re.S)


def is_blank(path: str, data: bytes) -> bool:
    """True for a file that holds nothing, code but for comments and docstrings."""
    # A page has headings where code has comments.
    return not data.strip() if path.endswith(MARKDOWN) else bool(_BLANK.fullmatch(data))
