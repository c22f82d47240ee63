#!/bin/sh
# Runs one training attempt, detached from whoever started it. Started any number of times, it trains once.
# Usage: run-trial.sh RUN_DIR WORKING_DIR NOT_AFTER_EPOCH TIMEOUT_SECONDS COMMAND
run=$1 working=$2 not_after=$3 timeout_s=$4 command=$5

put() { # Writes a small file so that readers see all of it or nothing. Its time is when that happened.
  printf '%s\n' "$2" >"$run/.$1" && mv "$run/.$1" "$run/$1"
}

end_group() { # Kills a process and all that belongs to its session.
  kill -s KILL -- "-$1" 2>/dev/null || kill -s KILL "$1" 2>/dev/null
}

# The fence: whoever makes the directory trains, everyone else leaves.
mkdir "$run/claim" 2>/dev/null || exit 0
# Only then the look at the clock: if nobody saw a claim by the last moment, whoever claims later is late here as well.
if [ "$(date +%s)" -gt "$not_after" ]; then
  put aborted "launched after $not_after"
  exit 0
fi
if [ -e "$run/stopped" ]; then # Before it began.
  put exit 143
  exit 0
fi
put pid "$$"
put started "$(date +%s)"
cd "$working" || {
  echo "run-trial: cannot enter $working"
  put exit 126
  exit 126
}
[ -z "${DORMOUSE_PYTHON_ENV:-}" ] || PATH=$DORMOUSE_PYTHON_ENV/bin:$PATH

trainer=
trap '[ -z "$trainer" ] || end_group "$trainer"' TERM INT
trap '' HUP
# Sessions of their own, so that each can be ended whole.
setsid sh -c "$command" &
trainer=$!
put trainer "$trainer"
setsid sh -c 'sleep "$1"; echo "after $1 s" >"$2/timed-out"; kill -s KILL -- "-$3"' watcher "$timeout_s" "$run" "$trainer" &
watcher=$!
# A sign of life for those who cannot see this machine's processes, and an ear for those who cannot signal them.
setsid sh -c 'while kill -0 "$2" 2>/dev/null; do : >"$1/heartbeat"; [ ! -e "$1/stopped" ] || kill -s KILL -- "-$2"; sleep 5; done' heart "$run" "$trainer" &
heart=$!
wait "$trainer"
code=$?
# Nothing of the run stays behind.
end_group "$heart"
end_group "$watcher"
end_group "$trainer"
put exit "$code"
