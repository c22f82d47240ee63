#!/bin/sh
# The whole way of a language model's ideas with a real, small model: './dormouse test small-model' (about ten minutes).
set -eu
home=$(cd "$(dirname "$0")/../../.." && pwd -P)
state=${DORMOUSE_STATE:-$home/.dormouse}/small-model
here=$home/jobs/examples

"$here/python-env.sh" "$state/python" "$here/requirements.txt"
"$here/python-env.sh" "$state/model-python" "$here/small-model/requirements.txt"
export DORMOUSE_PYTHON_ENV="$state/python"

stop() {
  [ -z "${model:-}" ] || kill "$model" 2>/dev/null || true
  [ ! -d "$state/run/mlflow" ] || "$here/mlflow-server.sh" stop "$state/run/mlflow" || true
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
stop # What an earlier check left, if it was killed.
rm -rf "$state/run"
mkdir -p "$state/run"

free_port() {
  "$state/python/bin/python3" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

port=$(free_port)
"$state/model-python/bin/python3" "$here/small-model/serve.py" "$port" "$state/weights" >"$state/run/model.log" 2>&1 &
model=$!
mlflow=$("$here/mlflow-server.sh" start "$state/run/mlflow" "$(free_port)")
"$state/python/bin/python3" "$here/small-model/check.py" "$home" "$state/run" "http://127.0.0.1:$port" "$mlflow"
