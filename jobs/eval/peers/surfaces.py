"""Response surfaces: trainings without training, for `dormouse bench live` and the optimizers beside it.

    python3 surfaces.py fit --tasks ctr_configs.parquet --history DIR --out DIR
    python3 surfaces.py train --surface task.json --config trial.json
    python3 surfaces.py value --surface task.json < arms.jsonl
    python3 surfaces.py play --surface task.json --method tpe --baseline 0 --budget 20 --replicate 0

A surface is a random forest fitted to the table of one task over a stated search space, as one JSON file. `train` is a
trainer as a campaign wants it: it reads the configuration of a trial, and writes `metrics.jsonl` and `result.json` with
the value of the surface and seed noise. It needs nothing but Python. `play` trains as an optimizer asks and prints one
JSON line a training, with the value without noise. How surfaces are fitted is in surface_space.py
and surface_fit.py, how the optimizers play in surface_players.py; these need requirements.txt.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import math
import random
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

MISSING = -1.0
METHODS = ("random", "tpe", "smac")
METRIC = "auc"  # As the lake calls what the published history calls val_auc.
EPOCHS = 3

Arm = dict[str, object]


def text(value: object) -> str:
    """A value as the tables spell it: `true`, `[400,400]`, else as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return json.dumps(value, separators=(",", ":"))
    return str(value).strip()


def number(value: object) -> float | None:
    """A value as a number, None if it is none."""
    if isinstance(value, bool):
        return None
    try:
        result = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return result if math.isfinite(result) else None


def coordinate(column: dict, value: object) -> float:
    """A value as a feature of the forest: a number scaled to the column's range, or the place among its categories."""
    if value is None:
        return MISSING
    if column["kind"] == "category":
        names = column["values"]
        if text(value) in names:
            return float(names.index(text(value)))
        places = [i for i, name in enumerate(names) if number(value) is not None and number(name) == number(value)]
        if places:
            return float(places[0])
        raise ValueError(f"{column['name']} is {text(value)}; it must be one of {', '.join(names)}")
    found = number(value)
    low, high = column["low"], column["high"]
    slack = 1e-6 * (high - low)
    if found is None or not low - slack <= found <= high + slack:
        raise ValueError(f"{column['name']} is {text(value)}; it must be a number from {low} to {high}")
    found = min(max(found, low), high)
    if column["kind"] == "log":
        return math.log(found / low) / math.log(high / low)
    return (found - low) / (high - low)


@dataclass(frozen=True)
class Surface:
    """One task's surface, as read from its file."""

    data: dict

    @staticmethod
    def read(path: Path) -> Surface:
        return Surface(json.loads(path.read_text(encoding="utf-8")))

    @property
    def space(self) -> list[dict]:
        return self.data["space"]

    @cached_property
    def names(self) -> set[str]:
        return {parameter["name"] for parameter in self.space}

    def effective(self, arm: Arm) -> Arm:
        """The arm without what its model ignores."""
        ignored = self.data["ignored"].get(text(arm.get("model", "")), [])
        return {name: value for name, value in arm.items() if name not in ignored}

    def features(self, arm: Arm) -> list[float]:
        if unknown := sorted(set(arm) - self.names):
            raise ValueError(f"unknown parameter {', '.join(unknown)}; known are {', '.join(sorted(self.names))}")
        kept = self.effective(arm)
        return [coordinate(column, kept.get(column["name"])) for column in self.data["columns"]]

    def value(self, arm: Arm) -> float:
        """The value of an arm without noise: the mean of the trees."""
        features = self.features(arm)
        return math.fsum(leaf(tree, features) for tree in self.data["trees"]) / len(self.data["trees"])

    def noisy(self, arm: Arm, seed: int, replicate: int = 0, split: str = "valid") -> float:
        """What a training of the arm with this seed measures on a split. The same again gives the same."""
        identity = json.dumps([self.data["task"], self.features(arm), seed, replicate, split])
        noise = random.Random(hashlib.sha256(identity.encode()).hexdigest()).gauss(0, 1)
        return self.value(arm) + self.data["noise_sd"] * noise


def leaf(tree: dict, features: list[float]) -> float:
    feature, threshold, left, right = tree["feature"], tree["threshold"], tree["left"], tree["right"]
    node = 0
    while feature[node] >= 0:
        node = left[node] if features[feature[node]] <= threshold[node] else right[node]
    return tree["value"][node]


def train(surface: Surface, config: dict, replicate: int = 0) -> None:
    """Writes what a training of the configured arm would leave behind."""
    arm, seed = config["params"], int(config["seed"])
    metric = config.get("metric", METRIC)
    final = surface.noisy(arm, seed, replicate)
    metrics = {metric: final}
    if config.get("evaluate_test", False):
        metrics[f"test_{metric}"] = surface.noisy(arm, seed, replicate, "test")
    output = Path(config["output_dir"])
    with (output / "metrics.jsonl").open("w", encoding="utf-8") as curve:
        for epoch in range(1, EPOCHS + 1):
            value = final - surface.data["noise_sd"] * (EPOCHS - epoch)
            curve.write(json.dumps({"step": epoch, "metric": metric, "value": value}) + "\n")
    temporary = output / "result.tmp"
    temporary.write_text(json.dumps({"status": "ok", "metrics": metrics}), encoding="utf-8")
    temporary.replace(output / "result.json")


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    fit = commands.add_parser("fit", help="fit a surface to each task of a table")
    fit.add_argument("--tasks", type=Path, required=True)
    fit.add_argument("--history", type=Path, action="append", required=True, help="where the family of each task is known")
    fit.add_argument("--task", action="append", help="only this one; may be repeated")
    fit.add_argument("--out", type=Path, required=True)
    one = commands.add_parser("train", help="be the trainer of a campaign")
    one.add_argument("--surface", type=Path, required=True)
    one.add_argument("--config", type=Path, required=True)
    one.add_argument("--replicate", type=int, default=0, help="another one draws other noise for the same seeds")
    value = commands.add_parser("value", help="print the values without noise of arms, one JSON object a line of standard input")
    value.add_argument("--surface", type=Path, required=True)
    play = commands.add_parser("play", help="search with an optimizer")
    play.add_argument("--surface", type=Path, required=True)
    play.add_argument("--method", choices=METHODS, action="append", required=True)
    play.add_argument("--baseline", type=int, required=True, help="number of the surface's baseline, from 0")
    play.add_argument("--budget", type=int, default=20, help="trainings, the baseline's included")
    play.add_argument("--replicate", type=int, default=0)
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> None:
    arguments = _arguments(argv)
    try:
        if arguments.command == "train":
            train(Surface.read(arguments.surface), json.loads(arguments.config.read_text(encoding="utf-8")), arguments.replicate)
        elif arguments.command == "value":
            surface = Surface.read(arguments.surface)
            for line in sys.stdin:
                print(surface.value(json.loads(line)))
        elif arguments.command == "fit":
            from surface_fit import fit

            fit(arguments.tasks, arguments.history, arguments.out, arguments.task)
        else:
            from surface_players import Game, play

            surface = Surface.read(arguments.surface)
            for method in arguments.method:
                game = Game(surface, arguments.baseline, arguments.budget, arguments.replicate)
                with contextlib.redirect_stdout(io.StringIO()):  # What the libraries print while they work is no result.
                    lines = [json.dumps({"method": method, **line}) for line in play(game, method)]
                print("\n".join(lines))
    except (ValueError, KeyError, OSError, ImportError) as problem:
        sys.exit(f"surfaces.py: {problem}")


if __name__ == "__main__":
    main()
