"""Peers on a small made-up table."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import peers
import pytest
from players import METHODS, TRANSFER, Space

BUDGET = 14  # More than the random start of any method.
methods = pytest.mark.parametrize(
    "method",
    [pytest.param(m, marks=pytest.mark.skipif(m == "gp" and not find_spec("torch"), reason="needs requirements-gp.txt")) for m in METHODS],
)


def made_up_configs(count: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(count):
        hparams = {
            "learning_rate": str(rng.choice([0.0001, 0.001, 0.01])),
            "number": str(i),
            "batch_norm": str(rng.choice(["true", "false"])),
        }
        variant = str(rng.choice(["DNN", "DeepFM", "DCN"]))
        if variant != "DNN":
            hparams["regularizer"] = str(rng.choice([0, 1e-6, 1e-5, 1e-4]))
        auc = 0.7 + 0.05 * (variant == "DCN") + 0.02 * (hparams["learning_rate"] == "0.001") + 0.01 * rng.random()
        status = "collapsed" if rng.random() < 0.2 else "ok"
        rows.append({"model_variant": variant, "hparams": hparams, "status": status, "val_auc": auc})
    table = pd.DataFrame(rows)
    table["hparams"] = [list(hparams.items()) for hparams in table["hparams"]]
    return table


@pytest.fixture
def tasks() -> pd.DataFrame:
    return made_up_configs(60, 0).assign(task_id="t", config_id=[f"c{i:02d}" for i in range(60)])


@pytest.fixture
def history() -> pd.DataFrame:
    studies = [
        made_up_configs(25, s).assign(family=f"f{s}", dataset_version=f"f{s}_x1", task_id="t" if s == 1 else None) for s in (1, 2, 3)
    ]
    runs = pd.concat(studies, ignore_index=True)
    return runs.assign(experiment_id=[f"e{i:03d}" for i in range(len(runs))], feature_set="all")


def play(folder: Path, method: str, tasks: pd.DataFrame, history: pd.DataFrame, *arguments: str) -> list[dict]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(exist_ok=True)
    for name, table in (("tasks", tasks), ("experiments", history)):
        arrow = pa.Table.from_pandas(table, preserve_index=False)
        if "hparams" in table:
            hparams = pa.array(list(table["hparams"]), pa.map_(pa.string(), pa.string()))
            arrow = arrow.set_column(arrow.column_names.index("hparams"), "hparams", hparams)
        pq.write_table(arrow, folder / f"{name}.parquet")
    (folder / "pools.json").write_text(json.dumps({"t": [[f"c{i:02d}" for i in range(e, e + 40)] for e in (0, 20)]}), encoding="utf-8")
    out = folder / "out.jsonl"
    known = ["--tasks", f"{folder}/tasks.parquet", "--history", str(folder), "--out", str(out), "--budget", str(BUDGET)]
    peers.main([*known, "--method", method, "--episodes", "2", *arguments])
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def with_pools(folder: Path) -> tuple[str, str]:
    return "--pools", f"{folder}/pools.json"


@methods
def test_plays_each_config_at_most_once_and_the_same_again(method, tasks, history, tmp_path):
    lines = play(tmp_path, method, tasks, history, *with_pools(tmp_path))
    assert [(line["episode"], line["step"]) for line in lines] == [(e, s) for e in (0, 1) for s in range(1, BUDGET + 1)]
    assert len({(line["episode"], line["config_id"]) for line in lines}) == 2 * BUDGET
    assert play(tmp_path, method, tasks, history, *with_pools(tmp_path)) == lines


@methods
def test_sees_no_value_before_it_asks_and_none_of_its_family(method, tasks, history, tmp_path):
    first = [line["config_id"] for line in play(tmp_path, method, tasks, history, *with_pools(tmp_path), "--episodes", "1")]
    unseen = ~tasks["config_id"].isin(first[: BUDGET - 1])
    tasks.loc[unseen, ["val_auc", "status"]] = [0.99, "ok"]
    history.loc[history["family"] == "f1", "val_auc"] = 0.5
    changed = [line["config_id"] for line in play(tmp_path, method, tasks, history, *with_pools(tmp_path), "--episodes", "1")]
    assert changed == first


@pytest.mark.parametrize("method", TRANSFER)
def test_transfer_begins_with_what_was_best_before(method, tasks, history, tmp_path):
    best = set(tasks.loc[tasks["model_variant"] == "DCN", "config_id"])
    lines = play(tmp_path, method, tasks, history, *with_pools(tmp_path))
    begun = np.mean([line["config_id"] in best for line in lines if line["step"] <= 5])
    assert begun > len(best) / len(tasks)  # One of the methods draws at random, from what it has learnt.


def test_a_missing_value_counts_as_the_worst_of_the_pool(tasks, history, tmp_path):
    lines = play(tmp_path, "random", tasks, history, *with_pools(tmp_path))
    known = tasks[tasks["status"] == "ok"].set_index("config_id")["val_auc"]
    pools = [known[known.index.isin([f"c{i:02d}" for i in range(e, e + 40)])] for e in (0, 20)]
    assert all(line["value"] == pools[line["episode"]].get(line["config_id"], pools[line["episode"]].min()) for line in lines)


def test_a_table_of_losses_without_pools_is_played_on_halves(history, tmp_path):
    rng = np.random.default_rng(0)
    losses = pd.DataFrame({name: rng.random(40) for name in peers.TASKSET_PARAMETERS})
    losses = losses.assign(task_id="loss", config_id=[f"c{i}" for i in range(40)], status="ok", valid_loss_final=rng.random(40))
    losses.loc[3, "valid_loss_final"] = np.nan
    lines = play(tmp_path, "tpe", losses, history, "--task", "loss")
    assert len(lines) == 2 * BUDGET
    assert all(-1 <= line["value"] <= 0 for line in lines)
    with pytest.raises(SystemExit, match="needs --history"):
        play(tmp_path, "portfolio", losses, history)


def test_a_space_keeps_order_and_absence_and_counts_twins_once():
    regularizers = ["0", "1e-6", "1e-5", "1e-4", None]
    configs = [{"model_variant": "DNN", "twin": str(r), **({} if r is None else {"regularizer": r})} for r in regularizers]
    space = Space(configs)
    assert sorted(space.sizes) == [0, 2]
    order = space.points[:4, space.sizes.index(0)]
    assert np.allclose(order, [0, 1 / 3, 2 / 3, 1])
    assert space.points[:, space.sizes.index(2)].tolist() == [1, 1, 1, 1, 0]
    assert np.array_equal(space.point(space.params(space.points[2])), space.points[2])
