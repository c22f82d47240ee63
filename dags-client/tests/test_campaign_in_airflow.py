"""A campaign from its file to its verdict, run by a real Airflow alone: asked about in its form, trained and ticked by its
DAGs, woken by its asset events, shown in a real MLflow.

Needs the lake of a demo (DORMOUSE_LAKE), whose history the plan is made from, and DORMOUSE_STATE with the environments.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import time
import urllib.parse
import urllib.request
from datetime import datetime
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
CAMPAIGN = "in-airflow"
# Far more than it takes; the test ends as soon as the campaign does.
PATIENCE_SECONDS = 900
LONGEST_MEDIAN_WAKE_SECONDS = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def request(method: str, url: str, body: dict | None = None, token: str = "") -> dict:
    data = None if body is None else json.dumps(body).encode()
    sent = urllib.request.Request(url, data, {"Content-Type": "application/json", "Accept": "application/json"})
    sent.method = method
    if token:
        sent.add_header("Authorization", f"Bearer {token}")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(sent, timeout=30) as answer:
        return json.load(answer)


class Airflow:
    """What a person does in Airflow's web interface, by the same requests."""

    def __init__(self, directory: Path, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        password = (directory / "admin-password").read_text().strip()
        login = {"username": "admin", "password": password}
        self.token = request("POST", f"{self.base}/auth/token", login)["access_token"]

    def api(self, method: str, path: str, body: dict | None = None) -> dict:
        return request(method, f"{self.base}/api/v2{path}", body, self.token)

    def runs(self, dag: str) -> list[dict]:
        return self.api("GET", f"/dags/{dag}/dagRuns?limit=100&order_by=id")["dag_runs"]

    def form(self) -> dict | None:
        questions = self.api("GET", "/dags/dormouse_approve/dagRuns/~/hitlDetails?limit=100")["hitl_details"]
        waiting = [q for q in questions if q["task_instance"]["state"] == "awaiting_input"]
        return waiting[0] if waiting else None

    def answer(self, form: dict, option: str, fields: dict) -> None:
        task = form["task_instance"]
        path = f"/dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}/-1/hitlDetails"
        self.api("PATCH", path, {"chosen_options": [option], "params_input": fields})


class Deployment:
    """A lake, an MLflow and an Airflow of this test alone."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.file = directory / "dormouse.properties"
        self.mlflow = f"http://127.0.0.1:{free_port()}"
        self.port = free_port()
        self.environment = {
            **os.environ,
            "DORMOUSE_AIRFLOW_PORT": str(self.port),
            "DORMOUSE_DEPLOYMENT": str(self.file),
        }

    def run(self, *command: str, code: int = 0) -> str:
        # Files, since servers that it leaves behind would hold pipes open.
        with open(self.directory / "out", "w+") as out, open(self.directory / "err", "w+") as err:
            done = subprocess.run([str(HOME / "dormouse"), *command], env=self.environment, stdout=out, stderr=err, check=False)
            out.seek(0)
            err.seek(0)
            said, complained = out.read(), err.read()
        assert done.returncode == code, f"{command}: {done.returncode}\n{said}\n{complained}"
        return said if code == 0 else complained

    def dormouse(self, *command: str, code: int = 0) -> str:
        return self.run(*command, "--deployment", str(self.file), code=code)

    def mlflow_server(self, action: str, *port: str) -> None:
        script = str(HOME / "jobs/examples/mlflow-server.sh")
        subprocess.run([script, action, str(self.directory / "mlflow"), *port], check=True, env=self.environment)


@pytest.fixture(scope="module")
def deployment(tmp_path_factory):
    directory = tmp_path_factory.mktemp("in-airflow")
    deployment = Deployment(directory)
    state = Path(os.environ["DORMOUSE_STATE"])
    airflow = state / "airflow"
    shutil.copytree(os.environ["DORMOUSE_LAKE"], directory / "lake")
    deployment.file.write_text(
        f"lake={directory}/lake\nwork.dir={directory}/work\nmlflow.uri={deployment.mlflow}\n"
        f"airflow.url=http://127.0.0.1:{deployment.port}\nairflow.user=dormouse\n"
        f"airflow.password.file={airflow}/dormouse-password\napproval.channels=airflow\n"
    )
    fast = (HOME / "jobs/examples/ctr/campaign-fast.yaml").read_text()
    campaign = (
        fast.replace("campaign: movielens-ctr-fast", f"campaign: {CAMPAIGN}")
        .replace("backend: local", "backend: airflow")
        .replace("repository: ../../..", f"repository: {HOME}")
    )
    lines = [line for line in campaign.splitlines() if not line.startswith("trials:")]
    trials = "trials: {baseline: 2, validation: 2, combination: 0, exploitation: 0, confirmation: 6}"
    (directory / "campaign.yaml").write_text("\n".join([*lines, trials, ""]))
    deployment.mlflow_server("start", deployment.mlflow.rsplit(":", 1)[1])
    try:
        if airflow.exists():
            deployment.run("airflow", "down")
            shutil.rmtree(airflow)
        deployment.run("airflow", "up")
        yield deployment, Airflow(airflow, deployment.port)
    finally:
        deployment.run("airflow", "down")
        deployment.mlflow_server("stop")


def await_that(what: str, look):
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        seen = look()
        if seen:
            return seen
        time.sleep(1)
    raise AssertionError(f"{what} did not happen within {PATIENCE_SECONDS} s")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def test_our_dags_parse_without_errors_and_warnings(deployment):
    _, airflow = deployment
    await_that("our DAGs", lambda: airflow.api("GET", "/dags?tags=dormouse")["total_entries"] == 4)
    assert airflow.api("GET", "/importErrors")["import_errors"] == []
    assert airflow.api("GET", "/dagWarnings")["dag_warnings"] == []


def test_a_campaign_is_approved_trained_and_ticked_by_airflow(deployment):
    deployed, airflow = deployment
    deployed.dormouse("campaign", "create", str(deployed.directory / "campaign.yaml"), "--by", "ann")
    deployed.dormouse("plan", CAMPAIGN, "--run-seconds", "5")
    plan = json.loads(deployed.dormouse("campaign", "show", CAMPAIGN, "--json"))["pending_approval"]
    refused = deployed.dormouse("approve", CAMPAIGN, "--plan", plan, "--by", "ann", code=7)
    assert "takes approvals only from airflow" in refused

    airflow.api("POST", "/dags/dormouse_tick/dagRuns", {"logical_date": None, "dag_run_id": "by-hand", "conf": {}})
    form = await_that("the form", airflow.form)
    assert plan in form["subject"] and "## Hypotheses" in form["body"]
    time.sleep(3)
    airflow.answer(form, "Approve", {"smaller_cap": None, "comment": "go on"})

    def finished():
        campaign = json.loads(deployed.dormouse("campaign", "show", CAMPAIGN, "--json"))
        return campaign if campaign["status"] not in ("waiting_for_approval", "running") else None

    campaign = await_that("the end of the campaign", finished)
    assert campaign["status"] == "finished", campaign
    assert campaign["verdict"] in ("confirmed", "not distinguishable", "worse", "no candidate")

    touches = json.loads(deployed.dormouse("campaign", "touches", CAMPAIGN, "--json"))
    assert [(t["kind"], t["by"], t["channel"]) for t in touches] == [
        ("create", "ann", "file"),
        ("approve", "admin", "airflow"),
    ]
    events = [json.loads(line) for line in deployed.dormouse("campaign", "log", CAMPAIGN, "--json").splitlines()]
    attempts = [f"{CAMPAIGN}.{e['event']['trial']['trialId']}.{e['event']['attempt']}" for e in events if e["kind"] == "Intent"]
    assert sorted(run["dag_run_id"] for run in airflow.runs("dormouse_train")) == sorted(attempts)
    assert not [e for e in events if e["kind"] in ("Struck", "Quarantined")]
    ticks = airflow.runs("dormouse_tick")
    assert [run["dag_run_id"] for run in ticks if run["run_type"] == "manual"] == ["by-hand"]
    assert [run for run in ticks if run["run_type"] == "asset_triggered"], "nothing woke it"
    assert wake_seconds(events) < LONGEST_MEDIAN_WAKE_SECONDS
    assert_shown_in_mlflow(deployed.mlflow, len(attempts))


def test_the_end_of_the_campaign_is_learnt(deployment):
    """Comes last: the campaign of the test before has ended."""
    deployed, airflow = deployment

    def learnt() -> bool:
        runs = [run for run in airflow.runs("dormouse_learn") if run["run_type"] == "asset_triggered"]
        tasks = [
            airflow.api("GET", f"/dags/dormouse_learn/dagRuns/{urllib.parse.quote(run['dag_run_id'])}/taskInstances")["task_instances"][0]
            for run in runs
        ]
        return any(task["state"] == "success" for task in tasks)

    await_that("the learning", learnt)
    assert json.loads(deployed.dormouse("learn", "--json"))["plans"] == []
    deployed.dormouse("learn", "--due", code=3)


def wake_seconds(events: list[dict]) -> float:
    """The median time from the end of a training to the next launch after it."""
    launches = sorted(instant(e["at"]) for e in events if e["kind"] == "Launched")
    ends = [instant(e["event"]["outcome"]["finishedAt"]) for e in events if e["kind"] == "Settled"]
    waits = [min((at - end).total_seconds() for at in launches if at > end) for end in ends if end < launches[-1]]
    print(f"median {statistics.median(waits):.1f} s from the end of a training to the next launch, of {len(waits)}")
    return statistics.median(waits)


def assert_shown_in_mlflow(server: str, trainings: int) -> None:
    name = urllib.parse.quote(f"dormouse/{CAMPAIGN}")
    found = request("GET", f"{server}/api/2.0/mlflow/experiments/get-by-name?experiment_name={name}")
    search = {"experiment_ids": [found["experiment"]["experiment_id"]], "max_results": 100}

    def shown():
        runs = request("POST", f"{server}/api/2.0/mlflow/runs/search", search)["runs"]
        tags = [{tag["key"]: tag["value"] for tag in run["data"]["tags"]} for run in runs]
        campaign = next(t for t in tags if t["dormouse.key"] == f"campaign:{CAMPAIGN}")
        trials = [t for t in tags if t["dormouse.key"].startswith("trial:")]
        return campaign["dormouse.status"] == "finished" and len(trials) == trainings

    await_that("the end in MLflow", shown)
