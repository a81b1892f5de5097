"""The README's quality table comes from a run: its format is the generator's, and rewriting touches nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from run_cases import ROW, case, field, run_of, scored

from eval.report.markdown import BEGIN, END, HEADER, quality_table, rewrite
from eval.report.markdown import ROW as ROW_FORMAT
from extractors.errors import InputError

README = Path(__file__).resolve().parents[2] / "README.md"


def made() -> str:
    wrong = {f"{ROW}.total": field(f"{ROW}.total", "8")}
    return quality_table(run_of(scored(case("a-2021-digital")), scored(case("a-2021-fax"), wrong)))


def test_one_row_per_level() -> None:
    lines = made().splitlines()
    assert lines[0] == f"| {' | '.join(HEADER)} |"
    assert lines[2:] == [
        "| as printed | 3 / 3 | 2 / 2 | 0 | 100 % | 1 / 1 | 1, 1, 1 of 1 |",
        "| fax | 2 / 3 | 1 / 2 | 1 | 100 % | 1 / 1 | 1, 1, 1 of 1 |",
    ]


def test_the_hand_labelled_core_has_a_row_of_its_own() -> None:
    run = run_of(scored(case()), scored(case("b-2021-fax", label_source="hand", agency="乙")))
    assert "| labelled by hand | 3 / 3 |" in quality_table(run)


@pytest.mark.parametrize("text", [made(), README.read_text("utf-8").split(BEGIN)[1].split(END)[0].strip()])
def test_the_readme_has_the_format_that_the_command_writes(text: str) -> None:
    """Mend it with: nianbao eval table RUN --into README.md"""
    head, rule, *rows = text.splitlines()
    assert head == f"| {' | '.join(HEADER)} |"
    assert rule == "|---" * len(HEADER) + "|"
    assert len(rows) >= 2
    assert [row for row in rows if not ROW_FORMAT.match(row)] == []


def test_rewriting_touches_only_what_is_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    rewrite(page, made())
    assert page.read_text("utf-8") == f"before\n{BEGIN}\n{made()}\n{END}\nafter\n"
    for broken in ("no marks", f"{END} {BEGIN}", f"{BEGIN} {BEGIN} {END}"):
        page.write_text(broken, encoding="utf-8")
        with pytest.raises(InputError):
            rewrite(page, made())
        assert page.read_text("utf-8") == broken
