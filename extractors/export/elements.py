"""A few lines that make HTML in which nothing can go unescaped: text is escaped unless it is `Markup`.

A template engine would be one more dependency for one page.
"""

from __future__ import annotations

from html import escape

from extractors.export.view import clean

_VOID = frozenset({"img", "meta", "br"})


class Markup(str):
    """Text that is HTML already. Only `tag` and `joined` make it."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: str | int | None) -> Markup:
    """`<name ...>children</name>`; attribute names lose a trailing "_" (class_), None leaves one out."""
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(clean(str(value)))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{shown}>")
    return Markup(f"<{name}{shown}>{joined(*children)}</{name}>")


def joined(*children: str) -> Markup:
    return Markup("".join(child if isinstance(child, Markup) else escape(clean(child)) for child in children))


def lines(text: str) -> Markup:
    """`text` as one paragraph per line."""
    return joined(*(tag("p", line) for line in text.split("\n") if line.strip()))
