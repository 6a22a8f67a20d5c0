"""A rule in words, from its own declaration: for `--help`, `explain` and the README."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.rule import Files, Rule


def explain(rule: "Rule") -> str:
    """Summary, why, contract number, a bad and a good example, as plain text."""
    sections = [
        f"{rule.summary[0].upper()}{rule.summary[1:]}.",
        f"Why: {rule.why}",
        f"Contract: {rule.contract}",
        f"Bad:\n{_files(rule, rule.bad)}",
        f"Good:\n{_files(rule, rule.good)}",
    ]
    if rule.fixes:
        sections.append("--fix mends what is certain and says what it cannot mend.")
    return "\n\n".join(sections) + "\n"


def _files(rule: "Rule", files: "Files") -> str:
    suffix = getattr(rule.subject, "suffix", "")
    parts = []
    for path, content in files.items():
        if not path.endswith(suffix):
            # It keeps the other rules content, and has nothing to say about this one.
            continue
        parts.append(f"    {path}" if content is not None else f"    {path} (deleted)")
        parts += [f"    | {line}".rstrip() for line in (content or "").splitlines()]
    return "\n".join(parts)
