# SPDX-License-Identifier: GPL-2.0-only
"""One guest in one kind of trouble, asked from outside: by ssh, by sysrqd, and by us."""
import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time

import scenarios

HERE = os.path.dirname(os.path.realpath(__file__))
VM = os.path.join(os.path.dirname(HERE), "vm")
DONE = {
    "h": r"sysrq: HELP :",
    "t": r"(?s)sysrq: Show State.*Showing busy workqueues and worker pools",
    "s": r"Emergency Sync complete",
    "u": r"Emergency Remount complete",
    "b": r"sysrq: Resetting",
}
RESET = "vm: the guest rebooted at boot 1 of 1"
PEER_SECONDS = 40
ANSWER_SECONDS = 20
PASSWORD = "swordfish"


class Trouble(Exception):
    """The guest was not brought into the state: nothing is measured."""


def free_port(kind):
    with socket.socket(type=kind) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def private(path):
    return open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii")


class Machine:
    """A guest in the background; its output, and its kernel's log."""

    def __init__(self, guest, scenario, tools, tool, folder):
        self.folder = folder
        self.share = os.path.join(folder, "share")
        self.udp = free_port(socket.SOCK_DGRAM)
        self.ssh, self.sysrqd = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_STREAM)
        self.prepare(tools, tool)
        options = [o.replace("DISK", os.path.join(folder, "disk")) for o in scenario.options]
        self.slow = 1.0
        self.out = open(os.path.join(folder, "out"), "w+b")
        self.process = subprocess.Popen(
            ["setpriv", "--pdeath", "TERM", "--", VM, "-r", guest, "--no-build", "-t", "3000",
             "--udp", f"{self.udp}:9", "--tcp", f"{self.ssh}:22",
             "--tcp", f"{self.sysrqd}:4094", "--share", self.share,
             "--log", os.path.join(folder, "log"), "--expect", "wedged: ", *options,
             "--", "bash", "selftests/wedged.d/inside.sh", scenario.name],
            stdin=subprocess.DEVNULL, stdout=self.out, stderr=subprocess.STDOUT)

    def prepare(self, tools, tool):
        os.mkdir(self.share)
        for name in ("wedge.ko", "hog"):
            subprocess.run(["cp", os.path.join(tools, name), self.share], check=True)
        self.login = os.path.join(self.folder, "login")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.login], check=True)
        os.rename(self.login + ".pub", os.path.join(self.share, "login.pub"))
        self.key = os.path.join(self.share, "ops.key")
        with private(self.key) as file:
            subprocess.run([tool, "key", "gen"], stdout=file, check=True)
        with private(os.path.join(self.share, "sysrqd.secret")) as file:
            file.write(PASSWORD + "\n")

    def read(self, name):
        try:
            with open(os.path.join(self.folder, name), encoding="utf-8", errors="replace") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def output(self):
        return self.read("out")

    def log(self):
        """Of the serial console, and where a reader could live inside, what it read."""
        return self.read("log") + self.read("share/kmsg")

    def alive(self):
        return self.process.poll() is None

    def measure_speed(self):
        """How much slower everything is than on a quiet machine, where a guest is ready in 12 s."""
        began = time.monotonic()
        while "ready" not in self.output() and self.alive():
            time.sleep(0.3)
        self.slow = min(4.0, max(1.0, (time.monotonic() - began) / 12))

    def wait(self, what, seconds, pause=0.3):
        """Until @what() is true; False if it does not become so, or the guest ends before."""
        end = time.monotonic() + seconds * self.slow
        while not what():
            if not self.alive() or time.monotonic() > end:
                return bool(what())
            time.sleep(pause)
        return True

    def stop(self):
        if self.alive():
            self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.out.close()


def ask_ssh(machine):
    """Does a login still run a command? Yes or no, and what it took."""
    command = ["ssh", "-F", "none", "-i", machine.login, "-p", str(machine.ssh), "-o", "BatchMode=yes",
               "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
               "-o", "LogLevel=ERROR", "root@127.0.0.1", "echo alive"]
    try:
        got = subprocess.run(command, timeout=PEER_SECONDS * machine.slow, stdin=subprocess.DEVNULL, check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        return False
    return b"alive" in got.stdout


def ask_sysrqd(machine):
    """Does it take the password, and run m, which is none of our letters?"""
    end = time.monotonic() + PEER_SECONDS * machine.slow
    with contextlib.suppress(OSError), socket.create_connection(
            ("127.0.0.1", machine.sysrqd), timeout=PEER_SECONDS * machine.slow) as s:
        for prompt, said in ((b"password: ", PASSWORD + "\n"), (b"sysrq> ", "m")):
            heard = b""
            while prompt not in heard:
                s.settimeout(max(0.1, end - time.monotonic()))
                data = s.recv(4096)
                if not data:
                    return False
                heard += data
            s.sendall(said.encode())
        return machine.wait(lambda: "sysrq: Show Memory" in machine.log(), PEER_SECONDS / 2)
    return False


PEERS = {"ssh": ask_ssh, "sysrqd": ask_sysrqd}


class Peers:
    """Both at the same time, and beside our first requests, as each may take all the time there is."""

    def __init__(self, machine, ways):
        self.got = {}
        self.threads = [threading.Thread(target=lambda n=name, f=ask: self.got.update({n: f(machine)}))
                        for name, ask in ways.items()]
        for t in self.threads:
            t.start()

    def wait(self):
        for t in self.threads:
            t.join()
        return self.got


def send(machine, tool, steps):
    """Seconds until the answer, or None; and what the tool said."""
    began = time.monotonic()
    got = subprocess.run(
        [tool, "send", "--key", machine.key, "--port", str(machine.udp), "--timeout",
         f"{ANSWER_SECONDS}s", "127.0.0.1", *steps.split()], check=False, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    took = time.monotonic() - began
    return (round(took, 2) if got.returncode == 0 else None), got.stdout.strip()


def ask_us(machine, scenario, tool, peers, say):
    """Each request's answer; letters that are done; those of them that the log told of only as the guest ended."""
    answers, done, missed = {}, "", {}
    for steps in ("h", "t", scenario.last):
        if steps == scenario.last:
            peers.wait()
        letters = scenarios.letters(steps)
        seen = {c: len(re.findall(DONE[c], machine.log())) for c in letters}
        answers[steps], text = send(machine, tool, steps)
        say(f"{steps}: {text}")
        # What is not answered may yet have come, and run.
        patience = scenario.patience
        if answers[steps] is None:
            patience = (5 if scenario.silent else 20) / machine.slow
        if "b" in letters:
            machine.wait(lambda: not machine.alive(), patience)
            patience = 0
        for c in letters:
            def there(c=c, seen=seen):
                if c == "b" and scenario.untold:
                    return RESET in machine.output()
                return len(re.findall(DONE[c], machine.log())) > seen[c]
            if machine.wait(there, patience):
                done += c
            else:
                missed[c] = there
    late = "".join(c for c, there in missed.items() if there())
    return answers, "".join(c for c in scenarios.LETTERS if c in done + late), late


def evidence(machine, scenario):
    return scenarios.found(scenario, machine.output() + machine.log())


def measure(guest, scenario, tools, tool, say, peers=True):
    """A result: what was answered, what was done, and what became of the peers, if they are asked."""
    with tempfile.TemporaryDirectory(prefix="nft-sysrq-wedged.") as folder:
        machine = Machine(guest, scenario, tools, tool, folder)
        try:
            machine.measure_speed()
            say(f"ready; this machine is {machine.slow:.1f} times slower than a quiet one")
            if not machine.wait(lambda: re.search(r"(?m)^wedged ", machine.output()), 200):
                raise Trouble(machine.output()[-2000:] + machine.log()[-2000:])
            if scenario.first:
                machine.wait(lambda: evidence(machine, scenario), 200)
            machine.wait(lambda: False, scenario.settle)
            asked = Peers(machine, PEERS if peers else {})
            answers, done, late = ask_us(machine, scenario, tool, asked, say)
            result = {"guest": guest, "scenario": scenario.name, **asked.wait()}
            # With kernel.panic = 0 nothing else resets it; what it was is said by QEMU.
            if RESET not in machine.output():
                done = done.replace("b", "")
                say("no reset: " + " | ".join(machine.output().splitlines()[-12:]))
            kernel = re.search(r"Linux version (\S+)", machine.log())
            result.update(kernel=kernel[1] if kernel else "", answers=answers, done=done, late=late,
                          evidence=evidence(machine, scenario))
            return result
        finally:
            machine.stop()
            keep = os.environ.get("WEDGED_KEEP")
            if keep:
                os.makedirs(keep, exist_ok=True)
                for name in ("out", "log", "share/kmsg"):
                    with open(f"{keep}/{guest}.{scenario.name}.{os.path.basename(name)}", "w", encoding="utf-8") as f:
                        f.write(machine.read(name))
