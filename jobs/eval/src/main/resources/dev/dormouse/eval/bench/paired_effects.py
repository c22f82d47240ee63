"""Runs paired_effects.sql on Parquet files of runs: paired_effects.py SQL RUNS_GLOB OUT_PARQUET THREADS MEMORY_GB

Prints one JSON object: the seconds from opening the files to the result on disk, and its rows.
"""

import json
import sys
import tempfile
import time

import duckdb


def main(sql: str, runs: str, out: str, threads: str, memory_gb: str) -> None:
    with open(sql, encoding="utf-8") as file:
        query = file.read()
    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as connection:
        connection.execute(f"SET threads = {int(threads)}")
        connection.execute(f"SET memory_limit = '{int(memory_gb)}GB'")
        connection.execute(f"SET temp_directory = '{spill}'")
        began = time.monotonic()
        connection.read_parquet(runs).create_view("runs")
        (rows,) = connection.execute(f"COPY ({query}) TO '{out}' (FORMAT parquet)").fetchone()
        seconds = time.monotonic() - began
    print(json.dumps({"seconds": seconds, "slices": rows}))


main(*sys.argv[1:])
