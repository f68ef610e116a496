# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# TAP for cases on this machine. They start in the tree's top folder.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
tap_count=0
tap_bad=0

# result STATUS TEXT [OUTPUT]: OUTPUT is shown if STATUS is not 0
result() {
	tap_count=$((tap_count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tap_count - $2"
	else
		echo "not ok $tap_count - $2"
		[ -z "${3:-}" ] || sed 's/^/# /' <<<"$3"
		tap_bad=1
	fi
}

done_testing() {
	echo "1..$tap_count"
	exit $tap_bad
}
