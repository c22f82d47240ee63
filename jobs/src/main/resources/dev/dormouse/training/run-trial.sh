#!/bin/sh
# Runs one training attempt, detached from whoever started it. Started any number of times, it trains once.
# Usage: run-trial.sh RUN_DIR WORKING_DIR NOT_AFTER_EPOCH TIMEOUT_SECONDS COMMAND
run=$1 working=$2 not_after=$3 timeout_s=$4 command=$5

put() { # Writes a small file so that readers see all of it or nothing.
  printf '%s\n' "$2" >"$run/.$1.$$" && mv "$run/.$1.$$" "$run/$1"
}

if [ "$(date +%s)" -gt "$not_after" ]; then
  mkdir "$run/claim" 2>/dev/null && put aborted "launched after $not_after"
  exit 0
fi
# The fence: whoever makes the directory trains, everyone else leaves.
mkdir "$run/claim" 2>/dev/null || exit 0
put started "$(date +%s)"
put pid "$$"
cd "$working" || {
  echo "run-trial: cannot enter $working"
  put exit 126
  exit 126
}
[ -z "${DORMOUSE_PYTHON_ENV:-}" ] || PATH=$DORMOUSE_PYTHON_ENV/bin:$PATH

sh -c "$command" &
trainer=$!
(
  sleep "$timeout_s" &
  sleeper=$!
  trap 'kill "$sleeper" 2>/dev/null; exit 0' TERM
  wait "$sleeper"
  put timed-out "after $timeout_s s"
  pkill -TERM -P "$trainer" 2>/dev/null
  kill -TERM "$trainer" 2>/dev/null
  sleep 10
  pkill -KILL -P "$trainer" 2>/dev/null
  kill -KILL "$trainer" 2>/dev/null
) &
watcher=$!
wait "$trainer"
code=$?
kill -TERM "$watcher" 2>/dev/null
put finished "$(date +%s)"
put exit "$code"
