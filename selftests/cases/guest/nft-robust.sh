#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Ways in which programs come to libnftables, and libraries that are built in another way: it works, or it is switched off
# and says so.
. "$(dirname "$0")/nft-common.inc"
fresh
plugin=$(sed -n 's/^plugin=//p' "$(command -v nft)")
libnftnl=$(ldconfig -p | sed -n 's/.*libnftnl.so.11 .*=> //p' | head -n 1)

# As if linked with -Bsymbolic: what it calls of its own it finds in itself first.
cat >symbolic.py <<'END'
import struct, sys
data = bytearray(open(sys.argv[1], "rb").read())
assert data[:5] == b"\x7fELF\x02"
phoff, = struct.unpack_from("<Q", data, 32)
size, count = struct.unpack_from("<HH", data, 54)
for i in range(count):
    kind, _, at, _, _, length = struct.unpack_from("<IIQQQQ", data, phoff + i * size)
    if kind != 2:
        continue
    tags = [(o,) + struct.unpack_from("<QQ", data, o) for o in range(at, at + length, 16)]
    # DF_SYMBOLIC in DT_FLAGS, or DT_SYMBOLIC where the table ends, if more than one entry ends it.
    flags = [t for t in tags if t[1] == 30]
    end = next(n for n, t in enumerate(tags) if t[1] == 0)
    if flags:
        struct.pack_into("<QQ", data, flags[0][0], 30, flags[0][2] | 2)
    else:
        assert tags[end + 1][1] == 0
        struct.pack_into("<QQ", data, tags[end][0], 16, 0)
open(sys.argv[2], "wb").write(data)
END
mkdir lib
is "a libnftnl that is bound to itself" "" python3 symbolic.py "$libnftnl" lib/libnftnl.so.11
is "is made" 1 sh -c 'readelf -d lib/libnftnl.so.11 | grep -c SYMBOLIC'
is "works: add" "" env LD_LIBRARY_PATH=lib nft add rule inet filter input sysrq key sym drop
is "works: list" 'sysrq key "sym" drop' sh -c 'LD_LIBRARY_PATH=lib nft list chain inet filter input | sed -n "s/^\t\tsysrq/sysrq/p"'

cat >use.py <<'END'
import ctypes, sys
for name in sys.argv[2:]:
    lib = ctypes.CDLL(name)
lib.nft_ctx_new.restype = ctypes.c_void_p
ctx = ctypes.c_void_p(lib.nft_ctx_new(0))
print(lib.nft_run_cmd_from_filename(ctx, sys.argv[1].encode()), flush=True)
END
cat >inner.nft <<'END'
add rule inet filter input sysrq key inner drop
END
echo 'include "./inner.nft"' >outer.nft
printf 'add table inet filter\nadd rule inet filter input sysrq key drop\n' >wrong.nft
is "opened in place of libnftables: files and their includes" 0 python3 use.py outer.nft "$plugin"
is "are done" 'sysrq key "sym" drop
sysrq key "inner" drop' rules
fails "and errors in them" "wrong.nft:2:38-41: Error: sysrq key: a name is missing, or is a keyword and must stand in quotes
add rule inet filter input sysrq key drop
                                     ^^^^" sh -c 'python3 use.py wrong.nft "$0" | sed /^-1/d; exit 1' "$plugin"
echo 'list chain inet filter input' >list.nft
is "libnftables opened past the preloaded plugin: says so" \
	"nft-sysrq: this program calls libnftables past it, and a rule with sysrq is left out or refused; let it open $plugin in place of libnftables.so.1" \
	sh -c 'LD_PRELOAD=$0 python3 use.py list.nft libnftables.so.1 2>&1 | grep ^nft-sysrq' "$plugin"
mkdir other
cp "$(ldconfig -p | sed -n 's/.*libnftables.so.1 .*=> //p' | head -n 1)" other/libnftables.so.1
is "another libnftables than the plugin's: says so" \
	"nft-sysrq: this program calls libnftables past it, and a rule with sysrq is left out or refused; let it open $plugin in place of libnftables.so.1" \
	sh -c 'LD_PRELOAD=$0 python3 use.py list.nft "$PWD/other/libnftables.so.1" 2>&1 | grep ^nft-sysrq' "$plugin"
is "an nft with another libnftables, beside which the plugin lies: works" 'sysrq key "sym" drop
sysrq key "inner" drop' sh -c 'LD_LIBRARY_PATH=$PWD/other nft list chain inet filter input | sed -n "s/^\t\tsysrq/sysrq/p"'
is "the plugin opened behind libnftables: off, and says so" \
	"nft-sysrq: switched off, this nft does not let it in at nftnl_expr_build_payload; rules with sysrq cannot be read or written" \
	sh -c 'python3 use.py list.nft libnftables.so.1 "$0" 2>&1 | grep ^nft-sysrq' "$plugin"
is "a program that is no nft" "yes" env LD_PRELOAD="$plugin" sh -c 'echo yes'
# shellcheck disable=SC2016 # for the shell within
is "a static binary" "static yes" sh -c 'file=/sbin/ldconfig; readelf -d $file | grep -q NEEDED || printf "static "
	LD_PRELOAD=$0 $file -p >/dev/null && echo yes' "$plugin"

printf 'add rule inet filter input sysrq key i drop\nadd rule inet filter input sysrq key drop\nlist chain inet filter input\nquit\n' >typed
is "interactive" 'Error: sysrq key: a name is missing, or is a keyword and must stand in quotes
add rule inet filter input sysrq key drop
                                     ^^^^
		sysrq key "sym" drop
		sysrq key "inner" drop
		sysrq key "i" drop' sh -c 'nft -i <typed 2>&1 | grep "sysrq key\|\^"'
for debug in scanner parser; do
	is "debugging of the $debug: said what it shows" 1 \
		sh -c 'nft -c --debug=$0 add rule inet filter input sysrq 2>&1 | grep -c "^nft-sysrq: --debug"' $debug
done
is "other debugging shows no carrier" "" none 'sysrq:[-_A-Za-z0-9]\|\<log\>' \
	nft -c --debug=eval,netlink,mnl,segtree,proto-ctx add rule inet filter input sysrq key dbg drop
end
