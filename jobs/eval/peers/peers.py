"""Plays well-known optimizers against tables of known results, as `dormouse replay` plays Dormouse.

    python3 peers.py --tasks ctr_configs.parquet --pools ctr_pools.json --history DIR --method tpe --out tpe.jsonl

One JSON line an evaluation. The value of a configuration is `val_auc` where its status is ok (of a table with
`valid_loss_final`: minus that). A missing one is written as the worst of the pool; the player is told the worst
that it has seen by then, or nothing if there is none. An episode's seed is SEED plus its number.

How the methods play is in players.py. Transfer methods see the history without the families that have a run of the task,
and only studies (one data version and feature set) of MIN_STUDY runs or more: ranks among fewer say little.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

# One thread: the sums of a model, and so the choices, don't depend on the machine's cores.
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from players import METHODS, TRANSFER, VARIANT, Config, Game, Player, Study  # noqa: E402

SEED = 1000
MIN_STUDY = 20
TASKSET_PARAMETERS = ("learning_rate", "beta1", "beta2", "epsilon", "l1", "l2", "linear_decay", "exponential_decay")


def play(game: Game, player: Player, value_of: Callable[[int], float]) -> Iterator[int]:
    """Plays a game and gives each choice. Values are NaN where missing."""
    worst = None
    told = None
    for step in range(min(game.budget, len(game.configs))):
        chosen = player.send(told) if step else next(player)
        game.untried.remove(chosen)
        value = value_of(chosen)
        if np.isfinite(value):
            worst = value if worst is None else min(worst, value)
        told = float(value) if np.isfinite(value) else worst
        yield chosen
    player.close()


def _configs(table: pd.DataFrame) -> list[Config]:
    if "hparams" not in table:
        return [{VARIANT: "", **{name: repr(x) for name, x in row.items()}} for row in table[list(TASKSET_PARAMETERS)].to_dict("records")]
    rows = zip(table[VARIANT].fillna(""), table["hparams"], strict=True)
    return [{**{n: x for n, x in hparams if x is not None and n != "model"}, VARIANT: variant} for variant, hparams in rows]


def _values(table: pd.DataFrame) -> np.ndarray:
    raw = table["val_auc"] if "val_auc" in table else -table["valid_loss_final"]
    values = raw.where(table["status"] == "ok").to_numpy(dtype=float)
    return np.where(np.isfinite(values), values, np.nan)


def read_history(folders: list[Path]) -> pd.DataFrame:
    columns = ["experiment_id", "task_id", "family", "dataset_version", "feature_set", VARIANT, "hparams", "status", "val_auc"]
    parts = [pd.read_parquet(folder / "experiments.parquet", columns=columns) for folder in folders]
    runs = pd.concat(parts).sort_values("experiment_id")
    return runs[runs["hparams"].notna() & (runs["status"] != "no_result")]


def past_studies(history: pd.DataFrame, task: str) -> list[Study]:
    """Studies that a campaign on the task may see: none of the task's own family."""
    own = set(history.loc[history["task_id"] == task, "family"])
    visible = history[~history["family"].isin(own)]
    studies = []
    for _, runs in visible.groupby(visible["dataset_version"].fillna("") + "/" + visible["feature_set"].fillna("")):
        values = _values(runs)
        if len(runs) >= MIN_STUDY and np.isfinite(values).any():
            studies.append(Study(_configs(runs), np.where(np.isnan(values), np.nanmin(values), values)))
    return studies


def episodes(table: pd.DataFrame, pools: list[list[str]] | None, count: int) -> Iterator[pd.DataFrame]:
    """The pools of one task's episodes: the given ones, else seeded random halves."""
    if pools is not None:
        for config_ids in pools[:count]:
            yield table[table["config_id"].isin(set(config_ids))]
        return
    for episode in range(count):
        order = np.random.RandomState(1_000_003 * (episode + 1)).permutation(len(table))
        yield table.iloc[order[: (len(table) + 1) // 2]]


def lines(arguments: argparse.Namespace) -> Iterator[dict]:
    tables = pd.read_parquet(arguments.tasks).sort_values(["task_id", "config_id"])
    pools = json.loads(arguments.pools.read_text(encoding="utf-8")) if arguments.pools else None
    transfers = arguments.method in TRANSFER
    if transfers and (not arguments.history or "hparams" not in tables):
        raise ValueError(f"{arguments.method} needs --history, and tasks with model variants and hparams as the history has")
    history = read_history(arguments.history) if transfers else None
    known = sorted(tables["task_id"].unique())
    for task in [arguments.task] if arguments.task else known:
        if task not in known or (pools is not None and task not in pools):
            raise ValueError(f"no task {task} in {arguments.tasks} or its pools; there are {', '.join(known)}")
        studies = past_studies(history, task) if transfers else []
        if transfers and not studies:
            raise ValueError(f"{arguments.method} has no past study of {MIN_STUDY} runs to learn from for {task}")
        table = tables[tables["task_id"] == task]
        for episode, pool in enumerate(episodes(table, pools[task] if pools is not None else None, arguments.episodes)):
            values = _values(pool)
            if not np.isfinite(values).any():
                raise ValueError(f"none of the pool of episode {episode} of {task} has a result")
            game = Game(_configs(pool), studies, arguments.budget, SEED + episode)
            chosen = play(game, METHODS[arguments.method](game), values.__getitem__)
            for step, i in enumerate(chosen, start=1):
                value = float(values[i] if np.isfinite(values[i]) else np.nanmin(values))
                yield {"task_id": task, "episode": episode, "step": step, "config_id": pool["config_id"].iloc[i], "value": value}


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", type=Path, required=True)
    parser.add_argument("--pools", type=Path)
    parser.add_argument("--history", type=Path, action="append", default=[])
    parser.add_argument("--method", choices=METHODS, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--budget", type=int, default=20)
    parser.add_argument("--episodes", type=int, default=10)
    parser.add_argument("--task")
    arguments = parser.parse_args(argv)
    warnings.filterwarnings("ignore")  # Of experimental samplers, of models that converge late.
    try:
        # What the libraries print while they work is no result.
        with contextlib.redirect_stdout(io.StringIO()), arguments.out.open("w", encoding="utf-8") as out:
            for line in lines(arguments):
                out.write(json.dumps(line) + "\n")
    except (ValueError, OSError, ImportError) as problem:
        sys.exit(f"peers.py: {problem}")


if __name__ == "__main__":
    main()
