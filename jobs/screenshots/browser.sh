#!/bin/sh
# Prints the path of a Chromium, installing Debian's where there is none and we may: browser.sh
set -eu
find_browser() {
  for name in "${DORMOUSE_BROWSER:-chromium}" chromium-browser google-chrome chrome; do
    command -v "$name" && return
  done
  return 1
}
find_browser && exit
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium; } >&2 || true
  find_browser && exit
fi
echo "browser: no Chromium found, and none could be installed; install one, or name it by DORMOUSE_BROWSER." >&2
exit 4
