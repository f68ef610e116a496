#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# libnftnl-sysrq as a program gets it: built here against what is installed, by pkg-config, with this
# release's libnftnl; the examples run; rules make the round trip through the kernel.
. "$(dirname "$0")/nft-common.inc"
src=/src/libnftnl-ext
flags="-std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror"

# shellcheck disable=SC2046,SC2086 # lists of options
for name in examples/rule-add examples/rule-list tests/round-trip; do
	is "${name#*/} builds by pkg-config" "" \
		gcc $flags -o "${name#*/}" $src/$name.c $(pkg-config --cflags --libs libnftnl-sysrq)
done
./round-trip >trip 2>&1
status=$?
sed -n "s/^ok [0-9]* - /ok N - /p; s/^not ok [0-9]* - /not ok N - /p; /^[^on1]/s/^/# /p" trip |
	awk -v n=$points '/^#/ { print; next } { sub(/N/, ++n); print }'
points=$((points + $(grep -c '^\(not \)\?ok' trip)))
[ $status = 0 ] || bad=$((bad + 1))
is "the round trip carried out its plan" "1..$(grep -c ^ok trip)" tail -n 1 trip
nft flush ruleset

fresh
is "the first example adds a rule" "" ./rule-add filter input
is "and one for a key" "" ./rule-add filter input ops
is "nft shows them" 'counter packets 0 bytes 0 sysrq
counter packets 0 bytes 0 sysrq key "ops"' rules
fails "a bad name: what is wrong" "Invalid argument" ./rule-add filter input "a b"
fails "no such chain" "kernel: No such file or directory" ./rule-add filter nope
nft add rule inet filter input sysrq silent counter sysrq key z drop
nft add table ip other
nft add chain ip other c
nft add rule ip other c ip saddr 10.0.0.1 tcp dport 22 accept
nft 'insert rule ip other c ip saddr { 10.0.0.1, 10.0.0.2 } udp dport 9 sysrq drop'
handles=$(nft -a list chain inet filter input | sed -n 's/.*sysrq.* handle //p')
# shellcheck disable=SC2086 # three numbers
set -- $handles
other=$(nft -a list chain ip other c | sed -n 's/.*sysrq.* handle //p')
is "the second example lists each expression, of each rule, of all families" \
	"filter input $1 1 sysrq
filter input $2 1 sysrq key \"ops\"
filter input $3 0 sysrq silent
filter input $3 2 sysrq key \"z\"
other c $other 6 sysrq" sh -c "./rule-list | sort"
end
