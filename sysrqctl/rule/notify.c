// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a service says to systemd, and what that has kept for it: sd_notify(3) and sd_listen_fds(3), as far
 * as they are needed, so that an early service needs no library more.
 */
#include "notify.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_FD	3

/* Where to; its length, 0 if nobody wants to know, or a negative errno. */
static int address(struct sockaddr_un *to)
{
	const char *path = getenv("NOTIFY_SOCKET");
	size_t len = path ? strlen(path) : 0;

	if (!len)
		return 0;
	memset(to, 0, sizeof(*to));
	if ((path[0] != '/' && path[0] != '@') || len < 2 || len >= sizeof(to->sun_path))
		return -EINVAL;
	to->sun_family = AF_UNIX;
	memcpy(to->sun_path, path, len);
	/* A name that is in no folder begins with a zero byte. */
	if (path[0] == '@')
		to->sun_path[0] = '\0';
	return offsetof(struct sockaddr_un, sun_path) + len;
}

static void attach(struct msghdr *msg, int fd)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
}

/* @fd: to be handed over; -1: none */
static int tell(const char *text, int fd)
{
	union {
		struct cmsghdr	head;
		char		room[CMSG_SPACE(sizeof(int))];
	} control = { .room = { 0 } };
	struct iovec iov = { .iov_base = (char *)text, .iov_len = strlen(text) };
	struct sockaddr_un to;
	struct msghdr msg = { .msg_name = &to, .msg_iov = &iov, .msg_iovlen = 1 };
	int len = address(&to), s, err;

	if (len <= 0)
		return len;
	msg.msg_namelen = len;
	if (fd >= 0) {
		msg.msg_control = control.room;
		msg.msg_controllen = sizeof(control.room);
		attach(&msg, fd);
	}
	s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (s < 0)
		return -errno;
	err = sendmsg(s, &msg, MSG_NOSIGNAL) < 0 ? -errno : 0;
	close(s);
	return err;
}

/**
 * notify_ready - the service does its work from now on
 *
 * Return: 0, also where nobody wants to know, or a negative errno.
 */
int notify_ready(void)
{
	return tell("READY=1", -1);
}

/**
 * notify_keep - have a descriptor kept open when this process is gone, for the next one
 * @fd: the descriptor
 *
 * Return: 0, also where nobody keeps any, or a negative errno.
 */
int notify_keep(int fd)
{
	/* An error on it is no reason to close it. */
	return tell("FDSTORE=1\nFDNAME=hold\nFDPOLL=0", fd);
}

/**
 * notify_kept - the descriptor that an earlier process has had kept
 *
 * Return: the descriptor, or -1; it is asked for once.
 */
int notify_kept(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");

	if (!pid || !fds || strtol(pid, NULL, 10) != getpid() || strcmp(fds, "1"))
		return -1;
	/* Closed or not there: an error, too. */
	return fcntl(FIRST_FD, F_SETFD, FD_CLOEXEC) ? -1 : FIRST_FD;
}
