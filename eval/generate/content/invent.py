"""A report drawn from a seed: body, words, figures, labels and look. The same seed gives the same report."""

from __future__ import annotations

import random
from dataclasses import replace

from eval.generate.content.bodies import Split, draw_agency_of, place_of
from eval.generate.content.front import Front, draw_front
from eval.generate.content.headings import draw_sections
from eval.generate.content.labels import draw_extra_rows, draw_labels
from eval.generate.content.looks import FIRST_BREAK, draw_style
from eval.generate.content.values import draw_values
from eval.generate.spec import Engine, Sample, SectionText
from extractors.forms import load

YEARS = {"2019": (2019, 2020, 2019, 2020, 2021, 2022), "2021": (2021, 2022, 2023, 2024, 2025)}
HYBRID_SHARE = 0.25
_ENGINES: tuple[Engine, Engine] = ("chromium", "libreoffice")


def invent(
    seed: int, split: Split | None = None, engine: Engine | None = None, turn: int | None = None
) -> Sample:
    """The report that `seed` draws. `split` restricts the bodies, `engine` says who sets it (drawn where None).

    `turn`: with it, reports 0, 1, 2, … of a set go through forms, engines and break rows in turn, so that a set
    of modest size has every row of table 3 at the top of a page.
    """
    rng = random.Random(seed)
    forms = load()
    form = forms[turn % len(forms)] if turn is not None else rng.choice(forms)
    row = None if turn is None else _break_row(turn, len(forms))
    hybrid = len(form.table("applications").layouts) > 1 and rng.random() < HYBRID_SHARE
    layout = 1 if hybrid and (row is None or row < form.table("applications").layouts[1].n_rows) else 0
    year = rng.choice(YEARS[form.id])
    agency = draw_agency_of(rng, split)
    front = draw_front(rng, form.id, agency, year)
    values, tags = draw_values(rng, form, layout)
    style = draw_style(rng, form, layout, row)
    letterhead = rng.random() < 0.1
    number = f"{agency[:1]}公开〔{year + 1}〕{rng.randint(1, 40)}号"  # noqa: RUF001
    sample = Sample(
        name=f"invented-{seed:06d}",
        form=form.id,
        layout=layout,
        agency=agency,
        year=year,
        title=front.title,
        basis=() if front.basis_inside else front.basis,
        sections=_with_basis(draw_sections(rng, agency, year), front),
        values=values,
        style=replace(style, letterhead=place_of(agency) + "政务公开文件") if letterhead else style,
        seed=seed,
        labels=draw_labels(random.Random(f"{seed} labels"), form),
        signature=front.signature,
        facts=front.facts,
        stamp_signature=bool(front.signature) and rng.random() < 0.2,
        date_line=front.date_line,
        document_number=number if letterhead else "",
        contents=front.contents,
        extra_rows=draw_extra_rows(random.Random(f"{seed} rows")),
        engine=engine or _engine(rng, turn, len(forms)),
    )
    return replace(sample, tags=(*tags, *_tags(sample)))


def _engine(rng: random.Random, turn: int | None, n_forms: int) -> Engine:
    return rng.choice(_ENGINES) if turn is None else _ENGINES[turn // n_forms % 2]


def _break_row(turn: int, n_forms: int) -> int | None:
    """Rows 3, 4, … of table 3 in turn for each form; every fifth report has no break there."""
    own = turn // n_forms
    return None if own % 5 == 4 else FIRST_BREAK + own - own // 5


def _with_basis(sections: tuple[SectionText, ...], front: Front) -> tuple[SectionText, ...]:
    if not front.basis_inside:
        return sections
    first = sections[0]
    return (replace(first, paragraphs=(*front.basis, *first.paragraphs)), *sections[1:])


def _tags(sample: Sample) -> tuple[str, ...]:
    """What a score may be sliced by, beside the oddities of the figures."""
    style = sample.style
    marks = {
        "hybrid": sample.layout == 1,
        "cover": style.cover,
        "letterhead": style.letterhead is not None,
        "landscape": bool(style.landscape),
        "sliver": style.sliver,
        "vertical": style.group_down,
        "shaded": style.shade is not None,
        "open_sides": style.outer_rule == "none",
        "extra_row": bool(sample.extra_rows),
        "electronic_seal": sample.stamp_signature,
        "odd_labels": bool(sample.labels),
        "run_in_heading": any(section.run_in for section in sample.sections),
        "no_sixth_section": len(sample.sections) < 6,
        "contents": bool(sample.contents),
    }
    tags = [name for name, on in marks.items() if on]
    for key, rows in style.breaks.items():
        tags += [f"break:{key}:{row}" for row in rows]
        repeated = style.repeat_head and key == "applications"
        tags.append(
            "break:head_repeated" if repeated else "break:open" if style.open_break else "break:closed"
        )
    if style.table4 != "merged":
        tags.append(f"table4:{style.table4}")
    return (*dict.fromkeys(tags), f"engine:{sample.engine}")
