"""CTR models in JAX: logistic regression, factorization machine, DNN, DeepFM, DCN and DCN-v2.

A model is its parameters (a dictionary of arrays) and `logits`, a pure function of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp

MODELS = ("lr", "fm", "dnn", "deepfm", "dcn", "dcnv2")


@dataclass(frozen=True)
class Architecture:
    """What shapes a model; every field is a knob of the trainer."""

    model: str
    embedding_dim: int
    hidden_units: tuple[int, ...]
    num_cross_layers: int
    net_dropout: float
    batch_norm: bool

    @property
    def deep(self) -> bool:
        return self.model in ("dnn", "deepfm", "dcn", "dcnv2")

    @property
    def wide(self) -> bool:
        return self.model in ("lr", "fm", "deepfm")

    @property
    def factorized(self) -> bool:
        return self.model in ("fm", "deepfm")

    @property
    def crossed(self) -> bool:
        return self.model in ("dcn", "dcnv2")


def initial_parameters(arch: Architecture, cardinalities: tuple[int, ...], key: jax.Array) -> dict[str, jax.Array]:
    """Glorot-initialised weights; all fields share one embedding table, addressed by offsets."""
    codes, width = sum(cardinalities), len(cardinalities) * arch.embedding_dim
    keys = iter(jax.random.split(key, 8 + len(arch.hidden_units) + arch.num_cross_layers))
    parameters = {"bias": jnp.zeros(())}
    if arch.model != "lr":
        parameters["embedding"] = jax.random.normal(next(keys), (codes, arch.embedding_dim)) * 0.01
    if arch.wide:
        parameters["linear"] = jnp.zeros((codes,))
    if arch.crossed:
        shape = (width, width) if arch.model == "dcnv2" else (width, 1)
        for i in range(arch.num_cross_layers):
            parameters[f"cross_w{i}"] = jax.random.normal(next(keys), shape) / jnp.sqrt(width)
            parameters[f"cross_b{i}"] = jnp.zeros((width,))
    if arch.deep:
        inputs = width
        for i, units in enumerate(arch.hidden_units):
            parameters[f"dense_w{i}"] = jax.random.normal(next(keys), (inputs, units)) * jnp.sqrt(2 / inputs)
            parameters[f"dense_b{i}"] = jnp.zeros((units,))
            if arch.batch_norm:
                parameters[f"norm_g{i}"], parameters[f"norm_b{i}"] = jnp.ones((units,)), jnp.zeros((units,))
            inputs = units
        inputs += width if arch.crossed else 0
        parameters["out_w"] = jax.random.normal(next(keys), (inputs,)) / jnp.sqrt(inputs)
    return parameters


def initial_statistics(arch: Architecture) -> dict[str, jax.Array]:
    """Running means and variances of batch normalization."""
    if not (arch.deep and arch.batch_norm):
        return {}
    zeros = {f"mean{i}": jnp.zeros((units,)) for i, units in enumerate(arch.hidden_units)}
    return zeros | {f"var{i}": jnp.ones((units,)) for i, units in enumerate(arch.hidden_units)}


def logits(arch, parameters, statistics, x, dropout_key=None):
    """Click logits of rows of offset codes, and the batch statistics; a dropout key means training."""
    training = dropout_key is not None
    score = jnp.full((x.shape[0],), parameters["bias"])
    if arch.wide:
        score += parameters["linear"][x].sum(axis=1)
    if arch.model == "lr":
        return score, statistics
    fields = parameters["embedding"][x]
    if arch.factorized:
        score += 0.5 * (jnp.square(fields.sum(axis=1)) - jnp.square(fields).sum(axis=1)).sum(axis=1)
    flat = fields.reshape(x.shape[0], -1)
    tops = []
    if arch.crossed:
        cross = flat
        for i in range(arch.num_cross_layers):
            cross = flat * (cross @ parameters[f"cross_w{i}"] + parameters[f"cross_b{i}"]) + cross
        tops.append(cross)
    if arch.deep:
        hidden = flat
        for i in range(len(arch.hidden_units)):
            hidden = hidden @ parameters[f"dense_w{i}"] + parameters[f"dense_b{i}"]
            if arch.batch_norm:
                hidden, statistics = normalized(hidden, i, parameters, statistics, training)
            hidden = jax.nn.relu(hidden)
            if training and arch.net_dropout > 0:
                dropout_key, now = jax.random.split(dropout_key)
                kept = jax.random.bernoulli(now, 1 - arch.net_dropout, hidden.shape)
                hidden = jnp.where(kept, hidden / (1 - arch.net_dropout), 0)
        tops.append(hidden)
        score += jnp.concatenate(tops, axis=1) @ parameters["out_w"]
    return score, statistics


def normalized(hidden, layer, parameters, statistics, training):
    """Batch normalization with running statistics (momentum 0.9)."""
    if training:
        mean, var = hidden.mean(axis=0), hidden.var(axis=0)
        statistics = statistics | {
            f"mean{layer}": 0.9 * statistics[f"mean{layer}"] + 0.1 * mean,
            f"var{layer}": 0.9 * statistics[f"var{layer}"] + 0.1 * var,
        }
    else:
        mean, var = statistics[f"mean{layer}"], statistics[f"var{layer}"]
    scaled = (hidden - mean) / jnp.sqrt(var + 1e-5)
    return scaled * parameters[f"norm_g{layer}"] + parameters[f"norm_b{layer}"], statistics
