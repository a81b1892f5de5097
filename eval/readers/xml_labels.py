"""What the readers of XML labels share: opening a file, and attributes that must be numbers."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, parse

from eval.cases import BadCase


def root_of(path: Path) -> Element:
    """The root element. Raises BadCase for what cannot be opened or is no XML."""
    try:
        return parse(path).getroot()
    except (OSError, ParseError, ValueError) as error:
        raise BadCase(f"{path}: {error}") from error


def number(element: Element, *names: str, default: int | None = None) -> int:
    """The first of the attributes `names` that is there, as an integer.

    Raises ValueError where it is none, or where all are missing and there is no default.
    """
    for name in names:
        text = element.get(name)
        if text is not None:
            return int(text)
    if default is None:
        raise ValueError(f"<{element.tag}> has no {names[0]}")
    return default
