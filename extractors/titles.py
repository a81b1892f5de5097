"""The title of a report: where it stands, and which of its characters name the body and the year.

Titles run over one to four lines, with the year before, behind or inside the fixed phrase, or without it,
under a letterhead that may name another body, on a cover and again on the next page, bracketed and
decorated. So the phrase is looked for first, and the lines above it are taken in while they still belong
to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.bodies import is_name, is_whole_name
from extractors.dates import YEAR, find_dates
from extractors.heading_candidates import Row, rows_of
from extractors.layout import Body, line_size
from extractors.wording import Stream, fold, plain_year, squeeze, stream

REGION_ROWS = 60  # a title stands among the first rows, below the chrome of a web page at most
_MAX_ROWS = 4
_LONGEST = 60  # characters

_NAME = r"(?:政府政务|政府|政务)?信息公[开井]|(?:政府)?政务公[开井]"
# Between the name of the matter and 报告 stand these words in any order; up to two characters may be misread.
_CORE = re.compile(
    rf"(?:{_NAME})[工作的]*.??(?:\(?(?P<year>{YEAR}|\d{{2,3}})年(?:度|年度)*\)?)?"
    r"[工作年度情况总结的]{0,9}.?[工作年度情况总结的]{0,9}(?:报告|年报)(?P<rest>.*)"
)
_REST = re.compile(r"(?:》|\([^)]*\)|\(.*)?")  # brackets that decorate; a bracket may be cut off
_YEAR_IN = re.compile(rf"\(?({YEAR}|\d{{2,3}}|\d{{5}})年(?:度|年度)*\)?")
_DECORATION = re.compile(r"^(?:\([^)]*\)|附件\d*:?|标题:|名称:|《|关于|\d+[.、])+|(?:《|关于|的|本级|:)+$")
_UNTITLED = re.compile(r"[。;!?>→]|^目录$|浏览|发布|来源|索引号|:.{2,}")
_LETTERHEAD = re.compile(r"文件$|\[\d{4}\]|号$|^附件|函$|机密|^签发")


@dataclass(frozen=True, slots=True)
class Title:
    """`agency` and `year` are [start, end) in `stream`; None where the title does not hold them.

    `year_value` is None where the year's digits are incomplete ("202年").
    """

    stream: Stream
    first_row: int
    last_row: int
    agency: tuple[int, int] | None
    year: tuple[int, int] | None
    year_value: int | None


def find_titles(body: Body, before: int) -> tuple[Title, ...]:
    """All titles among the first rows above line `before` (the first heading), in reading order."""
    rows = [row for row in rows_of(body)[:REGION_ROWS] if row.indices[0] < before]
    found: list[Title] = []
    for last in range(len(rows)):
        if found and found[-1].last_row >= last:
            continue
        title = _title_ending(body, rows, last)
        if title is not None:
            found.append(title)
    standing = [title for title in found if _stands_as_title(body, rows, title)]
    return tuple(standing or found[:1])


def _title_ending(body: Body, rows: Sequence[Row], last: int) -> Title | None:
    for first in range(last, max(last - _MAX_ROWS, -1), -1):
        if not _titular(rows[first]):
            return None
        match = _core(_joined(rows, first, last))
        if match is not None:
            first = _with_rows_above(body, rows, first, last)
            return _parse(body, rows, first, last)
    return None


def _titular(row: Row) -> bool:
    return len(row.text) <= 45 and not _UNTITLED.search(fold(row.text))


def _joined(rows: Sequence[Row], first: int, last: int) -> str:
    return fold("".join(row.text for row in rows[first : last + 1]))


def _core(text: str) -> re.Match[str] | None:
    """The fixed phrase at the end of `text`, decorations aside."""
    match = _CORE.search(text)
    if match is None or len(text) > _LONGEST or not _REST.fullmatch(match["rest"]):
        return None
    return match


def _with_rows_above(body: Body, rows: Sequence[Row], first: int, last: int) -> int:
    """The first row of the title whose phrase begins in row `first`."""
    core_size = line_size(body.lines[rows[last].indices[0]])
    while first > 0 and last - first + 1 < _MAX_ROWS:
        front = _agency_text(_joined(rows, first, last))
        if not _belongs(body, rows, first - 1, core_size) or not _adds(rows[first - 1].text, front):
            break
        first -= 1
    return first


def _agency_text(text: str) -> str:
    span = _spans(text)[0]
    return text[span[0] : span[1]] if span else ""


def _belongs(body: Body, rows: Sequence[Row], above: int, size: float) -> bool:
    """Whether the row above is set like the title and close to it."""
    upper, lower = body.lines[rows[above].indices[-1]], body.lines[rows[above + 1].indices[0]]
    text = fold(rows[above].text)
    if not _titular(rows[above]) or _LETTERHEAD.search(text) or _core(text) or find_dates(text):
        return False
    if upper.page != lower.page or body.table_between(rows[above].indices[-1], rows[above + 1].indices[0]):
        return False
    gap = lower.box.centre[1] - upper.box.centre[1]
    return gap < 3.2 * size and 0.7 < line_size(upper) / max(size, 1.0) < 1.4


def _adds(above: str, front: str) -> bool:
    """Whether a title whose agency reads `front` so far wants the row above."""
    if not front:
        return is_name(above) or bool(_YEAR_IN.fullmatch(fold(above))) or bool(re.search(rf"{YEAR}年", above))
    # A whole name above a whole name is a letterhead; the front of a name, such as 某某市某某区, is not.
    return not is_whole_name(above) and not (is_name(front) and not is_name(above)) and len(above) > 1


def _parse(body: Body, rows: Sequence[Row], first: int, last: int) -> Title:
    whole = stream([body.lines[index] for row in rows[first : last + 1] for index in row.indices])
    agency, year = _spans(whole.folded)
    value = None if year is None else plain_year(re.sub(r"[年度()]", "", whole.folded[slice(*year)]))
    return Title(whole, first, last, agency, year, value)


def _spans(text: str) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Where agency and year stand in the folded text of a title."""
    core = _core(text)
    if core is None:
        return None, None
    start, end = 0, core.start()
    year = core.span("year") if core["year"] else None
    for match in _YEAR_IN.finditer(text, 0, end):
        year = match.span(1)
        # The year stands before the name or behind it; what is longer is the name.
        if match.start() - start >= end - match.end():
            end = match.start()
        else:
            start = match.end()
        break
    start, end = _undecorated(text, start, end)
    if year is None:
        year = _year_behind(text, core.start("rest"))
    return ((start, end) if end > start else None), year


def _undecorated(text: str, start: int, end: int) -> tuple[int, int]:
    front = _DECORATION.match(text[start:end])
    if front:
        start += front.end()
    back = re.search(r"(?:《|关于|的|本级|:|\(|\d+)+$", text[start:end])
    return start, end - (back.end() - back.start() if back else 0)


def _year_behind(text: str, start: int) -> tuple[int, int] | None:
    match = re.compile(rf"({YEAR})年度?").search(text, start)
    return match.span(1) if match else None


def _stands_as_title(body: Body, rows: Sequence[Row], title: Title) -> bool:
    """Whether the title is centred, larger than the text or first on its page: not a line within a
    paragraph.
    """
    line = body.lines[rows[title.last_row].indices[0]]
    layout = body.layout(line)
    if layout.centred(line) or line_size(line) > 1.15 * layout.size:
        return True
    return title.first_row == 0 or squeeze(rows[title.first_row - 1].text)[-1] in "。；：.;:"
