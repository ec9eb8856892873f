"""Where measurements find the repository and put what they make."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
BUILD: Final = ROOT / "build" / "bench"
"""Generated floors and rehearsals; safe to remove."""
RESULT: Final = ROOT / "build" / "bench.json"
