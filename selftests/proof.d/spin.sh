#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: spin.sh [--self-check]
# All that can happen in the model; and, with a rule taken away, how a request runs twice then.
set -euo pipefail

model=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/spin/once.pml
restart='-DEND=6 -DRESETS=0 -DSTEPS=0'
anew='-DEND=6 -DRESTARTS=0 -DSTEPS=0'
long='-DEND=9 -DRESTARTS=0 -DRESETS=0'

# what is looked at: with which macros
all="the host restarts: $restart
its key is set anew: $anew
time for the window to forget, and a clock that is set: $long"
# what is taken away (or not as it should be): likewise; each must end in a trail
without="other hosts' epochs and boots are refused: $restart -DNO_EPOCH
other hosts' tags are refused: $restart -DNO_TAG
a nonce is known: $restart -DNO_WINDOW
for so long, or else marks: $restart -DNO_LIFE -DNO_MARK
marks: $long -DNO_MARK
the floor: $restart -DNO_FLOOR
marks outlive a key: $anew -DNO_RECALL
the sender looks how long the host has been up: $restart -DNO_UPTIME
both modes only with a clock that does not lead: $long -DAHEAD=5 -DNO_MIX
a wall clock that leads by a tolerance, and a restart that takes no time: $restart -DAHEAD=2"

case ${1:-} in
'') work_on=$all expected='errors: 0$' ;;
--self-check) work_on=$without expected='assertion violated' ;;
*) echo "usage: spin.sh [--self-check]" >&2 && exit 2 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
status=0
while IFS= read -r line; do
	read -ra flags <<<"${line##*: }"
	rm -f ./*.trail
	if ! { spin -a "${flags[@]}" "$model" && gcc -O1 -w -DSAFETY -DCOLLAPSE -DNOREDUCE -o pan pan.c; } >log 2>&1; then
		cat log
		exit 1
	fi
	./pan -m100000 -w20 >log 2>&1 || true
	states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' log)
	if grep -q "$expected" log && ! grep -q 'search depth too small\|out of memory' log; then
		echo "ok: ${line%: *}: $([ "$work_on" = "$all" ] && echo nothing runs twice || echo 'runs twice') ($states states)"
	else
		cat log
		echo "not ok: ${line%: *}"
		status=1
	fi
done <<<"$work_on"
exit "$status"
