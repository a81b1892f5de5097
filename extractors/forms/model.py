"""What an official form is, as plain frozen data: labels, lattice, fields and sum rules.

Nothing here knows any particular form. The forms themselves are data files beside this module (`load.py` says
how they are written), so that a new form is a new file and no new code.
Rows and columns are 0-based and half-open, as in `extractors.document`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

RowKind = Literal["band", "head", "data"]
ValueType = Literal["count", "signed_count", "amount", "amount_unit_unspecified"]


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label: the official text, then wordings seen in real reports."""

    text: str
    variants: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.text, *self.variants)


@dataclass(frozen=True, slots=True)
class FormCell:
    """One cell of the form as it is printed: a label, or the place of a value (`path` set, `label` None)."""

    row: int
    col: int
    rowspan: int
    colspan: int
    label: Label | None = None
    path: str | None = None
    value_type: ValueType = "count"
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of the lattice.

    `labels`: of a band, the band's label; of a head row, its column labels; of a data row, the groups it
    stands in and last its own label (empty where the form prints no row label). `stem` is the row's part of
    the field path, None unless `kind` is "data".
    """

    kind: RowKind
    band: int
    labels: tuple[Label, ...]
    stem: str | None = None


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One value column of a band: its header path from the top, and its part of the field path."""

    labels: tuple[Label, ...]
    stem: str
    span: int = 1
    value_type: ValueType = "count"
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to print a table. `bands[k]` are the value columns that hold for the rows of band k."""

    n_rows: int
    n_cols: int
    rows: tuple[FormRow, ...]
    bands: tuple[tuple[FormColumn, ...], ...]
    cells: tuple[FormCell, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Field paths in reading order."""
        return tuple(cell.path for cell in self.cells if cell.path is not None)


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table of the form. `layouts[0]` is the official one, the others the hybrids seen in print."""

    key: str
    section: str
    layouts: tuple[Layout, ...]

    @property
    def layout(self) -> Layout:
        return self.layouts[0]

    def path(self, row_stem: str, column_stem: str) -> str:
        return ".".join(part for part in (self.key, row_stem, column_stem) if part)


@dataclass(frozen=True, slots=True)
class Rule:
    """The sum over `left` equals the sum over `right`.

    `printed_only`: operands on the left that the document does not print drop out of the sum; without it a
    rule with any operand missing from print says nothing and is left out.
    """

    id: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    printed_only: bool = False

    @property
    def operands(self) -> tuple[str, ...]:
        return self.left + self.right

    def narrowed(self, printed: Collection[str]) -> Rule | None:
        """This rule over the paths that are printed, None where it then says nothing."""
        left = tuple(path for path in self.left if path in printed)
        if not left or any(path not in printed for path in self.right):
            return None
        if len(left) < len(self.left) and not self.printed_only:
            return None
        return Rule(self.id, left, self.right, self.printed_only)


@dataclass(frozen=True, slots=True)
class Form:
    """An official form. `from_year`: first report year it was made for; a last hint, never proof."""

    id: str
    title: str
    from_year: int
    tables: tuple[FormTable, ...]
    rules: tuple[Rule, ...]

    def table(self, key: str) -> FormTable:
        """KeyError if the form has no such table."""
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(key)

    def rules_for(self, printed: Collection[str]) -> tuple[Rule, ...]:
        """The rules that say something about a document that prints these paths."""
        narrowed = (rule.narrowed(printed) for rule in self.rules)
        return tuple(rule for rule in narrowed if rule is not None)

    def cell(self, path: str) -> FormCell:
        """The cell of any layout that holds `path`; KeyError if the form has no such field."""
        for table in self.tables:
            for layout in table.layouts:
                for cell in layout.cells:
                    if cell.path == path:
                        return cell
        raise KeyError(path)
