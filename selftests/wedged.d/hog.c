// SPDX-License-Identifier: GPL-2.0-only
/*
 * Brings a guest's userland into trouble: hog fork | memory | realtime | log; hog read tells what the log
 * has beside a flood. For tests only: it never ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <unistd.h>

#define SYSLOG_ACTION_READ	2	/* syslog(2) */

static void say(const char *text)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		perror("hog: /dev/kmsg");
	if (fd >= 0)
		close(fd);
}

/* Each child forks as well, until there is no room for one more; then all try again and again. */
static void hog_fork(void)
{
	bool *said = mmap(NULL, sizeof(*said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			  -1, 0);

	if (said == MAP_FAILED)
		exit(1);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		if (fork() >= 0 || errno != EAGAIN || *said)
			continue;
		*said = true;
		say("wedged: fork is refused\n");
	}
}

/* Eats until it is killed. */
static void eat(void)
{
	const size_t size = 4 << 20;

	for (;;)
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
		     -1, 0);
}

/* The parent is not killed, and there are always some who eat. */
static void hog_memory(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY);
	pid_t pid;
	int i;

	if (fd < 0 || write(fd, "-1000", 5) < 0)
		exit(1);
	close(fd);
	signal(SIGCHLD, SIG_IGN);
	for (i = 0;; i++) {
		pid = fork();
		if (!pid) {
			fd = open("/proc/self/oom_score_adj", O_WRONLY);
			if (fd < 0 || write(fd, "500", 3) < 0)
				exit(1);
			eat();
		}
		usleep(i < 8 ? 10000 : 300000);
	}
}

/* The highest priority there is, on each processor, without a pause. */
static void hog_realtime(void)
{
	struct sched_param param = { .sched_priority = sched_get_priority_max(SCHED_FIFO) };
	long cpus = sysconf(_SC_NPROCESSORS_ONLN), cpu;
	cpu_set_t set;

	for (cpu = 0; cpu < cpus; cpu++) {
		/* The last one is this process itself. */
		if (cpu < cpus - 1 && fork())
			continue;
		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
		if (sched_setaffinity(0, sizeof(set), &set) ||
		    sched_setscheduler(0, SCHED_FIFO, &param)) {
			perror("hog: SCHED_FIFO");
			exit(1);
		}
		for (;;)
			;
	}
}

#define FLOOD	"flood: a driver complains again and again, at some length, of what nobody mends\n"

static void hog_log(void)
{
	static const char line[] = FLOOD;
	int fd = open("/dev/kmsg", O_WRONLY);

	if (fd < 0)
		exit(1);
	for (;;)
		if (write(fd, line, sizeof(line) - 1) < 0 && errno != EAGAIN)
			exit(1);
}

/*
 * Comes before those who write, and takes many lines at once, so that it keeps up with them; what the flood overtook is
 * missing.
 */
static void hog_read(void)
{
	struct sched_param param = { .sched_priority = 1 };
	static char lines[1 << 17], rest[sizeof(lines)];
	char *line, *end;
	size_t left;
	int n;

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		perror("hog: SCHED_FIFO");
	while ((n = klogctl(SYSLOG_ACTION_READ, lines, sizeof(lines) - 1)) > 0) {
		lines[n] = '\0';
		for (line = lines, left = 0; *line; line = end) {
			end = strchrnul(line, '\n');
			end += *end == '\n';
			if (memmem(line, end - line, FLOOD, sizeof(FLOOD) - 1))
				continue;
			memcpy(rest + left, line, end - line);
			left += end - line;
		}
		if (left && write(1, rest, left) != (ssize_t)left)
			break;
	}
	perror("hog: reading the log");
	exit(1);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} hogs[] = {
		{ "fork", hog_fork }, { "memory", hog_memory },
		{ "realtime", hog_realtime }, { "log", hog_log }, { "read", hog_read },
	};
	unsigned int i;

	for (i = 0; i < sizeof(hogs) / sizeof(*hogs); i++)
		if (argc == 2 && !strcmp(argv[1], hogs[i].name))
			hogs[i].run();
	fprintf(stderr, "usage: hog fork | memory | realtime | log | read\n");
	return 2;
}
