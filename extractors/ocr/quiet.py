"""Keeps PaddleX and what it brings along from talking on the terminal and from writing where they must not.

PaddleX logs to stderr when imported, makes a folder under HOME (and dies where it cannot), and probes model
hosts before its first model. None of that is the user's concern.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import warnings
from collections.abc import Iterator

from extractors.errors import EngineError, NianbaoError
from models.ocr import cache_home

_CHATTY = ("paddlex", "paddleocr", "ppocr", "modelscope", "modelscope_hub", "huggingface_hub", "transformers")
_log = logging.getLogger(__name__)


def quiet_environment() -> None:
    """Sets, where the user has not, what PaddleX and the hub clients read from the environment on import."""
    home = cache_home()
    for name, value in {
        "PADDLE_PDX_CACHE_HOME": str(home / "paddlex"),
        "PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK": "True",
        "PADDLE_PDX_EAGER_INIT": "False",  # its training side, which nobody here uses
        "HF_HOME": str(home / "huggingface"),
        "MODELSCOPE_CACHE": str(home / "modelscope"),
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "TQDM_DISABLE": "1",
    }.items():
        os.environ.setdefault(name, value)
    for logger in _CHATTY:
        logging.getLogger(logger).addHandler(logging.NullHandler())


@contextlib.contextmanager
def quietly(doing: str) -> Iterator[None]:
    """Swallows what third-party code prints, and turns whatever it raises into an EngineError.

    What it printed goes to our own log at debug level, so that `--debug` still shows it.
    """
    said = io.StringIO()
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            warnings.simplefilter("ignore")
            yield
    except NianbaoError:
        raise
    except Exception as error:
        # PaddleX raises bare Exception for a model it cannot download, and anything else for the rest.
        raise EngineError(engine="paddle", doing=doing, detail=str(error) or type(error).__name__) from error
    finally:
        if said.getvalue().strip():
            _log.debug("%s: %s", doing, said.getvalue().strip())
