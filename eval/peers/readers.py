"""Peers as table readers: each gets our upright, deskewed page and gives tables; everything after that is ours.

That favours them: they get our deskew, seals taken out, our joining over page breaks, our match with the form. What
is scored is whether they find the cells and read them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

import cv2
import numpy as np

from eval.bench_peers import paddle_predictor, rapid_engine
from eval.peers.environments import start
from eval.peers.grids import Found, cluster_rows, fragment
from extractors.document import Fragment, GrayImage, Page
from extractors.geometry import Box
from extractors.ocr.engine import OcrEngine
from extractors.stages import TableReader

Texts = Callable[[GrayImage], list[Found]]


def img2table() -> TableReader:
    """img2table 2 with RapidOCR, in an environment of its own."""
    return _celled("img2table")


def camelot() -> TableReader:
    """camelot 2 over a text layer by RapidOCR, in an environment of its own."""
    return _celled("camelot")


def _celled(peer: str) -> TableReader:
    """The peer whose runner gives the cells of each table with their boxes."""
    process = start(peer, f"{peer}_pages.py")

    def read(page: Page, engine: OcrEngine) -> tuple[Fragment, ...]:
        found = [
            fragment([Found(Box(*cell["box"]), cell["text"]) for cell in table], page.info.number)
            for table in process.ask(page.work)
        ]
        return _top_down(found)

    return read


def rapid_rows() -> TableReader:
    """RapidOCR with its defaults, and rows and columns by naive clustering."""
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    ocr = rapid_engine()

    def texts(picture: GrayImage) -> list[Found]:
        result = ocr(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))
        if result.boxes is None:
            return []
        return _texts(result.boxes, result.txts, result.scores)

    return _clustered(texts)


def paddle_rows() -> TableReader:
    """PaddleOCR's own pipeline on ONNX Runtime, and rows and columns by naive clustering."""
    pipeline = paddle_predictor()

    def texts(picture: GrayImage) -> list[Found]:
        (result,) = pipeline.predict(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))
        return _texts(result["rec_polys"], result["rec_texts"], result["rec_scores"])

    return _clustered(texts)


def _clustered(texts: Texts) -> TableReader:
    def read(page: Page, engine: OcrEngine) -> tuple[Fragment, ...]:
        return _top_down([fragment(cluster_rows(texts(page.work)), page.info.number)])

    return read


def _texts(quads: Any, texts: Iterable[str], scores: Iterable[float]) -> list[Found]:
    found = []
    for quad, text, score in zip(quads, texts, scores, strict=True):
        (x0, y0), (x1, y1) = np.min(quad, axis=0), np.max(quad, axis=0)
        found.append(Found(Box(float(x0), float(y0), float(x1), float(y1)), text, float(score)))
    return found


def _top_down(found: Iterable[Fragment | None]) -> tuple[Fragment, ...]:
    known = [one for one in found if one is not None]
    return tuple(sorted(known, key=lambda one: one.box.y0))
