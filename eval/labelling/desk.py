"""One labeller at one report: what is asked next, the pictures to look at, the answers as they come.

Holds state (where the labeller is), so that the server in front of it is nothing but addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from eval.labelling.answers import Answers, save
from eval.labelling.questions import Question
from extractors.document import ColourImage
from extractors.export.crops import crop, encode_png

ENLARGED = 3.0  # a cell is shown this much larger than on the page
OUTLINE = (214, 88, 21)  # BGR


class Desk:
    """`pages`: how many there are; `display(n)`: the untouched page n (1-based), BGR; `file`: where answers go."""

    def __init__(
        self,
        case: str,
        questions: Sequence[Question],
        answers: Answers,
        file: Path,
        pages: int,
        display: Callable[[int], ColourImage],
    ) -> None:
        self.case = case
        self.questions = tuple(questions)
        self.answers = answers
        self._places = {question.name: place for place, question in enumerate(self.questions)}
        self._file = file
        self._pages = pages
        self._display = display
        self._index = self._next_open(0)

    def _next_open(self, start: int) -> int:
        """The first question from `start` on that has no answer yet, else the first of all, else the end."""
        order = [*range(start, len(self.questions)), *range(start)]
        return next(
            (i for i in order if self.questions[i].name not in self.answers.given), len(self.questions)
        )

    def go(self, index: int | None) -> None:
        """To question `index`, kept inside the list; None stays."""
        if index is not None:
            self._index = min(max(0, index), len(self.questions) - 1)

    def answer(self, name: str, answer: str | None) -> None:
        """Keep an answer and go on. Raises KeyError where `name` is none of the questions."""
        place = self._places[name]
        self.answers = self.answers.with_answer(name, answer)
        save(self.answers, self._file)
        self._index = self._next_open(place + 1)

    def state(self) -> dict[str, Any]:
        """What the page shows now. `name` is None when every question has its answer."""
        done = self._index >= len(self.questions)
        question = None if done else self.questions[self._index]
        return {
            "case": self.case,
            "index": self._index,
            "total": len(self.questions),
            "answered": len(self.answers.given),
            "name": question.name if question else None,
            "words": question.words if question else "",
            "answer": self.answers.given.get(question.name) if question else None,
            "crop": bool(question and question.parts),
            "page": question.parts[0].page if question and question.parts else None,
            "pages": self._pages,
        }

    def page_png(self, number: int) -> bytes:
        """Page `number` (1-based) with the place of the question outlined. Raises IndexError beyond the last."""
        if not 1 <= number <= self._pages:
            raise IndexError(number)
        picture = np.ascontiguousarray(self._display(number)).copy()
        if self._index < len(self.questions):
            for part in self.questions[self._index].parts:
                if part.page == number:
                    corners = [
                        (round(part.box.x0), round(part.box.y0)),
                        (round(part.box.x1), round(part.box.y1)),
                    ]
                    cv2.rectangle(picture, corners[0], corners[1], OUTLINE, 2)
        return encode_png(picture)

    def crop_png(self, index: int) -> bytes:
        """The cell of question `index` with a rim around it, enlarged. Raises IndexError without a place."""
        part = self.questions[index].parts[0]
        picture = crop(self._display(part.page), part.box.padded(0.25 * part.box.height))
        return encode_png(
            np.asarray(
                cv2.resize(picture, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC), np.uint8
            )
        )
