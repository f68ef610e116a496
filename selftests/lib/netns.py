# SPDX-License-Identifier: GPL-2.0-only
"""A second machine: a network namespace behind a veth pair, 10.9.0.2/24, fd09::2/64."""
import contextlib
import os

from host import sh

CLONE_NEWNET = 0x40000000


def setns(fd):
    """Python has os.setns() from 3.12 on only."""
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


@contextlib.contextmanager
def inside(name):
    """This thread is in the namespace; sockets made here stay there."""
    with open("/proc/thread-self/ns/net", encoding="ascii") as here, \
            open(f"/run/netns/{name}", encoding="ascii") as there:
        setns(there.fileno())
        try:
            yield
        finally:
            setns(here.fileno())


class Peer:
    """host side: veth "toward", 10.9.0.1 and fd09::1; the other side in namespace "peer".

    A second one beside it has another name, device and net.
    """

    def __init__(self, six=True, name="peer", dev="toward", net=9):
        self.six, self.name, self.dev, self.net = six, name, dev, net

    def __enter__(self):
        name, dev, net = self.name, self.dev, self.net
        sh(f"ip netns add {name} && ip link add {dev} type veth peer name eth0 netns {name} && "
           f"ip addr add 10.{net}.0.1/24 dev {dev} && ip addr add 10.{net}.0.7/24 dev {dev} && "
           f"ip link set {dev} up && ip -n {name} addr add 10.{net}.0.2/24 dev eth0 && "
           f"ip -n {name} link set eth0 up && ip -n {name} link set lo up")
        if self.six:
            sh(f"ip -6 addr add fd{net:02}::1/64 dev {dev} nodad && "
               f"ip -n {name} -6 addr add fd{net:02}::2/64 dev eth0 nodad")
        for where in ("", f"ip netns exec {name} "):
            sh(where + "sysctl -qw net.ipv6.conf.all.accept_dad=0", check=False)
        return self

    def __exit__(self, *_):
        sh(f"ip netns del {self.name}; ip link del {self.dev} 2>/dev/null", check=False)

    def client(self, host, address="10.9.0.1", **more):
        with inside(self.name):
            return host.client(address, **more)

    def link_local(self):
        """The host's link-local address as the peer says it."""
        with open(f"/sys/class/net/{self.dev}/address", encoding="ascii") as file:
            mac = [int(x, 16) for x in file.read().strip().split(":")]
        mac[0] ^= 2
        eui = bytes(mac[:3]) + b"\xff\xfe" + bytes(mac[3:])
        words = [eui[i:i + 2].hex() for i in range(0, 8, 2)]
        return "fe80::" + ":".join(words) + "%eth0"


def thread_affinity(cpu):
    os.sched_setaffinity(0, {cpu})
