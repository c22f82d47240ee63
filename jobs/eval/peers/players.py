"""Well-known optimizers as players of a finite pool of configurations.

How an optimizer of a product space plays a finite pool. A dimension is the model variant or a parameter in which the
pool's configurations differ: numeric, scaled to 0..1 by the pool's values (by their logarithm where none is negative
and they span a factor of 8 or more), if it has three or more values, all numbers; else categorical. An absent
parameter is a category of its own; a numeric one gets a yes/no dimension "is there" for it, and the median in its place.
Dimensions that tell the pool apart in the same way count once, or the dozens of parameters that only one model has would
drown the others. What a method asks for becomes the nearest untried configuration (0 or 1 a category, the difference of
a number, ties in seeded random order), and the method is told the result for that one. SMAC's acquisition function is
maximised over the pool itself, for its maximizer is an interface meant to be implemented; Optuna has nothing such.

Transfer methods see past studies too, and their dimensions are made from the pool and the past runs together. Of Syne
Tune's, QuantileBasedSurrogateSearcher and BoundingBox are played. Not its ZeroShotTransfer: version 0.16 never calls its
`get_config`, so that its `suggest` is random search (`portfolio` is the same idea over the pool). Not RUSH either: its name
is left, its code is gone; it prunes learning curves, and a table has none.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

VARIANT = "model_variant"

Config = dict[str, str]
# Yields the pool's index of the configuration to evaluate and is sent its value, None if failed before any success.
Player = Generator[int, float | None, None]


@dataclass
class Study:
    """Past runs on one data version and feature set. `values` has the study's worst for failed runs."""

    configs: list[Config]
    values: np.ndarray


class Space:
    """Configurations as points: a column is a number in 0..1, or the index of one of `sizes[column]` categories."""

    def __init__(self, configs: list[Config]):
        names = sorted({name for config in configs for name in config}, key=lambda name: (name != VARIANT, name))
        columns: list[np.ndarray] = []
        self.sizes: list[int] = []  # 0: numeric
        seen = set()
        for name in names:
            for size, column in _columns([config.get(name) for config in configs]):
                partition = pd.factorize(column)[0]
                if partition.any() and partition.tobytes() not in seen:
                    seen.add(partition.tobytes())
                    columns.append(column)
                    self.sizes.append(size)
        self.points = np.array(columns, dtype=float).reshape(len(columns), len(configs)).T
        self.names = [f"p{i}" for i in range(len(columns))]

    def distances(self, points: np.ndarray, point: np.ndarray) -> np.ndarray:
        """From each of the points to one."""
        apart = np.abs(points - point)
        return np.where(np.array(self.sizes) > 0, apart > 0, apart).sum(axis=1)

    def params(self, point: np.ndarray) -> dict[str, float | int]:
        return {name: int(x) if size else float(x) for name, size, x in zip(self.names, self.sizes, point, strict=True)}

    def point(self, params: dict[str, float | int]) -> np.ndarray:
        return np.array([float(params[name]) for name in self.names])


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def _columns(values: list[str | None]) -> Iterator[tuple[int, np.ndarray]]:
    """The dimensions of one parameter: how many categories (0: numeric), and each configuration's coordinate."""
    there = np.array([value is not None for value in values])
    numbers = np.array([np.nan if value is None else _number(value) for value in values])
    if not np.isfinite(numbers[there]).all() or len(set(numbers[there])) < 3:
        codes, categories = pd.factorize(pd.Series(values, dtype=object).fillna("(absent)"), sort=True)
        yield len(categories), codes
        return
    positive = numbers[numbers > 0]
    if (numbers[there] >= 0).all() and positive.max() >= 8 * positive.min():
        numbers = np.log(np.where(numbers == 0, positive.min() / 10, numbers))  # A regularizer of 0 is next to the smallest.
    numbers = np.where(there, numbers, np.median(numbers[there]))
    yield 0, (numbers - numbers.min()) / (numbers.max() - numbers.min())
    yield 2, there.astype(int)


@dataclass
class Game:
    """All that a player may see: the pool without its results, and past studies."""

    configs: list[Config]
    studies: list[Study]
    budget: int
    seed: int
    untried: list[int] = field(init=False)  # In random order, which decides ties.

    def __post_init__(self):
        self.untried = [int(i) for i in np.random.default_rng(self.seed).permutation(len(self.configs))]

    @cached_property
    def space(self) -> Space:
        return Space(self.configs)

    @cached_property
    def past_space(self) -> Space:
        """The pool's points, then those of all past runs."""
        return Space(self.configs + [config for study in self.studies for config in study.configs])

    def past_points(self) -> Iterator[tuple[Study, np.ndarray]]:
        start = len(self.configs)
        for study in self.studies:
            yield study, self.past_space.points[start : start + len(study.configs)]
            start += len(study.configs)

    def nearest(self, space: Space, point: np.ndarray) -> int:
        return self.untried[int(np.argmin(space.distances(space.points[self.untried], point)))]


def play_random(game: Game) -> Player:
    while True:
        yield game.untried[0]


def play_portfolio(game: Game) -> Player:
    """Greedy portfolio: each next configuration adds most to what the best chosen one reaches in past studies.

    A configuration's score in a study is the rank there, 0 to 1, of the runs of its model variant that are nearest to
    it; 0 if there is none. Once nothing adds anything, a new portfolio begins.
    """
    scores = np.zeros((len(game.configs), len(game.studies)))
    variants = np.array([config[VARIANT] for config in game.configs])
    for s, (study, points) in enumerate(game.past_points()):
        ranks = pd.Series(study.values).rank(pct=True).to_numpy()
        ran = np.array([config[VARIANT] for config in study.configs])
        for i, variant in enumerate(variants):
            if (ran == variant).any():
                distances = game.past_space.distances(points[ran == variant], game.past_space.points[i])
                scores[i, s] = ranks[ran == variant][distances == distances.min()].mean()
    reached = np.zeros(len(game.studies))
    while True:
        left = scores[game.untried]
        if (left <= reached).all():
            reached = np.zeros(len(game.studies))
        gains = np.maximum(left, reached).mean(axis=1)
        best = np.lexsort((-left.mean(axis=1), -gains))[0]
        reached = np.maximum(reached, left[best])
        yield game.untried[best]


def play_tpe(game: Game) -> Player:
    import optuna

    return _play_optuna(game, optuna.samplers.TPESampler(multivariate=False, seed=game.seed))


def play_gp(game: Game) -> Player:
    import optuna

    return _play_optuna(game, optuna.samplers.GPSampler(seed=game.seed))


def _play_optuna(game: Game, sampler) -> Player:
    import optuna
    from optuna.distributions import CategoricalDistribution, FloatDistribution

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    space = game.space
    dimensions = {
        name: CategoricalDistribution(range(size)) if size else FloatDistribution(0, 1)
        for name, size in zip(space.names, space.sizes, strict=True)
    }
    study = optuna.create_study(direction="maximize", sampler=sampler)
    while True:
        asked = study.ask(dimensions)
        chosen = game.nearest(space, space.point(asked.params))
        study.tell(asked, state=optuna.trial.TrialState.FAIL)  # Samplers pass over failed trials: only what was evaluated counts.
        value = yield chosen
        if value is not None:
            params = space.params(space.points[chosen])
            study.add_trial(optuna.trial.create_trial(params=params, distributions=dimensions, value=value))


def play_smac(game: Game) -> Player:
    """SMAC with a random forest."""
    from smac import HyperparameterOptimizationFacade

    return _play_smac(game, HyperparameterOptimizationFacade, smac_forest)


def smac_forest(scenario):
    """SMAC's forest as its facade makes it, but for what only takes time: it allocates 2**20 leaves a tree, and starts threads for each."""
    from smac.model.random_forest import RandomForest

    return RandomForest(
        scenario.configspace,
        log_y=True,
        n_trees=10,
        ratio_features=1.0,
        min_samples_split=2,
        min_samples_leaf=1,
        max_depth=2**20,
        max_leaf_nodes=max(2, 2 * scenario.n_trials),
        n_jobs=1,
        seed=scenario.seed,
    )


def play_smac_gp(game: Game) -> Player:
    """SMAC with a Gaussian process."""
    from smac import BlackBoxFacade

    return _play_smac(game, BlackBoxFacade, BlackBoxFacade.get_model)


def _play_smac(game: Game, facade_class, model) -> Player:
    from ConfigSpace import Categorical, Configuration, ConfigurationSpace, Float
    from smac import Scenario
    from smac.acquisition.maximizer import AbstractAcquisitionMaximizer
    from smac.runhistory import TrialInfo, TrialValue

    space = game.space
    config_space = ConfigurationSpace(seed=game.seed)
    config_space.add([Categorical(n, range(s)) if s else Float(n, (0, 1)) for n, s in zip(space.names, space.sizes, strict=True)])
    configurations = [Configuration(config_space, values=space.params(point)) for point in space.points]

    class PoolMaximizer(AbstractAcquisitionMaximizer):
        def _maximize(self, previous_configs, n_points):
            return self._sort_by_acquisition_value([configurations[i] for i in game.untried])

    with tempfile.TemporaryDirectory() as folder:
        scenario = Scenario(config_space, output_directory=Path(folder), deterministic=True, n_trials=game.budget, seed=game.seed)
        smac = facade_class(
            scenario,
            lambda config, seed: 0.0,  # Never called: results are told.
            model=model(scenario),
            acquisition_maximizer=PoolMaximizer(config_space, seed=game.seed),
            # The default of the first facade, every 8th choice, is for larger budgets.
            config_selector=facade_class.get_config_selector(scenario, retrain_after=1),
            logging_level=logging.ERROR,
            overwrite=True,
        )
        while True:
            asked = smac.ask()
            chosen = game.nearest(space, space.point(asked.config))
            value = yield chosen
            if value is not None:
                smac.tell(TrialInfo(configurations[chosen], seed=asked.seed), TrialValue(cost=-value), save=False)


def play_quantile_transfer(game: Game) -> Player:
    """Thompson sampling from a model of past results as quantiles (Salinas et al., 2020).

    Syne Tune's model, sampled for the pool: its searcher samples for 100,000 random points of the space and can't be
    given others. Neither learns from the results of the game.
    """
    import xgboost
    from syne_tune.optimizer.schedulers.transfer_learning.quantile_based.quantile_based_searcher import fit_model

    dimensions, evaluations = _syne_tune_past(game)
    rng = np.random.RandomState(game.seed)
    model, _, sigma = fit_model(
        dimensions, evaluations, normalization="gaussian", max_fit_samples=100_000, random_state=rng, model=xgboost.XGBRegressor(n_jobs=1)
    )
    losses = model.predict(_frame(game.past_space, game.past_space.points[: len(game.configs)])).ravel()
    while True:
        yield game.untried[int(np.argmin(rng.normal(losses[game.untried], sigma)))]


def play_bounding_box(game: Game) -> Player:
    """Random search in the box of the best configuration of each past study (Perrone et al., 2019)."""
    from syne_tune.optimizer.baselines import RandomSearch
    from syne_tune.optimizer.schedulers.ask_tell_scheduler import AskTellScheduler
    from syne_tune.optimizer.schedulers.transfer_learning.bounding_box import BoundingBox

    def scheduler(box, metric, do_minimize, random_seed):
        return RandomSearch(box, metrics=[metric], do_minimize=do_minimize, random_seed=random_seed)

    dimensions, evaluations = _syne_tune_past(game)
    np.random.seed(game.seed)  # RandomSearch of version 0.16 draws from NumPy's own generator, whatever its random_seed.
    asker = AskTellScheduler(BoundingBox(scheduler, dimensions, "loss", evaluations, random_seed=game.seed))
    while True:
        asked = asker.ask()
        value = yield game.nearest(game.past_space, game.past_space.point(asked.config))
        if value is not None:
            asker.tell(asked, {"loss": -value})


def _frame(space: Space, points: np.ndarray) -> pd.DataFrame:
    frame = pd.DataFrame(points, columns=space.names)
    return frame.astype({name: int for name, size in zip(space.names, space.sizes, strict=True) if size})


def _syne_tune_past(game: Game) -> tuple[dict, dict]:
    """The space and the past studies as Syne Tune takes them; a loss is minus a value."""
    from syne_tune.config_space import choice, uniform
    from syne_tune.optimizer.schedulers.transfer_learning.transfer_learning_task_evaluation import TransferLearningTaskEvaluations

    space = game.past_space
    dimensions = {name: choice(list(range(size))) if size else uniform(0, 1) for name, size in zip(space.names, space.sizes, strict=True)}
    evaluations = {
        str(i): TransferLearningTaskEvaluations(dimensions, _frame(space, points), ["loss"], -study.values.reshape(-1, 1, 1, 1))
        for i, (study, points) in enumerate(game.past_points())
    }
    return dimensions, evaluations


METHODS: dict[str, Callable[[Game], Player]] = {
    "random": play_random,
    "tpe": play_tpe,
    "gp": play_gp,
    "smac": play_smac,
    "smac_gp": play_smac_gp,
    "portfolio": play_portfolio,
    "quantile_transfer": play_quantile_transfer,
    "bounding_box": play_bounding_box,
}
TRANSFER = ("portfolio", "quantile_transfer", "bounding_box")
