"""Trains one attempt of a trial. Dormouse triggers it; its conf says all that there is to know.

The run directory must be shared between Dormouse and Airflow's workers. The wrapper that Dormouse put there trains at most
once, whoever starts it and however often: after the death of a scheduler Airflow may start a task again that still runs.
"""

import os
import subprocess
import time
from datetime import datetime
from pathlib import Path

from airflow.sdk import Asset, BaseOperator, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

# Tells that a training has ended, well or not: it wakes the tick.
TRAINING_ENDED = Asset(name="dormouse_training_ended", uri="x-dormouse://training-ended")

# A training gives a sign of life every 5 seconds; one that was silent for so long is lost.
SILENCE_SECONDS = 120
LOOK_SECONDS = 1


class TrainOperator(BaseOperator):
    """Starts the wrapper of a run directory and waits for the end of the training, whoever started it.

    The wrapper has a session of its own, so that it outlives this task; the next try of the task then waits for it.
    It never fails, since only tasks that succeed emit asset events. Returns how the training ended.
    """

    template_fields = ("conf",)

    def __init__(self, conf: dict[str, str], **kwargs) -> None:
        super().__init__(**kwargs)
        self.conf = conf

    def execute(self, context) -> str:
        directory = Path(self.conf["run_directory"])
        if not (directory / "run-trial.sh").exists():
            self.log.error("There is no %s/run-trial.sh here; share work.dir with Airflow's workers.", directory)
            return "nothing: its run directory is not shared"
        with open(directory / "log.txt", "a") as log:
            wrapper = subprocess.Popen(
                [
                    "sh",
                    str(directory / "run-trial.sh"),
                    str(directory),
                    self.conf["working_directory"],
                    self.conf["launch_not_after"],
                    self.conf["timeout_seconds"],
                    self.conf["command"],
                ],
                # Airflow's own settings, with its secrets, are none of a training's business.
                env={name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while not (end := end_of(directory)):
            time.sleep(LOOK_SECONDS)
            wrapper.poll()
        self.log.info("The training ended with %s", end)
        return end

    def on_kill(self) -> None:
        # Somebody marked the run as failed: the training stops. Airflow also kills the older of two tries, while the newer
        # one waits for the same training; and tasks that it lost sight of.
        if self.state_in_airflow() == "failed":
            (Path(self.conf["run_directory"]) / "stopped").write_text("stopped in Airflow\n")

    def state_in_airflow(self) -> str:
        task = get_current_context()["ti"]
        try:
            states = task.get_task_states(dag_id=task.dag_id, task_ids=[task.task_id], run_ids=[task.run_id])
            return states[task.run_id][task.task_id]
        except Exception:
            self.log.exception("Cannot ask for the state of this task; its training goes on.")
            return ""


def end_of(directory: Path) -> str:
    """How the training ended: by its exit code, too late to begin, or in silence. Empty while it goes on."""
    if (directory / "exit").exists():
        return f"exit {(directory / 'exit').read_text().strip()}"
    if (directory / "aborted").exists():
        return "aborted: it was launched too late and did not train"
    signs = [directory / name for name in ("heartbeat", "trainer", "claim", "log.txt")]
    newest = max(sign.stat().st_mtime for sign in signs if sign.exists())
    return "lost: it vanished without an exit code" if time.time() - newest > SILENCE_SECONDS else ""


@dag(
    dag_id="dormouse_train",
    description="Trains one attempt of a trial of a Dormouse campaign.",
    schedule=None,
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=256,
    tags=["dormouse"],
    params={
        "run_directory": Param("", type="string", description="Shared directory of the attempt"),
        "working_directory": Param("", type="string", description="Where the command is run"),
        "launch_not_after": Param(0, type="integer", description="Epoch second after which it aborts itself"),
        "timeout_seconds": Param(0, type="integer", description="How long it may train"),
        "command": Param("", type="string", description="The training's command line"),
    },
)
def dormouse_train():
    names = ("run_directory", "working_directory", "launch_not_after", "timeout_seconds", "command")
    train = TrainOperator(
        task_id="train",
        conf={name: f"{{{{ params.{name} }}}}" for name in names},
        retries=0,
        outlets=[TRAINING_ENDED],
    )

    @task(retries=0)
    def show(end: str) -> None:
        """Red in Airflow what did not end well; Dormouse itself looks at the run directory."""
        if end != "exit 0":
            raise AirflowFailException(f"The training ended with {end}; see log.txt of its run directory.")

    show(train.output)


dormouse_train()
