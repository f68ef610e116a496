# SPDX-License-Identifier: GPL-2.0-only
"""sysrqctl arm --hold, with this as its systemd; and one who asks without end whether it takes requests."""
import atexit
import contextlib
import fcntl
import os
import select
import socket
import subprocess
import tempfile
import time
import traceback

PLAIN, HELD = "sysrq", "sysrq-held "


def until(true, seconds=20.0):
    """Wait for it; whether it came true."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


class Holder:
    """One that holds. What it has had kept is in .kept, and is given to the next one."""

    def __init__(self):
        self.dir = tempfile.mkdtemp()
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(self.dir + "/notify")
        self.errors = open(self.dir + "/errors", "w+", encoding="utf-8")
        self.kept = self.process = None
        atexit.register(self.kill)

    def kill(self):
        """Nothing is left behind by a case that ends early."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def start(self, *options):
        """Until it has said that it is ready."""
        env = dict(os.environ, NOTIFY_SOCKET=self.dir + "/notify")
        command, fds = ["sysrqctl", "arm", "--hold", *options], ()
        if self.kept is not None:
            fds = (self.kept,)
            command = ["bash", "-c", f"exec 3<&{self.kept} {self.kept}<&-; export LISTEN_FDS=1 "
                       'LISTEN_PID=$$; exec "$@"', "bash", *command]
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen(command, env=env, stderr=self.errors, pass_fds=fds)
        if not until(self.ready) or self.process.poll() is not None:
            raise RuntimeError("it is not ready: " + self.said())

    def ready(self):
        """Hear what it tells; whether it has told all."""
        while select.select([self.notify], [], [], 0)[0]:
            text, fds, _, _ = socket.recv_fds(self.notify, 4096, 1)
            for fd in fds:
                if self.kept is not None:
                    os.close(self.kept)
                self.kept = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10)
                os.close(fd)
            if text == b"READY=1":
                return True
        return self.process.poll() is not None

    def forget(self):
        """Keep nothing any more: as without systemd."""
        if self.kept is not None:
            os.close(self.kept)
        self.kept = None

    def end(self, signal):
        """Exit status after that signal."""
        self.process.send_signal(signal)
        return self.process.wait(20)

    def said(self):
        self.errors.seek(0)
        return self.errors.read()


class Asker:
    """Another process: genuine requests, one after the other, each once; of
    several keys in turn, as one has not room enough."""

    PATIENCE = 10.0

    def __init__(self, clients):
        self.clients = clients
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control = mine
        self.pid = os.fork()
        if not self.pid:
            mine.close()
            try:
                self.ask(theirs)
            except OSError:
                traceback.print_exc()
            finally:
                os._exit(0)
        theirs.close()

    def only(self, *needed):
        """Without the sockets of those that hold, which would be held here, too."""
        needed = {0, 1, 2} | {n.fileno() for n in needed}
        for fd in map(int, os.listdir("/proc/self/fd")):
            if fd not in needed:
                with contextlib.suppress(OSError):
                    os.close(fd)

    def ask(self, control):
        self.only(control, *(client.socket for client in self.clients))
        asked, lost, other = 0, [], []
        while not select.select([control], [], [], 0)[0]:
            client = self.clients[asked % len(self.clients)]
            reply = client.probe(wall=False, timeout=self.PATIENCE)
            asked += 1
            if reply is None:
                lost.append(asked)
            elif reply.status:
                other.append(reply.status_name)
        # What is left unread when it closes is an error to the other side.
        control.recv(16)
        control.send(repr((asked, len(lost), other[:3])).encode())

    def stop(self):
        """(asked, without answer, [other answers])"""
        self.control.send(b"stop")
        self.control.settimeout(60)
        # pylint: disable=eval-used
        got = eval(self.control.recv(4096))
        os.waitpid(self.pid, 0)
        self.control.close()
        return got
