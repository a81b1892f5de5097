from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from models import ocr


def wheel_at(monkeypatch: pytest.MonkeyPatch, folder: Path | None) -> None:
    places = None if folder is None else SimpleNamespace(submodule_search_locations=[str(folder)])
    monkeypatch.setattr(ocr.importlib.util, "find_spec", lambda name: places)


def fake_wheel(folder: Path, content: bytes) -> Path:
    (folder / "models").mkdir(parents=True)
    (folder / "models" / ocr.DETECTION.file).write_bytes(content)
    return folder


def test_the_installed_weights_are_the_ones_this_version_was_made_for() -> None:
    for model in (ocr.DETECTION, ocr.RECOGNITION):
        assert ocr.weight_file(model).name == model.file


def test_a_model_directory_is_what_paddleocr_reads(tmp_path: Path) -> None:
    folder = ocr.model_directory(ocr.RECOGNITION, tmp_path)
    config = yaml.safe_load((folder / "inference.yml").read_text(encoding="utf-8"))
    assert config["Global"]["model_name"] == ocr.RECOGNITION.name
    characters = config["PostProcess"]["character_dict"]
    # The network has one class more for CTC's blank and one for the space that PaddleOCR adds.
    assert len(characters) == len(set(characters)) == 18710 - 2
    assert set("0123456789\uff10\uff19一、（）/／—-增减元") <= set(characters)
    assert (folder / "inference.onnx").samefile(ocr.weight_file(ocr.RECOGNITION))


def test_a_second_call_finds_the_first_ones_directory(tmp_path: Path) -> None:
    first = ocr.model_directory(ocr.DETECTION, tmp_path)
    stamp = (first / "inference.yml").stat().st_mtime_ns
    assert ocr.model_directory(ocr.DETECTION, tmp_path) == first
    assert (first / "inference.yml").stat().st_mtime_ns == stamp


def test_many_at_once_leave_one_directory_and_nothing_beside(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: ocr.model_directory(ocr.DETECTION, tmp_path), range(16)))
    assert len(found) == 1
    assert list((tmp_path / "models").iterdir()) == list(found)


@pytest.mark.parametrize("damage", ["link that leads nowhere", "no config", "other bytes"])
def test_a_damaged_directory_is_made_anew(tmp_path: Path, damage: str) -> None:
    folder = ocr.model_directory(ocr.DETECTION, tmp_path)
    if damage == "no config":
        (folder / "inference.yml").unlink()
    else:
        (folder / "inference.onnx").unlink()
        if damage == "other bytes":
            (folder / "inference.onnx").write_bytes(b"something else")
        else:
            (folder / "inference.onnx").symlink_to(tmp_path / "moved away")
    assert ocr.model_directory(ocr.DETECTION, tmp_path) == folder
    assert ocr.file_sha256(folder / "inference.onnx") == ocr.DETECTION.sha256
    assert (folder / "inference.yml").is_file()


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel_at(monkeypatch, fake_wheel(tmp_path / "wheel", b"altered"))
    with pytest.raises(ocr.WeightsChanged, match=ocr.DETECTION.sha256):
        ocr.model_directory(ocr.DETECTION, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_missing_weights_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel_at(monkeypatch, tmp_path)
    with pytest.raises(ocr.WeightsNotFound, match=ocr.DETECTION.file):
        ocr.weight_file(ocr.DETECTION)
    wheel_at(monkeypatch, None)
    with pytest.raises(ocr.WeightsNotFound, match=ocr.WHEEL):
        ocr.weight_file(ocr.DETECTION)


def test_where_links_are_not_possible_the_weights_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Any) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    folder = ocr.model_directory(ocr.DETECTION, tmp_path)
    assert not (folder / "inference.onnx").is_symlink()
    assert ocr.model_directory(ocr.DETECTION, tmp_path) == folder


def test_the_named_cache_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ocr.CACHE_VARIABLE, str(tmp_path / "named"))
    assert ocr.cache_home() == tmp_path / "named"


def test_a_user_without_a_home_gets_a_temporary_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.write_text("a file: nothing can be made below it")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.delenv(ocr.CACHE_VARIABLE, raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    found = ocr.cache_home()
    assert found.parent == temporary
    assert found.is_dir()
    assert ocr.cache_home() == found  # a second process finds what the first made
    # Somebody else's link under our name is not followed.
    found.rmdir()
    found.symlink_to(tmp_path)
    assert ocr.cache_home() not in (found, tmp_path)


def test_a_directory_is_known_by_names_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    first = ocr.directory_sha256(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    second = ocr.directory_sha256(tmp_path)
    (tmp_path / "b").write_bytes(b"2")
    assert len({first, second, ocr.directory_sha256(tmp_path)}) == 3
