"""The real program with the stand-in pipeline, run as a process of its own: `python stub_cli.py extract ...`."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import stub_pipeline

from flows import cli, eval_commands
from flows.jobs import Options

if __name__ == "__main__":
    stubbed = partial(Options, extract=stub_pipeline.EXTRACT, load_engine=stub_pipeline.LOADER)
    cli.Options = stubbed  # type: ignore[misc, assignment]
    eval_commands.Options = stubbed  # type: ignore[misc, assignment]
    cli.main()
