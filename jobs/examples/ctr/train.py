"""Trains one CTR model on MovieLens-100k and writes its metrics: one run of one arm.

    python3 train.py --config config.json

The configuration is JSON: {"params": {...}, "seed": 1, "fidelity": 1.0, "evaluate_test": false, "output_dir": "..."}.
`metrics.jsonl` gets one line a metric and epoch, `result.json` the final metrics of the best epoch. Whatever goes wrong
ends with a non-zero exit code and one line on standard error.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
from dataclasses import dataclass, fields
from pathlib import Path

# One thread a training: several of them share the machine.
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import numpy as np
import optax
from data import ClickLog, Split, default_cache, load
from model import MODELS, Architecture, initial_parameters, initial_statistics, logits


@dataclass(frozen=True)
class Params:
    """The knobs, with their defaults; names as in published CTR benchmarks."""

    model: str = "dnn"
    embedding_dim: int = 8
    hidden_units: tuple[int, ...] = (64, 32)
    num_cross_layers: int = 2
    net_dropout: float = 0.0
    batch_norm: bool = False
    learning_rate: float = 1e-3
    optimizer: str = "adam"
    embedding_regularizer: float = 0.0
    net_regularizer: float = 0.0
    batch_size: int = 512
    epochs: int = 15
    early_stop_patience: int = 3

    @staticmethod
    def of(given: dict) -> Params:
        """Checks names, types and ranges; what is wrong is said in one sentence."""
        known = {field.name: field for field in fields(Params)}
        if unknown := sorted(set(given) - set(known)):
            sys.exit(f"train.py: unknown parameter {', '.join(unknown)}; known are {', '.join(known)}")
        values = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
        params = Params(**values)
        if params.model not in MODELS:
            sys.exit(f"train.py: unknown model {params.model}; known are {', '.join(MODELS)}")
        if params.optimizer not in ("adam", "adagrad", "sgd"):
            sys.exit(f"train.py: unknown optimizer {params.optimizer}; known are adam, adagrad, sgd")
        if not 0 <= params.net_dropout < 1:
            sys.exit(f"train.py: net_dropout is {params.net_dropout}; it must be at least 0 and below 1")
        return params

    @property
    def architecture(self) -> Architecture:
        return Architecture(self.model, self.embedding_dim, self.hidden_units, self.num_cross_layers, self.net_dropout, self.batch_norm)


def auc(y: np.ndarray, score: np.ndarray) -> float:
    """Area under the ROC curve by ranks, ties averaged."""
    _, code, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[code]
    positives = y.sum()
    return float((ranks[y == 1].sum() - positives * (positives + 1) / 2) / (positives * (len(y) - positives)))


def log_loss(y: np.ndarray, score: np.ndarray) -> float:
    """Mean binary cross-entropy of logits."""
    return float(np.mean(np.logaddexp(0, score) - y * score))


class Trainer:
    """One training: compiled epochs of mini-batch steps, early stopping on validation AUC."""

    def __init__(self, params: Params, log: ClickLog, seed: int):
        self.params = params
        self.arch = params.architecture
        self.offsets = np.concatenate([[0], np.cumsum(log.cardinalities)[:-1]]).astype(np.int32)
        self.rng = np.random.default_rng(seed)
        self.key = jax.random.key(seed)
        self.optimizer = getattr(optax, params.optimizer)(params.learning_rate)
        self.weights = initial_parameters(self.arch, log.cardinalities, self.key)
        self.statistics = initial_statistics(self.arch)
        self.state = self.optimizer.init(self.weights)
        self.run_epoch = jax.jit(self._epoch)
        self.score_rows = jax.jit(lambda weights, statistics, x: logits(self.arch, weights, statistics, x)[0])

    def _loss(self, weights, statistics, x, y, key):
        score, statistics = logits(self.arch, weights, statistics, x, key)
        loss = optax.sigmoid_binary_cross_entropy(score, y).mean()
        if "embedding" in weights:
            loss += 0.5 * self.params.embedding_regularizer * jnp.square(weights["embedding"]).sum()
        dense = [w for name, w in weights.items() if name.startswith(("dense_w", "cross_w", "out_w"))]
        loss += 0.5 * self.params.net_regularizer * sum(jnp.square(w).sum() for w in dense)
        return loss, statistics

    def _epoch(self, carry, x, y, key):
        def step(carry, batch):
            weights, statistics, state, key = carry
            key, now = jax.random.split(key)
            gradient = jax.value_and_grad(self._loss, has_aux=True)
            (loss, statistics), slopes = gradient(weights, statistics, batch[0], batch[1], now)
            updates, state = self.optimizer.update(slopes, state, weights)
            return (optax.apply_updates(weights, updates), statistics, state, key), loss

        (weights, statistics, state, _), losses = jax.lax.scan(step, (*carry, key), (x, y))
        return (weights, statistics, state), losses.mean()

    def epoch(self, train: Split) -> float:
        """Trains one pass over the shuffled rows (whole batches only) and returns the mean loss."""
        size = min(self.params.batch_size, len(train.y))
        order = self.rng.permutation(len(train.y))[: len(train.y) // size * size].reshape(-1, size)
        self.key, now = jax.random.split(self.key)
        carry = (self.weights, self.statistics, self.state)
        carry, loss = self.run_epoch(carry, train.x[order] + self.offsets, train.y[order], now)
        self.weights, self.statistics, self.state = carry
        return float(loss)

    def metrics(self, split: Split, prefix: str = "") -> dict[str, float]:
        score = np.asarray(self.score_rows(self.weights, self.statistics, split.x + self.offsets), dtype=np.float64)
        return {f"{prefix}auc": auc(split.y, score), f"{prefix}logloss": log_loss(split.y, score)}


def train(config: dict, log: ClickLog) -> dict[str, float]:
    """Trains to the end and returns the metrics of the best epoch."""
    params = Params.of(config["params"])
    trainer = Trainer(params, log, int(config["seed"]))
    output = Path(config["output_dir"])
    best: dict[str, float] = {}
    best_epoch = 0
    with open(output / "metrics.jsonl", "w", encoding="utf-8") as curve:
        for epoch in range(1, max(1, round(params.epochs * config.get("fidelity", 1.0))) + 1):
            loss = trainer.epoch(log.train)
            if not np.isfinite(loss):
                sys.exit(f"train.py: the loss is {loss} in epoch {epoch}: loss is nan or infinite, training diverged")
            metrics = trainer.metrics(log.valid)
            for name, value in {"train_loss": loss, **metrics}.items():
                curve.write(json.dumps({"step": epoch, "metric": name, "value": value}) + "\n")
            curve.flush()
            if not best or metrics["auc"] > best["auc"]:
                best, best_epoch = metrics, epoch
                if config.get("evaluate_test", False):
                    best |= trainer.metrics(log.test, "test_")
            elif epoch - best_epoch >= params.early_stop_patience:
                break
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains one CTR model.")
    parser.add_argument("--config", type=Path, required=True, help="JSON file with params, seed and output_dir")
    parser.add_argument("--data", type=Path, default=default_cache(), help="directory of the prepared data")
    parser.add_argument("--memory-limit-mb", type=int, default=0, help="fail rather than use more (0: no limit)")
    arguments = parser.parse_args()
    config = json.loads(arguments.config.read_text(encoding="utf-8"))
    log = load(arguments.data)
    if arguments.memory_limit_mb:
        limit = arguments.memory_limit_mb * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    try:
        metrics = train(config, log)
    except (MemoryError, jax.errors.JaxRuntimeError) as problem:
        sys.exit(f"train.py: {type(problem).__name__}: {str(problem).splitlines()[0]}")
    result = Path(config["output_dir"]) / "result.json"
    temporary = result.with_suffix(".tmp")
    temporary.write_text(json.dumps({"status": "ok", "metrics": metrics}), encoding="utf-8")
    temporary.replace(result)


if __name__ == "__main__":
    main()
