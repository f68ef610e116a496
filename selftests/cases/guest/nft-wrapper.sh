#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The wrapper finds the real nft, and never itself, however it is called and whatever PATH says.
. "$(dirname "$0")/nft-common.inc"
wrapper=/usr/local/sbin/nft real=/usr/sbin/nft
fresh
say="list chain inet filter input"
$wrapper add rule inet filter input sysrq key ops
want=$($wrapper $say)

# with WHAT COMMAND...: it lists the rule, as only the real nft with the plugin can
with() {
	what=$1
	shift
	is "$what" "$want" timeout 20 "$@"
}

is "plain nft does not show the rule: these tests can tell" "" sh -c "! $real $say | grep sysrq"
with "by name" nft $say
with "by its path" $wrapper $say
with "sudo's secure_path" env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin nft $say
with "a user's PATH, without any sbin" env PATH=/usr/local/bin:/usr/bin:/bin $wrapper $say
with "PATH empty" env PATH= $wrapper $say
with "no PATH" env -i $wrapper $say
with "PATH of rubbish" env PATH=::/nowhere:/etc/passwd:'/a b*?':/proc/self/fd:. $wrapper $say
with "its folder last" env PATH=/usr/sbin:/usr/bin:/bin:/usr/local/sbin $wrapper $say
with "its folder twice" env PATH=/usr/local/sbin:/usr/local/sbin:/bin:/usr/bin nft $say
with "its folder by other names" env PATH=/usr/local/../local/sbin:/usr/local/sbin/:/bin:/usr/bin nft $say

mkdir links copies more real empty
ln -s $wrapper links/nft
cp $wrapper copies/nft
ln copies/nft more/nft
touch empty/nft
with "a link to it" links/nft $say
with "by the link, along PATH" env PATH="$PWD/links:$PATH" nft $say
with "copies of it, each in PATH twice" \
	env PATH="$PWD/copies:$PWD/more:/usr/local/sbin:$PWD/copies:$PWD/more:/usr/bin:/bin" nft $say
with "a copy that is not in PATH, with others that are" env PATH="$PWD/links:/usr/bin:/bin" copies/nft $say
with "by a shell" sh $wrapper $say
# shellcheck disable=SC2016 # for the shell within
with "relative, from its folder" sh -c 'cd /usr/local/sbin && PATH=.:/usr/bin:/bin && shift && ./nft "$@"' sh x $say
with "a file nft that is no program, and a folder nft, in the way" \
	env PATH="$PWD/empty:/usr/local/sbin:$PWD/empty:/usr/sbin:/usr/bin:/bin" $wrapper $say
with "when it was called by itself" env LD_PRELOAD="$(sed -n 's/^plugin=//p' $wrapper)" $wrapper $say
# Another one in PATH behind it is meant.
printf '#!/bin/sh\necho "other $*"\n' >real/nft
chmod +x real/nft
is "another nft behind it in PATH is taken" "other $say" env PATH="/usr/local/sbin:$PWD/real:/usr/bin:/bin" nft $say
is "arguments come through as they are" "other a b  c * " env PATH="/usr/local/sbin:$PWD/real:/usr/bin:/bin" nft "a b " "c *" ""

mkdir static
cp /sbin/ldconfig static/nft
is "a static nft: said, and called all the same" "nft-sysrq: $PWD/static/nft is static, and lets nothing in; rules with sysrq cannot be read or written
$(/sbin/ldconfig --version | head -n 1)" \
	sh -c 'PATH=/usr/local/sbin:$PWD/static:/usr/bin:/bin nft --version 2>&1 | head -n 2'

# In place of the distribution's, which dpkg-divert has renamed: also who calls that by path is served.
is "diverted" "" dpkg-divert --local --quiet --rename --divert $real.distrib --add $real
cp $wrapper $real
with "diverted: by path" $real $say
with "diverted: by name" env PATH=/usr/sbin:/usr/bin:/sbin:/bin nft $say
with "diverted: by the other wrapper" $wrapper $say
printf '#!/usr/sbin/nft -f\nlist chain inet filter input\n' >script
chmod +x script
with "diverted: a script that begins with #!/usr/sbin/nft -f" ./script
rm $real
is "and back" "" dpkg-divert --local --quiet --rename --remove $real
with "not any more: by name" nft $say
printf '#!%s -f\nlist chain inet filter input\n' $wrapper >script
with "a script that begins with the wrapper" ./script
mv $real away
is "no other nft" "nft-sysrq: there is no other nft along PATH, nor in /usr/sbin
127" sh -c "nft $say; echo \$?"
mv away $real
end
