"""Address, postcode, telephone, fax, e-mail and website in the sentence that tells whom to ask.

They are found by their labels, or by their own shape where that cannot be anything else, one paragraph at
a time, so that a number cut by a line end is whole and none runs on into the next paragraph.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.wording import Stream

_NUMBER = r"(?:\(?(?:\+?86-?)?0\d{2,3}\)?-{0,3}[2-9]\d{6,7}|1[3-9]\d{9}|[2-9]\d{6,7}|[48]00-?\d{3,4}-?\d{3,4}|12345)"
_EXTENSION = r"(?:(?:-|转)\d{1,5}(?!\d))?"
_LABELS = (
    r"(?:邮编|邮政编码|联系电话|咨询电话|电话|联系方式|传真|图文传真|电子邮箱|电子邮件|电子信箱|邮箱|"
    r"e-?mail|网址|联系人)"
)
_TOP = r"(?:gov\.cn|edu\.cn|org\.cn|com\.cn|net\.cn|cn|com|net|org|gov)"

# What a pattern finds stands in its first group. The first pattern that matches anywhere wins.
_PATTERNS: Mapping[str, Sequence[re.Pattern[str]]] = {
    "address": (
        re.compile(
            rf"(?:联系地址|通信地址|通讯地址|办公地址|单位地址|(?<!网络)(?<!电子)(?<!网站)地址)(?:为|是|:)+"
            rf"((?:\([^()]{{1,20}}\)|[^。;()]){{4,60}}?)(?=[、]?\(?{_LABELS}|[。;,)]|\((?![^()]{{1,20}}\))|$)",
            re.IGNORECASE,
        ),
    ),
    "postcode": (re.compile(r"(?:邮编|邮政编码|邮码)(?:为|是|:)*(\d{6})(?!\d)"),),
    "phone": (
        re.compile(
            rf"(?:联系电话|咨询电话|办公电话|电话号码|联系方式|(?<!传真)电话)(?:[/及、和]?传真)?[^\d(+;。]{{0,6}}"
            rf"(?:\((?!0)[^)\d]*\))?:?({_NUMBER}{_EXTENSION})"
        ),
    ),
    "fax": (re.compile(rf"(?:图文传真|传真)(?:电话|号码)?[^\d(+;。]{{0,4}}({_NUMBER}{_EXTENSION})"),),
    "email": (re.compile(r"([A-Za-z0-9][\w.%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,6})"),),
    "website": (
        re.compile(
            rf"(?:网址|网站|网页)[^a-z]{{0,12}}((?:https?:/{{1,2}})?(?:[a-z0-9-]+\.)+{_TOP}(?![a-z.])(?:[:/][\w./?=&%#~:-]*)?)",
            re.IGNORECASE | re.ASCII,
        ),
        re.compile(
            rf"(?<![@\w.-])((?:https?:/{{1,2}}|www\.)(?:[a-z0-9-]+\.)+{_TOP}(?![a-z.])(?:[:/][\w./?=&%#~:-]*)?)",
            re.IGNORECASE | re.ASCII,
        ),
        re.compile(r"(?<![@\w.-])((?:[a-z0-9-]+\.)+gov\.cn(?:/[\w./?=&%#~:-]*)?)", re.IGNORECASE | re.ASCII),
    ),
}
CONTACT_KEYS = tuple(_PATTERNS)


@dataclass(frozen=True, slots=True)
class Found:
    """Something found at [start, end) of `stream`."""

    stream: Stream
    start: int
    end: int

    @property
    def raw(self) -> str:
        return self.stream.text[self.start : self.end]

    @property
    def confidence(self) -> float:
        return self.stream.confidence(self.start, self.end)


def find_contacts(streams: Sequence[Stream]) -> dict[str, Found]:
    """What is found of CONTACT_KEYS; `streams` are paragraphs, the likeliest place first."""
    found: dict[str, Found] = {}
    for key, patterns in _PATTERNS.items():
        for pattern in patterns:
            hit = next(((each, match) for each in streams if (match := pattern.search(each.folded))), None)
            if hit is not None:
                start, end = hit[1].span(1)
                found[key] = Found(hit[0], start, _trimmed(hit[0].folded, start, end))
                break
    return found


def _trimmed(folded: str, start: int, end: int) -> int:
    """Without the punctuation that closes the sentence; an unpaired closing bracket too."""
    while end > start and (
        folded[end - 1] in ".,:;、。-" or (folded[end - 1] == ")" and "(" not in folded[start:end])
    ):
        end -= 1
    return end


def normal_form(key: str, raw: str) -> str:
    """`raw` in half-width characters; one ASCII hyphen for the dashes of a number. An address stays as
    it is.
    """
    if key == "address":
        return raw
    plain = unicodedata.normalize("NFKC", raw)
    return re.sub("[-—–―\u2212\u2010\u2011]+", "-", plain) if key in ("phone", "fax") else plain
