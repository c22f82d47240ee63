"""Checks the JSON object that `./dormouse demo --json` ends with: check_demo.py FILE."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def check(result: dict) -> None:
    """Fails with a sentence about the first thing that is not as promised."""
    assert result["status"] == "finished", f"the campaign is {result['status']}"
    assert result["verdict"] in ("confirmed", "not distinguishable", "worse", "no candidate"), result["verdict"]
    phases = {phase["phase"]: phase for phase in result["phases"]}
    assert list(phases) == ["baseline", "validation", "combination", "exploitation", "confirmation"]
    assert phases["baseline"]["done"] > 0 and phases["validation"]["done"] > 0, "nothing was trained"
    for arm in ("baseline", "winner"):
        assert result[arm]["low"] <= result[arm]["mean"] <= result[arm]["high"], f"{arm} has no interval"
    budget = result["budget"]
    assert 0 < budget["used_gpu_hours"] <= budget["cap_gpu_hours"], "the budget does not hold"
    assert result["failures_handled"] >= 1, "no failure was met on the way"
    assert result["ticks"] > 3, "it did not sleep between ticks"
    assert result["mlflow"].startswith("http://127.0.0.1:"), "MLflow was not started"
    for path in ("lake", "report"):
        assert Path(result[path]).exists(), f"{path} is missing"
    print(f"demo: {result['verdict']} after {result['ticks']} ticks, {result['failures_handled']} failures handled")


if __name__ == "__main__":
    check(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()[-1]))
