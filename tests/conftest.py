"""What all tests share. Nothing here imports an OCR engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# On a busy machine an example may take any time: no property may fail by the clock.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

SHARED_CASES = Path(__file__).resolve().parents[2] / "shared" / "cases"


@pytest.fixture(scope="session")
def shared_cases() -> Path:
    """The folder of real cases beside the checkout; a user's clone has none, and the test says so."""
    if not SHARED_CASES.is_dir():
        pytest.skip("needs ../shared/cases, which only the developers' machines have")
    return SHARED_CASES
