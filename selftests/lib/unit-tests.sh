# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Userspace built and unit-tested, a result for each test. Comes after tap.sh; builds lie in $tmp.

# build NAME CC MESON-OPTION...: into $tmp/NAME
build() {
	local name=$1 cc=$2
	shift 2
	CC=$cc meson setup "$tmp/$name" "$@" >"$tmp/$name.log" 2>&1 &&
		ninja -C "$tmp/$name" >>"$tmp/$name.log" 2>&1
	result $? "$name: builds without a warning" "$(tail -n 60 "$tmp/$name.log")"

	meson test -C "$tmp/$name" --print-errorlogs --timeout-multiplier 2 >"$tmp/$name.log" 2>&1
	while read -r test status; do
		[ "$status" = OK ]
		result $? "$name: $test"
	done < <(python3 - "$tmp/$name/meson-logs/testlog.json" <<-'END'
		import json, sys
		for line in open(sys.argv[1]):
		    test = json.loads(line)
		    print(test["name"].replace(" ", ""), test["result"])
	END
	)
	grep -q '^Fail: *0' "$tmp/$name.log"
	result $? "$name: no unit test fails" "$(tail -n 60 "$tmp/$name.log")"
}
