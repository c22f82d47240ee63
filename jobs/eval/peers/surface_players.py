"""Random search, Optuna's TPE and SMAC over the space of a response surface, each parameter with its own distribution.

Each trains the baseline first, and is told what that gave.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import random  # noqa: E402
import warnings  # noqa: E402

from surfaces import Arm, Surface, number  # noqa: E402

SEED = 1000


@dataclass(frozen=True)
class Game:
    """A surface, the number of the baseline, and how many trainings there are, the baseline's included."""

    surface: Surface
    baseline: int
    budget: int
    replicate: int

    @property
    def seed(self) -> int:
        return SEED + self.replicate

    @property
    def first(self) -> Arm:
        known = self.surface.data["baselines"]
        if not 0 <= self.baseline < len(known):
            raise ValueError(f"there is no baseline {self.baseline}; the surface has {len(known)}, from 0")
        return known[self.baseline]


# Yields the arm to train and is sent what the training measured.
Player = Generator[Arm, float, None]


def choices(domain: dict) -> list:
    """A parameter's choices, numbers as numbers."""
    return [number(x) if domain["type"] in ("int", "float") else x for x in domain["choices"]]


def play(game: Game, method: str) -> Iterator[dict]:
    """Trains as the method asks; gives each training's arm and its value without noise."""
    warnings.filterwarnings("ignore")  # Of experimental samplers, of models that converge late.
    player = METHODS[method](game)
    arm = next(player)
    for step in range(1, game.budget + 1):
        yield {"step": step, "value": game.surface.value(arm), "arm": arm}
        if step < game.budget:
            arm = player.send(game.surface.noisy(arm, step, game.replicate))
    player.close()


def play_random(game: Game) -> Player:
    rng = random.Random(game.seed)
    yield game.first
    while True:
        yield {domain["name"]: _draw(domain, rng) for domain in game.surface.space}


def _draw(domain: dict, rng: random.Random) -> object:
    if "choices" in domain:
        return rng.choice(choices(domain))
    low, high = domain["low"], domain["high"]
    if domain["type"] == "int" and not domain["log"]:
        return rng.randint(int(low), int(high))
    value = low * (high / low) ** rng.random() if domain["log"] else rng.uniform(low, high)
    return round(value) if domain["type"] == "int" else value


def play_tpe(game: Game) -> Player:
    import optuna
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    optuna.logging.set_verbosity(optuna.logging.ERROR)

    def distribution(domain: dict):
        if "choices" in domain:
            return CategoricalDistribution(choices(domain))
        if domain["type"] == "int":
            return IntDistribution(int(domain["low"]), int(domain["high"]), log=domain["log"])
        return FloatDistribution(domain["low"], domain["high"], log=domain["log"])

    dimensions = {domain["name"]: distribution(domain) for domain in game.surface.space}
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=game.seed))
    study.enqueue_trial(_of_choices(game, game.first))
    while True:
        asked = study.ask(dimensions)
        value = yield dict(asked.params)
        study.tell(asked, value)


def _of_choices(game: Game, arm: Arm) -> Arm:
    """The arm with each value as its choice is spelt."""
    spelt = dict(arm)
    for domain in game.surface.space:
        if "choices" in domain and domain["type"] in ("int", "float"):
            spelt[domain["name"]] = number(arm[domain["name"]])
    return spelt


def play_smac(game: Game) -> Player:
    """SMAC with a random forest."""
    from ConfigSpace import Categorical, Configuration, ConfigurationSpace, Float, Integer
    from players import smac_forest
    from smac import HyperparameterOptimizationFacade, Scenario
    from smac.runhistory import TrialInfo, TrialValue

    def hyperparameter(domain: dict):
        name = domain["name"]
        if "choices" in domain:
            return Categorical(name, choices(domain))
        bounds = (domain["low"], domain["high"])
        if domain["type"] == "int":
            return Integer(name, (int(bounds[0]), int(bounds[1])), log=domain["log"])
        return Float(name, bounds, log=domain["log"])

    config_space = ConfigurationSpace(seed=game.seed)
    config_space.add([hyperparameter(domain) for domain in game.surface.space])
    baseline = Configuration(config_space, values=_of_choices(game, game.first))
    with tempfile.TemporaryDirectory() as folder:
        scenario = Scenario(config_space, output_directory=Path(folder), deterministic=True, n_trials=game.budget, seed=game.seed)
        smac = HyperparameterOptimizationFacade(
            scenario,
            lambda config, seed: 0.0,  # Never called: results are told.
            model=smac_forest(scenario),
            # The default, every 8th choice, is for larger budgets.
            config_selector=HyperparameterOptimizationFacade.get_config_selector(scenario, retrain_after=1),
            logging_level=logging.ERROR,
            overwrite=True,
        )
        value = yield game.first
        smac.tell(TrialInfo(baseline, seed=0), TrialValue(cost=-value), save=False)
        while True:
            asked = smac.ask()
            value = yield _plain(asked.config)
            smac.tell(asked, TrialValue(cost=-value), save=False)


def _plain(config) -> Arm:
    """A configuration with Python's own numbers and texts."""
    return {name: x.item() if hasattr(x, "item") else x for name, x in dict(config).items()}


METHODS: dict[str, Callable[[Game], Player]] = {"random": play_random, "tpe": play_tpe, "smac": play_smac}
