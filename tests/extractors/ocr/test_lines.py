from __future__ import annotations

import cv2
import numpy as np
import pytest
from fakes import CrashingEngine, EmptyEngine, GarbledEngine, ReplayEngine, mixed, quad

from extractors.document import GrayImage, Page, PageInfo
from extractors.errors import EngineError
from extractors.geometry import Box
from extractors.ocr.engine import Lattice
from extractors.ocr.lines import cut, ink_height, read_lines, stroke_ratio, without

WIDTH, HEIGHT = 1000, 1400


def page(work: GrayImage | None = None) -> Page:
    if work is None:
        work = np.full((HEIGHT, WIDTH), 250, dtype=np.uint8)
    info = PageInfo(3, "scan", WIDTH, HEIGHT, 200.0, work_width=WIDTH, work_height=HEIGHT)
    return Page(info, np.zeros((1, 1, 3), dtype=np.uint8), work)


def written(*boxes: tuple[int, int, int, int], stroke: int = 4) -> GrayImage:
    """Paper with rows of upright strokes where `boxes` are: as much like text as a test needs."""
    image = np.full((HEIGHT, WIDTH), 250, dtype=np.uint8)
    for x0, y0, x1, y1 in boxes:
        for x in range(x0, x1, 20):
            image[y0:y1, x : min(x + stroke, x1)] = 20
    return image


def test_lines_come_top_to_bottom_and_left_to_right() -> None:
    quads = [
        quad(600, 102, 900, 130),
        quad(100, 300, 900, 330),
        quad(100, 100, 300, 130),
        quad(100, 200, 400, 230),
    ]
    lines = read_lines(page(), ReplayEngine(["甲", "乙", "丙", "丁"], quads))
    assert [(line.text, line.box.x0, line.box.y0) for line in lines] == [
        ("甲", 100, 100),
        ("乙", 600, 102),
        ("丙", 100, 200),
        ("丁", 100, 300),
    ]
    assert all(line.page == 3 for line in lines)


def test_pieces_of_one_line_are_read_as_one() -> None:
    engine = ReplayEngine(["一、总体情况"], [quad(150, 100, 400, 130), quad(100, 101, 130, 130)])
    (line,) = read_lines(page(), engine)
    assert line.text == "一、总体情况"
    assert (line.box.x0, line.box.x1) == pytest.approx((100, 400), abs=1)
    assert len(engine.crops) == 1


@pytest.mark.parametrize(
    "other",
    [
        quad(600, 100, 800, 130),  # far away: a column of its own
        quad(160, 100, 400, 180),  # far larger
        quad(160, 122, 400, 152),  # on another baseline
    ],
)
def test_what_is_not_one_line_stays_apart(other: object) -> None:
    engine = ReplayEngine(["甲", "乙"], [quad(100, 100, 150, 130), other])  # type: ignore[list-item]
    assert len(read_lines(page(), engine)) == 2


def test_masked_tables_are_not_shown_to_the_engine() -> None:
    work = written((100, 100, 900, 130), (100, 500, 900, 530))
    engine = ReplayEngine()
    assert read_lines(page(work), engine, [Box(50, 450, 950, 600)]) == ()
    (seen,) = engine.seen
    assert seen[100:130].min() == 20
    assert seen[450:600].min() == 250
    assert work[500:530].min() == 20  # the page itself is left alone


@pytest.mark.parametrize("thickness", [1, 3, 5])
def test_nothing_of_a_masked_tables_border_is_left(thickness: int) -> None:
    """Its box runs along the middle of the border, which at 200 dpi is up to 5 pixels thick (two points)."""
    work = written((100, 380, 900, 392))  # text as near to a table as headings are
    cv2.rectangle(work, (100, 400), (900, 1200), (20,), thickness)
    engine = ReplayEngine()
    read_lines(page(work), engine, [Box(100, 400, 900, 1200)])
    (seen,) = engine.seen
    assert seen[395:].min() == 250
    assert np.array_equal(seen[:395], work[:395])


def test_a_mask_takes_the_colour_of_the_paper_around_it() -> None:
    shaded = np.full((HEIGHT, WIDTH), 250, dtype=np.uint8)
    shaded[:, 500:] = 180
    shaded[200:260, 600:800] = 0
    assert without(shaded, [Box(590, 190, 810, 270)])[230, 700] == 180


@pytest.mark.parametrize(
    "box", [Box(-50, -50, 20, 20), Box(990, 1390, 2000, 3000), Box(5000, 5000, 6000, 6000)]
)
def test_masks_may_reach_outside_the_page(box: Box) -> None:
    assert without(written(), [box]).shape == (HEIGHT, WIDTH)


def test_nothing_found_and_nothing_recognised_give_no_lines() -> None:
    assert read_lines(page(), EmptyEngine()) == ()
    assert read_lines(page(), ReplayEngine(["  "], [quad(100, 100, 300, 130)])) == ()


def test_a_garbled_line_is_kept_and_is_not_trusted() -> None:
    (line,) = read_lines(page(), GarbledEngine())
    assert line.reading.confidence < 0.2


def test_an_engine_that_fails_fails_the_page() -> None:
    with pytest.raises(EngineError):
        read_lines(page(), CrashingEngine())


def test_a_doubtful_squeezed_line_is_read_again_as_it_is() -> None:
    doubtful = mixed([{"申": 0.5, "中": 0.5}])
    engine = ReplayEngine([doubtful, "申请"], [quad(100, 100, 900, 130)])
    (line,) = read_lines(page(), engine)
    assert line.text == "申请"
    squeezed, full = engine.crops
    assert squeezed.shape[1] == pytest.approx(0.7 * full.shape[1], abs=1)


def test_the_surer_of_two_readings_stands() -> None:
    first, second = mixed([{"申": 0.6, "中": 0.4}]), mixed([{"由": 0.4, "中": 0.3}])
    (line,) = read_lines(page(), ReplayEngine([first, second], [quad(100, 100, 900, 130)]))
    assert line.text == "申"


def test_extents_are_on_the_page_where_the_line_is() -> None:
    # Two characters at steps 1 and 3 of 8 px each, in a crop that is not long enough to be squeezed.
    (line,) = read_lines(page(), ReplayEngine(["政务"], [quad(200, 100, 260, 130)]))
    (a0, a1), (b0, b1) = line.extents
    assert 200 <= a0 < a1 <= b0 + 1e-6 < b1 <= 260
    start = 200 - 0.25 * 30  # the crop begins where the padding does
    assert (a1, b0) == pytest.approx((start + 20, start + 20), abs=1.0)


def test_a_tilted_line_is_cut_level() -> None:
    image = np.full((400, 600), 250, dtype=np.uint8)
    for x in range(100, 500, 16):
        y = 100 + round((x - 100) * 0.1)
        image[y : y + 24, x : x + 6] = 20
    tilted = np.array([[100, 98], [500, 138], [500, 166], [100, 126]], dtype=np.float32)
    crop = cut(image, tilted)
    assert crop.image.shape[0] == pytest.approx(28, abs=2)
    rows = (crop.image < 128).mean(axis=1)
    assert rows[8:20].min() > 0.2  # strokes along the whole line stand in the same rows
    assert crop.axis == pytest.approx((0.995, 0.0995), abs=0.01)


def test_an_upright_line_is_turned() -> None:
    engine = ReplayEngine(["本年度"], [quad(100, 100, 130, 300)])
    (line,) = read_lines(page(), engine)
    height, width = engine.crops[0].shape
    assert width >= 5 * height
    assert line.extents == ((100.0, 130.0),) * 3


def test_a_quad_at_the_edge_of_the_page_is_cut_there() -> None:
    image = written()
    for corner in (quad(-10, -10, 40, 15), quad(980, 1390, 1000, 1400), quad(999, 1399, 1000, 1400)):
        assert cut(image, corner).image.size > 0


def test_size_is_the_height_of_the_ink_in_pixels() -> None:
    crop = written((0, 10, 400, 42))[:60, :400]
    assert ink_height(crop) == pytest.approx(32, abs=1)
    faded = (200 + (crop.astype(int) - 250) // 5).astype(np.uint8)
    assert ink_height(faded) == pytest.approx(32, abs=1)
    assert ink_height(np.full((40, 300), 250, dtype=np.uint8)) == 40.0


def test_bold_is_thicker_than_the_page_for_its_size() -> None:
    boxes = [(100, y, 900, y + 32) for y in (100, 200, 300, 400)]
    work = written(*boxes)
    work[300:332] = written((100, 300, 900, 332), stroke=8)[300:332]
    quads = [quad(x0, y0 - 4, x1, y1 + 4) for x0, y0, x1, y1 in boxes]
    lines = read_lines(page(work), ReplayEngine(["甲"] * 4, quads))
    assert [line.bold for line in lines] == [False, False, True, False]


def test_stroke_ratio_does_not_depend_on_resolution() -> None:
    coarse = written((0, 4, 400, 36), stroke=4)[:40, :400]
    fine = np.repeat(np.repeat(coarse, 2, axis=0), 2, axis=1)
    assert stroke_ratio(coarse, 32.0) == pytest.approx(stroke_ratio(fine, 64.0), rel=0.05)
    assert stroke_ratio(np.full((40, 300), 250, dtype=np.uint8), 40.0) == 0.0


PLAIN = "一、政务公开总体情况，处理申请问题"


def contested(first: float, second: float) -> Lattice:
    """题 misread as 題 at `first`, with `second` left for 题."""
    return mixed([{"問": 0.0, "题": second, "題": first}])


def read_beside(text: str, doubtful: Lattice) -> str:
    """What a short line says that stands below a line of `text`."""
    quads = [quad(100, 100, 190, 130), quad(100, 200, 130, 230)]
    return read_lines(page(), ReplayEngine([text, doubtful], quads))[1].text


def test_on_a_simplified_page_a_character_that_could_be_either_is_simplified() -> None:
    assert read_beside(PLAIN, contested(0.86, 0.13)) == "题"


def test_a_traditional_character_that_is_plain_to_see_stays() -> None:
    assert read_beside(PLAIN, contested(0.99, 0.01)) == "題"


@pytest.mark.parametrize("text", ["一、政務公開總體情況，處理申請問題", "无", "总体情况總體情況處理問題"])
def test_only_a_page_that_is_plainly_simplified_decides(text: str) -> None:
    assert read_beside(text, contested(0.86, 0.13)) == "題"
