#!/bin/sh
# Sourced by dracut's cmdline stage: root=nbroot:image is a root that the program nbrootroot brings.
case "$root" in
    nbroot:*)
        # shellcheck disable=SC2034  # dracut's
        netroot="$root"
        # shellcheck disable=SC2034
        rootok=1
        # shellcheck disable=SC2016  # expanded when it is run
        echo '[ -e "$NEWROOT/proc" ]' >"$hookdir/initqueue/finished/nbroot-image.sh"
        ;;
esac
