from __future__ import annotations

from pathlib import Path

import fakes
import pytest

from extractors.errors import UsageError
from extractors.ocr.paddle import load_engine
from extractors.ocr.settings import OcrSettings, engine_spec, parse_settings


def test_the_plain_name_means_the_defaults() -> None:
    assert parse_settings("paddle") == OcrSettings()


def test_every_setting_can_be_named() -> None:
    spec = "paddle,model=PP-OCRv6_medium,backend=transformers,device=gpu:0,threads=2,side=1280,top_k=20"
    assert parse_settings(spec) == OcrSettings(
        detection="PP-OCRv6_medium_det",
        recognition="PP-OCRv6_medium_rec",
        backend="transformers",
        device="gpu:0",
        threads=2,
        detection_side=1280,
        top_k=20,
    )
    halves = parse_settings("paddle,detection=a_det,recognition=b_rec")
    assert (halves.detection, halves.recognition) == ("a_det", "b_rec")


def test_a_local_folder_holds_both_halves(tmp_path: Path) -> None:
    settings = parse_settings(f"paddle,model={tmp_path}")
    assert (settings.detection, settings.recognition) == (str(tmp_path / "det"), str(tmp_path / "rec"))


@pytest.mark.parametrize(
    "spec",
    [
        "paddle,colour=red",
        "paddle,side",
        "paddle,side=",
        "paddle,side=wide",
        "paddle,side=0",
        "paddle,threads=0",
        "paddle,backend=tesseract",
        "paddle,backend=paddle",  # the installation has no weights for it
        "tesseract",
        "no_such_module_here:make",
        "fakes:no_such_engine",
        "fakes:Path",
        ":",
    ],
)
def test_what_cannot_be_understood_is_refused(spec: str) -> None:
    with pytest.raises(UsageError):
        load_engine(spec)


def test_an_engine_from_outside_is_taken_by_its_factory() -> None:
    assert isinstance(load_engine("fakes:EmptyEngine"), fakes.EmptyEngine)


def test_the_environment_names_the_engine() -> None:
    assert engine_spec({}) == engine_spec({"NIANBAO_ENGINE": " "}) == "paddle"
    assert engine_spec({"NIANBAO_ENGINE": "fakes:EmptyEngine"}) == "fakes:EmptyEngine"
