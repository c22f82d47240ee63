"""The search space that the published table of a task spans.

`model` has the task's most frequent model variants, up to VARIANTS with at least ENOUGH configurations each. If fewer
than FEW variants have so many, those that most tables know fill the space up. A further parameter is one that varies
within a variant: those that a third of the variants have, the widest known first, up to MOST. If that makes fewer than
LEAST, those that fewer variants have follow; then each variant of whose tuned parameters none is in the space adds one.
Where a variant never has a parameter in the table, it ignores it: the forest sees it as missing.

Left out of the space: what is not tuned (NOT_TUNED), and what changes the data (DATA).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from surfaces import number

VARIANTS, ENOUGH, FEW = 10, 8, 6
MOST, LEAST = 8, 6
LOG_SPAN = 8
NOT_TUNED = {"model", "monitor", "early_stop_patience", "epochs", "seed", "save_best_only", "eval_steps", "verbose"}
DATA = {"max_len", "min_categr_count"}
ABSENT = {"null", "None", ""}

Row = tuple[str, dict[str, str]]


@dataclass(frozen=True)
class Table:
    """What is known of a task: its configurations that have a result, by model variant."""

    task: str
    rows: list[Row]
    values: np.ndarray

    @staticmethod
    def of(task: str, frame: pd.DataFrame) -> Table:
        usable = frame[(frame["status"] == "ok") & frame["hparams"].notna() & np.isfinite(frame["val_auc"])]
        usable = usable.sort_values("config_id")
        settings = [
            {n: x for n, x in hparams if x is not None and x not in ABSENT and n not in NOT_TUNED | DATA} for hparams in usable["hparams"]
        ]
        spelling = spellings(settings)
        rows = [
            (variant, {n: spelling[n, x.casefold()] for n, x in one.items()})
            for variant, one in zip(usable["model_variant"], settings, strict=True)
        ]
        return Table(task, rows, usable["val_auc"].to_numpy(dtype=float))

    def of_variants(self, variants: list[str]) -> Table:
        kept = [i for i, (variant, _) in enumerate(self.rows) if variant in variants]
        return Table(self.task, [self.rows[i] for i in kept], self.values[kept])

    def has(self) -> dict[str, set[str]]:
        """The parameters that each variant has."""
        found: dict[str, set[str]] = {}
        for variant, settings in self.rows:
            found.setdefault(variant, set()).update(settings)
        return found


def spellings(settings: list[dict[str, str]]) -> dict[tuple[str, str], str]:
    """The most frequent spelling of each value, for `ReLU` and `relu` are one."""
    counts = pd.Series([(n, x) for one in settings for n, x in one.items()]).value_counts()
    found: dict[tuple[str, str], str] = {}
    for name, value in sorted(counts.index, key=lambda key: (-counts[key], key)):
        found.setdefault((name, value.casefold()), value)
    return found


def spread(frame: pd.DataFrame) -> pd.Series:
    """In how many tables each model variant occurs."""
    return frame.groupby("model_variant")["task_id"].nunique()


def variants_of(table: Table, known: pd.Series) -> list[str]:
    counts = pd.Series([variant for variant, _ in table.rows]).value_counts()
    ranked = sorted(counts.index, key=lambda v: (-counts[v], v))
    chosen = [v for v in ranked if counts[v] >= ENOUGH][:VARIANTS]
    if len(chosen) < FEW:
        others = sorted(set(ranked) - set(chosen), key=lambda v: (-known[v], v))
        chosen += others[: VARIANTS - len(chosen)]
    return sorted(chosen)


def parameter(name: str, values: set[str]) -> dict:
    """The domain of a parameter with these values in the table."""
    numbers = {text: number(text) for text in values}
    if values == {"true", "false"}:
        return {"name": name, "type": "bool", "choices": ["false", "true"]}
    if any(x is None for x in numbers.values()):
        return {"name": name, "type": "categorical", "choices": sorted(values)}
    ordered = sorted(values, key=lambda text: numbers[text])
    kind = "int" if all(x == int(x) for x in numbers.values()) else "float"
    positive = [x for x in numbers.values() if x > 0]
    wide = bool(positive) and max(positive) >= LOG_SPAN * min(positive)
    if len(set(numbers.values())) < 3 or (wide and len(positive) < len(values)):
        return {"name": name, "type": kind, "choices": ordered}
    low, high = (int(numbers[x]) if kind == "int" else numbers[x] for x in (ordered[0], ordered[-1]))
    return {"name": name, "type": kind, "low": low, "high": high, "log": wide}


def varied(table: Table) -> dict[str, dict[str, int]]:
    """How many values each variant tried of each parameter, where more than one."""
    values: dict[str, dict[str, set[str]]] = {}
    for variant, settings in table.rows:
        for name, value in settings.items():
            values.setdefault(variant, {}).setdefault(name, set()).add(value)
    return {v: {n: len(tried) for n, tried in names.items() if len(tried) > 1} for v, names in values.items()}


def parameters_of(table: Table, variants: list[str]) -> list[str]:
    tuned = varied(table)
    has = table.has()
    known = {name: sum(name in names for names in has.values()) for names in tuned.values() for name in names}
    rows = {name: sum(name in settings for _, settings in table.rows) for name in known}
    ranked = sorted(known, key=lambda n: (-known[n], -rows[n], n))
    third = [n for n in ranked if 3 * known[n] >= len(variants)]
    chosen = third[:MOST] if len(third) >= LEAST else ranked[:LEAST]
    for variant in variants:
        own = tuned[variant]
        if own and not set(own) & set(chosen) and len(chosen) < MOST:
            chosen.append(min(own, key=lambda n: (-own[n], n)))
    return sorted(chosen)


def space_of(table: Table, variants: list[str]) -> list[dict]:
    model = {"name": "model", "type": "categorical", "choices": variants}
    return [model] + [parameter(n, {s[n] for _, s in table.rows if n in s}) for n in parameters_of(table, variants)]
