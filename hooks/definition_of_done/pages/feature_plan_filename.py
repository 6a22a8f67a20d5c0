"""feature-plan-filename: a feature page is YYYY-MM-DD-<kebab-case>.md. Contract 1.1."""

from definition_of_done.engine.finding import Finding, Spot
from definition_of_done.engine.rule import rule
from definition_of_done.pages import FEATURE_PAGE
from definition_of_done.pages._examples import PATH, nav, plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.pages.facts import FeaturePage

_BAD = PATH.replace("credit-limit", "Credit_Limit")


@rule(
    id="feature-plan-filename",
    contract="1.1",
    summary="a feature page's filename is its date and a kebab-case name",
    why="The folder then lists the features in the order in which they were planned, and the"
    " address of each on the docs site says what it is.",
    subject=FEATURE_PAGE,
    good=plan(),
    bad={**plan(path=_BAD), **nav(PATH, _BAD)},
)
def check(page: "FeaturePage") -> "Iterator[Finding]":
    from definition_of_done.pages._names import better_filename, filename_fault

    name = page.path.rpartition("/")[2]
    fault = filename_fault(name)
    if fault:
        yield Finding(Spot(page.path), fault, f"git mv it to {better_filename(name)}", symbol=name)
