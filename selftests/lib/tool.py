# SPDX-License-Identifier: GPL-2.0-only
"""The tool as a user runs it, for cases inside a guest."""
import json
import os
import subprocess
import tempfile


class Tool:
    """sysrqctl with a key of its own and a state folder of its own."""

    def __init__(self, name="ops"):
        self.dir = tempfile.mkdtemp()
        self.keyfile = f"{self.dir}/{name}.key"
        self.env = dict(os.environ, XDG_STATE_HOME=self.dir)
        self.env.pop("STATE_DIRECTORY", None)
        text = subprocess.run(["sysrqctl", "key", "gen"], check=True, text=True,
                              stdout=subprocess.PIPE).stdout
        with open(os.open(self.keyfile, os.O_WRONLY | os.O_CREAT, 0o600), "w",
                  encoding="ascii") as file:
            file.write(text)
        digits = [line[5:] for line in text.splitlines() if line.startswith("key: ")][0]
        self.material = bytes.fromhex(digits)
        self.status = self.out = self.err = None

    def run(self, command, *args):
        """Exit status; what was said is in .out and .err"""
        done = subprocess.run(["sysrqctl", command, "--key", self.keyfile, *args], text=True,
                              env=self.env, check=False, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr
        return self.status

    def json(self, command, *args):
        """What --json says of the only host"""
        self.run(command, "--json", *args)
        return json.loads(self.out.splitlines()[0])

    def said(self):
        return f"exit {self.status}\n{self.out}{self.err}"
