"""How a person says which OCR engine and which weights to use: one frozen value, made from a text.

A specification is one of

* ``paddle``: PaddleOCR with the small weights that come with the installation;
* ``paddle,model=PP-OCRv6_medium,backend=paddle,side=1280``: the same engine with settings changed;
* ``module:factory``: any other engine; the factory takes no argument and gives an `OcrEngine`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from extractors.errors import UsageError

Backend = Literal["onnxruntime", "paddle", "paddle_static", "paddle_dynamic", "transformers"]
ENGINE_VARIABLE = "NIANBAO_ENGINE"
PADDLE = "paddle"


@dataclass(frozen=True, slots=True)
class OcrSettings:
    """`detection` and `recognition` are "" (the weights of the installation), the name of one of PaddleOCR's
    own models ("PP-OCRv6_medium_rec": downloaded where a hub is reachable), or a local model directory.

    `backend` is the engine PaddleOCR runs the model on; `device` in PaddleOCR's notation ("cpu", "gpu:0");
    `detection_side` is the long side, in pixels, to which a page is shrunk for detection; `top_k` is how
    many classes per time step a lattice keeps.
    """

    detection: str = ""
    recognition: str = ""
    backend: Backend = "onnxruntime"
    device: str = "cpu"
    threads: int = 1
    detection_side: int = 960
    top_k: int = 12

    def __post_init__(self) -> None:
        if self.backend not in get_args(Backend):
            raise refused(f"backend={self.backend}")
        if self.threads < 1 or self.top_k < 2 or not 32 <= self.detection_side <= 4000:
            raise refused(f"threads={self.threads},side={self.detection_side},top_k={self.top_k}")
        if self.backend != "onnxruntime" and not (self.detection and self.recognition):
            # The installation brings ONNX files only.
            raise refused(f"backend={self.backend} without a model")


def refused(text: str) -> UsageError:
    return UsageError(detail=f"--engine {text}")


def engine_spec(environment: Mapping[str, str] = os.environ) -> str:
    """The specification named by NIANBAO_ENGINE, else "paddle"."""
    return environment.get(ENGINE_VARIABLE, "").strip() or PADDLE


def parse_settings(spec: str) -> OcrSettings:
    """`paddle` or `paddle,key=value,...` as settings. Raises UsageError for an unknown key or value."""
    name, *pairs = (piece.strip() for piece in spec.split(","))
    if name != PADDLE:
        raise refused(spec)
    settings: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not value or key not in _KEYS:
            raise refused(pair)
        settings[key.strip()] = value.strip()
    return _from_words(settings)


_KEYS = ("model", "detection", "recognition", "backend", "device", "threads", "side", "top_k")


def _from_words(words: Mapping[str, str]) -> OcrSettings:
    """`model` names both halves at once: a family of PaddleOCR's, or a folder holding `det` and `rec`."""
    model = words.get("model", "")
    detection, recognition = (_halves(model)) if model else ("", "")
    defaults = OcrSettings(detection=detection, recognition=recognition)
    return replace(
        defaults,
        detection=words.get("detection", detection),
        recognition=words.get("recognition", recognition),
        backend=cast(Backend, words.get("backend", defaults.backend)),
        device=words.get("device", defaults.device),
        threads=_integer(words, "threads", defaults.threads),
        detection_side=_integer(words, "side", defaults.detection_side),
        top_k=_integer(words, "top_k", defaults.top_k),
    )


def _halves(model: str) -> tuple[str, str]:
    if os.path.isdir(model):
        return os.path.join(model, "det"), os.path.join(model, "rec")
    return f"{model}_det", f"{model}_rec"


def _integer(words: Mapping[str, str], key: str, default: int) -> int:
    text = words.get(key)
    if text is None:
        return default
    if not text.isdecimal():
        raise refused(f"{key}={text}")
    return int(text)
