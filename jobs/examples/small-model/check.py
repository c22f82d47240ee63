"""Campaigns whose plans a real, small language model has a say in: check.py HOME DIRECTORY MODEL_URL MLFLOW_URL

From the published history to plans and traces, by the commands that a user types. Fails where a promise is broken;
prints how the model did. It has 270 million parameters: whether its ideas are any good is not the question.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

# One question of each campaign is another one; the base model repeats itself too much for more than one to be telling.
BASELINES = ("dnn", "lr", "dcn", "deepfm")
VALID = ("ok", "repaired")
WRITTEN = (*VALID, "invalid")
LLM_USD = 0.05


class Dormouse:
    """The command line, on one deployment."""

    def __init__(self, home: Path, directory: Path, model: str, mlflow: str) -> None:
        self.home, self.directory = home, directory
        self.deployment = directory / "dormouse.properties"
        self.deployment.write_text(
            f"lake={directory}/lake\nwork.dir={directory}/work\nmlflow.uri={mlflow}\n"
            f"llm.provider=openai\nllm.url={model}/v1\nllm.model=gemma-3-270m\nllm.price.gemma-3-270m=0.02, 0.04\n"
            "llm.parallel.calls=1\nllm.timeout.seconds=600\n"
        )

    def __call__(self, *arguments: str) -> str:
        print("  dormouse", *arguments, file=sys.stderr, flush=True)
        done = subprocess.run(
            [self.home / "dormouse", *arguments, "--deployment", self.deployment], capture_output=True, text=True, cwd=self.directory
        )
        if done.returncode != 0:
            raise SystemExit(f"dormouse {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        self.messages = done.stderr
        return done.stdout

    def json(self, *arguments: str):
        return json.loads(self(*arguments, "--json"))

    def campaign(self, baseline: str) -> str:
        """Creates a campaign like the fast demo's, from another baseline."""
        name = f"small-model-{baseline}"
        text = (self.home / "jobs/examples/ctr/campaign-fast.yaml").read_text()
        for old, new in (
            ("campaign: movielens-ctr-fast", f"campaign: {name}"),
            ("  model: dnn\n", f"  model: {baseline}\n"),
            ("gpu_hours: 0.5, llm_usd: 0,", f"gpu_hours: 100, llm_usd: {LLM_USD},"),
            ("repository: ../../..", f"repository: {self.home}"),
            # A tick is to publish the campaign; trainings say nothing about the model.
            (
                "  command: python3 jobs/examples/ctr/train.py --memory-limit-mb 2000 --config {config_file}\n",
                '  command: "true {config_file}"\n',
            ),
        ):
            assert old in text, f"campaign-fast.yaml has no '{old}'"
            text = text.replace(old, new)
        file = self.directory / f"{name}.yaml"
        file.write_text(text)
        self("campaign", "create", str(file))
        return name


# What is on this machine needs no proxy.
urlopen = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def wait_for(url: str, log: Path) -> None:
    for _ in range(120):
        try:
            urlopen(url, timeout=2)
            return
        except OSError:
            time.sleep(1)
    raise SystemExit(f"{url} does not answer; see {log}")


def post(url: str, body: dict) -> dict:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)


def traces(mlflow: str, campaign: str) -> list[dict]:
    """The traces of a campaign's own run."""
    with urlopen(f"{mlflow}/api/2.0/mlflow/experiments/get-by-name?experiment_name=dormouse/{campaign}") as answer:
        experiment = json.load(answer)["experiment"]["experiment_id"]
    runs = post(
        f"{mlflow}/api/2.0/mlflow/runs/search",
        {"experiment_ids": [experiment], "filter": f"tags.\"dormouse.key\" = 'campaign:{campaign}'"},
    )
    return post(
        f"{mlflow}/api/3.0/mlflow/traces/search",
        {
            "locations": [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}}],
            "filter": f"attributes.run_id = '{runs['runs'][0]['info']['run_id']}'",
            "max_results": 100,
        },
    ).get("traces", [])


def main() -> None:
    home, directory, model, mlflow = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]
    wait_for(f"{model}/health", directory / "model.log")
    dormouse = Dormouse(home, directory, model, mlflow)
    data = home / "insights-lake/data"
    dormouse("import", "--from", "parquet", str(data / "history"))
    dormouse("mine")
    dormouse("papers", "import", str(data / "literature/ctr_models.jsonl"))

    start = time.monotonic()
    campaigns, ideas, refused = [], [], []
    for baseline in BASELINES:
        campaign = dormouse.campaign(baseline)
        campaigns.append(campaign)
        ideas += [h for h in dormouse.json("hypothesize", campaign) if h["source"] == "llm"]
        refused += [line.split(": ")[1] for line in dormouse.messages.splitlines() if line.startswith("not taken from")]
    seconds = time.monotonic() - start
    asked = dormouse.json("llm", "status")
    replies = asked["replies"]

    plan = dormouse.json("plan", campaigns[0])
    again = dormouse.json("llm", "status")
    assert again["campaigns"] == asked["campaigns"], "planning asked again what was known"
    dormouse("approve", campaigns[0], "--plan", plan["planHash"], "--by", "check")
    dormouse("tick")
    shown = traces(mlflow, campaigns[0])
    assert shown, "no call is a trace of the campaign's run"
    assert all("mlflow.trace.tokenUsage" in trace["trace_metadata"] for trace in shown), "a trace has no tokens"
    for name, line in asked["campaigns"].items():
        assert line["microUsd"] + line["unsettledMicroUsd"] <= LLM_USD * 1e6, f"{name} spent more than it may"

    written = sum(replies.get(status, 0) for status in WRITTEN)
    assert written > 0, f"the model wrote nothing: {replies}"
    valid = sum(replies.get(status, 0) for status in VALID)
    total = {key: sum(line[key] for line in asked["campaigns"].values()) for key in ("calls", "answered", "tokens", "microUsd")}
    print(f"{len(campaigns)} campaigns, {total['calls']} calls, {total['answered']} answered, {seconds:.0f} s")
    print(f"{valid} of {written} replies satisfy the schema ({100 * valid / written:.0f}%): {replies}")
    print(f"{total['tokens']:,} tokens, ${total['microUsd'] / 1e6:.6f} at made-up prices")
    print(f"{len(ideas)} ideas became hypotheses, {len(refused)} were refused: {sorted(set(refused))}")
    print(f"{len(shown)} traces with tokens on the run of {campaigns[0]}")


if __name__ == "__main__":
    main()
