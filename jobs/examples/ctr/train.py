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
import sys
import threading
import time
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
from model import initial_parameters, initial_statistics, logits
from params import Params


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
            print(f"epoch {epoch}: loss {loss:.5f}, auc {metrics['auc']:.5f}", flush=True)
            if not best or metrics["auc"] > best["auc"]:
                best, best_epoch = metrics, epoch
                if config.get("evaluate_test", False):
                    best |= trainer.metrics(log.test, "test_")
            elif epoch - best_epoch >= params.early_stop_patience:
                break
    return best


def end_beyond(limit_mb: int) -> None:
    """Ends the process once it holds more memory than that, as a cluster would (on Linux; elsewhere there is no limit)."""
    statm = Path("/proc/self/statm")
    page = os.sysconf("SC_PAGE_SIZE")

    def watch() -> None:
        while statm.exists():
            used_mb = int(statm.read_text().split()[1]) * page // 2**20
            if used_mb > limit_mb:
                print(f"train.py: out of memory: it holds {used_mb} MB, its limit is {limit_mb} MB", file=sys.stderr, flush=True)
                os._exit(137)
            time.sleep(0.02)

    threading.Thread(target=watch, daemon=True).start()


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains one CTR model.")
    parser.add_argument("--config", type=Path, required=True, help="JSON file with params, seed and output_dir")
    parser.add_argument("--data", type=Path, default=default_cache(), help="directory of the prepared data")
    parser.add_argument("--memory-limit-mb", type=int, default=0, help="end rather than hold more (0: no limit)")
    arguments = parser.parse_args()
    config = json.loads(arguments.config.read_text(encoding="utf-8"))
    log = load(arguments.data)
    if arguments.memory_limit_mb:
        end_beyond(arguments.memory_limit_mb)
    # Seeds of one arm run the same compiled code.
    jax.config.update("jax_compilation_cache_dir", str(arguments.data / "compiled"))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.1)
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
