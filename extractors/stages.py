"""The stages that can be replaced beside the OCR engine: who finds the tables of scans, who tells headings.

Like an OCR engine, each is named "module:factory"; the factory takes no argument. A table reader gives `Fragment`s,
so that joining over page breaks, matching with the form, checks and confidences work on its tables as on ours, and
its score is that of the whole product with its tables in it. A digital page's tables come from its vector rulings;
of such a page the reader is only shown the scans that are pasted into it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from extractors.document import Fragment, Page
from extractors.errors import UsageError
from extractors.heading_candidates import HeadingClassifier
from extractors.ocr.engine import OcrEngine


class TableReader(Protocol):
    """Finds the tables of a page and reads them."""

    def __call__(self, page: Page, engine: OcrEngine) -> tuple[Fragment, ...]:
        """The tables of `page`, top to bottom, from `page.work`, everything in work pixels."""
        ...


@dataclass(frozen=True, slots=True)
class Stages:
    """What takes the place of ours; None: ours."""

    tables: TableReader | None = None
    headings: HeadingClassifier | None = None


OURS = Stages()


def load_stages(tables: str | None, headings: str | None) -> Stages:
    """The stages that are named, each "module:factory". Raises UsageError for a name that gives none."""
    return Stages(
        tables=_made(tables, callable, "tables") if tables else None,
        headings=_made(headings, lambda one: hasattr(one, "probabilities"), "headings") if headings else None,
    )


def _made(name: str, fits: Callable[[Any], bool], option: str) -> Any:
    module, _, factory = name.partition(":")
    try:
        made = getattr(importlib.import_module(module), factory)()
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(option=f"--{option}", value=name, detail=str(error)) from error
    if not fits(made):
        raise UsageError(option=f"--{option}", value=name, detail=type(made).__name__)
    return made
