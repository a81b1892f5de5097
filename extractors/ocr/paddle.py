"""PaddleOCR's own predictors behind our Protocol, keeping what PaddleOCR throws away.

PaddleOCR's result holds one text and one score per line. A reader who must know how sure a number is needs
the distribution over characters at each time step, so recognition goes through the predictor's runner and
takes its raw output. That is PaddleX's private API: all of it is used in this module, and nowhere else.

Crops are also batched differently. PaddleOCR pads each to 320 px, where a one-digit cell needs 96 px;
here crops go in buckets of their own width, which gives the same text in a third of the time.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractors.document import GrayImage, Quad
from extractors.errors import EngineError, WeightsAltered, WeightsMissing
from extractors.ocr.engine import Lattice, OcrEngine
from extractors.ocr.quiet import quiet_environment, quietly
from extractors.ocr.settings import PADDLE, OcrSettings, engine_spec, parse_settings, refused
from extractors.ocr.trim import Trimmed, trim
from models.ocr import (
    DETECTION,
    RECOGNITION,
    BundledModel,
    WeightsChanged,
    WeightsNotFound,
    directory_sha256,
    model_directory,
)

Floats = npt.NDArray[np.float32]

HEIGHT = 48  # of a crop as the PP-OCR recognisers take it
BUCKET = 32  # widths are rounded up to a multiple of this, so that few shapes occur
NARROWEST = 96  # below, single digits begin to be lost
WIDEST = 3200  # PaddleOCR's own limit; wider crops are squeezed
BATCH_WIDTH = 1536  # of all crops in one batch together: bounds memory, and is no slower than more
SPARSE = 0.25  # of `detection_side` squared: less text than that is looked at more closely
FLOOR = 1e-5  # a class less probable than this at a time step is not kept


def load_engine(spec: str | OcrSettings | None = None) -> OcrEngine:
    """The engine that `spec` names (see settings.py; None: NIANBAO_ENGINE, else PaddleOCR).

    Raises UsageError for a specification that cannot be understood, WeightsMissing, WeightsAltered or
    EngineError where the engine cannot be started.
    """
    if isinstance(spec, OcrSettings):
        return PaddleEngine(spec)
    text = (spec or engine_spec()).strip()
    if text == PADDLE or text.startswith(f"{PADDLE},"):
        return PaddleEngine(parse_settings(text))
    return _from_factory(text)


def _from_factory(spec: str) -> OcrEngine:
    module, _, factory = spec.partition(":")
    if not module or not factory:
        raise refused(spec)
    try:
        make = getattr(importlib.import_module(module), factory)
    except (ImportError, AttributeError) as error:
        raise refused(spec) from error
    engine = make()
    missing = [name for name in ("name", "fingerprint", "detect", "recognise") if not hasattr(engine, name)]
    if missing:
        raise refused(f"{spec}: no {', '.join(missing)}")
    return engine  # type: ignore[no-any-return]  # checked by its members: any class may be an engine


class PaddleEngine:
    """PP-OCR detection and recognition by PaddleOCR. Loading takes seconds; keep one per process."""

    def __init__(self, settings: OcrSettings | None = None) -> None:
        """Raises WeightsMissing, WeightsAltered, or EngineError where PaddleOCR refuses to start."""
        self.settings = settings or OcrSettings()
        detection = _model(self.settings.detection, DETECTION)
        recognition = _model(self.settings.recognition, RECOGNITION)
        self._detector = _predictor("TextDetection", detection, self.settings)
        self._recogniser = _predictor("TextRecognition", recognition, self.settings)
        self._alphabet = _alphabet(self._recogniser)
        names = dict.fromkeys(
            name.removesuffix("_det").removesuffix("_rec") for name in (detection[0], recognition[0])
        )
        self._name = f"{' + '.join(names)}, {self.settings.backend}"
        self._fingerprint = _fingerprint(self.settings, [self._detector, self._recogniser])

    @property
    def name(self) -> str:
        return self._name

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def detect(self, image: GrayImage) -> tuple[Quad, ...]:
        """Quads around text lines, in pixels of `image`. The page is shrunk to `detection_side` first.

        A page that is nearly empty then, a page number under a masked table, is shrunk less: a lone figure of
        seven pixels is easily overlooked, and the time is the picture's area.
        """
        side = self.settings.detection_side
        scale = min(1.0, side / max(1, *image.shape))
        part = _looked_at(image, scale)
        if part is None:
            return ()
        closer = min(1.0, scale * math.sqrt(SPARSE * side * side / part.image.size))
        if closer > scale and (larger := _looked_at(image, closer)) is not None:
            scale, part = closer, larger
        with quietly("detection"):
            found = _quads(self._detector, part.image, 1.0 / scale)
        return tuple(part.back(quad * scale) / scale for quad in found)

    def recognise(self, crops: Sequence[GrayImage]) -> tuple[Lattice, ...]:
        """One lattice per crop. A crop's answer does not depend on which others are asked with it."""
        answers: dict[int, Lattice] = {}
        for bucket, members in groupby(
            sorted(range(len(crops)), key=lambda i: _bucket(crops[i])), lambda i: _bucket(crops[i])
        ):
            waiting = list(members)
            size = max(1, BATCH_WIDTH // bucket)
            for start in range(0, len(waiting), size):
                batch = waiting[start : start + size]
                answers.update(zip(batch, self._batch([crops[i] for i in batch], bucket), strict=True))
        return tuple(answers[i] for i in range(len(crops)))

    def _batch(self, crops: Sequence[GrayImage], bucket: int) -> list[Lattice]:
        with quietly("recognition"):
            probs = _distribution(self._recogniser, _tensor(crops, bucket))
        steps = probs.shape[1]
        lattices = []
        for crop, (ids, kept) in zip(crops, top_classes(probs, self.settings.top_k), strict=True):
            width = _scaled_width(crop)
            lattices.append(Lattice(ids, kept, self._alphabet, bucket / steps * crop.shape[1] / width))
        return lattices


def _looked_at(image: GrayImage, scale: float) -> Trimmed | None:
    small = _shrunk(image, scale)
    return trim(small) if min(small.shape) > 1 else None


def _shrunk(image: GrayImage, scale: float) -> GrayImage:
    if scale == 1.0:
        return image
    height, width = image.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _scaled_width(crop: GrayImage) -> int:
    """Width in pixels once `crop` is scaled to HEIGHT, as PaddleOCR rounds it."""
    height, width = crop.shape
    return int(max(1, min(WIDEST, math.ceil(HEIGHT * width / max(1, height)))))


def _bucket(crop: GrayImage) -> int:
    return max(NARROWEST, math.ceil(_scaled_width(crop) / BUCKET) * BUCKET)


def _tensor(crops: Sequence[GrayImage], bucket: int) -> Floats:
    """(n, 3, HEIGHT, bucket) in -1..1, zero where padded: PaddleOCR's RecResizeImg, on grey.

    The three channels of a grey picture are equal, so scaling one and repeating it saves two thirds.
    """
    batch = np.zeros((len(crops), 3, HEIGHT, bucket), dtype=np.float32)
    for row, crop in zip(batch, crops, strict=True):
        width = _scaled_width(crop)
        picture = crop if crop.size else np.full((HEIGHT, width), 255, dtype=np.uint8)
        scaled = cv2.resize(picture, (width, HEIGHT)).astype(np.float32)
        row[:, :, :width] = scaled / 127.5 - 1.0
    return batch


def top_classes(probs: Floats, k: int) -> list[tuple[npt.NDArray[np.int32], Floats]]:
    """The `k` likeliest classes per time step of each crop: (ids, probs), both (time, at most k), best first.

    `probs` is (n, time, classes). Steps with fewer than the widest step's classes above FLOOR are filled up
    with probability 0. Sparse on purpose: partitioning 18,710 classes per step would cost more than the
    network does.
    """
    count, steps, classes = probs.shape
    flat = np.flatnonzero(probs.reshape(-1) > FLOOR)
    rows, ids = np.divmod(flat, classes)
    values = probs.reshape(-1)[flat]
    order = np.lexsort((-values, rows))
    rows, ids, values = rows[order], ids[order], values[order]
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    keep = rank < k
    all_ids = np.zeros((count * steps, k), dtype=np.int32)
    all_probs = np.zeros((count * steps, k), dtype=np.float32)
    all_ids[rows[keep], rank[keep]] = ids[keep]
    all_probs[rows[keep], rank[keep]] = values[keep]
    result = []
    for i in range(count):
        part = slice(i * steps, (i + 1) * steps)
        used = max(1, int((all_probs[part] > 0).sum(axis=1).max(initial=0)))
        result.append((all_ids[part, :used].copy(), all_probs[part, :used].copy()))
    return result


# --- PaddleOCR and PaddleX, from here on ---------------------------------------------------------------


def _model(named: str, bundled: BundledModel) -> tuple[str, str | None]:
    """(PaddleOCR's name of the model, its directory or None where PaddleOCR is to download it)."""
    try:
        if not named:
            return bundled.name, str(model_directory(bundled))
        folder = Path(named)
        if not folder.is_dir():
            if folder.is_absolute() or len(folder.parts) > 1:
                raise WeightsNotFound(named)
            return named, None
        return _name_in(folder), str(folder.resolve())
    except WeightsNotFound as error:
        raise WeightsMissing(model=named or bundled.name, detail=str(error)) from error
    except WeightsChanged as error:
        raise WeightsAltered(model=named or bundled.name, detail=str(error)) from error
    except OSError as error:
        raise EngineError(engine=PADDLE, detail=str(error)) from error


def _name_in(folder: Path) -> str:
    """The model's name as its own inference.yml states it: PaddleOCR refuses any other."""
    config = folder / "inference.yml"
    if not config.is_file():
        raise WeightsNotFound(str(config))
    yaml: Any = importlib.import_module("yaml")  # comes with PaddleX, which reads the same file with it
    stated = yaml.safe_load(config.read_text(encoding="utf-8"))
    name = stated.get("Global", {}).get("model_name") if isinstance(stated, dict) else None
    if not isinstance(name, str):
        raise WeightsChanged(f"{config} names no model")
    return name


def _predictor(kind: str, model: tuple[str, str | None], settings: OcrSettings) -> Any:
    """`paddleocr.TextDetection` or `TextRecognition` as PaddleX's predictor. Slow: imports PaddleOCR."""
    name, folder = model
    options: dict[str, Any] = {"engine": settings.backend, "device": settings.device}
    if settings.backend == "onnxruntime":
        # Without the arena and the patterns memory stays flat over pages of many shapes.
        options["engine_config"] = {
            "intra_op_num_threads": settings.threads,
            "inter_op_num_threads": 1,
            "enable_cpu_mem_arena": False,
            "enable_mem_pattern": False,
            "log_severity_level": 3,
        }
    elif settings.backend != "transformers":
        options["cpu_threads"] = settings.threads
    with quietly("start"):
        quiet_environment()
        import paddleocr

        return getattr(paddleocr, kind)(model_name=name, model_dir=folder, **options).paddlex_predictor


def _alphabet(recogniser: Any) -> tuple[str, ...]:
    characters = list(recogniser.post_op.character)
    return ("", *characters[1:])  # class 0 is CTC's blank


def _quads(detector: Any, picture: GrayImage, factor: float) -> list[Quad]:
    """Quads in pixels of `picture` times `factor`, which is what the predictor rounds to whole numbers."""
    colour = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
    runner = getattr(detector, "runner", None)
    if runner is None:
        found = next(iter(detector.predict(colour, limit_side_len=max(picture.shape), limit_type="max")))
        return [np.asarray(quad, dtype=np.float32) * factor for quad in found["dt_polys"]]
    steps = detector.pre_tfs
    tensor = steps["ToBatch"](imgs=steps["ToCHW"](imgs=steps["Normalize"](imgs=[colour])))
    height, width = (round(side * factor) for side in picture.shape)
    boxes, _ = detector.post_op(runner(x=tensor), [np.array([height, width, 1.0 / factor, 1.0 / factor])])
    return [np.asarray(quad, dtype=np.float32) for quad in boxes[0]]


def _distribution(recogniser: Any, tensor: Floats) -> Floats:
    """(n, time, classes), adding up to 1 over classes, from whichever backend runs the model."""
    runner = getattr(recogniser, "runner", None)
    if runner is not None:
        return np.asarray(runner(x=[tensor])[0], dtype=np.float32)
    return _transformers_distribution(recogniser, tensor)


def _transformers_distribution(recogniser: Any, tensor: Floats) -> Floats:
    """The same from PaddleOCR's `transformers` backend, whose models give scores or probabilities."""
    torch: Any = importlib.import_module("torch")  # the backend brings it; nothing else here needs it
    inputs = recogniser._move_to_infer_device({"pixel_values": torch.from_numpy(tensor)})
    outputs = recogniser.forward(inputs)
    scores = getattr(outputs, "logits", None)
    scores = (scores if scores is not None else outputs.last_hidden_state).float()
    if scores.min() < 0 or not torch.allclose(scores.sum(-1), torch.ones(()), atol=1e-2):
        scores = scores.softmax(-1)
    return np.asarray(scores.cpu().numpy(), dtype=np.float32)


def _fingerprint(settings: OcrSettings, predictors: Sequence[Any]) -> str:
    described = {key: value for key, value in asdict(settings).items() if key not in _PLACES}
    described["models"] = [directory_sha256(Path(predictor.model_dir)) for predictor in predictors]
    described["paddlex"] = version("paddlex")
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()


# Where the weights lie and how many threads run them does not change what is read.
_PLACES = ("detection", "recognition", "threads")
