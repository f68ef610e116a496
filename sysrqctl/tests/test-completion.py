#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""test-completion.py SYSRQCTL BASH ZSH FISH: the shells' completions, asked as one who types.

Each option of each command is offered by each shell, and nothing that --help does not have. A shell
that is not installed is passed over.
"""
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../selftests/lib"))
from tap import done, ok  # noqa: E402

TOOL, *FILES = map(os.path.realpath, sys.argv[1:])
SHELLS = dict(zip(("bash", "zsh", "fish"), FILES))
HOSTS = "Host web1 web2 db*\n\tPort 99\nhost mail # not this\n"



def said(*words):
    return subprocess.run([TOOL, *words, "--help"], check=True, text=True, stdout=subprocess.PIPE).stdout


def environment(home):
    os.makedirs(f"{home}/config/sysrqctl")
    with open(f"{home}/config/sysrqctl/config", "w", encoding="ascii") as file:
        file.write(HOSTS)
    os.makedirs(f"{home}/dir.d")
    for name in ("some.key", "dir.d/other.key"):
        with open(f"{home}/{name}", "w", encoding="ascii"):
            pass
    return {"PATH": f"{os.path.dirname(TOOL)}:/usr/bin:/bin", "HOME": home, "LC_ALL": "C.UTF-8", "TERM": "dumb",
            "XDG_CONFIG_HOME": f"{home}/config"}


BASH = """
source "$1"
while IFS= read -r line; do
	COMP_WORDS=($line)
	[[ $line != *' ' ]] || COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	compopt() { :; }
	_sysrqctl
	printf '%s ' "${COMPREPLY[@]}"
	echo
done
"""


def bash(lines, env):
    got = subprocess.run(["bash", "-c", BASH, "bash", SHELLS["bash"]], input="\n".join(lines) + "\n", text=True,
                         env=env, cwd=env["HOME"], stdout=subprocess.PIPE, check=True).stdout
    return [set(line.split()) for line in got.splitlines()]


def fish(lines, env):
    script = f"source {SHELLS['fish']}\nwhile read -P '' -l line\n complete -C $line\n echo ===\nend\n"
    got = subprocess.run(["fish", "--no-config", "-c", script], input="\n".join(lines) + "\n", text=True, env=env,
                         cwd=env["HOME"], stdout=subprocess.PIPE, check=True).stdout
    return [{word.split("\t")[0] for word in part.splitlines()} for part in got.split("===\n")[:-1]]


# What is typed before the prompt is there, zsh gets as from a file.
PROMPT = r"type> \x1b\[\?2004h"


def until(fd, mark):
    """What a terminal shows up to @mark, a pattern."""
    text, end = "", time.monotonic() + 60
    while not re.search(mark, text, re.S):
        if not select.select([fd], [], [], max(end - time.monotonic(), 0))[0]:
            raise TimeoutError(text)
        text += os.read(fd, 65536).decode(errors="replace")
    return text


def zsh(lines, env):
    """Types each, then what lists; zsh knows no other way."""
    pid, fd = pty.fork()
    if not pid:
        os.chdir(env["HOME"])
        os.execve(shutil.which("zsh"), ["zsh", "-f", "-i"], {**env, "COLUMNS": "400", "LINES": "400"})
    begin = f"""fpath=({env['HOME']}/functions $fpath); autoload -Uz compinit; compinit -u -D; LISTMAX=9999
zstyle ':completion:*' list-separator ' '; unsetopt auto_menu beep prompt_cr prompt_sp
bindkey -e; stty cols 400 rows 400; PROMPT='type''> '
"""
    os.makedirs(f"{env['HOME']}/functions")
    shutil.copy(SHELLS["zsh"], f"{env['HOME']}/functions/_sysrqctl")
    os.write(fd, begin.encode())
    until(fd, PROMPT)
    found = []
    for number, line in enumerate(lines):
        # Control-D lists; the line is killed then, and another one tells when zsh has come so far.
        os.write(fd, line.encode() + b"\x04\x15" + b"echo e''nd%d\n" % number)
        text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", until(fd, rf"end{number}\r\n.*{PROMPT}")).replace("\b", "")
        found.append(set(text.split() if line[-1] != "-" else re.findall(r"^--[\w-]+", text, re.M)) -
                     set(line.split()))
    os.write(fd, b"exit\n")
    os.close(fd)
    os.waitpid(pid, 0)
    return found


def main():
    names = re.findall(r"^  (\w+(?: \w+)?)  +.*$", said(), re.M)
    options = {name: {f"--{o}" for o in re.findall(r"^  --(\S+)", said(*name.split()), re.M)} for name in names}
    operands = [
        ("sysrqctl ", {name.split()[0] for name in names}, {"set"}),
        ("sysrqctl key ", {name.split()[1] for name in names if name.startswith("key ")}, {"send"}),
        ("sysrqctl send we", {"web1", "web2"}, {"db*", "mail", "reisub"}),
        ("sysrqctl send web1 re", {"reisub", "reisuo"}, {"web1"}),
        ("sysrqctl probe --port 99 web1 re", {"reisub", "reisuo"}, {"web1"}),
        ("sysrqctl cancel --json mai", set(), {"not", "this"}),
        ("sysrqctl send --key some", {"some.key"}, {"web1"}),
        ("sysrqctl rule add --family i", {"inet", "ip", "ip6"}, {"netdev", "--iface"}),
        ("sysrqctl arm --iface l", {"lo"}, {"--port"}),
    ]
    for shell, ask in (("bash", bash), ("zsh", zsh), ("fish", fish)):
        if not shutil.which(shell):
            print(f"# {shell} is not installed")
            continue
        with tempfile.TemporaryDirectory() as home:
            env = environment(home)
            got = ask([f"sysrqctl {name} --" for name in names] + [line for line, _, _ in operands], env)
        for name, words in zip(names, got):
            words = {word for word in words if word.startswith("--") and len(word) > 2}
            ok(words == options[name], f"{shell}: options of {name}", sorted(words ^ options[name]))
        for (line, wanted, unwanted), words in zip(operands, got[len(names):]):
            ok(wanted <= words and not unwanted & words, f"{shell}: {line}", sorted(words)[:40])
    done()


main()
