"""The one test file that runs PaddleOCR itself, and fails by name when its private parts change."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors.document import GrayImage, Page, Quad
from extractors.errors import EngineError, WeightsAltered, WeightsMissing
from extractors.ocr import paddle
from extractors.ocr.decode import VALUE_CHARACTERS, decode, decode_value
from extractors.ocr.lines import glyph_lines, read_lines
from extractors.ocr.paddle import PaddleEngine, load_engine
from extractors.ocr.settings import OcrSettings
from extractors.pages import open_source, prepare
from models import ocr as weights

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def engine() -> PaddleEngine:
    return PaddleEngine()


def printed(text: str, size: int = 32) -> GrayImage:
    """`text` in Pillow's own typeface: a tight crop of black on white."""
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (int(right - left) + 12, int(bottom - top) + 12), 255)
    ImageDraw.Draw(image).text((6 - left, 6 - top), text, font=font, fill=0)
    return np.asarray(image, dtype=np.uint8)


@pytest.mark.engine
def test_the_private_parts_we_use_are_still_there(engine: PaddleEngine) -> None:
    """If this fails after an update of PaddleOCR, mend the last section of extractors/ocr/paddle.py."""
    recogniser, detector = engine._recogniser, engine._detector
    assert callable(recogniser.runner)
    assert recogniser.post_op.character[0] == "blank"
    assert {"Normalize", "ToCHW", "ToBatch"} <= set(detector.pre_tfs)
    assert callable(detector.post_op)
    (output,) = recogniser.runner(x=[np.zeros((1, 3, 48, 96), dtype=np.float32)])
    assert output.shape == (1, 12, len(recogniser.post_op.character))
    assert output.sum(axis=-1) == pytest.approx(1.0, abs=1e-3)  # probabilities, not scores


@pytest.mark.engine
def test_crops_are_prepared_as_paddleocr_prepares_them(engine: PaddleEngine) -> None:
    crop = printed("20231136", size=40)
    crop = cv2.resize(crop, (400, 48))  # wider than 320, so that PaddleOCR pads it to no fixed width
    (theirs,) = engine._recogniser.pre_tfs["ReisizeNorm"](imgs=[cv2.cvtColor(crop, cv2.COLOR_GRAY2RGB)])
    (ours,) = paddle._tensor([crop], 416)
    assert ours[:, :, :400] == pytest.approx(theirs, abs=1e-5)
    assert not ours[:, :, 400:].any()


@pytest.mark.engine
def test_digits_are_read_with_their_rivals(engine: PaddleEngine) -> None:
    texts = ["0", "21", "3119", "7730.28", "-11", "22689"]
    for text, lattice in zip(texts, engine.recognise([printed(text) for text in texts]), strict=True):
        best, probability = decode_value(lattice, VALUE_CHARACTERS)[0]
        assert (best, decode(lattice).text) == (text, text)
        assert probability > 0.9
        assert lattice.probs.sum(axis=1).max() <= 1.001
        assert (np.diff(lattice.probs, axis=1) <= 0).all()  # best first


@pytest.mark.engine
def test_a_crop_reads_alike_whatever_it_is_asked_with(engine: PaddleEngine) -> None:
    crops = [printed(text) for text in ("4119", "1", "2023-11-36 20231136", "0")]
    together = engine.recognise(crops)
    for crop, lattice in zip(crops, together, strict=True):
        (alone,) = engine.recognise([crop])
        assert decode(alone).text == decode(lattice).text
        assert alone.probs[:, 0] == pytest.approx(lattice.probs[:, 0], abs=1e-3)


@pytest.mark.engine
def test_characters_are_where_they_are_printed(engine: PaddleEngine) -> None:
    page = np.full((600, 900), 245, dtype=np.uint8)
    crop = printed("3119 7730", size=36)
    page[300 : 300 + crop.shape[0], 420 : 420 + crop.shape[1]] = crop
    (quad,) = engine.detect(page)
    assert quad[:, 0].min() == pytest.approx(420, abs=12)
    assert quad[:, 1].max() == pytest.approx(300 + crop.shape[0], abs=12)
    (lattice,) = engine.recognise([crop])
    decoded = decode(lattice)
    step = crop.shape[1] / len(decoded.text)
    for i, (x0, x1) in enumerate(decoded.extents):
        assert (x0 + x1) / 2 == pytest.approx((i + 0.5) * step, abs=0.6 * step)


@pytest.mark.engine
@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (1, 500), (500, 1), (48, 9000)])
def test_odd_shapes_are_survived(engine: PaddleEngine, shape: tuple[int, int]) -> None:
    picture = np.full(shape, 255, dtype=np.uint8)
    assert engine.detect(picture) == ()
    (lattice,) = engine.recognise([picture])
    assert decode(lattice).text == ""
    assert engine.recognise([]) == ()


@pytest.mark.engine
@pytest.mark.parametrize(("lines", "scale"), [(1, 1.0), (3, 1.0), (40, 0.52)])
def test_the_less_there_is_on_a_page_the_closer_it_is_looked_at(
    engine: PaddleEngine, monkeypatch: pytest.MonkeyPatch, lines: int, scale: float
) -> None:
    """A page number alone on its page is lost at the scale at which a full page is read well."""
    page, line = np.full((2339, 1654), 250, dtype=np.uint8), printed("Report of 2023, page 3", size=28)
    places = np.linspace(200, 2200, lines).astype(int)
    for y in places:
        page[y : y + line.shape[0], 700 : 700 + line.shape[1]] = line
    factors = []
    real = paddle._quads

    def spy(detector: object, picture: GrayImage, factor: float) -> list[Quad]:
        factors.append(1.0 / factor)
        assert picture.size < 0.4 * 960 * 960  # its area is its time
        return real(detector, picture, factor)

    monkeypatch.setattr(paddle, "_quads", spy)
    tops = sorted(quad[:, 1].min() for quad in engine.detect(page))
    assert factors == [pytest.approx(scale, abs=0.03)]
    assert tops == pytest.approx(places, abs=12)


@pytest.mark.engine
def test_the_fingerprint_tells_what_reads_alike(engine: PaddleEngine, tmp_path: Path) -> None:
    assert engine.name == "PP-OCRv6_small, onnxruntime"
    assert len(bytes.fromhex(engine.fingerprint)) == 32
    # The same weights from another folder read alike; another setting does not.
    folders = {}
    for half, model in (("det", weights.DETECTION), ("rec", weights.RECOGNITION)):
        folders[half] = tmp_path / half
        folders[half].mkdir()
        for path in weights.model_directory(model).iterdir():
            (folders[half] / path.name).write_bytes(path.read_bytes())
    local = load_engine(f"paddle,model={tmp_path}")
    assert local.fingerprint == engine.fingerprint
    assert load_engine(OcrSettings(detection_side=1280)).fingerprint != engine.fingerprint


@pytest.mark.engine
def test_a_scanned_page_reads_as_its_text_layer_says(engine: PaddleEngine, shared_cases: Path) -> None:
    def last_page(name: str) -> Page:
        with open_source([shared_cases / "reports" / name / "source.pdf"]) as source:
            return prepare(source.raw_page(source.page_count))

    truth = glyph_lines(last_page("hongze-2023-digital"))
    found = read_lines(last_page("hongze-2023-office"), engine)
    assert [line.text.replace(" ", "") for line in found] == [line.text.replace(" ", "") for line in truth]
    for line, expected in zip(found, truth, strict=True):
        assert line.size == pytest.approx(expected.size, rel=0.35)


def test_missing_and_altered_weights_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WeightsMissing):
        load_engine(f"paddle,detection={tmp_path / 'nowhere'}")
    (tmp_path / "empty").mkdir()
    with pytest.raises(WeightsMissing):
        load_engine(f"paddle,detection={tmp_path / 'empty'}")
    (tmp_path / "empty" / "inference.yml").write_text("[]")
    with pytest.raises(WeightsAltered):
        load_engine(f"paddle,detection={tmp_path / 'empty'}")
    monkeypatch.setattr(
        paddle, "DETECTION", weights.BundledModel("x", weights.DETECTION.file, "0" * 64, False)
    )
    with pytest.raises(WeightsAltered):
        load_engine("paddle")


@pytest.mark.engine
def test_whatever_paddleocr_raises_is_an_engine_error(tmp_path: Path) -> None:
    """An unreadable model: PaddleX and ONNX Runtime raise classes of their own."""
    folder = tmp_path / "det"
    folder.mkdir()
    config = (weights.model_directory(weights.DETECTION) / "inference.yml").read_bytes()
    (folder / "inference.yml").write_bytes(config)
    (folder / "inference.onnx").write_bytes(hashlib.sha256(b"no model").digest())
    with pytest.raises(EngineError):
        load_engine(f"paddle,detection={folder}")


_ALONE = """
import sys, socket
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        sys.__stdout__.write(f"network: {arguments}\\n")
sys.addaudithook(watch)
import numpy as np
from extractors.ocr.paddle import load_engine
engine = load_engine()
engine.detect(np.tile(np.uint8([[0] * 9 + [255] * 9]), (300, 20)))
engine.recognise([np.full((30, 90), 255, np.uint8)])
"""


@pytest.mark.engine
def test_a_service_user_hears_nothing_and_nothing_is_written_outside_the_cache(tmp_path: Path) -> None:
    """No home that can be written to, LANG=C, no network: silence on both streams, files only in the cache."""
    home, cache, temporary = tmp_path / "home", tmp_path / "cache", tmp_path / "temporary"
    home.write_text("a file: nothing can be made below it")
    temporary.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C",
        "TMPDIR": str(temporary),
        "NIANBAO_CACHE": str(cache),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", _ALONE],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(temporary.iterdir()) == []
    assert sorted(path.name for path in cache.iterdir()) == ["models", "paddlex"]
    assert {path.name for path in tmp_path.iterdir()} == {"home", "cache", "temporary"}
