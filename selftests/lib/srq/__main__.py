# SPDX-License-Identifier: GPL-2.0-only
"""Command line of srq: forge, print and send datagrams; be a client; be a host.

Exit status: 0 (probe, run, cancel: the reply says OK), 1 (it says something
else), 2 usage, 3 no reply.
"""
import argparse
import json
import secrets
import sys
import time

from . import fakehost
from .client import Client
from .host import HANDLED, Host
from .keys import DGRAM_LEN, Key
from .hostile import bound_socket, drain, patch
from .wire import REPLY, TYPES, Request, format_steps, open_reply, parse_steps

KINDS = {name: number for number, name in TYPES.items()}


def say(value):
    print(json.dumps(value), flush=True)


def describe(data, key=None, page=0):
    """A datagram as a dictionary, whatever it is."""
    if len(data) != DGRAM_LEN or data[:3] != b"SRQ":
        return {"length": len(data), "hex": data.hex()}
    reply = bool(data[4] & REPLY)
    if reply:
        d = {"reply": True, **open_reply(data, page).as_dict()}
    else:
        r = Request.decode(data)
        d = {"reply": False, "type": TYPES.get(r.kind, r.kind), "flags": r.flags,
             "nsteps": r.nsteps, "spoken": r.spoken, "nonce": f"{r.nonce:08x}",
             "epoch": r.epoch.hex(), "stamp": r.stamp, "steps": format_steps(r.steps),
             "page": r.page, "meaningful": r.meaningful()}
    d.update(version=data[3], key_id=data[8:12].hex())
    if key:
        d.update(key=data[8:12] == key.id, admits=key.admits(data, reply),
                 holds=key.holds(data, reply))
    return d


def read_datagram(path):
    """Raw bytes, or hex digits."""
    data = sys.stdin.buffer.read() if path == "-" else open(path, "rb").read()
    if len(data) != DGRAM_LEN:
        try:
            return bytes.fromhex(data.decode("ascii"))
        except ValueError:
            pass
    return data


def stamp_of(text):
    """"real", "boot", each with +S or -S behind it, or ns."""
    for name, clock in (("real", time.CLOCK_REALTIME), ("boot", time.CLOCK_BOOTTIME)):
        if text.startswith(name):
            return time.clock_gettime_ns(clock) + round(float(text[len(name):] or 0) * 10**9)
    return int(text)


def command_key(args):
    key = args.key
    line = {"id": key.id.hex()}
    if args.identity is not None:
        line["host_tag"] = key.host_tag(args.identity).hex()
    say(line)


def command_forge(args):
    epoch = bytes.fromhex(args.epoch) if args.epoch else bytes(8)
    if args.identity is not None:
        epoch = args.key.host_tag(args.identity)
    request = Request(KINDS[args.type], steps=parse_steps(args.steps), wall=args.wall,
                      nonce=int(args.nonce, 16) if args.nonce else secrets.randbits(32),
                      epoch=epoch, stamp=stamp_of(args.stamp), page=args.page,
                      flags=args.flags, nsteps=args.nsteps)
    head = request.head(args.key.id)
    for offset, value in args.set:
        head = patch(head, offset, value)
    data = args.key.seal(head)
    for offset, value in args.patch:
        data = patch(data, offset, value)
    if args.readmit:
        data = args.key.reseal_admission(data)
    if args.hex:
        print(data.hex())
    else:
        sys.stdout.buffer.write(data)


def command_print(args):
    say(describe(read_datagram(args.file), args.key, args.page))


def command_send(args):
    data = read_datagram(args.file)
    if args.length is not None:
        data = data.ljust(args.length, b"\0")[:args.length]
    sock = bound_socket(args.host, args.port, args.source_port)
    for _ in range(args.count):
        try:
            sock.send(data)
        except ConnectionRefusedError:
            sock.send(data)
        time.sleep(args.interval)
    replies = drain(sock, args.timeout)
    for reply in replies:
        say(describe(reply, args.key, args.page))
    return 0 if replies else 3


def command_ask(args):
    fields = {"nonce": int(args.nonce, 16) if args.nonce else None}
    if args.command == "probe":
        fields["page"] = args.page
    if args.command != "cancel":
        fields["steps"] = args.steps
    if args.stamp:
        fields["stamp"] = stamp_of(args.stamp)
    if args.epoch:
        fields["epoch"] = bytes.fromhex(args.epoch)
    wall = args.wall or args.command == "probe" and not args.in_epoch
    with Client(args.host, args.key, args.port, args.timeout, identity=args.identity) as c:
        try:
            reply = getattr(c, args.command)(wall=wall, **fields)
        except TimeoutError:
            reply = None
        if args.save:
            with open(args.save, "wb") as file:
                file.write(c.sent)
        for why, data in c.unbelieved:
            say({"unbelieved": why, **describe(data, args.key)})
        if reply is None:
            return 3
        say(reply.as_dict())
        return 0 if reply.ok else 1


def command_fakehost(args):
    key = Key(bytes.fromhex(args.key_hex)) if args.key_hex else args.key
    host = Host(key, identity=args.identity or "", tolerance=args.tolerance,
                wall=not args.no_wall, mask=args.mask, allow=args.allow,
                handled=args.handled, window=args.window, boottime=args.boottime,
                wall_offset=args.wall_offset, expired=args.expired)
    server = fakehost.FakeHost(host, args.script, args.listen, args.port,
                               log=fakehost.print_line)
    say({"ready": server.port, "epoch": host.epoch.hex()})
    server.serve(args.count, args.seconds)


def key_file(path):
    try:
        return Key.load(path)
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(error) from error


def at(text):
    """OFFSET=HEX"""
    offset, value = text.split("=")
    return int(offset, 0), bytes.fromhex(value)


def parser():
    p = argparse.ArgumentParser(prog="srq.py", description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = p.add_subparsers(dest="command", required=True)

    def add(name, function, about, needs_key=True):
        c = commands.add_parser(name, help=about)
        c.set_defaults(function=function)
        c.add_argument("--key", type=key_file, required=needs_key, metavar="FILE")
        c.add_argument("--identity", help="the host's name in wall-clock mode")
        return c

    add("key", command_key, "print a key's id, and its tag of a host")

    c = add("forge", command_forge, "write a request to stdout, right or wrong")
    c.add_argument("--type", choices=KINDS, default="run")
    c.add_argument("--steps", default="")
    c.add_argument("--epoch", metavar="HEX")
    c.add_argument("--stamp", default="boot", help="real[+-S], boot[+-S] or ns")
    c.add_argument("--nonce", metavar="HEX")
    c.add_argument("--wall", action="store_true")
    c.add_argument("--page", type=int, default=0)
    c.add_argument("--flags", type=lambda t: int(t, 0))
    c.add_argument("--nsteps", type=int)
    c.add_argument("--set", type=at, action="append", default=[], metavar="OFFSET=HEX",
                   help="bytes to change before the tags are made")
    c.add_argument("--patch", type=at, action="append", default=[], metavar="OFFSET=HEX",
                   help="bytes to change after that")
    c.add_argument("--readmit", action="store_true",
                   help="then make the admission tag right again")
    c.add_argument("--hex", action="store_true")

    c = add("print", command_print, "print a datagram as JSON", needs_key=False)
    c.add_argument("--page", type=int, default=0, help="of the probe that is answered")
    c.add_argument("file", nargs="?", default="-")

    c = add("send", command_send, "send bytes, print what comes back", needs_key=False)
    c.add_argument("--port", type=int, default=9)
    c.add_argument("--source-port", type=int, default=0)
    c.add_argument("--count", type=int, default=1)
    c.add_argument("--interval", type=float, default=0, metavar="S")
    c.add_argument("--timeout", type=float, default=0.5, metavar="S")
    c.add_argument("--length", type=int, help="cut, or padded with zeroes, to that")
    c.add_argument("--page", type=int, default=0, help="of the probe that is answered")
    c.add_argument("host")
    c.add_argument("file", nargs="?", default="-")

    for name in KINDS:
        c = add(name, command_ask, f"send a {name}, print the reply")
        c.add_argument("--port", type=int, default=9)
        c.add_argument("--timeout", type=float, default=2, metavar="S")
        c.add_argument("--wall", action="store_true", help="wall-clock mode")
        c.add_argument("--in-epoch", action="store_true", help="probe: not in wall-clock mode")
        c.add_argument("--page", type=int, default=0)
        c.add_argument("--nonce", metavar="HEX")
        c.add_argument("--stamp", help="real[+-S], boot[+-S] or ns")
        c.add_argument("--epoch", metavar="HEX")
        c.add_argument("--save", metavar="FILE", help="keep the datagram that was sent")
        c.add_argument("host")
        c.add_argument("steps", nargs="?", default="", help="such as 's +2s ub'")

    c = add("fakehost", command_fakehost, "answer as a host does, or by a script",
            needs_key=False)
    c.description = fakehost.__doc__
    c.formatter_class = argparse.RawDescriptionHelpFormatter
    c.add_argument("--key-hex", help="for tests: 64 hex digits")
    c.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS")
    c.add_argument("--port", type=int, default=0, help="0: any; it is printed")
    c.add_argument("--script", default="")
    c.add_argument("--count", type=int, help="datagrams, then end")
    c.add_argument("--seconds", type=float, help="then end")
    c.add_argument("--tolerance", type=float, default=60, metavar="S")
    c.add_argument("--no-wall", action="store_true")
    c.add_argument("--mask", type=lambda t: int(t, 0), default=1, help="kernel.sysrq")
    c.add_argument("--allow", metavar="LETTERS")
    c.add_argument("--handled", metavar="LETTERS", default=HANDLED)
    c.add_argument("--window", type=int, default=64)
    c.add_argument("--boottime", type=float, metavar="S", help="the host's, at the start")
    c.add_argument("--wall-offset", type=float, default=0, metavar="S")
    c.add_argument("--expired", action="store_true")
    return p


def main(argv=None):
    p = parser()
    args = p.parse_args(argv)
    if args.command == "fakehost" and not (args.key or args.key_hex):
        p.error("fakehost: --key or --key-hex")
    try:
        return args.function(args) or 0
    except (OSError, ValueError) as error:
        print(f"srq.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
