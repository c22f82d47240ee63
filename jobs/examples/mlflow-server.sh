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

is_running() { # The recorded process lives and is a server: ids are used again, e.g. after a restart of the machine.
  [ -f "$dir/pid" ] && kill -0 "$(cat "$dir/pid")" 2>/dev/null || return 1
  [ ! -d /proc/self ] || grep -aq mlflow "/proc/$(cat "$dir/pid")/cmdline" 2>/dev/null
}

is_free() { # Nothing listens at this port.
  "$DORMOUSE_PYTHON_ENV/bin/python3" -c '
import socket, sys
with socket.socket() as server:
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", int(sys.argv[1])))' "$1" 2>/dev/null
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
    if is_running; then
      port=$(cat "$dir/port")
    else
      is_free "$port" || fail "port $port is taken by another program; choose another port."
      echo "$port" >"$dir/port"
      # A session of its own, so that the server and its workers can be stopped together.
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false MLFLOW_DISABLE_TELEMETRY=true DO_NOT_TRACK=true \
        setsid "$DORMOUSE_PYTHON_ENV/bin/mlflow" server --host 127.0.0.1 --port "$port" --workers 1 \
        --backend-store-uri "sqlite:///$dir/mlflow.db" --artifacts-destination "$dir/artifacts" \
        </dev/null >"$dir/server.log" 2>&1 &
      echo $! >"$dir/pid"
    fi
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
    if is_running; then
      echo "running: http://127.0.0.1:$(cat "$dir/port")"
    else
      echo "not running"
    fi
    ;;
  *) fail "unknown action '$action'; use start, stop or status." ;;
esac
