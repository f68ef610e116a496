# SPDX-License-Identifier: GPL-2.0-only
"""UDP by hand over raw sockets: wrong lengths, fragments, extension headers, chosen sources."""
import socket
import struct

from srq.echo import checksum


def udp4(payload, src="127.0.0.1", dst="127.0.0.1", sport=5555, dport=9, length=None):
    """A UDP header and payload; @length: what the header claims."""
    length = 8 + len(payload) if length is None else length
    head = struct.pack(">HHHH", sport, dport, length, 0)
    pseudo = socket.inet_aton(src) + socket.inet_aton(dst) + struct.pack(">BBH", 0, 17, length)
    return head[:6] + struct.pack(">H", checksum(pseudo + head + payload) or 0xffff) + payload


def ip4(body, src="127.0.0.1", dst="127.0.0.1", proto=17, ident=0, offset=0, more=False):
    """An IPv4 header before @body; @offset in bytes. The kernel fills in checksum and length."""
    frag = offset // 8 | (0x2000 if more else 0)
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(body), ident, frag, 64, proto, 0,
                       socket.inet_aton(src), socket.inet_aton(dst)) + body


def send4(packet, dst="127.0.0.1"):
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as sock:
        sock.sendto(packet, (dst, 0))


def ip6(body, src="::1", dst="::1", nexthdr=17):
    return struct.pack(">IHBB16s16s", 0x60000000, len(body), nexthdr, 64,
                       socket.inet_pton(socket.AF_INET6, src),
                       socket.inet_pton(socket.AF_INET6, dst)) + body


def frag6(body, ident, offset=0, more=False, nexthdr=17):
    """A fragment header before @body."""
    return struct.pack(">BBHI", nexthdr, 0, offset | more, ident) + body


def udp6(payload, src="::1", dst="::1", sport=5555, dport=9):
    length = 8 + len(payload)
    head = struct.pack(">HHHH", sport, dport, length, 0)
    pseudo = (socket.inet_pton(socket.AF_INET6, src) + socket.inet_pton(socket.AF_INET6, dst) +
              struct.pack(">II", length, 17))
    return head[:6] + struct.pack(">H", checksum(pseudo + head + payload) or 0xffff) + payload


def send6(packet, dst="::1"):
    with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW) as sock:
        sock.sendto(packet, (dst, 0))
