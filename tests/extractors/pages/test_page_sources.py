"""Files in all their forms become numbered pages, and what is no document is called by its fault."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from page_drawings import PdfPage, pdf_file, table, text_lines
from PIL import Image

from extractors.errors import (
    EmptyFile,
    EncryptedFile,
    InputError,
    MissingFile,
    NoPages,
    NotADocument,
    PictureBomb,
    RenderError,
    TooManyPages,
    TruncatedFile,
    UnsupportedType,
)
from extractors.pages import Limits, is_page_folder, open_source


def picture(width: int = 400, height: int = 600, mark: tuple[int, int] = (20, 30)) -> Image.Image:
    """White, with a black square of 40 pixels at `mark`."""
    pixels = np.full((height, width), 255, np.uint8)
    x, y = mark
    pixels[y : y + 40, x : x + 40] = 0
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def ofd() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("OFD.xml", "<ofd/>")
    return buffer.getvalue()


ENCRYPTED = (
    "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + "41" * 32 + "> /U <" + "42" * 32 + "> >> "
    "/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
)
PDF = pdf_file([PdfPage(text_lines())])

BAD: list[tuple[str, bytes, type[InputError]]] = [
    ("empty.pdf", b"", EmptyFile),
    ("zeros.pdf", b"\0" * 5000, EmptyFile),
    ("letter.pdf", "not a PDF at all, 只是文字".encode(), NotADocument),
    ("rubbish.pdf", b"%PDF-1.4\nrubbish\nstartxref\n9\n%%EOF\n", NotADocument),
    ("half.pdf", PDF[: len(PDF) // 2], TruncatedFile),
    ("nearly.pdf", PDF[:-40], TruncatedFile),
    ("locked.pdf", pdf_file([PdfPage(text_lines())], trailer=ENCRYPTED), EncryptedFile),
    ("no-pages.pdf", pdf_file([]), NoPages),
    ("half.png", encoded(Image.fromarray(table()), "PNG")[:9000], TruncatedFile),
    ("half.jpg", encoded(Image.fromarray(table()), "JPEG")[:40000], TruncatedFile),
    ("half.tif", encoded(picture(), "TIFF")[:3000], TruncatedFile),
    ("report.ofd", ofd(), UnsupportedType),
    ("report.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, UnsupportedType),
    ("report.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, UnsupportedType),
    ("saved.pdf", b"\n<!DOCTYPE html><html>404</html>", UnsupportedType),
]


@pytest.mark.parametrize(("name", "content", "expected"), BAD, ids=[name for name, _, _ in BAD])
def test_bad_files_are_called_by_their_fault(
    tmp_path: Path, name: str, content: bytes, expected: type[InputError]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(expected) as caught:
        open_source(path)
    assert type(caught.value) is expected
    assert caught.value.facts["path"] == str(path)
    if expected is UnsupportedType:
        assert caught.value.facts["found"] == {"saved.pdf": "html"}.get(name, Path(name).suffix[1:])


def test_missing_file_and_folder_without_images(tmp_path: Path) -> None:
    with pytest.raises(MissingFile):
        open_source(tmp_path / "nowhere.pdf")
    with pytest.raises(NoPages):
        open_source(tmp_path)


def test_picture_bombs_are_not_decoded(tmp_path: Path) -> None:
    # A small PNG whose header claims 30000 x 30000 pixels.
    path = tmp_path / "bomb.png"
    small = encoded(picture(), "PNG")
    header = b"IHDR" + struct.pack(">II", 30_000, 30_000) + small[24:29]
    path.write_bytes(small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:])
    with pytest.raises(PictureBomb) as caught:
        open_source(path)
    assert caught.value.facts["pixels"] == 900_000_000


def test_bomb_on_a_pdf_page_costs_that_page(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    large_image = PdfPage("q 595 0 0 842 0 0 cm /I0 Do Q", images=[np.zeros((2000, 1500), np.uint8)])
    path.write_bytes(pdf_file([large_image, PdfPage(text_lines())]))
    with open_source(path, Limits(max_source_pixels=2_000_000)) as source:
        with pytest.raises(RenderError) as caught:
            source.raw_page(1)
        assert caught.value.facts["reason"] == "picture_bomb"
        assert source.raw_page(2).kind == "digital"


@pytest.mark.parametrize("media", [(0, 0, 500_000, 200_000), (0, 0, 3, 14_400), (0, 0, 1700, 1700)])
def test_page_of_any_stated_size_is_rendered_within_bounds(
    tmp_path: Path, media: tuple[float, float, float, float]
) -> None:
    path = tmp_path / "poster.pdf"
    path.write_bytes(pdf_file([PdfPage("0 0 100 100 re f", media=media)]))
    limits = Limits(max_page_pixels=4_000_000)
    with open_source(path, limits) as source:
        height, width = source.raw_page(1).display.shape[:2]
    assert height * width <= limits.max_page_pixels * 1.01
    assert max(height, width) >= 2000


def test_too_many_pages(tmp_path: Path) -> None:
    path = tmp_path / "volume.pdf"
    path.write_bytes(pdf_file([PdfPage("")] * 3))
    with pytest.raises(TooManyPages) as caught:
        open_source(path, Limits(max_pages=2))
    assert caught.value.facts["pages"] == 3
    with open_source(path) as source:
        assert source.page_count == 3
        assert source.raw_page(2).kind == "blank"


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg"), ("TIFF", "tif")])
def test_image_file_is_one_page_at_its_own_resolution(tmp_path: Path, kind: str, suffix: str) -> None:
    path = tmp_path / f"scan.{suffix}"
    path.write_bytes(encoded(Image.fromarray(table()), kind, dpi=(200, 200)))
    with open_source(path) as source:
        assert source.page_count == 1
        assert source.name == path.name
        assert source.paths == (path,)
        assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        page = source.raw_page(1)
        assert page.kind == "scan"
        assert page.display.shape == (2339, 1654, 3)
        assert page.dpi == pytest.approx(200, abs=0.1)
        assert np.array_equal(source.display(1), page.display)
    with pytest.raises(IndexError), open_source(path) as source:
        source.raw_page(2)


@pytest.mark.parametrize(("mode", "bilevel"), [("1", True), ("L", False)])
@pytest.mark.parametrize("suffix", ["pdf", "tif", "png"])
def test_black_and_white_files_are_known(tmp_path: Path, suffix: str, mode: str, bilevel: bool) -> None:
    path = tmp_path / f"fax.{suffix}"
    Image.fromarray(table()).convert(mode).save(path, **({"resolution": 201.3} if suffix == "pdf" else {}))
    with open_source(path) as source:
        assert source.raw_page(1).bilevel is bilevel


def test_resolution_nobody_prints_is_inferred_from_the_paper(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(encoded(Image.fromarray(table()), "PNG", dpi=(1, 1)))
    with open_source(path) as source:
        assert source.raw_page(1).dpi == pytest.approx(200, abs=1)


def test_fax_pixels_are_made_square(tmp_path: Path) -> None:
    path = tmp_path / "fax.tif"
    path.write_bytes(encoded(picture(1728, 1143), "TIFF", dpi=(204, 98)))
    with open_source(path) as source:
        height, width = source.raw_page(1).display.shape[:2]
    assert width == 1728
    assert height == pytest.approx(1143 * 204 / 98, abs=2)


@pytest.mark.parametrize(("orientation", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1))])
def test_exif_orientation_is_obeyed(tmp_path: Path, orientation: int, corner: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(picture(), "JPEG", exif=exif, quality=95))
    with open_source(path) as source:
        grey = source.raw_page(1).display[..., 0]
    y, x = np.argwhere(grey < 128).mean(axis=0)
    assert (int(x > grey.shape[1] / 2), int(y > grey.shape[0] / 2)) == corner
    assert (grey.shape[1] > grey.shape[0]) == (orientation in (6, 8))


def test_frames_of_a_tiff_are_pages(tmp_path: Path) -> None:
    path = tmp_path / "all.tif"
    frames = [picture(mark=(20 + 100 * index, 30)) for index in range(3)]
    frames[0].save(path, "TIFF", save_all=True, append_images=frames[1:])
    with open_source(path) as source:
        assert source.page_count == 3
        for number in (3, 1, 2):
            columns = np.argwhere(source.raw_page(number).display[..., 0] < 128)[:, 1]
            assert columns.min() == 20 + 100 * (number - 1)


def test_colours_and_transparency(tmp_path: Path) -> None:
    path = tmp_path / "seal.png"
    image = Image.new("RGBA", (400, 600), (0, 0, 0, 0))
    image.paste((200, 30, 40, 255), (100, 100, 200, 200))
    path.write_bytes(encoded(image, "PNG"))
    with open_source(path) as source:
        display = source.raw_page(1).display
    assert tuple(display[150, 150]) == (40, 30, 200)
    assert tuple(display[0, 0]) == (255, 255, 255)


def test_folder_is_one_document_in_natural_order(tmp_path: Path) -> None:
    folder = tmp_path / "某局2023"
    folder.mkdir()
    for number in (10, 2, 1, 7):
        picture(mark=(10 * number, 30)).save(folder / f"scan_{number}.png")
    assert is_page_folder(folder)
    with open_source(folder) as source:
        assert source.name == "某局2023"
        assert [path.name for path in source.paths] == [f"scan_{n}.png" for n in (1, 2, 7, 10)]
        assert np.argwhere(source.raw_page(4).display[..., 0] < 128)[:, 1].min() == 100
        assert [(issue.code, issue.facts["missing"], issue.facts["count"]) for issue in source.issues] == [
            ("page_gap", (3, 4, 5, 6, 8, 9), 6)
        ]
        first = source.sha256
    with open_source(sorted(folder.iterdir())) as source:
        assert source.sha256 != first  # the order is part of the content


def test_broken_image_in_a_folder_costs_its_page(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        picture().save(tmp_path / f"{number}.png")
    (tmp_path / "2.png").write_bytes((tmp_path / "2.png").read_bytes()[:200])
    with open_source(tmp_path) as source:
        assert source.page_count == 3
        assert source.issues == ()
        with pytest.raises(RenderError) as caught:
            source.raw_page(2)
        assert caught.value.facts["reason"] == "truncated_file"
        assert source.raw_page(3).number == 3


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["p1.png", "p2.png"], True),
        (["001.jpg", "002.tif"], True),
        (["扫描 (1).jpg", "扫描 (2).jpg"], True),
        (["甲局1.png", "乙局2.png"], False),
        (["p1.png", "p01.jpg"], False),
        (["cover.png", "p2.png"], False),
        (["p1.png", "p2.pdf"], False),
        ([], False),
    ],
)
def test_what_a_page_folder_is(tmp_path: Path, names: list[str], expected: bool) -> None:
    for name in names:
        (tmp_path / name).touch()
    assert is_page_folder(tmp_path) is expected


def test_several_files_become_one_document(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_file([PdfPage(text_lines())] * 2))
    picture().save(tmp_path / "b.png")
    with open_source([tmp_path / "a.pdf", tmp_path / "b.png"]) as source:
        assert source.page_count == 3
        assert [source.raw_page(number).kind for number in (1, 2, 3)] == ["digital", "digital", "scan"]
