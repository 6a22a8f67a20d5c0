"""YAML as PyYAML's nodes, which have positions."""

import yaml

from definition_of_done.engine.errors import Unreadable
from definition_of_done.engine.text import Text


def compose(text: Text) -> yaml.Node | None:
    """The root of a document, None of an empty one; raises Unreadable where it is not YAML."""
    try:
        # The loader in C overflows its stack on deep nesting; this one raises RecursionError.
        root: yaml.Node | None = yaml.compose(text.text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        message = f"not YAML: {problem}"
        raise Unreadable(message, line, column, path=text.path) from None
    except RecursionError:
        raise Unreadable("not YAML: nested too deeply", path=text.path) from None
    return root
