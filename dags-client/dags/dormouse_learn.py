"""Closes Dormouse's loop: mines what campaigns measured, and builds the plans that wait for approval again.

Every night, and after a tick that ended a campaign. Airflow's workers need DORMOUSE_HOME, where Dormouse is installed, and
DORMOUSE_DEPLOYMENT, its properties file.
"""

from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import Asset, AssetOrTimeSchedule, CronTriggerTimetable, dag

TICKED = Asset(name="dormouse_ticked", uri="x-dormouse://ticked")
LEARNT = Asset(name="dormouse_learnt", uri="x-dormouse://learnt")

# 'learn --due' says whether a campaign has ended; exit code 3 says that none has, and skips the task.
NOTHING_TO_DO = 3
LEARN = """
home=${DORMOUSE_HOME:?names no directory; set it for the workers of Airflow}
deployment=${DORMOUSE_DEPLOYMENT:?names no properties file; set it for the workers of Airflow}
cd "$home" || exit 1
case "{{ run_id }}" in
  asset_triggered__*) ./dormouse learn --due --deployment "$deployment" || exit ;;
esac
./dormouse learn --deployment "$deployment"
"""


@dag(
    dag_id="dormouse_learn",
    description="Mines what Dormouse campaigns measured, and renews the plans that wait for approval.",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("30 3 * * *", timezone="UTC"),
        assets=[TICKED],
    ),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    tags=["dormouse"],
)
def dormouse_learn():
    BashOperator(
        task_id="learn",
        bash_command=LEARN,
        skip_on_exit_code=NOTHING_TO_DO,
        retries=0,
        execution_timeout=timedelta(hours=6),
        outlets=[LEARNT],
    )


dormouse_learn()
