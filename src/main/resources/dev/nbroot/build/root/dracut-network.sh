#!/bin/sh
# Sourced by dracut's cmdline stage, before networkd starts: what ip= says shall hold for the interface only that the
# machine was booted from (BOOTIF=01-aa-bb-cc-dd-ee-ff). An address on another one would be taken for the way to the
# server. The files have names that sort behind the running system's own, which decides once it has started.
command -v getarg >/dev/null || . /lib/dracut-lib.sh

nbroot_network() {
    bootif=$(getarg BOOTIF=) || return 0
    case "$bootif" in
        01-??-??-??-??-??-??) ;;
        *) return 0 ;;
    esac
    address=$(echo "${bootif#01-}" | sed 's/-/:/g')
    systemctl start systemd-network-generator.service
    for file in /run/systemd/network/*.network; do
        if [ -f "$file" ]; then
            sed -i "/^\[Match\]/a MACAddress=$address" "$file"
        fi
    done
}

nbroot_network
