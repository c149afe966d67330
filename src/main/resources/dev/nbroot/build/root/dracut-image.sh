#!/bin/sh
# netroot runs this when there is a network, for netroot=nbroot:...; $3 is where the root goes.
command -v die >/dev/null || . /lib/dracut-lib.sh

give_up() {
    die "$1"
}

@IMAGE@
nbroot_image "$3"
