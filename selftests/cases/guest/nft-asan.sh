#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Other cases of this folder once more, with the distribution's nft and the plugin under ASan: no bad access, and
# nothing that the plugin took is left behind. What libnftables leaves behind is its own.
cases=$(dirname "$(readlink -f "$0")")
. "$cases/nft-common.inc"

# What it shows does not differ from release to release, and it takes its time.
if [ "${VM_GUEST:-bookworm}" != bookworm ]; then
	echo "ok 1 - only on Debian 12 # SKIP"
	echo "1..1"
	exit
fi
plugin=/usr/lib/nft-sysrq-tests/nft-sysrq-asan.so
asan=$(ldd $plugin | sed -n 's/.*libasan.* => \([^ ]*\) .*/\1/p')
# In PATH before the wrapper. ASan and a kernel's random addresses may not agree.
cat >nft <<END
#!/bin/sh
plugin=$plugin
exec setarch -R env LD_PRELOAD=$asan:$plugin:\$WITH ASAN_OPTIONS=log_path=$dir/asan:exitcode=0:symbolize=0 /usr/sbin/nft "\$@"
END
chmod +x nft

# left LIBRARY: how often something is left behind that it took
left() { cat asan.* 2>/dev/null | grep -c "^ *#1 .*$1" || :; }

printf '#include <stdlib.h>\nvoid *p;\n__attribute__((constructor)) void take(void)\n{\n\tp = malloc(7);\n\tp = NULL;\n}\n' |
	gcc -O0 -g -fPIC -fno-omit-frame-pointer -shared -x c -o leaky.so -
is "what leaves something behind is seen" 1 \
	sh -c 'WITH=$PWD/leaky.so ./nft --version >/dev/null; cat asan.* | grep -c "^ *#1 .*leaky.so"'
rm -f asan.*

# Under emulation each takes minutes; lib/check-guest asks for few.
more='files optimize'
[ -z "${CHECK_FEW:-}" ] || more=
for name in rules errors $more; do
	PATH=$dir:$PATH "$cases/nft-$name.sh" >case 2>&1
	status=$?
	is "nft-$name.sh under ASan: $(grep -c '^ok' case) points" "1..$(grep -c '^ok' case)" \
		sh -c "grep -A 20 '^not ok' case; tail -n 1 case; exit $status"
done
is "no bad access" "" sh -c 'cat asan.* 2>/dev/null | grep -A 12 "ERROR: AddressSanitizer" | head -n 40'
is "nothing is left behind" 0 left nft-sysrq-asan.so
end
