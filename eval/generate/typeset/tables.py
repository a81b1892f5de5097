"""A form's table as a report prints it: labels replaced, stacked or cut, extra rows and columns, page breaks.

The rules of the official lattice stay with `extractors.forms`; here it is bent the ways real reports bend it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from eval.generate.spec import Sample, Style
from eval.generate.typeset.blocks import CellRole, Grid, GridCell
from extractors.forms import Form, FormCell, Layout

GROUP_LABEL = "三、本年度办理结果"
HEAD_ROWS = 3  # of table 3
VALUE_COLUMNS = 7  # of table 3
SLIVER_COLUMNS = (28.0, 24.0, 0.6, 23.4, 24.0)  # per cent: Word leaves a second column of a pixel or two


def form_grids(sample: Sample, form: Form, key: str) -> tuple[Grid, ...]:
    """Table `key` of the report, one grid per piece between page breaks."""
    style = sample.style
    whole = whole_grids(sample, form, key)
    if len(whole) > 1:
        return whole
    grid = whole[0]
    head = HEAD_ROWS if key == "applications" and style.repeat_head else 0
    breaks = style.breaks.get(key, ())
    if not breaks:
        return (replace(grid, repeat_rows=head),)
    return tuple(_pieces(grid, style, breaks, head))


def whole_grids(sample: Sample, form: Form, key: str) -> tuple[Grid, ...]:
    """The table before any page break; table 4 may be printed as three tables beside their headings."""
    layout = _layout(sample, form, key)
    grid = _lattice(sample, layout, key)
    if key == "review_litigation" and sample.style.table4 == "three":
        return tuple(_thirds(grid))
    if key == "review_litigation" and sample.style.table4 == "flat":
        return (_flattened(grid),)
    for extra_key, after, texts in sample.extra_rows:
        if extra_key == key:
            grid = _with_row(grid, _row_of(layout, after), texts)
    if key == "active_disclosure" and sample.style.sliver:
        grid = _with_sliver(grid)
    return (grid,)


def table_html(grids: Sequence[Grid]) -> str:
    """The table as printed, for scores of structure: one <table>, no look, no line breaks."""
    rows = []
    for grid in grids:
        for row in range(grid.n_rows):
            cells = (cell for cell in grid.cells if cell.row == row)
            rows.append("<tr>" + "".join(_td(cell) for cell in cells) + "</tr>")
    return f"<table>{''.join(rows)}</table>"


def _td(cell: GridCell) -> str:
    spans = "".join(
        f' {name}="{n}"' for name, n in (("rowspan", cell.rowspan), ("colspan", cell.colspan)) if n > 1
    )
    return f"<td{spans}>{escape(''.join(cell.text.split()))}</td>"


def _layout(sample: Sample, form: Form, key: str) -> Layout:
    table = form.table(key)
    return table.layouts[sample.layout] if key == "applications" else table.layout


def _row_of(layout: Layout, stem: str) -> int:
    return next(index for index, row in enumerate(layout.rows) if row.stem == stem)


def _lattice(sample: Sample, layout: Layout, key: str) -> Grid:
    cells = tuple(_printed(sample, cell, layout) for cell in layout.cells)
    return _framed(Grid(layout.n_rows, _widths(sample.style, key, layout.n_cols), cells))


def _printed(sample: Sample, cell: FormCell, layout: Layout) -> GridCell:
    shape = (cell.row, cell.col, cell.rowspan, cell.colspan)
    if cell.path is not None:
        return GridCell(*shape, sample.values[cell.path], "answer", cell.path)
    if cell.label is None:
        return GridCell(*shape, "", "head")
    official = cell.label.text
    text = sample.labels.get(f"{official}@{cell.col}", sample.labels.get(official, official))
    stack = _stack(sample.style, cell, official)
    if stack:
        text = "\n".join(text[i : i + stack] for i in range(0, len(text), stack))
    down = official == GROUP_LABEL and sample.style.group_down
    return GridCell(*shape, text, _role(cell, layout), down=down)


def _role(cell: FormCell, layout: Layout) -> CellRole:
    if cell.colspan == layout.n_cols:
        return "band"
    in_labels = cell.col < layout.n_cols - VALUE_COLUMNS and layout.rows[cell.row].kind == "data"
    return "label" if in_labels else "head"


def _stack(style: Style, cell: FormCell, official: str) -> int:
    if official == GROUP_LABEL:
        return style.group_stack
    narrow = cell.colspan == 1 and official in {"结果维持", "结果纠正", "其他结果", "尚未审结", "总计"}
    return style.head_stack if narrow and cell.row <= 2 else 0


def _widths(style: Style, key: str, n_cols: int) -> tuple[float, ...]:
    if key != "applications":
        return (100 / n_cols,) * n_cols
    rest = 100 - sum(style.label_widths)
    values = style.value_widths or (1,) * VALUE_COLUMNS
    return (*style.label_widths, *(rest * value / sum(values) for value in values))


def _framed(grid: Grid) -> Grid:
    """The grid with `edges` noted."""
    return replace(grid, cells=tuple(replace(cell, edges=_edges(cell, grid)) for cell in grid.cells))


def _edges(cell: GridCell, grid: Grid) -> frozenset[str]:
    sides = {
        "left": cell.col == 0,
        "right": cell.col + cell.colspan == len(grid.widths),
        "top": cell.row == 0,
        "bottom": cell.row + cell.rowspan == grid.n_rows,
    }
    return frozenset(side for side, lies in sides.items() if lies)


def _flattened(grid: Grid) -> Grid:
    """The same table with nothing merged downwards: an empty cell under each label that spans rows."""
    cells = []
    for cell in grid.cells:
        cells.append(replace(cell, rowspan=1))
        below = range(cell.row + 1, cell.row + cell.rowspan)
        cells += [GridCell(row, cell.col, 1, cell.colspan, "", "head") for row in below]
    return _framed(replace(grid, cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.col)))))


def _thirds(grid: Grid) -> Iterator[Grid]:
    """Table 4 as three tables of five columns, each with its heading over it, as narrow web pages print it."""
    for start in range(0, 15, 5):
        leaves = [cell for cell in grid.cells if start <= cell.col < start + 5 and cell.colspan == 1]
        answers = [cell for cell in leaves if cell.path]
        labels = [cell for cell in leaves if not cell.path]
        heading = next(
            cell
            for cell in sorted(grid.cells, key=lambda cell: -cell.row)
            if cell.colspan >= 5 and cell.col <= start < cell.col + cell.colspan
        )
        cells = [GridCell(0, 0, 1, 5, heading.text, "band")]
        cells += [replace(cell, row=1, col=cell.col - start, rowspan=1) for cell in labels]
        cells += [replace(cell, row=2, col=cell.col - start, rowspan=1) for cell in answers]
        yield _framed(Grid(3, (20.0,) * 5, tuple(cells)))


def _with_row(grid: Grid, after: int, texts: Sequence[str]) -> Grid:
    """A row more, below row `after`, its cells like that row's: label and answers that no field of the form has."""
    cells = []
    for cell in grid.cells:
        if cell.row > after:
            cells.append(replace(cell, row=cell.row + 1))
        elif cell.row + cell.rowspan > after + 1:
            cells.append(replace(cell, rowspan=cell.rowspan + 1))
        else:
            cells.append(cell)
    model = [cell for cell in grid.cells if cell.row == after]
    cells += [
        replace(cell, row=after + 1, text=text, path=None) for cell, text in zip(model, texts, strict=True)
    ]
    cells.sort(key=lambda cell: (cell.row, cell.col))
    return _framed(replace(grid, n_rows=grid.n_rows + 1, cells=tuple(cells)))


def _with_sliver(grid: Grid) -> Grid:
    """Four columns become five: head cells end before the sliver that lies after column 1, answers after it."""
    cells = []
    for cell in grid.cells:
        col0, col1 = cell.col, cell.col + cell.colspan
        after_sliver = cell.role == "answer"
        start = col0 if col0 < 2 else col0 + (0 if col0 == 2 and not after_sliver else 1)
        end = col1 if col1 < 2 else col1 + (0 if col1 == 2 and not after_sliver else 1)
        cells.append(replace(cell, col=start, colspan=end - start))
    return _framed(replace(grid, widths=SLIVER_COLUMNS, cells=tuple(cells)))


def _pieces(grid: Grid, style: Style, breaks: Sequence[int], head: int) -> Iterator[Grid]:
    """The table cut before each row of `breaks`; a cell over a cut is clipped to either side."""
    edges = [0, *breaks, grid.n_rows]
    for row0, row1 in itertools.pairwise(edges):
        repeated = [cell for cell in grid.cells if row0 > 0 and cell.row < head]
        above = head if row0 > 0 else 0
        cells = [
            *repeated,
            *(cell for whole in grid.cells for cell in _clipped(grid, whole, style, (row0, row1), above)),
        ]
        yield replace(grid, n_rows=row1 - row0 + above, cells=tuple(cells), new_page=row0 > 0)


def _clipped(
    grid: Grid, cell: GridCell, style: Style, rows: tuple[int, int], above: int
) -> Iterator[GridCell]:
    top, bottom = max(rows[0], cell.row), min(rows[1], cell.row + cell.rowspan)
    if top >= bottom:
        return
    text = cell.text
    if bottom - top < cell.rowspan:
        text = _half(style, text, after_break=top > cell.row)
    yield replace(
        cell,
        row=top - rows[0] + above,
        rowspan=bottom - top,
        text=text,
        open_top=style.open_break and above == 0 and rows[0] > 0 and top == rows[0],
        open_bottom=style.open_break and rows[1] < grid.n_rows and bottom == rows[1],
        edges=cell.edges
        - ({"top"} if top > cell.row else set())
        - ({"bottom"} if bottom < cell.row + cell.rowspan else set()),
    )


def _half(style: Style, text: str, after_break: bool) -> str:
    """What stands of a merged label on one side of a break: by default all of it above."""
    whole = "".join(text.split())
    cut = style.cut_labels.get(whole, len(whole))
    end, seen = 0, 0
    while seen < cut:
        seen += not text[end].isspace()
        end += 1
    return (text[end:] if after_break else text[:end]).strip("\n")
