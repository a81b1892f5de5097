"""Who reports, for which year, and how to reach them.

A wrong body or year moves two hundred right numbers to the wrong place. So both are read from every place
that names them (title, cover, period, basis, signature, date), one is taken by the rule of the contract
(title, then signature, then basis), and the others only raise or lower the confidence: two places that
disagree always go to a person, and nothing is outvoted in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.bodies import is_name, is_whole_name, relation, told_in
from extractors.closing import Closing, find_closing
from extractors.contacts import CONTACT_KEYS, Found, find_contacts, normal_form
from extractors.dates import FoundDate, find_dates, find_periods
from extractors.document import Heading, Value
from extractors.heading_candidates import rows_of
from extractors.layout import Body, paragraphs
from extractors.name_places import CONFIRMED, agreed, confirmed
from extractors.titles import REGION_ROWS, Title, find_titles
from extractors.wording import Stream, fold, stream

REVIEW_BELOW = 0.96  # probability that agency or year is right
DOUBTED = 0.6  # no agency or year is surer of which something says otherwise
UNSUPPORTED = 0.97  # that what only one place says is what the report means
OPTIONAL_REVIEW_BELOW = 0.8

_BASIS = re.compile(
    r"(?:由|现公布|现将|公布|编制了?)(?P<a>[\u4e00-\u9fff()·]{4,40}?)(?:根据|依据|按照|编制|依照|\d{4}年|负责)"
    r"|请(?:与|联系|向|致电|致函|咨询)(?P<b>[\u4e00-\u9fff()·]{4,40}?)(?:联系|咨询|反映|提出|[,(:。])"
)
_TOLD_YEAR = re.compile(
    r"(20\d\d)年度?(?:[\u4e00-\u9fff]{0,20}?)(?:信息公开|政务公开)[\u4e00-\u9fff]{0,6}(?:报告|年报)"
)
# One end of the period the figures cover, where the other is under a stain: only then is it asked.
_COVERED = re.compile(r"(?:期限|时限|统计)[^\d。]{0,6}(?P<a>20\d\d)年0?1月0?1?|至(?P<b>20\d\d)年12月31日")
_PUBLISHED = re.compile(r"(?:发布日期|发布时间|成文日期|公开日期|印发日期|生成日期):?")


@dataclass(frozen=True, slots=True)
class _Evidence:
    """All that was found about one document, each with its place."""

    titles: tuple[Title, ...]
    closing: Closing
    basis: tuple[Found, ...]
    cover: tuple[Found, ...]  # names that stand alone and centred before the text, away from the title
    head: tuple[Stream, ...]  # paragraphs from the start to the second heading, then the rest
    period: Found | None
    period_dates: tuple[str, str] | None
    issued: tuple[Found, FoundDate] | None


def read_front_matter(body: Body, headings: Sequence[Heading]) -> dict[str, Value]:
    """agency, year, period, address, postcode, phone, fax, email, website, issued_on: every key is there.

    What is not printed has kind "not_found"; only agency and year then go to review. Parts in work pixels.
    """
    evidence = _gather(body, sorted(headings, key=lambda heading: heading.line_index))
    contacts = find_contacts(evidence.head)
    front = {
        "agency": _agency(evidence),
        "year": _year(evidence),
        "period": _optional(evidence.period, evidence.period_dates),
    }
    for key in CONTACT_KEYS:
        found = contacts.get(key)
        front[key] = _optional(found, normal_form(key, found.raw) if found else None)
    issued = evidence.issued
    front["issued_on"] = (
        _optional(issued[0], issued[1].value.isoformat()) if issued else _optional(None, None)
    )
    return front


def _gather(body: Body, headings: Sequence[Heading]) -> _Evidence:
    first = headings[0].line_index if headings else len(body.lines)
    last = headings[-1].line_index + headings[-1].line_count - 1 if headings else -1
    titles = find_titles(body, first)
    closing = find_closing(body, last)
    second = headings[1].line_index if len(headings) > 1 else len(body.lines)
    head = _streams(body, 0, second)
    everything = (*head, *_streams(body, second, None))
    period = _find_period(everything)
    return _Evidence(
        titles=titles,
        closing=closing,
        basis=tuple(_basis(head)),
        cover=tuple(_cover(body, first)),
        head=everything,
        period=period[0] if period else None,
        period_dates=period[1] if period else None,
        issued=_find_issued(body, titles, closing),
    )


def _streams(body: Body, start: int, end: int | None) -> tuple[Stream, ...]:
    return tuple(
        stream([body.lines[index] for index in paragraph.indices])
        for paragraph in paragraphs(body, body.kept(start, end))
    )


def _basis(head: Sequence[Stream]) -> Iterator[Found]:
    for each in head:
        for match in _BASIS.finditer(each.folded):
            group = "a" if match["a"] else "b"
            if is_name(match[group]):
                yield Found(each, *match.span(group))


def _cover(body: Body, first: int) -> Iterator[Found]:
    for row in rows_of(body)[:REGION_ROWS]:
        line = body.lines[row.indices[0]]
        if (
            row.indices[0] < first
            and is_whole_name(row.text)
            and is_name(row.text)
            and body.layout(line).centred(line)
        ):
            each = stream([body.lines[index] for index in row.indices])
            yield Found(each, 0, len(each.text))


def _find_period(streams: Sequence[Stream]) -> tuple[Found, tuple[str, str]] | None:
    """The period the figures cover: where the text says so, else the first whole year named."""
    hits = [(each, period) for each in streams for period in find_periods(each.folded)]
    for each, period in hits:
        before = each.folded[max(0, period.start - 24) : period.start]
        whole_year = (period.first.month, period.last.month) == (1, 12)
        if whole_year or re.search(r"期限|时限|统计|时间范围|数据", before):
            return Found(each, period.start, period.end), (period.first.isoformat(), period.last.isoformat())
    return None


def _find_issued(body: Body, titles: Sequence[Title], closing: Closing) -> tuple[Found, FoundDate] | None:
    if closing.date is not None and closing.date_stream is not None:
        return Found(closing.date_stream, closing.date.start, closing.date.end), closing.date
    rows = rows_of(body)[:REGION_ROWS]
    below = {title.last_row + step for title in titles for step in (1, 2)}
    for number, row in enumerate(rows):
        each = stream([body.lines[index] for index in row.indices])
        label = _PUBLISHED.search(each.folded)
        dates = [date for date in find_dates(each.folded) if not label or date.start >= label.end()]
        alone = dates and len(each.folded) - (dates[0].end - dates[0].start) <= 4
        if dates and (label or (number in below and alone)):
            return Found(each, dates[0].start, dates[0].end), dates[0]
    return None


def _agency(evidence: _Evidence) -> Value:
    """The body as in the title; else as signed; else as the basis paragraph names it: each character as all places
    together say.
    """
    in_titles = [Found(title.stream, *title.agency) for title in evidence.titles if title.agency]
    signed = evidence.closing.agency
    signature = [Found(signed, 0, len(signed.text))] if signed else []
    sources = [*in_titles, *signature, *evidence.basis, *evidence.cover]
    if not sources:
        return _not_found(review=True)
    chosen = sources[0]
    others = [found.raw for found in [*in_titles[1:], *signature, *evidence.basis] if found is not chosen]
    name = agreed(chosen, evidence.head)
    reasons = _agency_doubts(chosen, others, [found.raw for found in signature])
    if name != chosen.raw and "agency_disagrees" not in reasons:
        reasons.append("agency_disagrees")
    supported = any(relation(chosen.raw, other) == "same" for other in others) or _told_again(
        chosen, evidence
    )
    read = confirmed(chosen, evidence.head) if supported else chosen.confidence * UNSUPPORTED
    confidence = min(read, DOUBTED) if reasons else read
    if not in_titles and not supported:
        reasons.append("agency_not_in_title")
    return _value("text", fold_name(name), chosen, confidence, reasons, REVIEW_BELOW)


def fold_name(raw: str) -> str:
    """A name as the record keeps it: as printed, with full-width brackets."""
    return raw.replace("(", "（").replace(")", "）")


def _agency_doubts(chosen: Found, others: Sequence[str], signed: Sequence[str]) -> list[str]:
    doubts = []
    relations = [relation(chosen.raw, other) for other in others]
    if "misread" in relations or any(relation(chosen.raw, other) == "other" for other in signed):
        doubts.append("agency_disagrees")
    behind = chosen.stream.folded[chosen.end :]
    # In 某某市政府信息公开 the word 政府 belongs to the name or to the phrase: only a person can say.
    shared = behind.startswith("政府") and not is_whole_name(chosen.raw)
    if not is_name(chosen.raw) or shared:
        doubts.append("agency_incomplete")
    return doubts


def _told_again(chosen: Found, evidence: _Evidence) -> bool:
    """Whether the text names the body again, letter by letter."""
    lines = {id(line) for line in chosen.stream.lines}
    return any(
        told_in(fold(chosen.raw), each.folded)
        for each in evidence.head
        if not lines & {id(line) for line in each.lines}
    )


def _year(evidence: _Evidence) -> Value:
    """The year of the title; else of the period; else the one the text names with the report."""
    titled = [
        (Found(title.stream, *title.year), title.year_value)
        for title in evidence.titles
        if title.year and title.year_value
    ]
    told = list(_told_years(evidence.head))
    period = evidence.period
    stated = [(period, int(evidence.period_dates[0][:4]))] if period and evidence.period_dates else []
    sources = [*titled, *stated, *told] or list(_covered_years(evidence.head))
    if not sources or sources[0][1] is None:
        return _not_found(review=True)
    chosen, year = sources[0]
    others = [value for found, value in [*titled[1:], *stated, *told] if found is not chosen]
    reasons = _year_doubts(year, others, evidence)
    supported = year in others or bool(evidence.issued and evidence.issued[1].value.year == year + 1)
    if not titled and not supported:
        reasons.append("year_not_in_title")
    if any(title.year and title.year_value is None for title in evidence.titles):
        reasons.append("year_incomplete")
    confidence = _year_confidence(chosen.confidence, supported, bool(reasons))
    located = chosen if titled else _digits_only(chosen)
    return _value("number", year, located, confidence, reasons, REVIEW_BELOW)


def _told_years(head: Sequence[Stream]) -> Iterator[tuple[Found, int]]:
    for each in head:
        for match in _TOLD_YEAR.finditer(each.folded):
            # A title is a paragraph too; it must not support itself.
            if "。" in each.folded:
                yield Found(each, *match.span(1)), int(match[1])


def _covered_years(streams: Sequence[Stream]) -> Iterator[tuple[Found, int]]:
    for each in streams:
        for match in _COVERED.finditer(each.folded):
            group = "a" if match["a"] else "b"
            yield Found(each, *match.span(group)), int(match[group])


def _year_doubts(year: int, others: Sequence[int | None], evidence: _Evidence) -> list[str]:
    wrong = any(other != year for other in others)
    issued = evidence.issued[1].value.year if evidence.issued else None
    # A report is issued in the year after the one it covers; late ones follow, none comes before.
    too_early = issued is not None and not year <= issued <= year + 2
    return ["year_disagrees"] if wrong or too_early else []


def _digits_only(found: Found) -> Found:
    return Found(found.stream, found.start, found.start + 4)


def _year_confidence(read: float, supported: bool, doubted: bool) -> float:
    """Probability of the year from that of its characters (`read`) and from what other places say."""
    if doubted:
        return min(read, DOUBTED)
    return 1.0 - (1.0 - read) * CONFIRMED if supported else read * UNSUPPORTED


def _optional(found: Found | None, value: str | tuple[str, ...] | None) -> Value:
    if found is None:
        return _not_found(review=False)
    return _value("text", value, found, found.confidence, [], OPTIONAL_REVIEW_BELOW)


def _value(
    kind: str,
    value: int | str | tuple[str, ...] | None,
    found: Found,
    confidence: float,
    reasons: Sequence[str],
    threshold: float,
) -> Value:
    low = confidence < threshold
    return Value(
        kind="number" if kind == "number" else "text",
        value=value,
        raw=found.raw,
        parts=found.stream.parts(found.start, found.end),
        confidence=confidence,
        review=low or bool(reasons),
        reasons=(*reasons, *(("low_confidence",) if low and not reasons else ())),
    )


def _not_found(review: bool) -> Value:
    return Value(kind="not_found", review=review, reasons=("not_found",) if review else ())
