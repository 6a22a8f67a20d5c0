"""GraphQL documents, as far as their names: without a parser, which costs a start of Python."""

import re

_TOKEN = re.compile(
    r'"""(?:\\"""|[^"]|"(?!""))*(?:"""|\Z)|"(?:\\.|[^"\\\n])*"?|#[^\n]*|([_A-Za-z][_0-9A-Za-z]*)'
)


def read_names(source: str) -> set[str]:
    """Every name and keyword of a document, those in descriptions and comments left out."""
    return {found[1] for found in _TOKEN.finditer(source) if found[1]}
