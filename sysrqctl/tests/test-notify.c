// SPDX-License-Identifier: GPL-2.0-only
/* What systemd is told, at both kinds of addresses, and what is taken from it; and what is neither. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "notify.h"
#include "test.h"

static int listen_at(const char *path, size_t len)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int s = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	memcpy(a.sun_path, path, len);
	if (path[0] == '@')
		a.sun_path[0] = '\0';
	check(s >= 0 && !bind(s, (struct sockaddr *)&a, offsetof(struct sockaddr_un, sun_path) + len));
	return s;
}

/* The datagram that is there; its descriptor, or -1. */
static int next(int s, char *text, size_t size)
{
	char room[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { .iov_base = text, .iov_len = size - 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = room,
			    .msg_controllen = sizeof(room) };
	ssize_t len = recvmsg(s, &m, 0);
	int fd = -1;

	check(len >= 0);
	text[len] = '\0';
	if (m.msg_controllen)
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(fd));
	return fd;
}

static void test_told(const char *path)
{
	int s = listen_at(path, strlen(path)), fds[2], got;
	char text[256];

	check(!setenv("NOTIFY_SOCKET", path, 1));
	check(!notify_ready());
	check(next(s, text, sizeof(text)) == -1);
	check(!strcmp(text, "READY=1"));
	check(!pipe(fds));
	check(!notify_keep(fds[1]));
	got = next(s, text, sizeof(text));
	check_has(text, "FDSTORE=1\n");
	check_has(text, "\nFDPOLL=0");
	/* It is the same pipe. */
	check(got >= 0 && write(got, "x", 1) == 1 && read(fds[0], text, 2) == 1);
	close(s);
}

static void test_nobody(void)
{
	static const char *const bad[] = { "relative", "/", "@", "vsock:2:3" };
	char longer[200];
	size_t i;

	unsetenv("NOTIFY_SOCKET");
	check(!notify_ready() && !notify_keep(0));
	setenv("NOTIFY_SOCKET", "", 1);
	check(!notify_ready());
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		setenv("NOTIFY_SOCKET", bad[i], 1);
		check(notify_ready() == -EINVAL);
	}
	memset(longer, 'a', sizeof(longer));
	longer[0] = '/';
	longer[sizeof(longer) - 1] = '\0';
	setenv("NOTIFY_SOCKET", longer, 1);
	check(notify_ready() == -EINVAL);
	setenv("NOTIFY_SOCKET", "/nowhere/at/all", 1);
	check(notify_ready() == -ENOENT);
}

static void test_kept(void)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", getpid());
	check(dup2(0, 3) == 3);
	check(notify_kept() == -1);
	setenv("LISTEN_FDS", "1", 1);
	check(notify_kept() == -1);
	setenv("LISTEN_PID", "1", 1);
	check(notify_kept() == -1);
	setenv("LISTEN_PID", pid, 1);
	check(notify_kept() == 3);
	check(fcntl(3, F_GETFD) == FD_CLOEXEC);
	setenv("LISTEN_FDS", "2", 1);
	check(notify_kept() == -1);
	setenv("LISTEN_FDS", "1", 1);
	close(3);
	check(notify_kept() == -1);
}

int main(void)
{
	char dir[] = "/tmp/test-notify-XXXXXX", path[64], name[64];

	check(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/socket", dir);
	snprintf(name, sizeof(name), "@test-notify-%d", getpid());
	test_told(path);
	check(!unlink(path) && !rmdir(dir));
	test_told(name);
	test_nobody();
	test_kept();
	return 0;
}
