"""The form files and their loader: what the official forms hold, and what a broken file says."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from extractors.forms import BadForm, Form, load

FORMS = {form.id: form for form in load()}


@pytest.mark.parametrize(
    ("form", "key", "rows", "cols", "values"),
    [
        ("2019", "active_disclosure", 18, 4, 22),
        ("2019", "applications", 26, 10, 161),
        ("2019", "review_litigation", 4, 15, 15),
        ("2021", "active_disclosure", 14, 4, 10),
        ("2021", "applications", 28, 10, 175),
        ("2021", "review_litigation", 4, 15, 15),
    ],
)
def test_official_lattice(form: str, key: str, rows: int, cols: int, values: int) -> None:
    layout = FORMS[form].table(key).layout
    assert (layout.n_rows, layout.n_cols, len(layout.paths)) == (rows, cols, values)


@pytest.mark.parametrize(("form", "rules"), [("2019", 40), ("2021", 42)])
def test_official_rules(form: str, rules: int) -> None:
    printed = {path for table in FORMS[form].tables for path in table.layout.paths}
    found = FORMS[form].rules_for(printed)
    assert len(found) == rules
    assert Counter(rule.id for rule in found).most_common(1)[0][1] == 1
    assert all(path in printed for rule in found for path in rule.operands)


def test_forms_json_agrees(shared_cases: Path) -> None:
    """Fields, places, types, units and sums are those of the published facts."""
    facts = json.loads((shared_cases.parent / "forms.json").read_text(encoding="utf-8"))["versions"]
    for form in FORMS.values():
        for table in facts[form.id]["tables"]:
            assert _lattice(form, table["key"]) == {
                (
                    cell["row"],
                    cell["col"],
                    cell["rowspan"],
                    cell["colspan"],
                    cell["text"] or cell["field"],
                    cell.get("value_type", "count"),
                    cell.get("unit"),
                )
                for cell in table["cells"]
            }
        printed = {path for table in form.tables for path in table.layout.paths}
        assert {rule.id: (set(rule.left), set(rule.right)) for rule in form.rules_for(printed)} == {
            rule["id"]: (set(rule["lhs"]), set(rule["rhs"])) for rule in facts[form.id]["constraints"]
        }


def _lattice(form: Form, key: str) -> set[tuple[int, int, int, int, str, str, str | None]]:
    return {
        (
            cell.row,
            cell.col,
            cell.rowspan,
            cell.colspan,
            cell.label.text if cell.label else cell.path or "",
            cell.value_type,
            cell.unit,
        )
        for cell in form.table(key).layout.cells
    }


def test_hybrid_layout_takes_other_rows_and_rules() -> None:
    table = FORMS["2021"].table("applications")
    one_row = next(layout for layout in table.layouts[1:])
    assert one_row.n_rows == 26
    assert "applications.results.other_handling.all.total" in one_row.paths
    ids = {rule.id for rule in FORMS["2021"].rules_for(set(one_row.paths))}
    assert "app_row_total.results.other_handling.all" in ids
    assert not any("overdue" in rule_id for rule_id in ids)


def test_rule_with_an_unprinted_operand_is_left_out() -> None:
    rule = next(rule for rule in FORMS["2021"].rules if rule.id == "app_balance.total")
    assert rule.narrowed(set(rule.operands)) == rule
    assert rule.narrowed(set(rule.operands) - {"applications.carried_over.total"}) is None


MINIMAL = {
    "schema": "nianbao.form/1",
    "id": "x",
    "title": "",
    "from_year": 2030,
    "tables": [
        {
            "key": "t",
            "section": "applications",
            "bands": [
                {
                    "corner": {"label": "项目名称"},
                    "columns": [{"label": "件数", "path": "n"}],
                    "rows": [{"label": "规章", "path": "r"}],
                }
            ],
        }
    ],
    "rules": [],
}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"schema": "nianbao.form/9"}, id="other-schema"),
        pytest.param({"tables": [{"key": "t", "section": "x"}]}, id="table-without-bands"),
        pytest.param(
            {"rules": [{"id": "r", "table": "t", "each": "row", "sum": ["m"], "equals": ["n"]}]},
            id="rule-on-unknown-field",
        ),
        pytest.param(
            {"rules": [{"id": "r", "table": "u", "each": "row", "sum": ["n"], "equals": ["n"]}]},
            id="rule-on-unknown-table",
        ),
    ],
)
def test_bad_form_names_the_file(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(MINIMAL | change), encoding="utf-8")
    with pytest.raises(BadForm, match=r"bad\.json"):
        load(tmp_path)


def test_not_json_and_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(BadForm):
        load(tmp_path)
    (tmp_path / "a.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadForm):
        load(tmp_path / ".")


def test_band_of_another_width_does_not_tile(tmp_path: Path) -> None:
    bands = MINIMAL["tables"][0]["bands"]  # type: ignore[index]
    wide = {**bands[0], "columns": [{"label": "件数", "path": "n", "span": 2}]}
    data = {**MINIMAL, "tables": [{**MINIMAL["tables"][0], "bands": [*bands, wide]}]}  # type: ignore[index]
    (tmp_path / "a.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(BadForm, match="ValueError"):
        load(tmp_path)
