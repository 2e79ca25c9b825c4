from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_keys_no_stray_runs(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """No test may find a key, nor leave a transcript in the checkout."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AIPM_RUNS", str(tmp_path / "runs"))
