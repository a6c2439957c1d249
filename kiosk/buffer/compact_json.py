"""JSON as columns hold it: no spaces, letters as they are; made by encoders that are made once."""

from __future__ import annotations

import json
from typing import Final

compact: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A value as it stands: the order of its keys is kept."""
compact_sorted: Final = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True
).encode
"""A value whose text is authenticated or sealed: equal values give equal text."""
