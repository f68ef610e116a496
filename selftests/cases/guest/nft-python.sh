#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Python's nftables module, given the plugin in place of libnftables; and from several threads.
. "$(dirname "$0")/nft-common.inc"
fresh
plugin=$(sed -n 's/^plugin=//p' "$(command -v nft)")

cat >one.py <<'END'
import json, nftables, sys
nft = nftables.Nftables(sofile=sys.argv[1])
print(nft.cmd("add rule inet filter input udp dport 9 sysrq key ops"))
print(nft.cmd("add rule inet filter input sysrq key drop"))
print(nft.json_cmd({"nftables": [{"add": {"rule": {"family": "inet", "table": "filter",
      "chain": "input", "expr": [{"sysrq": {"silent": True}}]}}}]}))
nft.set_json_output(True)
rc, out, err = nft.cmd("list chain inet filter input")
for o in json.loads(out)["nftables"]:
    if "rule" in o:
        print(o["rule"]["expr"][-1])
END
is "commands and JSON" "(0, '', '')
(-1, '', 'Error: sysrq key: a name is missing, or is a keyword and must stand in quotes\\nadd rule inet filter input sysrq key drop\\n                                     ^^^^\\n')
(0, '', '')
{'sysrq': {'key': 'ops'}}
{'sysrq': {'silent': True}}" python3 one.py "$plugin"

cat >threads.py <<'END'
import nftables, sys, threading
plugin, bad = sys.argv[1], []
def work(n):
    nft = nftables.Nftables(sofile=plugin)
    for i in range(5):
        rc, out, err = nft.cmd(f"list chain inet filter input; add rule inet nope{n} c sysrq key k{n}")
        if rc == 0 or f"nope{n} c sysrq key k{n}" not in err:
            bad.append((n, rc, err))
        rc, out, err = nft.cmd("list chain inet filter input")
        if rc or 'sysrq key "ops"' not in out or "log" in out:
            bad.append((n, rc, out))
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(bad)
END
is "four threads, each with a context" "[]" python3 threads.py "$plugin"
end
