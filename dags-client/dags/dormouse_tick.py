"""Wakes Dormouse: every hour, and when a training has ended, somebody has answered about a plan, or plans were renewed.

Airflow's workers need DORMOUSE_HOME, where Dormouse is installed, and DORMOUSE_DEPLOYMENT, its properties file.
"""

from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import Asset, AssetOrTimeSchedule, CronTriggerTimetable, dag

TRAINING_ENDED = Asset(name="dormouse_training_ended", uri="x-dormouse://training-ended")
PLAN_ANSWERED = Asset(name="dormouse_plan_answered", uri="x-dormouse://plan-answered")
LEARNT = Asset(name="dormouse_learnt", uri="x-dormouse://learnt")
TICKED = Asset(name="dormouse_ticked", uri="x-dormouse://ticked")

# Exit code 5 says that campaigns wait for approval: all is well.
TICK = """
home=${DORMOUSE_HOME:?names no directory; set it for the workers of Airflow}
deployment=${DORMOUSE_DEPLOYMENT:?names no properties file; set it for the workers of Airflow}
cd "$home" && ./dormouse tick --deployment "$deployment" || [ $? -eq 5 ]
"""


@dag(
    dag_id="dormouse_tick",
    description="Looks at all Dormouse campaigns, decides, and launches what comes next.",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("0 * * * *", timezone="UTC"),
        assets=(TRAINING_ENDED | PLAN_ANSWERED | LEARNT),
    ),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    tags=["dormouse"],
)
def dormouse_tick():
    BashOperator(task_id="tick", bash_command=TICK, retries=0, execution_timeout=timedelta(hours=1), outlets=[TICKED])


dormouse_tick()
