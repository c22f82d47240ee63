"""How soon a large lake shows its first data frames: first_frame.py [--runs N].

Makes a lake of N runs, each with 20 params, from the runs of the lake that DORMOUSE_LAKE names, and asks it from fresh processes.
Every time is from the start of the process, importing included. Exit code 7 if the first takes longer than 5 seconds.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
from deltalake import write_deltalake

FOLDER = Path(__file__).resolve().parents[1]
LIMIT_SECONDS = 5.0
QUESTIONS = {
    "the first rows": 'Lake("{lake}").head("runs")',
    "some columns of all": 'Lake("{lake}").table("runs", ["study", "status", "value"])',
    "a question in SQL": 'Lake("{lake}").sql("SELECT study, status, count(*) AS runs, avg(value) FROM runs GROUP BY ALL")',
}


def large_lake(root: Path, runs: int) -> None:
    """Runs like the given ones, under new names and with params enough."""
    sys.path.insert(0, str(FOLDER))
    from dormouse_lake import Lake

    given = Lake().table("runs").drop("params")
    number = pl.int_range(pl.len())
    params = pl.concat_list(
        pl.struct(pl.lit(f"param_{p:02}").alias("key"), ((number * (p + 7)) % (p + 2)).cast(pl.String).alias("value")) for p in range(20)
    )
    copies = -(-runs // given.height)
    for block in range(0, copies, 40):
        rows = pl.concat([given] * min(40, copies - block)).head(runs - block * given.height)
        name = pl.format("run-{}", number + block * given.height)
        write_deltalake(str(root / "runs"), rows.with_columns(name.alias("run_id"), params.alias("params")), mode="append")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1_000_000)
    runs = parser.parse_args().runs
    times = []
    with tempfile.TemporaryDirectory(prefix="dormouse-frames-") as directory:
        large_lake(Path(directory), runs)
        for name, question in QUESTIONS.items():
            code = f"from dormouse_lake import Lake; print({question.format(lake=directory)})"
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], cwd=FOLDER, check=True, stdout=subprocess.DEVNULL)
            seconds = time.perf_counter() - began
            times.append(seconds)
            print(f"{runs:,} runs, {name}: {seconds:.2f} s")
    return 0 if times[0] < LIMIT_SECONDS else 7


if __name__ == "__main__":
    sys.exit(main())
