"""Public bodies that do not exist, and the split each belongs to.

Place names are put together from syllables that no district of China combines so, as far as we know; a body that
should exist after all is a coincidence. The split hangs on the body's name alone, so that no body's words or looks
are ever on both sides of a comparison.
"""

from __future__ import annotations

import random
import zlib
from typing import Literal, get_args

Split = Literal["train", "calibration", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)
_SHARES = (4, 3, 3)  # of ten bodies, in the order of SPLITS

_STEM_LIST = (
    "青柏 鹭汀 砚北 云渡 望榆 禾杪 霁原 沙棠 岫溪 澜屏 栎汀 墨汐 芦砚 汐原 霜浦 枥川 萤渡 桐霁 雁砚 菱屏 "
    "蓼原 槲溪 岚汀 樨川 沅砚 茗浦 砾原 枞汀 黛岭 曜川 梧砚 泠溪 荻屏 椿渡 霭川 苇原 鹤砚 柘汀 笙浦 翎川"
)
_TOWN_LIST = (
    "槐荫渡镇 石苔镇 雁栖坪乡 麦陇镇 苇塘铺镇 竹笕乡 霜叶岭镇 芡实湖镇 "
    "柳浦街道 枫桥畈街道 望潮门街道 银杏里街道 砚池街道"
)
_OFFICE_LIST = (
    "人民政府 民政局 水务局 农业农村局 市场监督管理局 档案馆 文化和旅游局 应急管理局 统计局 教育局 医疗保障局 "
    "自然资源和规划局 住房和城乡建设局 交通运输局 审计局 林业局 退役军人事务局 公共资源交易中心 城市管理局 司法局"
)
_STEMS, _TOWNS, _OFFICES = _STEM_LIST.split(), _TOWN_LIST.split(), _OFFICE_LIST.split()
_SUFFIXES = ("市", "区", "县")


def draw_agency(rng: random.Random) -> str:
    """A body's full name."""
    place = rng.choice(_STEMS) + rng.choice(_SUFFIXES)
    if rng.random() < 0.3:
        town = rng.choice(_TOWNS)
        return place + town + ("办事处" if town.endswith("街道") else "人民政府")
    return place + rng.choice(_OFFICES)


def split_of(agency: str) -> Split:
    """The split of a body, from a checksum of its name."""
    number = zlib.crc32(agency.encode("utf-8")) % sum(_SHARES)
    return SPLITS[0] if number < _SHARES[0] else SPLITS[1] if number < _SHARES[0] + _SHARES[1] else SPLITS[2]


def draw_agency_of(rng: random.Random, split: Split | None) -> str:
    """A body of `split`, any body where that is None."""
    while True:
        agency = draw_agency(rng)
        if split is None or split_of(agency) == split:
            return agency


def place_of(agency: str) -> str:
    """The district a body belongs to: its name's first three characters."""
    return agency[:3]
