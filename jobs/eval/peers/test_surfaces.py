"""Response surfaces fitted to a small made-up table."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import surfaces
from surface_space import parameter
from surfaces import METHODS, Surface

BUDGET = 8
VARIANTS = {"DNN": 20, "DCN": 24, "DeepFM": 24, "FM": 12, "LR": 1}


def made_up_table() -> pd.DataFrame:
    """Four variants with enough configurations and one without; FM and LR know no dropout, only DCN has layers."""
    rng = np.random.default_rng(0)
    rows = []
    for variant, count in VARIANTS.items():
        for _ in range(count):
            rate = float(rng.choice([0.0001, 0.0003, 0.001, 0.01]))
            settings = {"learning_rate": repr(rate), "monitor": str(rng.choice(["AUC", "gAUC"])), "max_len": str(rng.choice([50, 100]))}
            auc = 0.7 + 0.03 * (variant == "DCN") + 0.02 * (variant == "DeepFM") - 0.01 * abs(np.log10(rate / 0.001))
            if variant not in ("FM", "LR"):
                dropout = float(rng.choice([0, 0.1, 0.3]))
                settings |= {"net_dropout": repr(dropout), "activation": str(rng.choice(["relu", "ReLU", "Dice"]))}
                auc -= 0.02 * dropout
            if variant == "DCN":
                settings["layers"] = str(rng.choice([1, 2, 4]))
            rows.append({"model_variant": variant, "hparams": list(settings.items()), "val_auc": auc + 1e-4 * rng.random()})
    table = pd.DataFrame(rows).assign(task_id="t_x1", status="ok", n_runs=1, val_auc_sd=np.nan)
    table["config_id"] = [f"c{i:03d}" for i in range(len(table))]
    table.loc[:1, ["n_runs", "val_auc_sd"]] = [[6, 0.003], [2, 0.5]]
    table.loc[2, "status"] = "collapsed"
    return table


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("surfaces")
    table = made_up_table()
    hparams = pa.array(list(table["hparams"]), pa.map_(pa.string(), pa.string()))
    arrow = pa.Table.from_pandas(table.drop(columns="hparams"), preserve_index=False).append_column("hparams", hparams)
    pq.write_table(arrow, folder / "tasks.parquet")
    pd.DataFrame({"task_id": ["t_x1", None], "family": ["t", "u"]}).to_parquet(folder / "experiments.parquet")
    surfaces.main(["fit", "--tasks", f"{folder}/tasks.parquet", "--history", str(folder), "--out", str(folder / "out")])
    return folder


@pytest.fixture(scope="module")
def surface(folder) -> Surface:
    return Surface.read(folder / "out/t_x1.json")


def test_the_space_has_what_is_tuned_and_says_what_models_ignore(surface):
    domains = {domain["name"]: domain for domain in surface.space}
    assert sorted(domains) == ["activation", "layers", "learning_rate", "model", "net_dropout"]
    assert domains["model"]["choices"] == sorted(VARIANTS)
    assert (domains["learning_rate"]["low"], domains["learning_rate"]["high"], domains["learning_rate"]["log"]) == (1e-4, 1e-2, True)
    assert len(domains["activation"]["choices"]) == 2
    assert surface.data["ignored"]["FM"] == ["activation", "layers", "net_dropout"]
    assert surface.data["ignored"]["DCN"] == []
    assert surface.data["family"] == "t"
    assert surface.data["noise_sd"] == pytest.approx(0.003)


@pytest.mark.parametrize(
    ("values", "domain"),
    [
        ({"true", "false"}, {"type": "bool", "choices": ["false", "true"]}),
        ({"0", "1e-6", "0.001"}, {"type": "float", "choices": ["0", "1e-6", "0.001"]}),
        ({"0", "0.1", "0.2"}, {"type": "float", "low": 0.0, "high": 0.2, "log": False}),
        ({"512", "1024", "4096"}, {"type": "int", "low": 512, "high": 4096, "log": True}),
        ({"3", "20"}, {"type": "int", "choices": ["3", "20"]}),
        ({"[64]", "[32,32]"}, {"type": "categorical", "choices": ["[32,32]", "[64]"]}),
    ],
)
def test_domains_follow_from_the_values_of_the_table(values, domain):
    assert parameter("p", values) == {"name": "p", **domain}


def test_what_a_model_ignores_changes_nothing(surface):
    arm = {**surface.data["best"]["arm"], "model": "FM"}
    other = {**arm, "net_dropout": 0.3, "activation": "Dice", "layers": 1}
    assert surface.value(arm) == surface.value(other)
    assert surface.noisy(arm, 1) == surface.noisy(other, 1)
    dcn = [surface.value({**arm, "model": "DCN", "learning_rate": rate}) for rate in (0.001, 0.0001)]
    assert dcn[0] > dcn[1] + 0.004


def test_the_best_is_above_all_and_the_baselines_differ(surface):
    best = surface.data["best"]
    average, poor = (surface.value(arm) for arm in surface.data["baselines"])
    assert best["value"] == pytest.approx(surface.value(best["arm"]))
    assert best["value"] > average > poor
    assert best["arm"]["model"] == "DCN"


def train(folder: Path, *arguments: str, **config) -> dict:
    known = {"seed": 1, "output_dir": str(folder), "metric": "auc", **config}
    (folder / "config.json").write_text(json.dumps(known), encoding="utf-8")
    surfaces.main(["train", "--config", f"{folder}/config.json", *arguments])
    return json.loads((folder / "result.json").read_text(encoding="utf-8"))["metrics"]


def test_a_training_leaves_what_a_campaign_reads(folder, surface, tmp_path):
    best = surface.data["best"]
    file = ("--surface", f"{folder}/out/t_x1.json")
    metrics = train(tmp_path, *file, params=best["arm"], evaluate_test=True)
    assert train(tmp_path, *file, params=best["arm"]) == {"auc": metrics["auc"]}
    assert metrics["auc"] != metrics["test_auc"]
    assert train(tmp_path, *file, params=best["arm"], seed=2) != {"auc": metrics["auc"]}
    assert train(tmp_path, *file, "--replicate", "1", params=best["arm"]) != {"auc": metrics["auc"]}
    values = [train(tmp_path, *file, params=best["arm"], seed=seed)["auc"] for seed in range(60)]
    assert np.mean(values) == pytest.approx(best["value"], abs=0.0012)
    assert np.std(values) == pytest.approx(0.003, rel=0.35)
    curve = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [point["step"] for point in curve] == [1, 2, 3]
    assert curve[-1]["value"] == values[-1]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"model": "XX"}, "model is XX; it must be one of"),
        ({"learning_rate": 1}, "learning_rate is 1; it must be a number"),
        ({"q": 1}, "q;"),
    ],
)
def test_refuses_what_is_not_in_the_space(folder, surface, tmp_path, change, problem):
    with pytest.raises(SystemExit, match=problem):
        train(tmp_path, "--surface", f"{folder}/out/t_x1.json", params={**surface.data["best"]["arm"], **change})


@pytest.mark.parametrize("method", METHODS)
def test_plays_from_the_baseline_and_the_same_again(folder, surface, method, capsys):
    def play(replicate: int) -> list[dict]:
        arguments = ["--surface", f"{folder}/out/t_x1.json", "--method", method, "--baseline", "1", "--budget", str(BUDGET)]
        surfaces.main(["play", *arguments, "--replicate", str(replicate)])
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    lines = play(0)
    assert [line["step"] for line in lines] == list(range(1, BUDGET + 1))
    assert surface.value(lines[0]["arm"]) == surface.value(surface.data["baselines"][1])
    assert all(line["value"] == pytest.approx(surface.value(line["arm"])) for line in lines)
    assert play(0) == lines
    assert play(1)[1:] != lines[1:]


def test_values_arms_as_campaigns_spell_them(folder, surface, monkeypatch, capsys):
    arm = surface.data["baselines"][0]
    spelt = {name: f"{value:E}" if isinstance(value, float) else value for name, value in arm.items()}
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{json.dumps(arm)}\n{json.dumps(spelt)}\n"))
    surfaces.main(["value", "--surface", f"{folder}/out/t_x1.json"])
    first, second = (float(line) for line in capsys.readouterr().out.split())
    assert first == second == surface.value(arm)


def test_leaves_out_a_task_whose_table_explains_nothing(folder, tmp_path, capsys):
    table = pq.read_table(folder / "tasks.parquet")
    noise = pa.array(np.random.default_rng(1).random(len(table)))
    pq.write_table(table.set_column(table.column_names.index("val_auc"), "val_auc", noise), tmp_path / "tasks.parquet")
    surfaces.main(["fit", "--tasks", f"{tmp_path}/tasks.parquet", "--history", str(folder), "--out", str(tmp_path / "out")])
    assert "left out" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
