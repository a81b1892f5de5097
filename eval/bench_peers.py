"""The peers of the benchmark: PaddleOCR's own pipeline and RapidOCR, with their defaults and the same weights."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import cv2

from extractors.document import GrayImage
from extractors.ocr.quiet import quiet_environment, quietly
from models.ocr import DETECTION, RECOGNITION, model_directory

Peer = Callable[[GrayImage], str]


def paddle_predictor() -> Any:
    """`PaddleOCR(...)` on ONNX Runtime, one thread, without the optional page models."""
    quiet_environment()
    with quietly("loading PaddleOCR"):
        from paddleocr import PaddleOCR

        return PaddleOCR(
            text_detection_model_name=DETECTION.name,
            text_detection_model_dir=str(model_directory(DETECTION)),
            text_recognition_model_name=RECOGNITION.name,
            text_recognition_model_dir=str(model_directory(RECOGNITION)),
            use_doc_orientation_classify=False,
            use_doc_unwarping=False,
            use_textline_orientation=False,
            engine="onnxruntime",
            engine_config={"intra_op_num_threads": 1, "inter_op_num_threads": 1},
        )


def paddle_pipeline() -> Peer:
    """All text that PaddleOCR's own pipeline reads."""
    pipeline = paddle_predictor()

    def read(image: GrayImage) -> str:
        results = pipeline.predict(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR))
        return "".join(text for result in results for text in result["rec_texts"])

    return read


def rapid_engine() -> Any:
    """RapidOCR with its defaults, one thread."""
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.log_level": "error",
        }
    )


def rapid() -> Peer:
    """All text that RapidOCR reads."""
    engine = rapid_engine()

    def read(image: GrayImage) -> str:
        texts: tuple[str, ...] | None = getattr(engine(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)), "txts", None)
        return "".join(texts or ())

    return read
