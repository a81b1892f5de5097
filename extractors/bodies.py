"""Names of public bodies: what one looks like, and when two names mean the same body.

A report names its body in the title, in the sentence on its legal basis and in the signature, and hardly
ever three times the same way: with or without the province, as the government or as its office, in full
or in short.
"""

from __future__ import annotations

import re
from typing import Literal

from rapidfuzz.distance import Levenshtein

from extractors.wording import fold, squeeze

Relation = Literal["same", "misread", "other"]

# What the name of a body ends in. The first group is whole names, the second may be only the front of one.
_BODY = (
    "政府|办公室|办公厅|委员会|管委会|局|厅|部|院|处|所|站|总队|支队|大队|中队|中心|办事处|分局|署|银行|公司|"
    "学校|大学|学院|中学|小学|幼儿园|医院|委|办|公所|社|馆|会|法院|检察院|街道|基金|海关|集团"
)
_PLACE = "镇|乡|苏木|区|县|市|旗|盟|州|省|新区|开发区|园区|街道|自治区|自治州|农场|林场"
_WHOLE = re.compile(rf"(?:{_BODY})$")
_ANY = re.compile(rf"(?:{_BODY}|{_PLACE})(?:\([\u4e00-\u9fff]+\))?$")
# A character after which no name begins: one of a word, but no end of a place and no particle.
_WITHIN_WORD = re.compile(
    r"(?![省市区县州旗盟乡镇团师局部国村由与和同及向请是的在为对从即将布经据年])[\u4e00-\u9fff]"
)
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9()·、]{3,45}")


def is_whole_name(text: str) -> bool:
    """Whether `text` ends as the name of a body does ("…局"), not as that of a place ("…区")."""
    return bool(_WHOLE.search(fold(squeeze(text))))


def is_name(text: str) -> bool:
    """Whether `text` could be the name of a body or place and nothing else."""
    folded = fold(squeeze(text))
    return bool(_NAME.fullmatch(folded) and _ANY.search(folded)) and not re.search(r"\d[年月日]", folded)


def relation(name: str, other: str) -> Relation:
    """How two names stand to each other.

    "same": one holds the other, or is its short form (市卫健委, 某某市卫生健康委员会); "misread": so alike that one
    of them was misread or misprinted; "other": a different body.
    """
    first, second = (fold(squeeze(each)).replace("人民政府", "政府") for each in (name, other))
    if told_in(first, second) or told_in(second, first):
        return "same"
    short, long = sorted((first, second), key=len)
    # A character lost is a misreading before it is a short form.
    if len(short) >= 4 and _distance_within(short, long) <= max(1, len(short) // 5):
        return "misread"
    return "same" if _is_short_form(short, long) else "other"


def _distance_within(short: str, long: str) -> int:
    """The least edit distance of `short` to a part of `long` about as long."""
    widths = range(max(1, len(short) - 1), min(len(long), len(short) + 1) + 1)
    parts = (long[start : start + width] for width in widths for start in range(len(long) - width + 1))
    return min(Levenshtein.distance(short, part) for part in parts)


def told_in(name: str, text: str) -> bool:
    """Whether the folded `text` names the body `name` in full: not as the rest of a longer word.

    After 市 or 县 a name may begin, and after 由 or a comma; after any other character its own first one may
    have got lost (临江市, 江市).
    """
    found = (match.start() for match in re.finditer(re.escape(name), text))
    return any(start == 0 or not _WITHIN_WORD.match(text[start - 1]) for start in found)


def _is_short_form(short: str, long: str) -> bool:
    """Whether all characters of `short` stand in `long` in that order, beginning a name and not too
    thinly.
    """
    rest = iter(long)
    return 3 <= len(short) < len(long) and all(char in rest for char in short)
