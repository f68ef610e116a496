# SPDX-License-Identifier: GPL-2.0-only
"""What an attacker would send: broken datagrams, broken packets, floods."""
import os
import secrets
import socket
import struct
import threading

UDP, FRAGMENT, HOP_BY_HOP = 17, 44, 0
MORE_FRAGMENTS = 0x2000


def flip(data, bit):
    """The bytes with one bit changed; bit 0 is the highest of the first byte."""
    changed = bytearray(data)
    changed[bit // 8] ^= 0x80 >> bit % 8
    return bytes(changed)


def flips(data):
    """Every datagram that is one bit away."""
    return (flip(data, bit) for bit in range(8 * len(data)))


def patch(data, offset, value):
    """The bytes with some of them replaced."""
    return data[:offset] + value + data[offset + len(value):]


def resize(data, length):
    """Cut, or made longer by random bytes."""
    return (data + secrets.token_bytes(max(0, length - len(data))))[:length]


def checksum(data):
    """The Internet checksum (RFC 1071)."""
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def _family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _packed(address):
    return socket.inet_pton(_family(address), address.split("%")[0])


def udp(source, target, sport, dport, payload, length=None, check=None):
    """A UDP datagram with its header; length and check may be wrong."""
    true_length = 8 + len(payload)
    length = true_length if length is None else length
    header = struct.pack("!HHHH", sport, dport, length, 0)
    if check is None:
        pseudo = _packed(source) + _packed(target)
        pseudo += struct.pack("!IHBB", length, 0, 0, UDP) if ":" in target else \
            struct.pack("!BBH", 0, UDP, length)
        check = checksum(pseudo + header + payload) or 0xffff
    return header[:6] + struct.pack("!H", check) + payload


def ipv4(source, target, payload, protocol=UDP, flags=0, offset=0, ident=None, ttl=64,
         options=b""):
    """An IPv4 packet; offset counts bytes, flags is MORE_FRAGMENTS or 0."""
    ident = secrets.randbelow(65535) + 1 if ident is None else ident
    words = 5 + len(options) // 4
    header = struct.pack("!BBHHHBBH4s4s", 0x40 | words, 0, 4 * words + len(payload), ident,
                         flags | offset // 8, ttl, protocol, 0, _packed(source),
                         _packed(target)) + options
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def ipv6(source, target, payload, header=UDP, hops=64):
    """An IPv6 packet; header is the number of what the payload begins with."""
    return struct.pack("!IHBB16s16s", 6 << 28, len(payload), header, hops,
                       _packed(source), _packed(target)) + payload


def ipv6_fragment(payload, header=UDP, offset=0, more=False, ident=None):
    """A fragment header before a part of a payload: for ipv6(..., header=FRAGMENT)."""
    ident = secrets.randbits(32) if ident is None else ident
    return struct.pack("!BBHI", header, 0, offset | more, ident) + payload


def ipv6_options(payload, header=UDP, length=8):
    """A hop-by-hop header full of padding: for ipv6(..., header=HOP_BY_HOP)."""
    padding = bytes([1, length - 4]) + bytes(length - 4)
    return bytes([header, length // 8 - 1]) + padding + payload


def packet(source, target, sport, dport, payload, **wrong):
    """A whole packet with a UDP datagram; wrong: length, check of the UDP header."""
    datagram = udp(source, target, sport, dport, payload, **wrong)
    return (ipv6 if ":" in target else ipv4)(source, target, datagram)


def fragments(source, target, sport, dport, payload, size=56):
    """The same, in packets with at most size bytes (a multiple of 8) of it each."""
    datagram = udp(source, target, sport, dport, payload)
    ident = secrets.randbelow(65535) + 1
    parts = []
    for at in range(0, len(datagram), size):
        part, more = datagram[at:at + size], at + size < len(datagram)
        if ":" in target:
            parts.append(ipv6(source, target, ipv6_fragment(part, UDP, at, more, ident),
                              header=FRAGMENT))
        else:
            parts.append(ipv4(source, target, part, flags=more * MORE_FRAGMENTS, offset=at,
                              ident=ident))
    return parts


def send_packets(target, packets):
    """Packets as they are, with their own IP headers (needs CAP_NET_RAW)."""
    family = _family(target)
    info = socket.getaddrinfo(target, 0, family, socket.SOCK_DGRAM)
    with socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        for data in packets:
            raw.sendto(data, info[0][4])


def bound_socket(target, port, sport=0, source=""):
    """A connected UDP socket, from a chosen source port or address."""
    family = _family(target)
    sock = socket.socket(family, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((source or ("::" if family == socket.AF_INET6 else "0.0.0.0"), sport))
    sock.connect(socket.getaddrinfo(target, port, family, socket.SOCK_DGRAM)[0][4])
    return sock


def drain(sock, timeout=0.5):
    """All datagrams that come until none came for a time (s)."""
    got = []
    sock.settimeout(timeout)
    while True:
        try:
            got.append(sock.recv(65536))
        except TimeoutError:
            return got
        except ConnectionRefusedError:
            continue


def storm(target, port, datagrams, threads=None, rounds=1, timeout=0.5):
    """The same datagrams from several CPUs at the same moment.

    Each thread is bound to a CPU of its own and has a socket of its own.
    Returns what came back, a list for each thread.
    """
    cpus = sorted(os.sched_getaffinity(0))
    threads = threads or len(cpus)
    sockets = [bound_socket(target, port) for _ in range(threads)]
    start = threading.Barrier(threads)

    def attack(number):
        os.sched_setaffinity(0, {cpus[number % len(cpus)]})
        for _ in range(rounds):
            for data in datagrams:
                start.wait()
                try:
                    sockets[number].send(data)
                except ConnectionRefusedError:
                    sockets[number].send(data)

    workers = [threading.Thread(target=attack, args=(n,)) for n in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    replies = [drain(sock, timeout) for sock in sockets]
    for sock in sockets:
        sock.close()
    return replies
