#!/bin/sh
# A small MLflow server on loopback: mlflow-server.sh start DIR PORT | stop DIR | status DIR
# DIR holds its database, artifacts, log and process id. Needs DORMOUSE_PYTHON_ENV for 'start'.
set -eu
action=$1
dir=$2

fail() {
  echo "mlflow-server: $*" >&2
  exit 4
}

is_running() {
  [ -f "$dir/pid" ] && kill -0 "$(cat "$dir/pid")" 2>/dev/null
}

answers() { # The server at this port is healthy.
  "$DORMOUSE_PYTHON_ENV/bin/python3" - "$1" <<'PY' 2>/dev/null
import sys, urllib.request
urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{sys.argv[1]}/health", timeout=2)
PY
}

case $action in
  start)
    port=$3
    : "${DORMOUSE_PYTHON_ENV:?names the Python environment with MLflow}"
    mkdir -p "$dir/artifacts"
    dir=$(cd "$dir" && pwd -P)
    if is_running && answers "$(cat "$dir/port")"; then
      echo "http://127.0.0.1:$(cat "$dir/port")"
      exit 0
    fi
    answers "$port" && fail "port $port is taken by another server."
    # A session of its own, so that the server and its workers can be stopped together.
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false MLFLOW_DISABLE_TELEMETRY=true DO_NOT_TRACK=true \
      setsid "$DORMOUSE_PYTHON_ENV/bin/mlflow" server --host 127.0.0.1 --port "$port" --workers 1 \
      --backend-store-uri "sqlite:///$dir/mlflow.db" --artifacts-destination "$dir/artifacts" \
      </dev/null >"$dir/server.log" 2>&1 &
    echo $! >"$dir/pid"
    echo "$port" >"$dir/port"
    waited=0
    until answers "$port"; do
      is_running || fail "it ended at once; see $dir/server.log"
      [ "$waited" -lt 180 ] || fail "it did not answer within 180 s; see $dir/server.log"
      sleep 1
      waited=$((waited + 1))
    done
    echo "http://127.0.0.1:$port"
    ;;
  stop)
    is_running || {
      rm -f "$dir/pid"
      exit 0
    }
    pid=$(cat "$dir/pid")
    kill -TERM "-$pid" 2>/dev/null || kill -TERM "$pid"
    waited=0
    while kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 10 ]; do
      sleep 1
      waited=$((waited + 1))
    done
    kill -KILL "-$pid" 2>/dev/null || true
    rm -f "$dir/pid"
    ;;
  status)
    is_running && echo "running: http://127.0.0.1:$(cat "$dir/port")" || echo "not running"
    ;;
  *) fail "unknown action '$action'; use start, stop or status." ;;
esac
