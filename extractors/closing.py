"""The signature at the end of a report: who signs, and when. It is no part of section six."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.bodies import is_name
from extractors.dates import FoundDate, find_dates
from extractors.heading_candidates import Row, rows_of
from extractors.layout import Body, continues
from extractors.wording import Stream, fold, squeeze, stream

# What web pages and offices leave below a signature.
CHROME = re.compile(
    r"扫一扫|打印|关闭窗口|分享到?|上一[篇页]|下一[篇页]|浏览次数|返回顶部|责任编辑|来源:|发布时间:|字体:"
    r"|此件|抄送|版权所有|主办单位|承办单位|备案号|网站标识|ICP|^https?:"
)
_NOISE = re.compile(r"[^\u4e00-\u9fff0-9]{1,6}|[★☆*·.\-—_]+")
_LOOK_BACK = 12  # rows from the end in which a signature may begin


@dataclass(frozen=True, slots=True)
class Closing:
    """`start` is the first line (index into Body.lines) that belongs to it, the number of lines if
    there is none.
    """

    start: int
    agency: Stream | None = None
    date: FoundDate | None = None
    date_stream: Stream | None = None


def find_closing(body: Body, after: int = -1) -> Closing:
    """The signature below line `after`: name and date, either of them alone if it stands as signatures
    stand.
    """
    rows = [row for row in rows_of(body) if row.indices[0] > after]
    end = len(rows)
    while end and _is_left_over(rows[end - 1]):
        end -= 1
    tail_start = rows[end].indices[0] if end < len(rows) else len(body.lines)
    for position in range(end - 1, max(end - _LOOK_BACK, -1), -1):
        found = _dated(body, rows, position)
        if found is not None:
            return found
    if end and is_name(rows[end - 1].text) and _stands_apart(body, rows, end - 1):
        return Closing(rows[end - 1].indices[0], _of(body, rows[end - 1]))
    return Closing(tail_start)


def _is_left_over(row: Row) -> bool:
    text = fold(squeeze(row.text))
    return bool(CHROME.search(text) or _NOISE.fullmatch(text)) and len(text) < 60


def _of(body: Body, row: Row) -> Stream:
    return stream([body.lines[index] for index in row.indices])


def _dated(body: Body, rows: Sequence[Row], position: int) -> Closing | None:
    """The closing whose date stands in row `position`, alone or behind the name; None if it is no such
    row.
    """
    whole = _of(body, rows[position])
    dates = find_dates(whole.folded)
    if len(dates) != 1:
        return None
    before, after = whole.folded[: dates[0].start].strip("("), whole.folded[dates[0].end :]
    if len(after) > 3 or (before and not is_name(before)):
        return None
    if before:
        name = Stream(whole.lines, whole.text[: len(before)], before, whole.at[: len(before)])
        return Closing(rows[position].indices[0], name, dates[0], whole)
    signers = _signers(body, rows, position)
    start = signers[0].indices[0] if signers else rows[position].indices[0]
    lines = [body.lines[index] for row in signers for index in row.indices]
    return Closing(start, stream(lines) if lines else None, dates[0], whole)


def _signers(body: Body, rows: Sequence[Row], position: int) -> list[Row]:
    """The rows above the date that hold the name: one, or two where it is broken; specks of a seal
    skipped.
    """
    found: list[Row] = []
    for above in range(position - 1, max(position - 5, -1), -1):
        text = rows[above].text
        if _NOISE.fullmatch(fold(squeeze(text))) and not found:
            continue
        whole = text + "".join(row.text for row in found)
        if not (is_name(whole) and _stands_apart(body, rows, above)) or (found and is_name(found[0].text)):
            break
        found.insert(0, rows[above])
    return found


def _stands_apart(body: Body, rows: Sequence[Row], position: int) -> bool:
    """Whether the row stands right or centred, or at least is no part of a paragraph."""
    index = rows[position].indices[0]
    line = body.lines[index]
    layout = body.layout(line)
    if layout.at_right(line) or layout.centred(line):
        return True
    return position > 0 and not continues(body, rows[position - 1].indices[-1], index) and len(line.text) > 4
