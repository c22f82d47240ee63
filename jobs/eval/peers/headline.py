"""Real trainings for `dormouse bench headline`: other ways to search, and the test of what they found.

    python3 headline.py play --case case.json --method tpe --budget 20 --replicate 0 --work DIR
    python3 headline.py test --case case.json --seeds 5 --work DIR < arms.jsonl

A case is a model with a team's default: {"name", "metric", "command", "directory", "space": [{"name", "type", "choices"}], "baseline"}.
`command` trains one configuration, as in a campaign file, in `directory`. `play` trains the baseline first, then as the method asks; it
prints one JSON line a training: its arm, the metric on the validation split (null if the training failed) and how long it
took. `test` trains each arm with fresh seeds and prints its metrics on the test split, one JSON list a line.

The methods are random search, Optuna's TPE, and `manual`: one change at a time, as people do it. It walks through the
parameters in the order of the case, tries the next larger and the next smaller choice, keeps what is better, and goes on
in that direction; when it has been through all parameters it starts over from the best.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from surface_players import METHODS as PLAYERS
from surface_players import Game, Player, choices
from surfaces import Arm, number

TIMEOUT_SECONDS = 600
TEST_SEED = 900_000  # No search gets as far.


@dataclass
class Case:
    """A model to improve, trained for real. Has what the players ask of a surface."""

    data: dict
    work: Path

    @property
    def space(self) -> list[dict]:
        return self.data["space"]

    def train(self, arm: Arm, seed: int, test: bool = False) -> tuple[float | None, float]:
        """The metric of a training on the validation or test split, None if it failed, and its seconds; remembered by arm and seed.

        What the arm does not set is as in the baseline.
        """
        arm = {**self.data["baseline"], **arm}
        identity = json.dumps([self.data["name"], self.data["command"], arm, seed, test], sort_keys=True)
        run = self.work / hashlib.sha256(identity.encode()).hexdigest()[:16]
        result = run / "outcome.json"
        if not result.exists():
            run.mkdir(parents=True, exist_ok=True)
            begin = time.monotonic()
            value = self._run(arm, seed, test, run)
            temporary = run / f"outcome.{os.getpid()}.tmp"  # Another search may train the same.
            temporary.write_text(json.dumps([value, time.monotonic() - begin]), encoding="utf-8")
            temporary.replace(result)
        value, seconds = json.loads(result.read_text(encoding="utf-8"))
        return value, seconds

    def _run(self, arm: Arm, seed: int, test: bool, run: Path) -> float | None:
        whole = {domain["name"] for domain in self.space if domain["type"] == "int"}
        params = {name: int(float(value)) if name in whole else typed(value) for name, value in arm.items()}
        config = {"params": params, "seed": seed, "fidelity": 1.0, "evaluate_test": test, "output_dir": str(run)}
        (run / "config.json").write_text(json.dumps(config), encoding="utf-8")
        command = self.data["command"].replace("{config_file}", shlex.quote(str(run / "config.json")))
        with (run / "log.txt").open("w", encoding="utf-8") as log:
            training = subprocess.Popen(
                command, shell=True, cwd=self.data["directory"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
            try:
                if training.wait(TIMEOUT_SECONDS) != 0:
                    return None
                metrics = json.loads((run / "result.json").read_text(encoding="utf-8"))["metrics"]
                return number(metrics[("test_" if test else "") + self.data["metric"]])
            except (subprocess.TimeoutExpired, OSError, ValueError, KeyError):
                return None
            finally:
                with contextlib.suppress(ProcessLookupError):  # Nothing of the training stays behind.
                    os.killpg(training.pid, signal.SIGKILL)


def typed(value: object) -> object:
    """A value as the trainer's configuration has it: `[64,32]`, `true` and `0.1` are no texts there."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def play(case: Case, method: str, budget: int, replicate: int) -> Iterator[dict]:
    """Trains as the method asks. A failed training counts as the worst so far."""
    game = Game(_Baseline(case), 0, budget, replicate)
    player = (METHODS | PLAYERS)[method](game)
    arm = next(player)
    worst = None
    for step in range(1, budget + 1):
        value, seconds = case.train(arm, 1000 * (replicate + 1) + step)
        yield {"step": step, "value": value, "seconds": seconds, "arm": arm}
        if step < budget:
            worst = value if worst is None else min(worst, value if value is not None else worst)
            if worst is None:
                raise ValueError(f"the baseline of {case.data['name']} does not train; see {case.work}")
            arm = player.send(value if value is not None else worst)
    player.close()


@dataclass
class _Baseline:
    """A case as the players see it."""

    case: Case

    @property
    def space(self) -> list[dict]:
        return self.case.space

    @property
    def data(self) -> dict:
        return {"baselines": [self.case.data["baseline"]]}


def play_manual(game: Game) -> Player:
    """One change at a time."""
    arm = game.first
    best = yield arm
    tried = {_key(arm)}
    while True:
        before = len(tried)
        for domain in game.surface.space:
            values = choices(domain)
            for direction in (1, -1):
                while True:
                    place = _place(values, arm[domain["name"]]) + direction
                    if not 0 <= place < len(values):
                        break
                    changed = {**arm, domain["name"]: values[place]}
                    if _key(changed) in tried:
                        break
                    tried.add(_key(changed))
                    value = yield changed
                    if value <= best:
                        break
                    arm, best = changed, value
        if len(tried) == before:  # Nothing is left around the best: train it again.
            best = max(best, (yield arm))


def _place(values: list, value: object) -> int:
    return next(i for i, known in enumerate(values) if known == value or (number(known) is not None and number(known) == number(value)))


def _key(arm: Arm) -> str:
    return json.dumps({name: number(value) if number(value) is not None else str(value) for name, value in arm.items()}, sort_keys=True)


METHODS = {"manual": play_manual}


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (("play", "search by a method"), ("test", "test arms with fresh seeds")):
        command = commands.add_parser(name, help=what)
        command.add_argument("--case", type=Path, required=True)
        command.add_argument("--work", type=Path, required=True, help="directory of the trainings, which are remembered")
        if name == "play":
            command.add_argument("--method", choices=sorted(METHODS | PLAYERS), required=True)
            command.add_argument("--budget", type=int, required=True, help="trainings, the baseline's included")
            command.add_argument("--replicate", type=int, default=0)
        else:
            command.add_argument("--seeds", type=int, required=True)
    arguments = parser.parse_args(argv)
    if environment := os.environ.get("DORMOUSE_PYTHON_ENV"):
        os.environ["PATH"] = f"{environment}/bin{os.pathsep}{os.environ['PATH']}"
    try:
        case = Case(json.loads(arguments.case.read_text(encoding="utf-8")), arguments.work.resolve())
        if arguments.command == "play":
            for line in play(case, arguments.method, arguments.budget, arguments.replicate):
                print(json.dumps(line), flush=True)
        else:
            for line in sys.stdin:
                arm = json.loads(line)
                print(json.dumps([case.train(arm, TEST_SEED + seed, test=True)[0] for seed in range(arguments.seeds)]), flush=True)
    except (ValueError, KeyError, OSError, ImportError) as problem:
        sys.exit(f"headline.py: {problem}")


if __name__ == "__main__":
    main()
