#!/bin/sh
# Trains in a pod of Kubernetes and waits for its end: train-in-pod.sh IMAGE CLAIM MOUNT CONFIG_FILE COMMAND
# CLAIM is the persistent volume claim with the run directories and the code, mounted at MOUNT: the same path as here.
# The exit code is the training's. A killed kubectl cannot end its pod, so the pod looks for the word itself.
set -eu
image=$1 claim=$2 mount=$3 config=$4 command=$5
run=$(dirname "$config")
name=dormouse-$(printf '%s' "$run" | cksum | cut -d ' ' -f 1)
inside='sh -c "$1" & trainer=$!
while kill -0 "$trainer" 2>/dev/null; do
  if [ -e "$0/stopped" ] || [ -e "$0/timed-out" ]; then kill -s KILL "$trainer"; fi
  sleep 5
done
wait "$trainer"'

json() { # A text as a JSON string.
  printf '"%s"' "$(printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g' | awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }')"
}

exec kubectl run "$name" --image "$image" --restart Never --attach --rm --quiet --overrides "{
  \"spec\": {
    \"volumes\": [{\"name\": \"shared\", \"persistentVolumeClaim\": {\"claimName\": $(json "$claim")}}],
    \"containers\": [{
      \"name\": \"$name\", \"image\": $(json "$image"), \"workingDir\": $(json "$PWD"),
      \"command\": [\"sh\", \"-c\", $(json "$inside"), $(json "$run"), $(json "$command")],
      \"volumeMounts\": [{\"name\": \"shared\", \"mountPath\": $(json "$mount")}]
    }]
  }
}"
