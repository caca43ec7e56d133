"""The scenarios that ship with this API."""

from __future__ import annotations

from pathlib import Path

PRESETS = Path(__file__).parent
