"""The official forms as data, and the matching of a rebuilt table to them by its labels."""

from extractors.forms.labels import RowGuess, locate_row
from extractors.forms.load import BadForm, load
from extractors.forms.model import Form, FormCell, FormColumn, FormRow, FormTable, Label, Layout, Rule

__all__ = [
    "BadForm",
    "Form",
    "FormCell",
    "FormColumn",
    "FormRow",
    "FormTable",
    "Label",
    "Layout",
    "RowGuess",
    "Rule",
    "load",
    "locate_row",
]
