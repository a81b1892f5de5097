"""A form that nobody here has seen is a file, and needs no code."""

from __future__ import annotations

import json
from pathlib import Path

from filled import FORMS, numbered, texts
from printed import print_table

from extractors.forms import load, match_tables

INVENTED = {
    "schema": "nianbao.form/1",
    "id": "2099",
    "title": "an invented form",
    "from_year": 2099,
    "tables": [
        {
            "key": "energy",
            "section": "overview",
            "bands": [
                {
                    "corner": {"label": "能源种类"},
                    "columns": [
                        {
                            "label": "消耗数量",
                            "columns": [
                                {"label": "上半年", "path": "first_half", "type": "amount", "unit": "吨"},
                                {"label": "下半年", "path": "second_half", "type": "amount", "unit": "吨"},
                            ],
                        },
                        {"label": "全年合计", "path": "year", "type": "amount", "unit": "吨"},
                    ],
                    "rows": [
                        {
                            "label": "化石能源",
                            "rows": [
                                {"label": "原煤", "path": "coal"},
                                {"label": "天然气", "path": "gas"},
                            ],
                        },
                        {"label": "可再生能源", "path": "renewable"},
                    ],
                }
            ],
        }
    ],
    "rules": [
        {
            "id": "energy_year.{row}",
            "table": "energy",
            "each": "row",
            "sum": ["first_half", "second_half"],
            "equals": ["year"],
        }
    ],
}


def test_invented_form_needs_no_code(tmp_path: Path) -> None:
    (tmp_path / "2099.json").write_text(json.dumps(INVENTED), encoding="utf-8")
    forms = (*FORMS, *load(tmp_path))
    layout = forms[-1].table("energy").layout
    match = match_tables([print_table(layout, numbered(layout))], forms)
    assert match.form is forms[-1]
    assert texts(match) == numbered(layout)
    assert match.expected["energy.coal.year"].unit == "吨"
    assert {rule.id for rule in match.form.rules} == {
        "energy_year.coal",
        "energy_year.gas",
        "energy_year.renewable",
    }
