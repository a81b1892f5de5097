"""The official forms as data, and the matching of a rebuilt table to them by its labels."""

from extractors.forms.assemble import Assigned, FormMatch, TableMatch
from extractors.forms.labels import RowGuess, locate_row
from extractors.forms.load import BadForm, load
from extractors.forms.match import match_tables
from extractors.forms.model import Form, FormCell, FormColumn, FormRow, FormTable, Label, Layout, Rule

__all__ = [
    "Assigned",
    "BadForm",
    "Form",
    "FormCell",
    "FormColumn",
    "FormMatch",
    "FormRow",
    "FormTable",
    "Label",
    "Layout",
    "RowGuess",
    "Rule",
    "TableMatch",
    "load",
    "locate_row",
    "match_tables",
]
