"""The script.py.mako with which `alembic revision` itself writes the contract's form."""

from __future__ import annotations

from hashlib import sha256

# Mako gives `context`, Alembic the rest. The slug is that of slugs.py.
TEMPLATE = '''\
<%!
# The revision is a slug of the message, unless --rev-id gives one: `definition-of-done init`.
import re
import sys
import unicodedata

from alembic.script import ScriptDirectory


def slug(message):
    plain = unicodedata.normalize("NFKD", re.sub("['\\u2019]", "", message)).casefold()
    letters = "".join(char for char in plain if char.isascii() or char.isspace())
    words = re.findall("[a-z0-9]+", letters)
    while words and words[0][0].isdigit():
        del words[0]
    result = "".join(words[:1])[:32]
    for word in words[1:]:
        if len(result) + len(word) > 31:
            break
        result += "_" + word
    return result


def revision_of(message, given, config):
    is_random = re.fullmatch("[0-9a-f]{12}", given) and message != "empty message"
    revision = is_random and slug(message.partition("\\n")[0]) or given
    scripts = ScriptDirectory.from_config(config).walk_revisions() if config else ()
    if revision in [script.revision for script in scripts]:
        # A file of the same day and name would be written over.
        sys.stderr.write(f"revision {revision!r} stands already: give another message\\n")
        raise ValueError(revision)
    return revision
%>\\
<%
text = message.strip().replace("\\\\", "\\\\\\\\").replace('"', "'")
revision = revision_of(message.strip(), up_revision, context.get("config"))
parents = comma(down_revision) if down_revision else ""
kind = "str | Sequence[str] | None" if isinstance(down_revision, tuple) else "str | None"
%>\\
"""${text}

Revision ID: ${revision}
Revises:${" " + parents if parents else ""}
Create Date: ${create_date}
"""

% if sys.version_info < (3, 10):
from __future__ import annotations

% endif
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision: str = ${repr(revision)}
down_revision: ${kind} = ${repr(down_revision)}
branch_labels: str | Sequence[str] | None = ${repr(branch_labels)}
depends_on: str | Sequence[str] | None = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
'''
# What `alembic init` wrote since 0.3, by the digest of its characters without spaces.
_ALEMBICS_OWN = (
    *("0095f0c2c1524d48", "1ba0302a212a8575", "3229ad30f9958791", "34c4476989869fd2"),
    *("79217fd4cf4a518a", "80452f93113c3447", "df1f758038577a60", "eef951bf8ab5074f"),
)


def is_alembics_own(text: str) -> bool:
    """True for a template for one database that nobody changed since `alembic init`."""
    return sha256("".join(text.split()).encode()).hexdigest()[:16] in _ALEMBICS_OWN
