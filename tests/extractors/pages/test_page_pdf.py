"""What stands on a PDF page comes out at its place, and a text layer is believed only where it is what is seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from page_drawings import PdfPage, pdf_file, table, text_lines

from extractors.document import Glyph, Segment
from extractors.pages import RawPage, open_source, prepare
from extractors.pages.raw import plain

SCAN = table((842, 595), thickness=2)
FULL_PAGE = "q 595 0 0 842 0 0 cm /I0 Do Q "


def raw_page(folder: Path, page: PdfPage, forms: tuple[str, ...] = ()) -> RawPage:
    path = folder / "page.pdf"
    path.write_bytes(pdf_file([page], forms=forms))
    with open_source(path) as source:
        return source.raw_page(1)


def ink_box(page: RawPage) -> tuple[float, float, float, float]:
    y, x = np.nonzero(page.display[..., 1] < 128)
    return float(x.min()), float(y.min()), float(x.max() + 1), float(y.max() + 1)


def glyph_box(glyphs: tuple[Glyph, ...]) -> tuple[float, float, float, float]:
    boxes = [glyph.box for glyph in glyphs]
    return (
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def lines_of(page: RawPage) -> list[tuple[int, int, int, int]]:
    def ends(line: Segment) -> tuple[int, int, int, int]:
        x0, x1 = sorted((round(line.x0), round(line.x1)))
        y0, y1 = sorted((round(line.y0), round(line.y1)))
        return x0, y0, x1, y1

    return sorted(ends(line) for line in page.segments)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", ["", "/CropBox [50 100 560 800]"])
def test_glyphs_and_rulings_lie_on_their_ink(tmp_path: Path, rotate: int, crop: str) -> None:
    content = text_lines(8) + " 2 w 72 400 m 500 400 l S"
    page = raw_page(tmp_path, PdfPage(content, entries=f"/Rotate {rotate} {crop}"))
    assert page.kind == "digital"
    assert page.dpi == pytest.approx(200)
    wide, high = (510, 700) if crop else (595, 842)
    if rotate % 180:
        wide, high = high, wide
    assert page.display.shape[1] == round(wide * 200 / 72)
    assert page.display.shape[0] == round(high * 200 / 72)
    (line,) = page.segments
    for x, y in ((line.x0, line.y0), (line.x1, line.y1), ((line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2)):
        patch = page.display[max(0, int(y) - 2) : int(y) + 3, max(0, int(x) - 2) : int(x) + 3]
        assert patch.min() < 100
    assert line.width == pytest.approx(2 * 200 / 72, abs=0.01)
    both = (*glyph_box(page.glyphs), line.x0, line.y0, line.x1, line.y1)
    found = (min(both[0::2]), min(both[1::2]), max(both[0::2]), max(both[1::2]))
    assert found == pytest.approx(ink_box(page), abs=4)
    text = "".join(glyph.text for glyph in page.glyphs)
    assert text.startswith("Reportoftheyear2023with4119items")
    # The glyphs say themselves how the page is to be turned.
    assert page.turn == -rotate % 360
    upright = prepare(page)
    assert upright.info.rotation == page.turn
    letters = [glyph.box for glyph in upright.glyphs[:6]]
    assert [box.x0 for box in letters] == sorted(box.x0 for box in letters)
    assert letters[0].height == pytest.approx(14 * 0.72 * 200 / 72, rel=0.1)


def test_rulings_of_all_makes_are_found(tmp_path: Path) -> None:
    s = 200 / 72
    content = (
        text_lines(3)
        + " 1 w 72 600 m 500 600 l S"  # stroked
        + " 72 560 400 0.6 re f"  # a thin filled box
        + " 100 100 200 300 re S"  # a stroked rectangle
        + " 0.8 g 310 100 200 300 re f 0 g"  # shading, no ruling
        + " 1 g 72 520 400 0.6 re f 0 g"  # white on white
        + " 72 480 m 100 470 150 490 200 480 c S"  # a curve
        + " q 2 0 0 2 20 30 cm /X0 Do Q"  # inside a form, with a matrix
    )
    page = raw_page(tmp_path, PdfPage(content), forms=("10 200 m 60 200 l S",))
    top = 842

    def at(x0: float, y0: float, x1: float, y1: float) -> tuple[int, int, int, int]:
        return round(x0 * s), round((top - y1) * s), round(x1 * s), round((top - y0) * s)

    expected = [
        at(72, 600, 500, 600),
        at(72, 560.3, 472, 560.3),
        at(100, 100, 300, 100),
        at(100, 400, 300, 400),
        at(100, 100, 100, 400),
        at(300, 100, 300, 400),
        at(40, 430, 140, 430),
    ]
    assert np.abs(np.array(lines_of(page)) - np.array(sorted(expected))).max() <= 1


def test_bold_is_told_by_font_and_by_stroked_text(tmp_path: Path) -> None:
    plain_text, bold, stroked = (text_lines(3), text_lines(3, font="/F2"), text_lines(3, mode=2))
    assert not any(glyph.bold for glyph in raw_page(tmp_path, PdfPage(plain_text)).glyphs)
    assert all(glyph.bold for glyph in raw_page(tmp_path, PdfPage(bold)).glyphs)
    assert all(glyph.bold for glyph in raw_page(tmp_path, PdfPage(stroked)).glyphs)


@pytest.mark.parametrize(
    "content",
    [
        FULL_PAGE + text_lines(25, mode=3),
        text_lines(25) + " " + FULL_PAGE,  # text painted, then covered
        FULL_PAGE + "BT /F1 8 Tf 500 20 Td (page 3) Tj ET",  # a typed page number on a scan
    ],
    ids=["invisible", "covered", "little"],
)
def test_text_over_or_under_a_scan_is_not_believed(tmp_path: Path, content: str) -> None:
    page = raw_page(tmp_path, PdfPage(content, images=[SCAN]))
    assert page.kind == "scan"
    assert page.glyphs == ()
    assert page.segments == ()


def test_typed_page_on_a_watermark_is_digital(tmp_path: Path) -> None:
    watermark = np.full((842, 595), 245, np.uint8)
    page = raw_page(tmp_path, PdfPage(FULL_PAGE + text_lines(25), images=[watermark]))
    assert page.kind == "digital"


def test_shaded_rows_are_no_ink_that_text_must_explain(tmp_path: Path) -> None:
    bands = "q 0.6 0.75 0.9 rg " + " ".join(f"60 {y} 475 11 re f" for y in range(80, 420, 24)) + " Q "
    page = raw_page(tmp_path, PdfPage(bands + text_lines(6)))
    assert page.kind == "digital"


PASTED = "q 300 0 0 200 150 60 cm /I0 Do Q "  # points: from (150, 60) to (450, 260)
BELOW = "BT /F1 10 Tf 160 200 Td (hidden words under a picture of them) Tj 0 -40 Td (and more of them) Tj ET "


def test_picture_on_a_typed_page_is_found_at_its_ink(tmp_path: Path) -> None:
    sheet = np.full((400, 600), 255, np.uint8)
    sheet[100:300:20, 50:550] = 0
    sheet[100:300, 50:550:50] = 0
    page = raw_page(tmp_path, PdfPage(PASTED + text_lines(18), images=[sheet]))
    assert page.kind == "digital"
    (picture,) = page.pictures
    assert picture.legible
    assert 0.05 < picture.share < 0.2
    s, rim = page.dpi / 72, 2.0 / 25.4 * page.dpi
    # The drawn lattice is 250 x 100 points, from (175, 210) down to (425, 110).
    expected = (175 * s - rim, (842 - 210) * s - rim, 425 * s + rim, (842 - 110) * s + rim)
    box = picture.box
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx(expected, abs=8)


@pytest.mark.parametrize("content", [BELOW + PASTED, PASTED + BELOW.replace("BT", "BT 3 Tr")])
def test_text_under_or_behind_a_picture_is_the_pictures(tmp_path: Path, content: str) -> None:
    page = raw_page(tmp_path, PdfPage(content + text_lines(18), images=[SCAN[:420]]))
    assert page.kind == "digital"
    assert len(page.pictures) == 1
    text = "".join(glyph.text for glyph in page.glyphs)
    assert "hidden" not in text
    assert text.count("2023") == 18


def test_text_typed_on_a_picture_is_kept(tmp_path: Path) -> None:
    form = np.full((400, 600), 255, np.uint8)
    form[::100] = 0
    form[:, ::150] = 0
    page = raw_page(tmp_path, PdfPage(PASTED + BELOW + text_lines(18), images=[form]))
    assert len(page.pictures) == 1
    assert "hidden" in "".join(glyph.text for glyph in page.glyphs)


def test_a_seal_across_text_takes_none_of_it_away(tmp_path: Path) -> None:
    seal = np.full((300, 300), 255, np.uint8)
    seal[np.abs(np.hypot(*(np.indices(seal.shape) - 150)) - 135) < 8] = 60
    seal[110:190, 110:190] = 60
    content = "q 119 0 0 119 90 680 cm /I0 Do Q " + text_lines(4)
    page = raw_page(tmp_path, PdfPage(content, images=[seal]))
    assert page.kind == "digital"
    assert len(page.pictures) == 1
    assert "".join(glyph.text for glyph in page.glyphs) == "Reportoftheyear2023with4119items" * 4


def test_photos_are_no_sheets_and_icons_are_no_pictures(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    photo = np.kron(rng.integers(20, 220, (40, 60)), np.ones((10, 10))).astype(np.uint8)
    page = raw_page(tmp_path, PdfPage(PASTED + text_lines(18), images=[photo]))
    assert [picture.legible for picture in page.pictures] == [False]
    icon = np.zeros((80, 80), np.uint8)
    icon[20:60, 20:60] = 255
    small = PASTED.replace("300 0 0 200", "30 0 0 30")
    assert raw_page(tmp_path, PdfPage(small + text_lines(18), images=[icon])).pictures == ()


def test_page_with_a_large_picture_between_typed_lines_is_no_scan(tmp_path: Path) -> None:
    content = "q 500 0 0 500 50 60 cm /I0 Do Q " + text_lines(6)
    page = raw_page(tmp_path, PdfPage(content, images=[table((1000, 1000))]))
    assert page.kind == "digital"
    (picture,) = page.pictures
    assert picture.share > 0.5


def cmap(*entries: str) -> str:
    """A ToUnicode CMap for the printable codes of the font."""
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def "
        f"1 begincodespacerange <00> <FF> endcodespacerange {' '.join(entries)} endcmap end end"
    )


def in_order(first: int) -> str:
    return f"1 beginbfrange <20> <7E> <{first:04X}> endbfrange"


def all_the_same(target: str) -> str:
    pairs = " ".join(f"<{code:02X}> <{target}>" for code in range(0x20, 0x7F))
    return f"95 beginbfchar {pairs} endbfchar"


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [(in_order(0xE000), "unmapped"), (in_order(0x9F00), "gibberish"), (all_the_same("FFFD"), "unmapped")],
)
def test_garbage_text_layer_is_not_believed(tmp_path: Path, mapping: str, reason: str) -> None:
    page = raw_page(tmp_path, PdfPage(text_lines(25), to_unicode=cmap(mapping)))
    assert page.kind == "scan"
    assert page.glyphs == ()
    assert [issue.facts["reason"] for issue in page.issues] == [reason]


def test_text_beside_the_ink_is_not_believed(tmp_path: Path) -> None:
    # White text on the paper: painted, mapped, and nowhere to be seen; what is seen are outlines.
    outlines = " ".join(f"{72 + i % 40 * 10} {700 - i // 40 * 20} 6 9 re f" for i in range(800))
    page = raw_page(tmp_path, PdfPage("1 g " + text_lines(25) + " 0 g " + outlines))
    assert page.kind == "scan"


def test_text_that_is_clipped_away_is_left_out(tmp_path: Path) -> None:
    seen, clipped = text_lines(6), text_lines(25).replace("2023", "1999")
    page = raw_page(tmp_path, PdfPage(f"q 0 0 10 10 re W n {clipped} Q {seen.replace('770', '772')}"))
    assert page.kind == "digital"
    text = "".join(glyph.text for glyph in page.glyphs)
    assert text.count("2023") == 6


def test_scan_is_rendered_at_the_resolution_of_its_strips(tmp_path: Path) -> None:
    whole = table((1500, 1060))
    strips = [whole[top : top + 500] for top in (0, 500, 1000)]
    draw = " ".join(f"q 595 0 0 280.67 0 {842 - 280.67 * (i + 1):.2f} cm /I{i} Do Q" for i in range(3))
    page = raw_page(tmp_path, PdfPage(draw, images=strips))
    assert page.kind == "scan"
    assert page.display.shape[:2] == pytest.approx((1500, 1060), abs=2)
    assert page.dpi == pytest.approx(128.3, abs=0.5)


def test_small_logo_does_not_set_the_resolution(tmp_path: Path) -> None:
    logo = np.zeros((400, 400), np.uint8)
    page = raw_page(tmp_path, PdfPage(text_lines(25) + " q 30 0 0 30 500 790 cm /I0 Do Q", images=[logo]))
    assert page.dpi == pytest.approx(200)


def test_page_of_one_point_per_pixel_keeps_its_pixels(tmp_path: Path) -> None:
    content = "q 1654 0 0 2339 0 0 cm /I0 Do Q"
    page = raw_page(tmp_path, PdfPage(content, media=(0, 0, 1654, 2339), images=[table()]))
    assert page.display.shape[:2] == pytest.approx((2339, 1654), abs=1)
    assert page.dpi == pytest.approx(200, abs=1)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("⼀", "一"),
        ("⻚", "页"),
        ("⻓", "长"),
        ("行", "行"),
        ("（", "（"),
        ("\uff18", "\uff18"),
        ("：", "："),
        ("A", "A"),
    ],
)
def test_radicals_become_characters_and_full_width_stays(printed: str, expected: str) -> None:
    assert plain(printed) == expected
