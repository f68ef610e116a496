# SPDX-License-Identifier: GPL-2.0-only
"""generate.py SYSRQCTL bash|zsh|fish TEMPLATE OUTPUT: a shell's completion, from what --help says.

What the tool has is told once, in its table of commands. A template has the rest: what stands for
files, hosts, keys and programs in that shell. "# @TABLE@" in it becomes the table in that shell's words.
"""
import re
import subprocess
import sys
from dataclasses import dataclass, field


@dataclass
class Command:
    """A command: options are (name, argument or "", help); operands as the usage names them."""
    name: str
    summary: str
    operands: str = ""
    options: list = field(default_factory=list)


def said(tool, *words):
    return subprocess.run([tool, *words, "--help"], check=True, text=True, stdout=subprocess.PIPE).stdout


def commands(tool):
    found = [Command(name, summary) for name, summary in
             re.findall(r"^  (\w+(?: \w+)?)  +(.*)$", said(tool), re.M)]
    for command in found:
        text = said(tool, *command.name.split())
        command.operands = re.match(r"Usage: sysrqctl " + command.name + r"(?: \[OPTION\.\.\.\])? ?(.*)", text)[1]
        command.options = re.findall(r"^  --(\S+)(?: (\S+))? +(.*)$", text, re.M)
        if not command.options:
            sys.exit(f"generate.py: {command.name} has no options")
    if not found:
        sys.exit("generate.py: there are no commands")
    return found


def kind(argument):
    """What stands for an argument: file, dir, host, key, iface, words=..., or text."""
    if argument.startswith("HOST") or argument == "[HOST]":
        return "host"
    return {"FILE": "file", "[DIR]": "dir", "DIR": "dir", "IFACE": "iface", "NAME": "key", "[NAME...]": "key",
            "FAMILY": "words=inet ip ip6 netdev"}.get(argument, "text")


def option_kind(command, option):
    """As kind(), but for names that are no key's, or of a key that there is not yet."""
    return "text" if option[0] == "identity" or command.name in ("key gen", "key derive") and \
        option[1] == "NAME" else kind(option[1])


def operand_kinds(command):
    """Kinds of the operands, in order; the last one holds for all that follow."""
    words = [] if command.operands.startswith(">") else command.operands.split()
    return ["program" if "COMMANDS" in word else kind(word) for word in words]


def bash(found):
    lines = []
    for command in found:
        options = " ".join("--" + name for name, _, _ in command.options)
        kinds = " ".join(f"--{o[0]}:{option_kind(command, o).replace(' ', ',')}" for o in command.options if o[1])
        lines.append(f"\t'{command.name}') options='{options}' arguments='{kinds}' "
                     f"operands='{' '.join(operand_kinds(command))}' ;;")
    return "\n".join(lines)


def zsh_quote(text):
    return re.sub(r"([\[\]:\\])", r"\\\1", text).replace("'", "'\\''")


ZSH = {"file": "_files", "dir": "_files -/", "host": "_sysrqctl_hosts", "key": "_sysrqctl_keys",
       "iface": "_net_interfaces", "program": "_sysrqctl_programs", "text": " "}


def zsh_action(what):
    return f"({what[6:]})" if what.startswith("words=") else ZSH[what]


def zsh(found):
    lines = []
    for command in found:
        lines.append(f"'{command.name}')\n\t_arguments -s \\")
        for option in command.options:
            name, argument, text = option
            more = f":{zsh_quote(argument)}:{zsh_action(option_kind(command, option))}" if argument else ""
            lines.append(f"\t\t'--{name}[{zsh_quote(text)}]{more}' \\")
        kinds = operand_kinds(command)
        for i, what in enumerate(kinds):
            place = "*" if i == len(kinds) - 1 and "..." in command.operands.split()[-1] else str(i + 1)
            lines.append(f"\t\t'{place}:{zsh_quote(command.operands.split()[i])}:{zsh_action(what)}' \\")
        lines[-1] = lines[-1][:-2]
        lines.append("\t;;")
    return "\n".join(lines)


def fish_quote(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish_arguments(what):
    if what == "file":
        return " -r -F"
    if what.startswith("words="):
        return " -x -a " + fish_quote(what[6:])
    call = {"dir": "__fish_complete_directories", "host": "__sysrqctl_hosts", "key": "__sysrqctl_keys",
            "iface": "__fish_print_interfaces", "program": "__sysrqctl_programs"}.get(what)
    return f" -x -a '({call})'" if call else " -x"


def fish(found):
    lines = []
    for command in found:
        first, *rest = command.name.split()
        lines.append(f"complete -c sysrqctl -n __sysrqctl_none -a {first}" +
                     ("" if rest else " -d " + fish_quote(command.summary)))
        if rest:
            lines.append(f"complete -c sysrqctl -n '__sysrqctl_half {first}' -a {rest[0]} -d " +
                         fish_quote(command.summary))
        condition = fish_quote(f"__sysrqctl_is {command.name}")
        for option in command.options:
            name, argument, text = option
            more = fish_arguments(option_kind(command, option)) if argument else ""
            lines.append(f"complete -c sysrqctl -n {condition} -l {name} -d {fish_quote(text)}{more}")
        kinds = operand_kinds(command)
        for i, what in enumerate(kinds):
            which = f"-ge {i}" if i == len(kinds) - 1 and "..." in command.operands.split()[-1] else f"-eq {i}"
            where = fish_quote(f"__sysrqctl_is {command.name}; and __sysrqctl_operand {which}")
            if what != "text":
                lines.append(f"complete -c sysrqctl -n {where}" + re.sub(r" -[rx]\b", "", fish_arguments(what)))
    return "\n".join(dict.fromkeys(lines))


def main(tool, shell, template, output):
    with open(template, encoding="utf-8") as file:
        text = file.read()
    table = {"bash": bash, "zsh": zsh, "fish": fish}[shell](commands(tool))
    with open(output, "w", encoding="utf-8") as file:
        file.write(text.replace("# @TABLE@", table))


if __name__ == "__main__":
    main(*sys.argv[1:])
