"""What stands in boxes, quotes, footnotes, definitions and behind other bullets is read."""

from __future__ import annotations

from definition_of_done.readers.markdown import read_page

BOXES = """\
> - quoted
>
> told

!!! note "In scope"
    - a [l](a.md)

    ```
    - code
    ```

???+ tip
    told

Term
:   one
:   two

\u2022 b\u2022
\u2022 c

\u2013 d
more
\u2013 e

a) f
(b) g (h) i
iii) j

told \u2013
\u2013 by: x
:told
(b) too

a[^1]

[^1]: [m](m.md)
    more
"""


def test_boxes_quotes_and_marks_of_other_editors() -> None:
    page = read_page("a.md", BOXES.encode())
    told = [
        (block.kind, [line.text for line in block.lines], [item.text for item in block.items])
        for block in page.preamble
    ]
    assert told == [
        ("list", ["quoted"], ["quoted"]),
        ("paragraph", ["told"], []),
        ("other", ["In scope"], []),
        ("list", ["a l"], ["a l"]),
        ("code", [], []),
        ("paragraph", ["told"], []),
        ("paragraph", ["Term"], []),
        ("list", ["one", "two"], ["one", "two"]),
        ("list", ["b\u2022", "c"], ["b\u2022", "c"]),
        ("list", ["d", "more", "e"], ["d more", "e"]),
        ("list", ["f", "g (h) i", "j"], ["f", "g (h) i", "j"]),
        ("paragraph", ["told \u2013", "\u2013 by: x", ":told", "(b) too"], []),
        ("paragraph", ["a[^1]"], []),
        ("other", ["m"], []),
        ("paragraph", ["more"], []),
    ]
    assert [link.href for link in page.links] == ["a.md", "m.md"]
