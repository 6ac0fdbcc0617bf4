#!/bin/sh
# The programs of the system that tests use. On Debian and its kin they are installed when they are missing and we
# may, without starting any as a service; elsewhere this names them. Tests that need a missing one fail and say so.
set -eu

missing=""
[ -x /usr/sbin/smtp-sink ] || command -v smtp-sink >/dev/null 2>&1 || missing="$missing postfix"
[ -x /usr/sbin/saslpasswd2 ] || missing="$missing sasl2-bin libsasl2-modules" # logins at a Postfix of the tests' own
[ -x /usr/sbin/dovecot ] || missing="$missing dovecot-imapd" # a mailbox to read over IMAP
[ -x /usr/sbin/opendkim ] || missing="$missing opendkim opendkim-tools" # verifies our signatures
command -v spamassassin >/dev/null 2>&1 || missing="$missing spamassassin" # scores an issue
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v socat >/dev/null 2>&1 || missing="$missing socat" # leads workers of `make soak` to the database
command -v promtool >/dev/null 2>&1 || missing="$missing prometheus" # reads our example alerts
command -v systemd-analyze >/dev/null 2>&1 || missing="$missing systemd" # reads our example units
command -v chromium >/dev/null 2>&1 || missing="$missing chromium fonts-liberation"
command -v npm >/dev/null 2>&1 || missing="$missing nodejs npm"
command -v javac >/dev/null 2>&1 || missing="$missing default-jdk-headless" # veraPDF, which checks our PDFs
command -v mvn >/dev/null 2>&1 || missing="$missing maven"
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
    ours="$policy"
fi
# And this one, whether PostgreSQL is to begin with a database of the system's own: the tests make theirs.
clusters=/etc/postgresql-common/createcluster.conf
if [ ! -e "$clusters" ]; then
    mkdir -p "${clusters%/*}"
    echo "create_main_cluster = false" >"$clusters"
    ours="${ours:-} $clusters"
fi
# shellcheck disable=SC2064,SC2086 -- as they are now; a list of names
trap "rm -f ${ours:-}" EXIT
echo "Installing$missing from Debian's packages (once) …"
export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1
apt-get update -qq
# shellcheck disable=SC2086 -- a list of names
apt-get install -y -qq --no-install-recommends $missing >/dev/null
