"""The trainer as a campaign uses it: a process with a JSON file in and files out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from params import Params

FOLDER = Path(__file__).resolve().parent
MODELS = ("lr", "fm", "dnn", "deepfm", "dcn", "dcnv2")


@pytest.fixture(scope="session")
def click_log(tmp_path_factory):
    """A small generated click log, so that tests are quick."""
    cache = tmp_path_factory.mktemp("data")
    subprocess.run([sys.executable, FOLDER / "data.py", "--generated", "--cache", cache], check=True)
    return cache


def train(click_log: Path, output: Path, params: dict, *arguments: str, seed: int = 1, fidelity: float = 1.0, evaluate_test: bool = False):
    """Runs the trainer and returns the finished process."""
    output.mkdir(exist_ok=True)
    params = {"epochs": 2, "batch_size": 256, "hidden_units": [8], **params}
    config = {"params": params, "seed": seed, "fidelity": fidelity, "evaluate_test": evaluate_test, "output_dir": str(output)}
    (output / "config.json").write_text(json.dumps(config), encoding="utf-8")
    command = [sys.executable, FOLDER / "train.py", "--config", output / "config.json", "--data", click_log, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def metrics(output: Path) -> dict[str, float]:
    return json.loads((output / "result.json").read_text(encoding="utf-8"))["metrics"]


@pytest.mark.parametrize("model", MODELS)
def test_every_model_learns_and_writes_its_curve(model, click_log, tmp_path):
    run = train(click_log, tmp_path, {"model": model, "learning_rate": 0.01})
    assert run.returncode == 0, run.stderr
    assert 0.5 < metrics(tmp_path)["auc"] < 1
    points = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {point["metric"] for point in points} == {"train_loss", "auc", "logloss"}
    assert {point["step"] for point in points} == {1, 2}


def test_the_same_seed_gives_the_same_result_and_another_seed_another(click_log, tmp_path):
    knobs = {"model": "dnn", "net_dropout": 0.2, "batch_norm": True}
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        train(click_log, tmp_path / name, knobs, seed=seed)
    assert metrics(tmp_path / "a") == metrics(tmp_path / "b")
    assert metrics(tmp_path / "a") != metrics(tmp_path / "c")


def test_the_test_split_is_looked_at_only_when_asked(click_log, tmp_path):
    train(click_log, tmp_path / "search", {"model": "lr"})
    train(click_log, tmp_path / "confirmation", {"model": "lr"}, evaluate_test=True)
    assert "test_auc" not in metrics(tmp_path / "search")
    assert "test_auc" in metrics(tmp_path / "confirmation")


def test_a_lower_fidelity_trains_fewer_epochs(click_log, tmp_path):
    train(click_log, tmp_path, {"model": "lr", "epochs": 8, "early_stop_patience": 8}, fidelity=0.25)
    steps = [json.loads(line)["step"] for line in (tmp_path / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    assert max(steps) == 2


def test_a_generated_click_log_never_passes_for_the_real_one(click_log, tmp_path):
    assert "GENERATED click log" in train(click_log, tmp_path, {"model": "lr"}).stderr
    assert not (click_log / "movielens-100k.npz").exists()


def test_a_diverging_training_fails_and_says_so(click_log, tmp_path):
    run = train(click_log, tmp_path, {"model": "dcnv2", "num_cross_layers": 4, "optimizer": "sgd", "learning_rate": 1e6})
    assert run.returncode != 0
    assert "loss is nan or infinite" in run.stderr
    assert not (tmp_path / "result.json").exists()


def test_too_little_memory_fails_and_says_so(click_log, tmp_path):
    run = train(click_log, tmp_path, {"model": "dcnv2", "embedding_dim": 2048}, "--memory-limit-mb", "1000")
    assert run.returncode != 0
    assert "out of memory" in run.stderr
    assert not (tmp_path / "result.json").exists()


@pytest.mark.parametrize(
    "params, sentence",
    [
        ({"colour": "red"}, "unknown parameter colour"),
        ({"model": "transformer"}, "unknown model transformer"),
        ({"optimizer": "lion"}, "unknown optimizer lion"),
        ({"net_dropout": 1.5}, "net_dropout is 1.5; it must be at least 0 and at most 0.95"),
        ({"batch_size": 0}, "batch_size is 0; it must be at least 1"),
        ({"embedding_dim": "wide"}, "embedding_dim is 'wide'; it must be a whole number"),
        ({"batch_norm": 1}, "batch_norm is 1; it must be true or false"),
        ({"hidden_units": 64}, "hidden_units is 64; it must be a list of whole numbers above 0"),
    ],
)
def test_what_it_does_not_know_it_refuses_in_one_sentence(params, sentence):
    with pytest.raises(SystemExit) as refusal:
        Params.of(params)
    assert sentence in str(refusal.value)


def test_a_refusal_is_one_line_and_not_an_exit_code_of_success(click_log, tmp_path):
    run = train(click_log, tmp_path, {"colour": "red"})
    assert run.returncode != 0
    assert "unknown parameter colour" in run.stderr.splitlines()[-1]
    assert "Traceback" not in run.stderr
