# Runs in the root: no package may start a service, neither through invoke-rc.d nor by itself.
set -eu
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 0755 /usr/sbin/policy-rc.d
daemon=$(dpkg -L dpkg | grep '/start-stop-daemon$' | head -n 1)
dpkg-divert --quiet --local --rename --divert "$daemon.REAL" --add "$daemon"
printf '#!/bin/sh\necho "start-stop-daemon: not while the root is being built" >&2\nexit 0\n' >"$daemon"
chmod 0755 "$daemon"
