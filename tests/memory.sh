#!/bin/sh
# Says where tests keep their files, if this machine has memory to spare for it: there a commit takes no time, while a
# disk confirms each one after milliseconds. Says nothing where there is little room, or where no program may run.
set -eu
folder=/dev/shm
free=$(df -Pk "$folder" 2>/dev/null | awk 'NR == 2 { print $4 }')
[ "${free:-0}" -gt 4000000 ] || exit 0
program="$folder/bulletin-tests-$$"
trap 'rm -f "$program"' EXIT
{ printf '#!/bin/sh\n' >"$program"; } 2>/dev/null || exit 0
chmod +x "$program"
"$program" 2>/dev/null && echo "$folder"
