"""Tables written in HTML: as the tree that TEDS compares, and as cells of a grid.

The standard library's parser does: what is scored is table, thead, tbody, tr and td, whose text and inline tags are
kept as tokens. `th` counts as a `td` of the head; PubTabNet has no `th`, and would not see the text of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from eval.metrics.grid_table import BadTable, GridCell, GridTable, grid_table

_ROW_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_STRUCTURE = _ROW_GROUPS | {"table", "tr"}
_CELLS = frozenset({"td", "th"})
_LARGEST_SPAN = (
    1000  # the limit of the HTML standard for colspan; keeps a typing error from filling the memory
)


@dataclass(slots=True)
class HtmlNode:
    """A node of a table's tree. `tokens` are a cell's characters and inline tags, in order ("<b>", "a", "</b>")."""

    tag: str
    rowspan: int = 1
    colspan: int = 1
    tokens: list[str] = field(default_factory=list)
    inline: int = 0  # elements inside a cell: PubTabNet's definition counts them as nodes of the tree
    children: list[HtmlNode] = field(default_factory=list)
    header: bool = False

    @property
    def text(self) -> str:
        """A cell's text without its inline tags."""
        return "".join(token for token in self.tokens if len(token) == 1)


def parse_html_table(html: str) -> HtmlNode:
    """The first table of `html`. Raises BadTable where there is none, or a span is no number."""
    parser = _TableParser()
    parser.feed(html)
    parser.close()
    if parser.table is None:
        raise BadTable("no <table> in the HTML")
    return parser.table


def table_from_html(html: str) -> GridTable:
    """The grid of the first table of `html`, spans resolved as browsers do; cells of thead, and th, are headers.

    Raises BadTable where there is none, it has no cells, or they overlap.
    """
    table = parse_html_table(html)
    rows = [row for row in _walk(table) if row.tag == "tr"]
    taken: set[tuple[int, int]] = set()
    cells = []
    for r, row in enumerate(rows):
        c = 0
        for node in row.children:
            while (r, c) in taken:
                c += 1
            row1 = min(r + node.rowspan, len(rows))  # a span ends with the table at the latest
            taken.update((i, j) for i in range(r, row1) for j in range(c, c + node.colspan))
            cells.append(GridCell(r, row1, c, c + node.colspan, node.text, header=node.header))
            c += node.colspan
    return grid_table(cells, n_rows=len(rows))


def _walk(node: HtmlNode) -> Sequence[HtmlNode]:
    return [node, *(found for child in node.children for found in _walk(child))]


class _TableParser(HTMLParser):
    """Keeps `table`, the first table met; what stands outside it is passed over."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.table: HtmlNode | None = None
        self._open: list[HtmlNode] = []
        self._done = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._done or (not self._open and tag != "table"):
            return
        if tag in _STRUCTURE:
            self._structure(tag)
        elif tag in _CELLS:
            self._cell(tag, dict(attrs))
        elif self._open[-1].tag == "td":
            self._open[-1].tokens.append(f"<{tag}>")
            self._open[-1].inline += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open:
            return
        if tag in _STRUCTURE or tag in _CELLS:
            self._close("td" if tag in _CELLS else tag)
        elif self._open[-1].tag == "td":
            self._open[-1].tokens.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].tag == "td":
            self._open[-1].tokens += list(data)

    def _structure(self, tag: str) -> None:
        if tag == "table" and self._open:
            raise BadTable("a table within a table")
        if tag == "tr":
            self._close("tr")
        elif tag in _ROW_GROUPS:
            self._close_any(_ROW_GROUPS)
        node = HtmlNode(tag)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.table = node
        self._open.append(node)

    def _cell(self, tag: str, attrs: dict[str, str | None]) -> None:
        self._close("td")
        if self._open[-1].tag != "tr":
            raise BadTable(f"<{tag}> outside a row")
        header = tag == "th" or any(node.tag == "thead" for node in self._open)
        node = HtmlNode("td", _span(attrs.get("rowspan")), _span(attrs.get("colspan")), header=header)
        self._open[-1].children.append(node)
        self._open.append(node)

    def _close_any(self, tags: frozenset[str]) -> None:
        for node in reversed(self._open):
            if node.tag in tags:
                self._close(node.tag)
                return

    def _close(self, tag: str) -> None:
        """Close the innermost open `tag` and all within it; nothing where none is open."""
        if all(node.tag != tag for node in self._open):
            return
        while self._open.pop().tag != tag:
            pass
        self._done = not self._open


def _span(text: str | None) -> int:
    if text is None:
        return 1
    if not text.strip().isdecimal() or not 1 <= int(text) <= _LARGEST_SPAN:
        raise BadTable(f"a span of {text!r}")
    return int(text)
