#!/bin/sh
# The programs of the system that tests use. On Debian and its kin they are installed when they are missing and we
# may, without starting any as a service; elsewhere this names them. Tests that need a missing one fail and say so.
set -eu

missing=""
[ -x /usr/sbin/smtp-sink ] || command -v smtp-sink >/dev/null 2>&1 || missing="$missing postfix"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium fonts-liberation"
command -v npm >/dev/null 2>&1 || missing="$missing nodejs npm"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" -ne 0 ]; then
    echo "Some tests need programs that are not here:$missing. They will fail." >&2
    echo "On Debian or Ubuntu type: sudo apt-get install --no-install-recommends$missing" >&2
    exit 0
fi

# Debian asks this file whether a freshly installed service may start: none may.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
echo "Installing$missing from Debian's packages (once) …"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 -- a list of names
apt-get install -y -qq --no-install-recommends $missing >/dev/null
