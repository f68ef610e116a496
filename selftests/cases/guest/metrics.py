#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""show --prometheus, read by Prometheus' own client library, says what show --json says."""
import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, "/src/selftests/lib")
import srq  # noqa: E402
from host import STATS, Host, at_rest, done, ok, same, write  # noqa: E402
from prometheus_client.parser import text_string_to_metric_families  # noqa: E402

PREFIX = "nft_sysrq_"


def tool(*words):
    return subprocess.run(("sysrqctl",) + words, stdout=subprocess.PIPE, text=True,
                          check=True).stdout


def parse(text):
    """{name: {labels: value}}, {name: type}"""
    values, types = {}, {}
    for family in text_string_to_metric_families(text):
        types[family.name] = family.type
        for sample in family.samples:
            labels = tuple(sorted(sample.labels.items()))
            assert labels not in values.get(sample.name, {}), sample
            values.setdefault(sample.name, {})[labels] = sample.value
    return values, types


def labels(**kwargs):
    return tuple(sorted(kwargs.items()))


def compare(values, state):
    """What --json told just before."""
    get = values.get
    same(get(PREFIX + "module_info"),
         {labels(version=state["version"], protocol=str(state["protocol"])): 1}, "module")
    for name, want in (("kernel_sysrq", state["mask"]), ("rules", state["rules"]),
                       ("keys", len(state["keys"])), ("pending", state["pending"] is not None),
                       ("steps_total", state["counters"]["steps"])):
        same(get(PREFIX + name), {(): want}, name)
    packets = {dict(key)["verdict"]: n for key, n in get(PREFIX + "packets_total").items()}
    same(set(packets), set(STATS[:-3]), "each verdict")
    same(at_rest(packets), at_rest({name: state["counters"][name] for name in packets}),
         "packets by verdict")
    same(get(PREFIX + "replies_total"),
         {labels(result="sent"): state["counters"]["reply-sent"],
          labels(result="failed"): state["counters"]["reply-failed"]}, "replies")
    now = state["wall_ms"] // 1000
    for key in state["keys"]:
        who = {"key": key["name"], "id": key["id"]}
        same((get(PREFIX + "key_requests_total")[labels(result="accepted", **who)],
              get(PREFIX + "key_requests_total")[labels(result="refused", **who)]),
             (key["accepted"], key["refused"]), f"requests of {key['name']}")
        same((get(PREFIX + "key_window_entries")[labels(**who)],
              get(PREFIX + "key_window_used")[labels(**who)]),
             (key["window"], key["window_used"]), f"window of {key['name']}")
        same(get(PREFIX + "key_expiry_timestamp_seconds", {}).get(labels(**who)),
             key["expires_s"], f"expiry of {key['name']}")
        used = get(PREFIX + "key_last_use_timestamp_seconds", {}).get(labels(**who))
        if key["last_use_s"] is None:
            same(used, None, f"last use of {key['name']}: none")
        else:
            ok(abs(used - (now - key["last_use_s"])) <= 2, f"last use of {key['name']}", used)
        was = get(PREFIX + "key_set_timestamp_seconds")[labels(**who)]
        ok(abs(was - (now - key["age_s"])) <= 2, f"age of {key['name']}", was)


write("/proc/sys/kernel/sysrq", 1)
with Host() as host:
    other = host.new_key("other", letters="s", expires=int(time.time()) + 3600, window=128)
    client = host.client()
    client.run("h")
    same(client.run("g").status, 3, "a refused request")
    same(host.client(key=other).run("b").status, 3, "another")
    client.run("+60s h")
    forged = bytearray(client.sent)
    forged[90] ^= 1
    for _ in range(12):
        client.send(bytes(forged))
    same(host.client(key=srq.Key(os.urandom(32)), timeout=0.2).probe(), None, "a stranger")
    state = json.loads(tool("show", "--json"))
    text = tool("show", "--prometheus")
    values, types = parse(text)
    compare(values, state)
    same(state["counters"]["admission"], 12, "what is forged is counted")
    pending = list(values[PREFIX + "pending_fires_timestamp_seconds"].items())
    ok(pending[0][0] == labels(key="ops") and 40 < pending[0][1] - time.time() <= 60,
       "when the pending program fires", pending)
    same({kind for name, kind in types.items() if name + "_total" in values}, {"counter"},
         "what ends in _total is a counter")
    same({kind for name, kind in types.items() if name in values}, {"gauge"}, "the rest are gauges")

    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "sysrq.prom")
    tool("show", "--prometheus", "--output", path)
    with open(path, encoding="utf-8") as file:
        values, _ = parse(file.read())
    compare(values, json.loads(tool("show", "--json")))
    same(os.stat(path).st_mode & 0o777, 0o644, "--output: who collects may read it")
    same(os.listdir(folder), ["sysrq.prom"], "and nothing lies beside it")
done()
