#!/bin/sh
# Makes a Python environment from a pinned requirements file, once: python-env.sh DIR REQUIREMENTS
set -eu
dir=$1
requirements=$2

fail() {
  echo "python-env: $*" >&2
  exit 4
}

wanted=$(cksum <"$requirements")
[ "$(cat "$dir/.requirements" 2>/dev/null || true)" != "$wanted" ] || exit 0

python=
for candidate in python3.11 python3.12 python3.13 python3; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || fail "no Python 3.11 or later found; install one."

echo "Making the Python environment $dir ..." >&2
rm -f "$dir/.requirements" # Not done until all of it is.
rm -rf "$dir"
mkdir -p "$(dirname "$dir")"
"$python" -m venv "$dir" || fail "$python cannot make virtual environments; install its venv module (Debian: python3-venv)."
# uv installs many times faster; plain pip does as well.
if "$dir/bin/python3" -m pip install -q --disable-pip-version-check uv==0.13.9; then
  "$dir/bin/uv" pip install -q --python "$dir/bin/python3" -r "$requirements" ||
    fail "the packages of $requirements could not be installed; see above."
else
  "$dir/bin/python3" -m pip install -q --disable-pip-version-check -r "$requirements" ||
    fail "the packages of $requirements could not be installed; see above."
fi
printf '%s' "$wanted" >"$dir/.requirements"
