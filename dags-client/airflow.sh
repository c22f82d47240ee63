#!/bin/sh
# A small Airflow on loopback with our DAGs, for trying out and for tests: airflow.sh up DIR PORT | down DIR | status DIR
# DIR holds its database, logs, passwords and process ids. 'up' needs DORMOUSE_AIRFLOW_ENV, the environment with Airflow.
# Components of their own instead of 'airflow standalone', which listens on all interfaces and leaves processes behind.
set -eu
action=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd -P)
here=$(cd "$(dirname "$0")" && pwd -P)

fail() {
  echo "airflow: $*" >&2
  exit 4
}

is_alive() { # The recorded process of a component lives and is Airflow: ids are used again.
  [ -f "$dir/$1.pid" ] && kill -0 "$(cat "$dir/$1.pid")" 2>/dev/null || return 1
  [ ! -d /proc/self ] || grep -aq airflow "/proc/$(cat "$dir/$1.pid")/cmdline" 2>/dev/null
}

secret() { # A random text, made once.
  [ -f "$dir/$1" ] || (umask 077 && od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$dir/$1")
  cat "$dir/$1"
}

settings() { # What all components are told.
  port=$1
  export AIRFLOW_HOME="$dir/home" AIRFLOW__CORE__DAGS_FOLDER="${DORMOUSE_DAGS:-$here/dags}" AIRFLOW__CORE__LOAD_EXAMPLES=False
  export AIRFLOW__CORE__EXECUTOR=LocalExecutor AIRFLOW__CORE__PARALLELISM=8
  export AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS=admin:admin,dormouse:user
  export AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE="$dir/passwords.json"
  export AIRFLOW__CORE__EXECUTION_API_SERVER_URL="http://127.0.0.1:$port/execution/"
  AIRFLOW__API__SECRET_KEY=$(secret api-secret)
  AIRFLOW__API_AUTH__JWT_SECRET=$(secret jwt-secret)
  export AIRFLOW__API__SECRET_KEY AIRFLOW__API_AUTH__JWT_SECRET
  export AIRFLOW__API__BASE_URL="http://127.0.0.1:$port"
  export AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL=10 AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL=10
  export AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION=False AIRFLOW__USAGE_DATA_COLLECTION__ENABLED=False
  export PATH="$DORMOUSE_AIRFLOW_ENV/bin:$PATH" no_proxy='*'
  AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=$("$DORMOUSE_AIRFLOW_ENV/bin/python3" "$here/postgres.py" start "$dir/postgres")
  export AIRFLOW__DATABASE__SQL_ALCHEMY_CONN
}

component() { # Starts a component in a session of its own, so that it can be stopped whole.
  name=$1
  shift
  is_alive "$name" && return
  setsid "$DORMOUSE_AIRFLOW_ENV/bin/airflow" "$name" "$@" </dev/null >>"$dir/$name.log" 2>&1 &
  echo $! >"$dir/$name.pid"
  echo $! >>"$dir/groups"
}

stop() {
  is_alive "$1" || return 0
  pid=$(cat "$dir/$1.pid")
  kill -TERM "-$pid" 2>/dev/null || kill -TERM "$pid"
  waited=0
  while kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 15 ]; do
    sleep 1
    waited=$((waited + 1))
  done
  kill -KILL "-$pid" 2>/dev/null || true
  rm -f "$dir/$1.pid"
}

is_free() { # Nothing listens at this port.
  "$DORMOUSE_AIRFLOW_ENV/bin/python3" -c '
import socket, sys
with socket.socket() as server:
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", int(sys.argv[1])))' "$1" 2>/dev/null
}

end_left_behind() { # Ends what a component left behind that was killed: processes of Airflow in the groups that were started here.
  [ -f "$dir/groups" ] || return 0
  "$DORMOUSE_AIRFLOW_ENV/bin/python3" - "$dir/groups" <<'PY'
import os, pathlib, signal, sys

groups = set(pathlib.Path(sys.argv[1]).read_text().split())
for process in pathlib.Path("/proc").glob("[0-9]*"):
    try:
        if str(os.getpgid(int(process.name))) in groups and b"airflow" in (process / "cmdline").read_bytes():
            os.kill(int(process.name), signal.SIGKILL)
    except OSError:
        pass  # It ended meanwhile.
PY
  rm -f "$dir/groups"
}

is_healthy() { # All components are, by what the API server says.
  "$DORMOUSE_AIRFLOW_ENV/bin/python3" - "$1" <<'PY' 2>/dev/null
import json, sys, urllib.request

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
health = json.load(opener.open(f"http://127.0.0.1:{sys.argv[1]}/api/v2/monitor/health", timeout=20))
sys.exit(any(health[part]["status"] != "healthy" for part in ("metadatabase", "scheduler", "dag_processor")))
PY
}

case $action in
  up)
    port=$3
    : "${DORMOUSE_AIRFLOW_ENV:?names the Python environment with Airflow}"
    [ -f "$dir/passwords.json" ] ||
      (umask 077 && printf '{"admin": "%s", "dormouse": "%s"}\n' "$(secret admin-password)" "$(secret dormouse-password)" >"$dir/passwords.json")
    is_alive api-server || is_free "$port" || fail "port $port is taken by another program; choose another port."
    settings "$port"
    echo "$port" >"$dir/port"
    "$DORMOUSE_AIRFLOW_ENV/bin/airflow" db migrate </dev/null >>"$dir/migrate.log" 2>&1 || fail "its database cannot be made; see $dir/migrate.log"
    component api-server --host 127.0.0.1 --port "$port" --workers 1
    component scheduler --skip-serve-logs
    component dag-processor
    began=$(date +%s)
    until is_healthy "$port"; do
      for name in api-server scheduler dag-processor; do
        is_alive "$name" || fail "its $name ended at once; see $dir/$name.log"
      done
      # Most machines need half a minute; one that is busy with other work may need many.
      [ "$(($(date +%s) - began))" -lt 600 ] || fail "it did not become healthy within 10 minutes; see the logs in $dir"
      sleep 1
    done
    echo "http://127.0.0.1:$port"
    ;;
  down)
    : "${DORMOUSE_AIRFLOW_ENV:?names the Python environment with Airflow}"
    for name in dag-processor scheduler api-server; do stop "$name"; done
    end_left_behind
    [ ! -d "$dir/postgres" ] || "$DORMOUSE_AIRFLOW_ENV/bin/python3" "$here/postgres.py" stop "$dir/postgres"
    ;;
  status)
    for name in api-server scheduler dag-processor; do
      if is_alive "$name"; then echo "$name runs"; else echo "$name does not run"; fi
    done
    ;;
  *) fail "unknown action '$action'; use up, down or status." ;;
esac
