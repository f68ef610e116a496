#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Keys as an administrator has them: a directory, 10,000 of them, passphrases, replacing."""
import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, "/src/selftests/lib")
import nl  # noqa: E402
import srq  # noqa: E402
from host import MATERIAL, NAME, Host, done, ok, same  # noqa: E402

COUNT = 10000
TOP = tempfile.mkdtemp()
DIR = os.path.join(TOP, "keys.d")
os.mkdir(DIR, 0o700)
os.umask(0o077)


def tool(*words, stdin=""):
    """(exit status, output, errors)"""
    p = subprocess.run(("sysrqctl",) + words, input=stdin, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, text=True, check=False)
    return p.returncode, p.stdout, p.stderr


def put(name, material, *lines, folder=DIR):
    text = ("nft-sysrq key v1\nkind: host\nid: " + srq.Key(material).id.hex() + "\nkey: " +
            material.hex() + "\n" + "".join(line + "\n" for line in lines))
    with open(os.path.join(folder, name), "w", encoding="ascii") as file:
        file.write(text)


def listed(*names):
    status, out, err = tool("key", "list", "--json", *names)
    assert status == 0, err
    return {(k["name"], k["replaced"]): k for k in json.loads(out)}


def material(i):
    return i.to_bytes(32, "big")


def test_many():
    for i in range(1, COUNT + 1):
        put(f"many-{i}.key", material(i), "wall-clock: yes")
    begun = time.monotonic()
    status, out, err = tool("key", "load", DIR)
    took = time.monotonic() - begun
    same((status, out, err), (0, f"{COUNT} keys: {COUNT} new, 0 replaced, 0 with other settings, "
                              "0 as before\n", ""), f"key load of {COUNT} keys")
    print(f"# {took:.1f} s")
    epochs = {name: key["epoch"] for name, key in listed().items()}
    same(len(epochs), COUNT, "key list --json tells all of them")
    begun = time.monotonic()
    one = listed("many-7777")
    print(f"# list of one: {time.monotonic() - begun:.2f} s")
    same([k["id"] for k in one.values()], [srq.Key(material(7777)).id.hex()],
         "and one by its name")
    status, out, _ = tool("key", "list")
    same((status, len(out.splitlines())), (0, COUNT + 1), "the table has a line for each")
    ok(max(len(line) for line in out.splitlines()) <= 100, "of at most 100 columns")
    status, out, _ = tool("show")
    ok(f"keys: {COUNT} (" in out and "many-7" not in out, "show only counts them", out)
    status, out, err = tool("key", "load", DIR)
    same((status, out), (0, f"{COUNT} keys: 0 new, 0 replaced, 0 with other settings, "
                         f"{COUNT} as before\n"), "loading twice changes nothing")
    same({name: key["epoch"] for name, key in listed().items()}, epochs, "no epoch has changed")
    put("one-more.key", material(COUNT + 1))
    status, out, err = tool("key", "load", DIR)
    ok(status == 2 and "one more than 10000 keys" in err, "one more is refused", err)
    os.remove(os.path.join(DIR, "one-more.key"))
    status, out, err = tool("key", "set", "one-more", "--file", "-",
                            stdin=open(os.path.join(DIR, "many-1.key"), encoding="ascii").read())
    ok(status == 2 and "in use under another name" in err, "material that is there is refused",
       err)


def test_answers(host):
    """Of so many, each answers."""
    for i in (1, 5000, COUNT):
        reply = host.client(key=srq.Key(material(i))).run("h")
        ok(reply is not None and reply.status == 0, f"key {i} of {COUNT} has a request run",
           reply)


def test_only():
    for i in range(4, COUNT + 1):
        os.remove(os.path.join(DIR, f"many-{i}.key"))
    status, out, _ = tool("key", "load", "--only", DIR)
    same((status, out), (0, "3 keys: 0 new, 0 replaced, 0 with other settings, 3 as before; "
                         f"{COUNT - 3} others deleted\n"), "key load --only deletes the others")
    same(sorted(listed()), [(f"many-{i}", False) for i in (1, 2, 3)], "those of the files are left")


def test_atomic():
    """The kernel refuses the last: nothing has changed."""
    put("many-1.key", material(1), "allow: s", "tolerance: 5s", "wall-clock: no")
    put("new-1.key", os.urandom(32), "identity: db1", "allow: su", "tolerance: 5m",
        "wall-clock: yes", "expires: @4000000000", "window: 256")
    put("new-2.key", os.urandom(32))
    put("zz.key", material(50))
    other = tempfile.mkdtemp()
    put("other.key", material(50), folder=other)
    tool("key", "load", other)
    before = listed()
    status, _, err = tool("key", "load", DIR)
    ok(status == 2 and f"{DIR}/zz.key: key zz: " in err and "MATERIAL" in err and "other" in err,
       "a file whose material another key has: which file, which key", err)
    ok("all keys are as they were" in err, "and that nothing has changed", err)
    after = listed()
    for key in (*before.values(), *after.values()):
        del key["age_s"], key["last_use_s"]
    same(after, before, "nothing has")
    os.remove(os.path.join(DIR, "zz.key"))
    status, out, err = tool("key", "load", DIR)
    same(out, "5 keys: 2 new, 0 replaced, 1 with other settings, 2 as before\n", "mended, it loads")
    key = listed("many-1")[("many-1", False)]
    same((key["letters"], key["tolerance_ms"], key["wall_clock"]), ("s", 5000, False),
         "with the settings of the file")
    key = listed("new-1")[("new-1", False)]
    same([key[name] for name in ("identity", "letters", "tolerance_ms", "wall_clock", "expires_s",
                                 "window")],
         ["db1", "su", 300000, True, 4000000000, 256], "of which there are six")
    put("many-2.key", material(2), "colour: red")
    status, _, err = tool("key", "load", DIR)
    ok(status == 2 and f"{DIR}/many-2.key:5: an unknown field" in err,
       "a line that is wrong: file and line", err)
    put("many-2.key", material(2), "expires: 2020-01-01")
    status, out, err = tool("key", "load", "--only", DIR)
    ok(status == 0 and "many-2.key: has expired, and is passed over" in err and
       "1 expired ones passed over" in out, "an expired one keeps nobody from the others", out + err)
    ok(("many-2", False) not in listed(), "--only deletes it")


def test_derived(host):
    """One passphrase, two hosts, and neither has what opens the other."""
    pass_ = "correct horse battery staple\n"
    status, fleet, err = tool("key", "derive", "--realm", "example.org", "--stdin", stdin=pass_)
    same(status, 0, "key derive: a fleet's key")
    status, _, err = tool("key", "set", "ops-fleet", "--file", "-", stdin=fleet)
    ok(status == 2 and "key derive --fleet" in err, "a host does not take it", err)
    keys = {}
    for name in ("web1", "web2"):
        status, text, err = tool("key", "derive", "--fleet", "-", "--host", name, stdin=fleet)
        keys[name] = srq.Key(bytes.fromhex(text.split("key: ")[1].strip()))
        if name == "web1":
            status, _, err = tool("key", "set", "derived", "--file", "-", "--wall-clock", stdin=text)
            same((status, err), (0, ""), "key set takes a host's key")
    same(listed("derived")[("derived", False)]["identity"], "web1", "with the identity in its file")
    reply = host.client(key=keys["web1"]).run("h")
    ok(reply is not None and reply.status == 0, "it has a request run")
    ok(host.client(key=keys["web2"], tries=2).probe() is None, "the other host's key does not")


def test_overlap(host):
    """Old and new side by side, by hand and by a directory; and back."""
    folder = tempfile.mkdtemp()
    first, second, third = (os.urandom(32) for _ in range(3))
    put("turn.key", first, folder=folder)
    same(tool("key", "load", folder)[0], 0, "a key")
    put("turn.key", second, folder=folder)
    status, _, err = tool("key", "set", "turn", "--file", os.path.join(folder, "turn.key"),
                          "--overlap", "1h")
    same((status, err), (0, ""), "key set --overlap")
    _, out, _ = tool("key", "list")
    ok("turn (replaced, 59 min left)" in out, "key list tells how long the old is good", out)
    ok(host.client(key=srq.Key(first)).probe() and host.client(key=srq.Key(second)).probe(),
       "both are")
    status, _, err = tool("key", "set", "turn", "--overlap", "2d")
    ok(status == 0 and "turn (replaced, 1 d left)" in tool("key", "list")[1], "longer", err)
    tool("key", "set", "turn", "--overlap", "0")
    same(sorted(listed()), sorted(k for k in listed() if not k[1]), "0 wipes it")
    ok(host.client(key=srq.Key(first), timeout=0.3).probe() is None, "it is gone")
    status, _, err = tool("key", "set", "turn", "--overlap", "1h")
    ok(status == 2 and "nothing that was replaced is still good" in err, "nothing left to be kept",
       err)

    put("turn.key", third, folder=folder)
    same(tool("key", "load", folder)[1][:25], "1 keys: 0 new, 1 replaced", "key load replaces")
    ok(host.client(key=srq.Key(second), timeout=0.3).probe() is None, "at once, if the file says nothing")
    put("turn.key", first, "overlap: 7d", folder=folder)
    tool("key", "load", folder)
    before = listed("turn")[("turn", False)]["epoch"]
    ok("turn (replaced, 6 d left)" in tool("key", "list")[1], "or for as long as it says")
    tool("key", "load", folder)
    ok("turn (replaced, 6 d left)" in tool("key", "list")[1] and
       listed("turn")[("turn", False)]["epoch"] == before, "loading twice changes nothing of that")
    put("turn.key", third, "overlap: 0", folder=folder)
    tool("key", "load", folder)
    ok(host.client(key=srq.Key(third)).probe() and ("turn", True) not in listed(),
       "back to what was replaced")


if __name__ == "__main__":
    with Host() as the_host:
        the_host.del_key("ops")
        test_many()
        the_host.del_key("many-9999")
        the_host.genl.call(1, nl.attr(NAME, "ops"), nl.attr(MATERIAL, the_host.key.material))
        test_answers(the_host)
        test_only()
        test_atomic()
        test_derived(the_host)
        test_overlap(the_host)
    done()
