"""Asks people about a plan: Airflow shows it with a form. Dormouse triggers it, and fetches the answer with its next tick.

No answer within DORMOUSE_APPROVAL_HOURS (a week, unless the environment says otherwise) is a no. It is a DAG of its own,
since a task that waits would hold the only run that the tick may have.
"""

import os
from datetime import datetime, timedelta

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Asset, Param, dag, task

PATIENCE = timedelta(hours=float(os.environ.get("DORMOUSE_APPROVAL_HOURS", "168")))
PLAN_ANSWERED = Asset(name="dormouse_plan_answered", uri="x-dormouse://plan-answered")


@dag(
    dag_id="dormouse_approve",
    description="Asks people to approve a plan of a Dormouse campaign.",
    schedule=None,
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=256,
    tags=["dormouse"],
    params={
        "campaign": Param("", type="string", description="The campaign"),
        "plan_hash": Param("", type="string", description="The plan that an answer is for"),
        "cap": Param("", type="string", description="The budget that the plan asks for"),
        "plan": Param("", type="string", description="The plan as Markdown"),
    },
)
def dormouse_approve():
    ask = HITLOperator(
        task_id="ask",
        subject="Campaign {{ params.campaign }} asks for {{ params.cap }}: plan {{ params.plan_hash }}",
        body="{{ params.plan }}",
        options=["Approve", "Approve smaller", "Reject"],
        defaults="Reject",
        response_timeout=PATIENCE,
        params={
            "smaller_cap": Param(None, type=["null", "number"], description="GPU-hours, for a smaller approval"),
            "comment": Param("", type="string", description="Why; kept with the campaign"),
        },
        retries=0,
    )

    # In any case: Airflow's scheduler may take an answer within the first seconds for a failure, and keeps it all the same.
    @task(retries=0, outlets=[PLAN_ANSWERED], trigger_rule="all_done")
    def wake() -> None:
        pass

    ask >> wake()


dormouse_approve()
