"""Official forms filled in with numbers of their own, and what a match says of them."""

from __future__ import annotations

from printed import print_table

from extractors.document import JoinedTable
from extractors.forms import Form, FormMatch, Layout, load

FORMS = load()
BY_ID = {form.id: form for form in FORMS}
SURE = 0.95
UNSURE = 0.8


def numbered(layout: Layout) -> dict[str, str]:
    """A different number in every field, so that a swap shows."""
    return {path: str(1000 + index) for index, path in enumerate(layout.paths)}


def printed(form: Form, layout: int = 0) -> tuple[list[JoinedTable], dict[str, str]]:
    """All tables of a form, `layout` where a table has it, and what each field holds."""
    tables, values = [], {}
    for table in form.tables:
        chosen = table.layouts[min(layout, len(table.layouts) - 1)]
        tables.append(print_table(chosen, numbered(chosen)))
        values.update(numbered(chosen))
    return tables, values


def texts(match: FormMatch) -> dict[str, str]:
    return {path: assigned.cell.text for path, assigned in match.cells.items()}


def only(form: str, key: str, layout: int = 0) -> tuple[JoinedTable, dict[str, str]]:
    chosen = BY_ID[form].table(key).layouts[layout]
    return print_table(chosen, numbered(chosen)), numbered(chosen)


def codes(match: FormMatch) -> list[str]:
    return [issue.code for issue in match.issues]
