#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: test-abi.sh FOLDER LIBRARY COMPILER...
# What programs were built against holds: recorded prototypes, names, version and soname. FOLDER is
# libnftnl-ext, LIBRARY what was built.
#
# The record is C, for the compiler knows best when two prototypes are the same, and says which is not.
set -u
folder=$1 library=$2
shift 2
points=0 bad=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

ok() { # STATUS TEXT
	points=$((points + 1))
	[ "$1" = 0 ] && echo "ok $points - $2" && return
	bad=1
	echo "not ok $points - $2"
	sed 's/^/# /' "$tmp/out"
}

# compile HEADER-FOLDER RECORD-FOLDER FILE OPTION...
compile() {
	c_header=$1 c_record=$2 c_file=$3
	shift 3
	"$@" -I"$c_header" -I"$c_record" -fsyntax-only -Werror "$c_file" >"$tmp/out" 2>&1
}

header=$folder/include record=$folder/tests
sed -n 's/.*[ *]\(nftnl_sysrq_[a-z_]*\)(.*/\1/p' "$record/abi-0.h" >"$tmp/names"
compile "$header" "$record" "$record/abi.c" "$@" -std=gnu11
ok $? "the header says what was recorded"

# Each line is looked at: with one argument more it must not be taken. The file is the test's own, as
# an include looks beside the including file first.
cp "$record/abi.c" "$tmp/"
while read -r name; do
	sed "/\\b$name(/{s/(void)/(int)/;t;s/);/, int);/}" "$record/abi-0.h" >"$tmp/abi-0.h"
	! cmp -s "$tmp/abi-0.h" "$record/abi-0.h" && ! compile "$header" "$tmp" "$tmp/abi.c" "$@"
	ok $? "another $name would be seen"
done <"$tmp/names"
cp "$record/abi-0.h" "$tmp/"
mkdir -p "$tmp/libnftnl-sysrq"
for change in 's/KEY_MAX	31/KEY_MAX	30/' 's/SILENT	0x1/SILENT	0x2/' 's/UINT32_MAX/UINT16_MAX/' \
	's/(\*nftnl_sysrq_cb)(uint32_t/(*nftnl_sysrq_cb)(uint64_t/'; do
	sed "$change" "$header/libnftnl-sysrq/sysrq.h" >"$tmp/libnftnl-sysrq/sysrq.h"
	! cmp -s "$tmp/libnftnl-sysrq/sysrq.h" "$header/libnftnl-sysrq/sysrq.h" &&
		! compile "$tmp" "$tmp" "$tmp/abi.c" "$@"
	ok $? "as would be $change"
done

# The header alone declares each, for C of any age and for C++, with the names that C has.
{
	echo '#include <libnftnl-sysrq/sysrq.h>'
	echo 'void *names[20];'
	echo 'void take(void);'
	echo 'void take(void) {'
	sed 's/\(.*\)/names[__LINE__ % 20] = (void *)\1;/' "$tmp/names"
	echo '}'
} >"$tmp/all.c"
compile "$header" "$tmp" "$tmp/all.c" "$@" -std=c99 -Wall
ok $? "the header alone declares all of them, in C99"
if echo | clang -x c++ -fsyntax-only - 2>/dev/null; then
	clang -x c++ -Wall -Werror -I"$header" -c -o "$tmp/all.o" "$tmp/all.c" >"$tmp/out" 2>&1 &&
		nm -u "$tmp/all.o" | sed -n 's/.* U //p' | sort >"$tmp/got" &&
		sort "$tmp/names" | diff - "$tmp/got" >"$tmp/out"
	ok $? "and in C++, where they have the same names"
else
	points=$((points + 1))
	echo "ok $points - in C++ # SKIP no clang"
fi

# The manual's synopsis, taken as C.
{
	echo '#include <libnftnl-sysrq/sysrq.h>'
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESC/p' "$folder/libnftnl-sysrq.3" |
		sed -n 's/^\.Ft //p; /^\.Fn nftnl/{s/^\.Fn \([a-z_]*\) /\1(/; s/" "/, /g; s/"//g; s/$/);/; p;}; /^\.Fn (/d' |
		sed '/^typedef/d'
} >"$tmp/manual.c"
compile "$header" "$tmp" "$tmp/manual.c" "$@" -std=gnu11 &&
	sed -n 's/^\(nftnl_sysrq_[a-z_]*\)(.*/\1/p' "$tmp/manual.c" | diff "$tmp/names" - >"$tmp/out"
ok $? "the manual says the same of each"

nm -D --defined-only --with-symbol-versions "$library" | sed -n 's/.* [A-Z] //p' | sort >"$tmp/got"
sed 's/@@.*//' "$tmp/got" | grep -v '^LIBNFTNL' >"$tmp/plain"
sort "$tmp/names" | diff - "$tmp/plain" >"$tmp/out"
ok $? "the library has all of them and nothing else"
grep -v '^LIBNFTNL_SYSRQ_0' "$tmp/got" | grep -v '@@LIBNFTNL_SYSRQ_0$' >"$tmp/out"
[ ! -s "$tmp/out" ]
ok $? "each with its version"
readelf -d "$library" >"$tmp/out" && grep -q 'SONAME.*\[libnftnl-sysrq\.so\.0\]' "$tmp/out"
ok $? "its soname"
echo "1..$points"
exit $bad
