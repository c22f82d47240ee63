"""The trainer's knobs: names as in published CTR benchmarks, with defaults, types and ranges."""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields

from model import MODELS, Architecture

CHOICES = {"model": MODELS, "optimizer": ("adam", "adagrad", "sgd")}
AT_LEAST = {"net_dropout": 0, "embedding_regularizer": 0, "net_regularizer": 0, "learning_rate": 1e-9}
AT_MOST = {"net_dropout": 0.95}


@dataclass(frozen=True)
class Params:
    """One setting of all knobs."""

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
        defaults = {field.name: field.default for field in fields(Params)}
        if unknown := sorted(set(given) - set(defaults)):
            sys.exit(f"train.py: unknown parameter {', '.join(unknown)}; known are {', '.join(defaults)}")
        return Params(**{name: checked(name, value, defaults[name]) for name, value in given.items()})

    @property
    def architecture(self) -> Architecture:
        return Architecture(self.model, self.embedding_dim, self.hidden_units, self.num_cross_layers, self.net_dropout, self.batch_norm)


def checked(name: str, value: object, default: object) -> object:
    """The value of a parameter in the type of its default; ends the program if it has none or is out of range."""
    if isinstance(default, tuple):
        if isinstance(value, list) and value and all(type(units) is int and units > 0 for units in value):
            return tuple(value)
        sys.exit(f"train.py: {name} is {value!r}; it must be a list of whole numbers above 0, e.g. [64, 32]")
    if name in CHOICES and value not in CHOICES[name]:
        sys.exit(f"train.py: unknown {name} {value}; known are {', '.join(CHOICES[name])}")
    if isinstance(default, float) and type(value) is int:
        value = float(value)
    if type(value) is not type(default):
        kind = {bool: "true or false", int: "a whole number", float: "a number"}[type(default)]
        sys.exit(f"train.py: {name} is {value!r}; it must be {kind}")
    if isinstance(default, int | float) and not isinstance(default, bool):
        low, high = AT_LEAST.get(name, 1), AT_MOST.get(name, float("inf"))
        if not low <= value <= high:
            sys.exit(f"train.py: {name} is {value}; it must be at least {low}" + f" and at most {high}" * (name in AT_MOST))
    return value
