"""Fits a response surface to the published table of a task.

A task is left out if its forest explains less than MIN_R2 of the variance of configurations that it has not seen: such a
surface would be made up.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from sklearn.ensemble import RandomForestRegressor  # noqa: E402
from surface_space import Table, space_of, spread, variants_of  # noqa: E402
from surfaces import Arm, Surface  # noqa: E402

MIN_R2 = 0.2
SEEDS = 5  # Fewer repetitions are mostly reruns, which drift.
USUAL_NOISE = 0.0005
TREES, LEAF = 60, 2
AVERAGE, POOR, NEAR = 0.5, 0.2, 0.1
SAMPLES, CLIMBERS = 30_000, 20


def columns_of(space: list[dict], table: Table) -> list[dict]:
    """The features of the forest; names in the order of their mean value, which lets a tree split them well."""
    columns = []
    for domain in space:
        name = domain["name"]
        if "choices" not in domain:
            kind = "log" if domain["log"] else "number"
            columns.append({"name": name, "kind": kind, "low": domain["low"], "high": domain["high"]})
            continue
        order = domain["choices"]
        if domain["type"] == "categorical":
            tried = pd.Series([v if name == "model" else s.get(name) for v, s in table.rows], dtype=object)
            means = pd.Series(table.values).groupby(tried).mean()
            order = sorted(order, key=lambda choice: (means[choice], choice))
        columns.append({"name": name, "kind": "category", "values": order})
    return columns


def noise_sd(frame: pd.DataFrame) -> float:
    """The standard deviation between seeds, pooled over the configurations that were repeated often enough."""
    repeated = frame[(frame["n_runs"] >= SEEDS) & (frame["status"] == "ok") & (frame["val_auc_sd"] > 0)]
    if repeated.empty:
        return USUAL_NOISE
    weights = repeated["n_runs"] - 1
    return float(np.sqrt((weights * repeated["val_auc_sd"] ** 2).sum() / weights.sum()))


def typed(domain: dict, text: str) -> object:
    """A value of the table as the campaign file and the trainer spell it."""
    if domain["type"] in ("int", "float"):
        return int(float(text)) if domain["type"] == "int" else float(text)
    return text


def usual(space: list[dict], table: Table) -> Arm:
    """The most frequent value of each parameter."""
    found = {}
    for domain in space:
        counts = pd.Series([s[domain["name"]] for _, s in table.rows if domain["name"] in s], dtype=object).value_counts()
        if not counts.empty:
            found[domain["name"]] = typed(domain, min(counts.index, key=lambda text: (-counts[text], text)))
    return found


class Fitted:
    """A surface with its forest at hand, to value many arms at once."""

    def __init__(self, surface: Surface, forest: RandomForestRegressor):
        self.surface = surface
        self.forest = forest

    def values(self, arms: list[Arm]) -> np.ndarray:
        return self.forest.predict(np.array([self.surface.features(arm) for arm in arms]))

    def best(self, rng: np.random.Generator) -> tuple[Arm, float]:
        """The highest point: of a large random sample, the best climb by one parameter at a time."""
        space = self.surface.space
        arms = [random_arm(space, rng) for _ in range(SAMPLES)]
        values = self.values(arms)
        tops = []
        for i in np.argsort(-values)[:CLIMBERS]:
            arm, value = arms[i], values[i]
            while True:
                near = [{**arm, d["name"]: x} for d in space for x in domain_values(d, rng)]
                found = self.values(near)
                if found.max() <= value + 1e-12:
                    break
                arm, value = near[int(found.argmax())], found.max()
            tops.append((arm, float(value)))
        return max(tops, key=lambda top: top[1])


def random_arm(space: list[dict], rng: np.random.Generator) -> Arm:
    return {domain["name"]: random_value(domain, rng) for domain in space}


def random_value(domain: dict, rng: np.random.Generator) -> object:
    if "choices" in domain:
        return typed(domain, domain["choices"][rng.integers(len(domain["choices"]))])
    low, high = domain["low"], domain["high"]
    value = low * (high / low) ** rng.random() if domain["log"] else low + (high - low) * rng.random()
    return int(round(value)) if domain["type"] == "int" else float(f"{value:.4g}")


def domain_values(domain: dict, rng: np.random.Generator) -> list[object]:
    if "choices" in domain:
        return [typed(domain, text) for text in domain["choices"]]
    return [typed(domain, str(domain["low"])), typed(domain, str(domain["high"]))] + [random_value(domain, rng) for _ in range(40)]


def baselines(fitted: Fitted, table: Table, known: pd.Series) -> list[Arm]:
    """An average arm, of the model that most tables know, and a poor one of a poor model."""
    space = fitted.surface.space
    fallback = usual(space, table)
    names = {domain["name"]: domain for domain in space}
    arms = [{**fallback, **{n: typed(names[n], x) for n, x in s.items() if n in names}, "model": v} for v, s in table.rows]
    values = pd.Series(fitted.values(arms))
    medians = values.groupby([arm["model"] for arm in arms]).median().sort_values()
    poor = set(medians.index[: max(1, len(medians) // 3)])
    gaps = {share: (values - values.quantile(share)).abs() for share in (AVERAGE, POOR)}
    middle = values.between(values.quantile(AVERAGE - NEAR), values.quantile(AVERAGE + NEAR))
    average = min((i for i in range(len(arms)) if middle[i]), key=lambda i: (-known[arms[i]["model"]], gaps[AVERAGE][i], i))
    weak = min((i for i in range(len(arms)) if arms[i]["model"] in poor), key=lambda i: (gaps[POOR][i], i))
    return [arms[average], arms[weak]]


def fit_one(task: str, family: str, frame: pd.DataFrame, known: pd.Series) -> dict:
    """The surface of one task as its file has it."""
    table = Table.of(task, frame)
    variants = variants_of(table, known)
    table = table.of_variants(variants)
    space = space_of(table, variants)
    has = table.has()
    ignored = {v: sorted(d["name"] for d in space if d["name"] not in has[v] | {"model"}) for v in variants}
    data = {
        "task": task,
        "family": family,
        "space": space,
        "ignored": ignored,
        "columns": columns_of(space, table),
        "noise_sd": noise_sd(frame),
    }
    surface = Surface(data)
    names = {domain["name"] for domain in space}
    points = np.array([surface.features({**{n: x for n, x in s.items() if n in names}, "model": v}) for v, s in table.rows])
    forest = RandomForestRegressor(TREES, min_samples_leaf=LEAF, max_features=0.6, oob_score=True, random_state=0, n_jobs=1)
    forest.fit(points, table.values)
    fitted = Fitted(surface, forest)
    first, second = baselines(fitted, table, known)
    arm, _ = fitted.best(np.random.default_rng(0))
    data["trees"] = [flat(tree.tree_) for tree in forest.estimators_]
    data["baselines"] = [first, second]
    data["best"] = {"arm": arm, "value": surface.value(arm)}
    data["fit"] = {"rows": len(table.values), "oob_r2": round(float(forest.oob_score_), 3)}
    return data


def flat(tree) -> dict:
    inner = tree.children_left >= 0
    return {
        "feature": [int(f) if i else -1 for f, i in zip(tree.feature, inner, strict=True)],
        "threshold": [round(float(t), 9) if i else 0 for t, i in zip(tree.threshold, inner, strict=True)],
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "value": [0 if i else round(float(v), 7) for v, i in zip(tree.value[:, 0, 0], inner, strict=True)],
    }


def families(history: list[Path]) -> dict[str, str]:
    """The data family of each task that has runs."""
    runs = pd.concat([pd.read_parquet(folder / "experiments.parquet", columns=["task_id", "family"]) for folder in history])
    return runs.dropna().drop_duplicates("task_id").set_index("task_id")["family"].to_dict()


def fit(tasks: Path, history: list[Path], out: Path, only: list[str] | None = None) -> None:
    """Writes one surface a task."""
    frame = pd.read_parquet(tasks)
    known = spread(frame)
    family = families(history)
    names = sorted(frame["task_id"].unique())
    for task in only or names:
        if task not in names or task not in family:
            raise ValueError(f"no task {task} in {tasks} and the history; there are {', '.join(n for n in names if n in family)}")
        data = fit_one(task, family[task], frame[frame["task_id"] == task], known)
        about = f"{task}: {data['fit']['rows']} configurations, {len(data['space'])} parameters, R2 {data['fit']['oob_r2']} unseen"
        if data["fit"]["oob_r2"] < MIN_R2:
            print(f"{about}: left out, for the forest explains too little", file=sys.stderr)
            continue
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{task}.json").write_text(json.dumps(data), encoding="utf-8")
        print(about, file=sys.stderr)
