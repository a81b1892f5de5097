"""What a sample report is, as plain data: its words, its figures, its look, and what a scanner did to it.

Kept apart from everything that draws, so that the labels come from what was written and never from a picture.
Lengths are millimetres on paper or CSS points; angles are degrees, clockwise as seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Engine = Literal["chromium", "libreoffice"]
SEAL_MM = 42


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section as printed. `intro` stands between heading and table; a section with a table has `table` set.

    `run_in`: what joins the heading to its first paragraph on one line; empty where that has a line of its own.
    """

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    table: str | None = None
    intro: tuple[str, ...] = ()
    run_in: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    """The look. Fonts are CSS families; sizes in points; `rule` is the ruling's CSS border."""

    body_font: str = "Noto Serif CJK SC"
    heading_font: str = "Noto Sans CJK SC"
    table_font: str = "Noto Serif CJK SC"
    digit_font: str = "Liberation Serif"
    body_pt: float = 14
    table_pt: float = 10
    line_height: float = 1.7
    margin_mm: tuple[float, float, float, float] = (30, 26, 26, 26)  # top, right, bottom, left
    rule: str = "0.75pt solid #000"
    outer_rule: str | None = None  # a frame other than `rule`; "none" for a table open at its sides
    shade: str | None = None  # colour of band rows
    row_pad_pt: float = 2.5
    bold_labels: bool = False
    label_align: Literal["left", "center"] = "left"
    group_stack: int = 0  # characters to the line in 三、本年度办理结果; 0 = as it comes
    head_stack: int = 2  # characters to the line in table 4's column labels
    label_widths: tuple[float, float, float] = (
        9,
        15,
        34,
    )  # table 3, per cent; the value columns share the rest
    value_widths: tuple[float, ...] = ()  # table 3, relative; equal where empty
    table_width: float = 100  # per cent of the text width
    page_number: str = '"- " counter(page) " -"'
    breaks: Mapping[str, tuple[int, ...]] = field(
        default_factory=dict
    )  # table key -> rows a page begins with
    open_break: bool = True  # no ruling closes the table at a break of ours
    repeat_head: bool = False
    cut_labels: Mapping[str, int] = field(default_factory=dict)  # label -> characters before the break
    new_page_before: tuple[str, ...] = ()  # section keys
    landscape: tuple[str, ...] = ()  # section keys on landscape pages
    table4: Literal["merged", "flat", "three"] = "merged"  # flat: empty cells where the form merges rows
    sliver: bool = False  # table 2 of the 2019 form has Word's fifth column, a hair wide
    group_down: bool = False  # 三、本年度办理结果 is set vertically
    footer: str = ""
    running_head: str = ""
    letterhead: str | None = None  # red head on page one
    cover: bool = False


@dataclass(frozen=True, slots=True)
class Seal:
    """A round red stamp. Centre as a share of page width and height; `ink` 0..1 is how strong it prints."""

    page: int
    x: float
    y: float
    diameter_mm: float = 42
    angle: float = 0
    ink: float = 0.85


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scanner did to a page. Zero everywhere is a perfect picture of the print.

    `curl_mm` bends lines by that much at mid-page; `shade` darkens one side by that share; `fade` takes that
    share of the ink; `broken` is the share of ruling length that is gone; `bleed` the strength of the back
    page; `rotate` the clockwise turn of the finished page; `perspective` makes the lower edge wider by that share;
    `shadow` takes that share of the light from one corner; `specks`, `streaks`, `holes` and `handwriting` are
    numbers of them on a page; `foreign` names effects of the library augraphy (`scan/foreign.py`).
    """

    dpi: int = 200
    colour: bool = True
    skew_deg: float = 0
    curl_mm: float = 0
    shade: float = 0
    paper: tuple[int, int, int] = (255, 255, 255)  # BGR
    blur: float = 0  # pixels
    noise: float = 0  # grey levels
    fade: float = 0
    broken: float = 0
    bleed: float = 0
    speckle: float = 0  # share of pixels turned over, 1-bit only
    jpeg: int = 85
    one_bit: bool = False
    threshold: int = 150
    rotate: int = 0
    perspective: float = 0
    shadow: float = 0
    specks: int = 0
    streaks: int = 0
    holes: int = 0
    handwriting: int = 0
    foreign: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """One report and how it reaches the reader. `scans` names a page's treatment; a page not named uses
    `scan`; None leaves the page as it was printed by the typesetter (born digital).

    `values` has a string for every field that is printed. `labels` replaces a form label by what this report
    prints, in all places or ("label@column") in one. `facts` are front matter as the record should have it.
    """

    name: str
    form: str
    layout: int  # which of the form's layouts of table 3: 0 the official one, 1 the hybrid
    agency: str
    year: int
    title: tuple[str, ...]
    basis: tuple[str, ...]
    sections: tuple[SectionText, ...]
    values: Mapping[str, str]
    style: Style
    seed: int
    scan: Scan | None = None
    scans: Mapping[int, Scan | None] = field(default_factory=dict)
    seals: tuple[Seal, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    signature: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    stamp_signature: bool = False  # an electronic seal beside the signature, part of the print
    date_line: str = ""  # under the title, in brackets
    document_number: str = ""  # below a letterhead
    contents: tuple[str, ...] = ()  # lines of a list of contents
    extra_rows: tuple[tuple[str, str, tuple[str, ...]], ...] = ()  # table key, row stem it follows, texts
    engine: Engine = "chromium"
    tags: tuple[str, ...] = ()  # what is odd about it, for slices of a score
