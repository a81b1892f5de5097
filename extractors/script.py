"""Traditional characters and their simplified forms: one table for comparing texts and for reading them.

A report is printed in one script. So a page whose characters are simplified all over decides what a blurred 題 or 题
is, if the picture leaves both open; what is plainly printed stays as it is, and so does a page in traditional script.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

# Pairs of one character each, of words and place names in reports. Only where the simplified form is no traditional
# character of its own (后, 里, 干), which could be either.
_TRADITIONAL = (
    "總體況動開處請復議訴訟問題進報項務關機構門縣區鎮鄉廳會員辦轄東廣灣島興衛據學統計財監環應"
    "規劃設發國內資運輸農業領導負責聯繫電話編號郵網傳來與個還過這種類產屬無維護當樣實現從對為數價單專級"
    "決額條鐵園團場長權證許罰購買補償紙質給義書標準執結經費營濟織際響顯稅獎備綜檔歸審評頁顧頭點"
    "龍寧陽陰雲鄭連達遠濱漢溫澤齊魯錫銀鋼鳳黃硯礦貴賀賓贊車馬鳥魚橋樓嶺溝窪塢壩圍歡華榮蘇蘭葉藝藥"
)
_SIMPLIFIED = (
    "总体况动开处请复议诉讼问题进报项务关机构门县区镇乡厅会员办辖东广湾岛兴卫据学统计财监环应"
    "规划设发国内资运输农业领导负责联系电话编号邮网传来与个还过这种类产属无维护当样实现从对为数价单专级"
    "决额条铁园团场长权证许罚购买补偿纸质给义书标准执结经费营济织际响显税奖备综档归审评页顾头点"
    "龙宁阳阴云郑连达远滨汉温泽齐鲁锡银钢凤黄砚矿贵贺宾赞车马鸟鱼桥楼岭沟洼坞坝围欢华荣苏兰叶艺药"
)
TO_SIMPLIFIED: Mapping[str, str] = dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True))

_ONLY_SIMPLIFIED = frozenset(_SIMPLIFIED) - frozenset(_TRADITIONAL)
ENOUGH = 8  # characters of one script alone that say which it is: a heading and a line
CLEARLY = 5.0  # times as many of one script as of the other


def is_simplified(texts: Iterable[str]) -> bool:
    """Whether `texts` are plainly in simplified script: not where they are too few, or mixed."""
    simplified = traditional = 0
    for text in texts:
        simplified += sum(char in _ONLY_SIMPLIFIED for char in text)
        traditional += sum(char in TO_SIMPLIFIED for char in text)
    return simplified >= max(ENOUGH, CLEARLY * traditional)
