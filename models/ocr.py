"""Where the OCR weights come from, and how they become a directory that PaddleOCR accepts.

PaddleOCR fetches its models from a hub at first use, which a machine without a network cannot do. The
`rapidocr` wheel ships PP-OCRv6 small as ONNX files, so an installation is complete by itself: this module
finds them, checks them against known sums, and writes the `inference.yml` that PaddleOCR expects beside them.

The weights are PaddleOCR's PP-OCRv6 (Apache-2.0), converted to ONNX by the RapidOCR project (Apache-2.0).
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnxruntime
import platformdirs

CACHE_VARIABLE = "NIANBAO_CACHE"
WHEEL = "rapidocr"


class WeightsNotFound(FileNotFoundError):
    """The weights are not where the installation should have put them."""


class WeightsChanged(ValueError):
    """The weights are there, but are not the bytes this version was made for."""


@dataclass(frozen=True, slots=True)
class BundledModel:
    """A model that comes with the installation. `name` is the one PaddleOCR knows the architecture by."""

    name: str
    file: str
    sha256: str
    recognises: bool  # else it detects


DETECTION = BundledModel(
    name="PP-OCRv6_small_det",
    file="PP-OCRv6_det_small.onnx",
    sha256="090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    recognises=False,
)
RECOGNITION = BundledModel(
    name="PP-OCRv6_small_rec",
    file="PP-OCRv6_rec_small.onnx",
    sha256="6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    recognises=True,
)

# Raised when what `_config` writes changes, so that a newer version never reads an older one's directory.
_LAYOUT = "1"


def weight_file(model: BundledModel) -> Path:
    """The model's ONNX file inside the installed wheel, its sum checked. The wheel is not imported.

    Raises WeightsNotFound where the wheel or the file is missing, WeightsChanged where the sum differs.
    """
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise WeightsNotFound(f"the package {WHEEL} is not installed")
    path = Path(next(iter(spec.submodule_search_locations))) / "models" / model.file
    _check(path, model)
    return path


def _check(path: Path, model: BundledModel) -> None:
    if not path.is_file():
        raise WeightsNotFound(str(path))
    found = file_sha256(path)
    if found != model.sha256:
        raise WeightsChanged(f"{path}: sha256 is {found}, expected {model.sha256}")


def file_sha256(path: Path) -> str:
    """Hexadecimal sha256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def directory_sha256(folder: Path) -> str:
    """One sum over the names and bytes of all files directly in `folder`: what a model directory is."""
    total = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file():
            total.update(f"{path.name}\0{file_sha256(path)}\0".encode())
    return total.hexdigest()


def cache_home() -> Path:
    """A folder of ours that can be written to: NIANBAO_CACHE, the user's cache, or a private temporary one.

    A service user often has no home, or one that cannot be written to; that must not stop it. Raises OSError
    only where NIANBAO_CACHE is set and cannot be used, or not even a temporary folder can be made.
    """
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        folder = Path(named).expanduser().resolve()
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    with contextlib.suppress(OSError, RuntimeError):  # no home, a read-only one, or one owned by another
        folder = Path(platformdirs.user_cache_dir("nianbao", appauthor=False))
        folder.mkdir(parents=True, exist_ok=True)
        if folder.is_absolute() and _is_ours(folder):
            return folder
    return _temporary_home()


def _is_ours(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK) and folder.stat().st_uid == os.getuid()


def _temporary_home() -> Path:
    """One folder per user, so that a second process finds what the first one made."""
    folder = Path(tempfile.gettempdir()) / f"nianbao-{os.getuid()}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    # In a folder that everyone can write to, somebody else may have made this name first.
    if folder.is_symlink() or not _is_ours(folder):
        return Path(tempfile.mkdtemp(prefix="nianbao-"))
    return folder


def model_directory(model: BundledModel, home: Path | None = None) -> Path:
    """A PaddleOCR model directory (`inference.onnx` and `inference.yml`) for a bundled model.

    It is made under `home` (default: `cache_home()`) once and found again later. Many processes may ask at
    once: each builds beside and renames, the first rename wins.
    Raises WeightsNotFound, WeightsChanged, OSError.
    """
    weights = weight_file(model)
    folder = (home or cache_home()) / "models" / f"{model.name}-{model.sha256[:12]}-{_LAYOUT}"
    if _is_complete(folder, weights):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{model.name}-", dir=folder.parent))
    try:
        beside.chmod(0o755)  # a cache may be shared; mkdtemp makes it private
        (beside / "inference.yml").write_text(_config(model, weights), encoding="utf-8")
        _link(weights, beside / "inference.onnx")
        _put_in_place(beside, folder, weights)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder


def _is_complete(folder: Path, weights: Path) -> bool:
    """A link must still lead to the checked weights (environments move); a copy is checked itself."""
    onnx = folder / "inference.onnx"
    if not (folder / "inference.yml").is_file() or not onnx.is_file():
        return False
    return onnx.samefile(weights) or file_sha256(onnx) == file_sha256(weights)


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source.resolve())
    except OSError:  # a file system without links
        shutil.copyfile(source, target)


def _put_in_place(beside: Path, folder: Path, weights: Path) -> None:
    try:
        beside.rename(folder)
        return
    except OSError:
        if _is_complete(folder, weights):  # another process was faster
            return
    shutil.rmtree(folder, ignore_errors=True)  # a left-over that leads nowhere any more
    try:
        beside.rename(folder)
    except OSError:
        if not _is_complete(folder, weights):
            raise


def _config(model: BundledModel, weights: Path) -> str:
    """The `inference.yml` of the model. Values are those of PaddleOCR's own release of it."""
    body = _recognition_config(weights) if model.recognises else _detection_config()
    return _yaml({"Global": {"model_name": model.name}, **body})


def _detection_config() -> dict[str, Any]:
    normalise = {
        "mean": [0.485, 0.456, 0.406],
        "std": [0.229, 0.224, 0.225],
        "scale": "1./255.",
        "order": "hwc",
    }
    return {
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"DetResizeForTest": {"resize_long": 960}},
                {"NormalizeImage": normalise},
                {"ToCHWImage": None},
            ]
        },
        "PostProcess": {
            "name": "DBPostProcess",
            "thresh": 0.3,
            "box_thresh": 0.6,
            "max_candidates": 1000,
            "unclip_ratio": 1.5,
        },
    }


def _recognition_config(weights: Path) -> dict[str, Any]:
    return {
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"RecResizeImg": {"image_shape": [3, 48, 320]}},
            ]
        },
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": "".join(_characters(weights))},
    }


def _characters(weights: Path) -> list[str]:
    """The character list that the converter left in the model's metadata, one character per class."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    metadata = session.get_modelmeta().custom_metadata_map
    characters = str(metadata["character"]).split("\n")
    if any(len(character) != 1 for character in characters):
        raise WeightsChanged(f"{weights}: its character list holds an entry that is not one character")
    return characters


def _yaml(config: dict[str, Any]) -> str:
    """JSON is YAML, but for characters beyond 16 bits, which YAML wants written as they are.

    The characters go as one string and not as a list of 18,708: PaddleOCR takes both, and its YAML reader
    needs seconds for the list.
    """
    return json.dumps(config, ensure_ascii=False, indent=1) + "\n"
