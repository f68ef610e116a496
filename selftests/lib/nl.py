# SPDX-License-Identifier: GPL-2.0-only
"""Raw netlink for tests: what the tool and nft would never send can be sent.

Numbers are written down once more here, so that a slip in the uapi header
does not go unseen. Sources: linux/netlink.h, linux/genetlink.h,
linux/netfilter/nf_tables.h.
"""
import socket
import struct

NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLM_F_CREATE, NLM_F_APPEND = 0x400, 0x800
NLMSG_ERROR, NLMSG_DONE = 2, 3
SOL_NETLINK, NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_ADD_MEMBERSHIP = 270, 11, 10, 1
NETLINK_NETFILTER, NETLINK_GENERIC = 12, 16
GENL_ID_CTRL = 0x10


class NlError(Exception):
    """A refusal: errno, extack text, offset of the bad attribute."""

    def __init__(self, errno, text=None, offset=None):
        super().__init__(f"errno {errno}: {text}")
        self.errno, self.text, self.offset = errno, text, offset


def attr(kind, data, nested=False):
    if isinstance(data, str):
        data = data.encode() + b"\0"
    head = struct.pack("=HH", 4 + len(data), kind | (0x8000 if nested else 0))
    return head + data + b"\0" * (-len(data) % 4)


def u8(kind, n):
    return attr(kind, struct.pack("=B", n))


def u32(kind, n):
    return attr(kind, struct.pack("=I", n))


def be32(kind, n):
    return attr(kind, struct.pack(">I", n))


def u64(kind, n):
    return attr(kind, struct.pack("=Q", n))


def nest(kind, *parts):
    return attr(kind, b"".join(parts), nested=True)


def attrs(data):
    """{kind: bytes} of a run of attributes."""
    found = {}
    while len(data) >= 4:
        size, kind = struct.unpack_from("=HH", data)
        if size < 4 or size > len(data):
            break
        found[kind & 0x3fff] = data[4:size]
        data = data[(size + 3) & ~3:]
    return found


def text(data):
    return data.rstrip(b"\0").decode()


class Netlink:
    """A netlink socket; request() gives the payloads of the answers."""

    def __init__(self, protocol):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
        self.sock.bind((0, 0))
        self.sock.settimeout(30)
        for option in (NETLINK_EXT_ACK, NETLINK_CAP_ACK):
            self.sock.setsockopt(SOL_NETLINK, option, 1)
        self.seq = 0

    def message(self, kind, flags, payload):
        self.seq += 1
        return struct.pack("=IHHII", 16 + len(payload), kind, flags, self.seq, 0) + payload

    def request(self, kind, payload, flags=NLM_F_ACK):
        self.sock.send(self.message(kind, NLM_F_REQUEST | flags, payload))
        return self.answers(self.seq)

    def answers(self, upto):
        """Everything up to the end of request number upto; raises its error."""
        got = []
        while True:
            data = self.sock.recv(1 << 18)
            while len(data) >= 16:
                size, kind, flags, seq, _ = struct.unpack_from("=IHHII", data)
                body, data = data[16:size], data[(size + 3) & ~3:]
                if kind == NLMSG_ERROR:
                    errno = -struct.unpack_from("=i", body)[0]
                    if errno:
                        extack = attrs(body[20:]) if flags & 0x200 else {}
                        offset = extack.get(2)
                        raise NlError(errno, text(extack[1]) if 1 in extack else None,
                                      struct.unpack("=I", offset)[0] if offset else None)
                    if seq == upto:
                        return got
                elif kind == NLMSG_DONE:
                    return got
                else:
                    got.append(body)


class Genl(Netlink):
    """A generic netlink family by its name."""

    def __init__(self, name):
        super().__init__(NETLINK_GENERIC)
        answer = self.request(GENL_ID_CTRL, struct.pack("=BBH", 3, 1, 0) + attr(2, name))
        about = attrs(answer[0][4:])
        self.family = struct.unpack("=H", about[1])[0]
        groups = [attrs(group) for group in attrs(about.get(7, b"")).values()]
        self.groups = {text(g[1]): struct.unpack("=I", g[2])[0] for g in groups}

    def join(self, group):
        """From now on, event() tells of what is multicast to it."""
        self.sock.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, self.groups[group])

    def event(self, timeout=5):
        """The next notification as (command, {kind: bytes}), or None."""
        self.sock.settimeout(timeout)
        try:
            data = self.sock.recv(1 << 18)
        except TimeoutError:
            return None
        finally:
            self.sock.settimeout(30)
        return data[16], attrs(data[20:])

    def call(self, cmd, *parts, dump=False):
        payload = struct.pack("=BBH", cmd, 1, 0) + b"".join(parts)
        answers = self.request(self.family, payload, NLM_F_DUMP if dump else NLM_F_ACK)
        return [attrs(a[4:]) for a in answers]


class Nft(Netlink):
    """Batches of nf_tables messages."""

    NEWTABLE, GETTABLE, DELTABLE, NEWCHAIN, NEWRULE = 0, 1, 2, 3, 6
    FAMILY = {"unspec": 0, "inet": 1, "ip": 2, "arp": 3, "netdev": 5, "bridge": 7, "ip6": 10}

    def __init__(self):
        super().__init__(NETLINK_NETFILTER)

    def batch(self, family, *messages):
        """messages: (type, attributes); all or nothing."""
        def head(number):
            return struct.pack("=BBH", number, 0, socket.htons(0))
        begin = self.message(0x10, NLM_F_REQUEST, struct.pack("=BBH", 0, 0, socket.htons(10)))
        out = begin
        for kind, payload in messages:
            flags = NLM_F_REQUEST | NLM_F_ACK
            if kind != self.DELTABLE:
                flags |= NLM_F_CREATE | NLM_F_APPEND
            out += self.message(10 << 8 | kind, flags, head(self.FAMILY[family]) + payload)
        last = self.seq
        out += self.message(0x11, NLM_F_REQUEST, struct.pack("=BBH", 0, 0, socket.htons(10)))
        self.sock.send(out)
        return self.answers(last)

    def chain(self, family, table, name, hook, priority=0, kind="filter"):
        """A table with a base chain."""
        hooks = nest(4, be32(1, hook), attr(2, struct.pack(">i", priority)))
        self.batch(family, (self.NEWTABLE, attr(1, table)),
                   (self.NEWCHAIN, attr(1, table) + attr(3, name) + hooks + attr(7, kind)))

    def rule(self, family, table, chain, *exprs):
        """exprs: (name, attributes of NFTA_EXPR_DATA)."""
        elems = b"".join(nest(1, attr(1, name), nest(2, data)) for name, data in exprs)
        self.batch(family, (self.NEWRULE,
                            attr(1, table) + attr(2, chain) + attr(4, elems, nested=True)))

    def delete(self, family, table):
        self.batch(family, (self.DELTABLE, attr(1, table)))

    def flush(self):
        """All tables, as flush ruleset does."""
        self.batch("unspec", (self.DELTABLE, b""))

    def tables(self, family="inet"):
        """{name: attributes}"""
        got = self.request(10 << 8 | self.GETTABLE,
                           struct.pack("=BBH", self.FAMILY[family], 0, 0), NLM_F_DUMP)
        found = [attrs(answer[4:]) for answer in got]
        return {table[1][:-1].decode(): table for table in found}
