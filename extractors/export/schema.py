"""The JSON Schema of the record, as shipped with the package, and what a record breaks of it.

The schema is a file because programs in other languages read it too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA_FILE = Path(__file__).with_name("record.schema.json")


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def schema_problems(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Where `data` breaks the contract, as "place: what"; empty for a valid record."""
    found = sorted(_validator().iter_errors(data), key=lambda error: error.json_path)
    return tuple(f"{error.json_path}: {error.message[:200]}" for error in found)
