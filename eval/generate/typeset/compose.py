"""A sample -> the blocks that are printed, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from eval.generate.spec import Sample, SectionText
from eval.generate.typeset.blocks import Block, Text
from eval.generate.typeset.tables import form_grids
from extractors.forms import Form, load


def form_of(sample: Sample) -> Form:
    return next(form for form in load() if form.id == sample.form)


def compose(sample: Sample) -> tuple[Block, ...]:
    """The whole report, cover to signature."""
    return tuple(_blocks(sample, form_of(sample)))


def _blocks(sample: Sample, form: Form) -> Iterator[Block]:
    title = "\n".join(sample.title)
    if sample.style.cover:
        yield Text("cover_title", title)
        yield Text("cover_end", "\n".join(sample.signature))
    if sample.style.letterhead:
        yield Text("letterhead", sample.style.letterhead)
    if sample.document_number:
        yield Text("number", sample.document_number)
    yield Text("title", title)
    if sample.date_line:
        yield Text("date_line", sample.date_line)
    yield from (Text("body", paragraph) for paragraph in sample.basis)
    yield from (Text("contents", line) for line in sample.contents)
    for section in sample.sections:
        yield from _section(sample, form, section)
    if sample.signature:
        yield Text("end", "\n".join(sample.signature), seal=sample.stamp_signature)


def _section(sample: Sample, form: Form, section: SectionText) -> Iterator[Block]:
    wide = section.key in sample.style.landscape
    texts = list(section.paragraphs)
    first = section.key in sample.style.new_page_before
    if section.title:
        run_in = section.run_in + texts.pop(0) if section.run_in and texts else ""
        yield Text("heading", section.title, first, wide, run_in)
        first = False
    for line in section.intro:
        yield Text("body", line, first, wide)
        first = False
    if section.table:
        for grid in form_grids(sample, form, section.table):
            yield replace(grid, wide=wide)
    yield from (Text("body", paragraph, wide=wide) for paragraph in texts)
