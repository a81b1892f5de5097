"""One tree of errors. Each class has a code (for programs), an exit status by cause, and a message with a
remedy in the catalogue (messages.py), so that a person is always told what to do next.

    NianbaoError                     exit 1   a defect of ours, or a process that died
    +-- WorkerCrashed, WorkerStalled exit 1   the process reading a file was killed, or stood still
    +-- UsageError                   exit 2   the command line or a setting is wrong
    +-- InputError                   exit 3   the file cannot be read as a document
    |   +-- NotADocument, EmptyFile, EncryptedFile, TruncatedFile, NoPages, PictureBomb, TooManyPages,
    |       UnsupportedType, MissingFile
    +-- RenderError                  exit 4   the renderer failed on a page: crashed, hung, out of memory
    +-- EngineError                  exit 5   an OCR engine or its weights are missing, broken or altered
    +-- OutputError                  exit 6   the result cannot be written, or an older one stands in the way
"""

from __future__ import annotations

from typing import Any, ClassVar


class NianbaoError(Exception):
    """Base of all errors meant for users. `facts` fill the catalogue's message for `code`."""

    code: ClassVar[str] = "internal"
    exit_code: ClassVar[int] = 1

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(f"{self.code}: {facts}")

    def __reduce__(self) -> tuple[Any, ...]:
        # Keyword-only construction does not survive pickling between processes by itself.
        return _rebuild, (type(self), self.facts)


def _rebuild(cls: type[NianbaoError], facts: dict[str, Any]) -> NianbaoError:
    return cls(**facts)


class WorkerCrashed(NianbaoError):
    code = "worker_crashed"


class WorkerStalled(NianbaoError):
    code = "worker_stalled"


class UsageError(NianbaoError):
    code = "usage"
    exit_code = 2


class InputError(NianbaoError):
    code = "input"
    exit_code = 3


class MissingFile(InputError):
    code = "missing_file"


class UnsupportedType(InputError):
    code = "unsupported_type"


class NotADocument(InputError):
    code = "not_a_document"


class EmptyFile(InputError):
    code = "empty_file"


class EncryptedFile(InputError):
    code = "encrypted_file"


class TruncatedFile(InputError):
    code = "truncated_file"


class NoPages(InputError):
    code = "no_pages"


class PictureBomb(InputError):
    code = "picture_bomb"


class TooManyPages(InputError):
    code = "too_many_pages"


class RenderError(NianbaoError):
    code = "render_failed"
    exit_code = 4


class RenderTimeout(RenderError):
    code = "render_timeout"


class EngineError(NianbaoError):
    code = "engine"
    exit_code = 5


class WeightsMissing(EngineError):
    code = "weights_missing"


class WeightsAltered(EngineError):
    code = "weights_altered"


class OutputError(NianbaoError):
    code = "output"
    exit_code = 6


class OutputExists(OutputError):
    code = "output_exists"
