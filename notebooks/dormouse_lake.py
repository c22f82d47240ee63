"""Opens the tables of a Dormouse lake by name, in one line.

>>> from dormouse_lake import Lake
>>> Lake().table("insights")
"""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
from deltalake import DeltaTable


class Lake:
    """A lake on disk; `DORMOUSE_LAKE` names it unless an argument does."""

    def __init__(self, root: str | Path | None = None):
        self.root = Path(root or os.environ.get("DORMOUSE_LAKE", ".dormouse/demo/lake"))
        if not self.root.is_dir():
            raise FileNotFoundError(f"There is no lake at {self.root}; run './dormouse demo' or set DORMOUSE_LAKE")

    def names(self) -> list[str]:
        """The names of all tables."""
        return sorted(path.parent.name for path in self.root.glob("*/_delta_log"))

    def table(self, name: str) -> pl.DataFrame:
        """A whole table as a polars frame."""
        return self.scan(name).collect()

    def scan(self, name: str) -> pl.LazyFrame:
        """A table as a lazy polars frame, for large ones."""
        return pl.scan_delta(str(self.root / name))

    def comments(self, name: str) -> dict[str, str]:
        """What each column means."""
        fields = DeltaTable(str(self.root / name)).schema().fields
        return {field.name: field.metadata.get("comment", "") for field in fields}

    def insights(self) -> pl.DataFrame:
        """The insights of the newest mining, most useful first."""
        all_minings = self.table("insights")
        return all_minings.filter(pl.col("mined_at") == pl.col("mined_at").max()).sort("rank")
