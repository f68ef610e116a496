// SPDX-License-Identifier: GPL-2.0-only
/* What came by netconsole, to people and to programs; and what did not come. */
#include "console.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "duration.h"
#include "options.h"
#include "report.h"

/* Hosts that are named in a remark. */
#define NAMED		5
/* Whose last command is due later than that is told. */
#define LONG_NS		(10 * NS_PER_S)

/**
 * console_text - a line that nothing is in that a terminal obeys
 * @l: the line
 *
 * Bytes that are neither printable ASCII nor tab stand as \x1b.
 *
 * Return: to be freed, or NULL.
 */
char *console_text(const struct netconsole_line *l)
{
	char *text = malloc(4 * l->len + 1), *to = text;
	unsigned char c;
	size_t i;

	if (!text)
		return NULL;
	for (i = 0; i < l->len; i++) {
		c = l->text[i];
		if ((c >= ' ' && c < 0x7f) || c == '\t')
			*to++ = c;
		else
			to += sprintf(to, "\\x%02x", c);
	}
	*to = '\0';
	return text;
}

/*
 * The bar is ours: whatever a host prints, it cannot pass for what is said of a request. The
 * extended format tells the time apart; it is put where the console has it.
 */
static void print(struct console_host *h, const struct netconsole_line *l, const char *text)
{
	summary_clear(h->console->summary);
	if (h->console->n > 1)
		fputs(h->host->name, stdout);
	fputs("| ", stdout);
	if (l->extended)
		printf("[%5llu.%06llu] ", (unsigned long long)l->us / 1000000,
		       (unsigned long long)l->us % 1000000);
	puts(text);
}

static void keep(struct console_host *h, const struct netconsole_line *l, const char *text)
{
	json_t *o = json_pack("{s:s, s:o, s:o, s:o}", "text", text,
			      "level", l->extended ? json_integer(l->level) : json_null(),
			      "seq", l->extended ? json_integer(l->seq) : json_null(),
			      "us", l->extended ? json_integer(l->us) : json_null());

	if (!h->told)
		h->told = json_array();
	json_array_append_new(h->told, o);
}

/**
 * console_line - a line has come
 * @l: the line
 * @host: struct console_host: whose it is
 */
void console_line(const struct netconsole_line *l, void *host)
{
	struct console_host *h = host;
	char *text;

	if (h->lines >= CONSOLE_LINES / h->console->n || h->bytes >= CONSOLE_BYTES / h->console->n)
		h->more = true;
	if (h->more)
		return;
	text = console_text(l);
	if (!text)
		return;
	h->lines++;
	h->bytes += l->len;
	if (h->console->json)
		keep(h, l, text);
	else
		print(h, l, text);
	free(text);
}

/**
 * console_json - what became of the request at each host, with its lines: an object on a line
 * @c: has listened, and has the reports
 * @out: where to
 *
 * Return: 0, or -1 if there was no memory.
 */
int console_json(struct console *c, FILE *out)
{
	struct console_host *h;
	int failed = 0;
	size_t i;

	for (i = 0; i < c->n; i++) {
		h = &c->hosts[i];
		if (!h->told)
			h->told = json_array();
		failed |= !h->report ||
			  json_object_set_new(h->report, "console",
					      json_pack("{s:O, s:b}", "lines", h->told, "more",
							(int)h->more));
		if (!h->report)
			continue;
		failed |= report_dump(h->report, out);
	}
	return failed ? -1 : 0;
}

/**
 * console_error - why it cannot listen, and what to do
 * @cmd: of which command
 * @c: console_begin() has failed
 * @err: as that said
 *
 * Return: EXIT_USAGE.
 */
int console_error(const struct command *cmd, const struct console *c, int err)
{
	unsigned int port = ntohs(c->at.in.sin_port);
	char where[ADDRESS_TEXT];

	address_text(&c->at, where);
	if (err == -EADDRINUSE)
		return local_error(cmd, "nothing was sent: --console: another program, such as "
				   "rsyslog, has port %u of %s: look into its file, or let the "
				   "hosts send to another port, too, and name that", port, where);
	if (err == -EADDRNOTAVAIL)
		return local_error(cmd, "nothing was sent: --console: %s is no address of this "
				   "machine", where);
	return local_error(cmd, "nothing was sent: --console: cannot listen to port %u of %s: %s",
			   port, where, strerror(-err));
}

static bool is_silent(const struct console_host *h)
{
	return h->awaited && !h->lines;
}

static void remark(FILE *err, const char *what)
{
	fprintf(err, "sysrqctl send: --console: %s", what);
}

static void name_some(const struct console *c, bool (*which)(const struct console_host *h),
		      const char *what, const char *more, FILE *err)
{
	size_t i, n = 0;

	for (i = 0; i < c->n; i++) {
		if (!which(&c->hosts[i]) || n++ >= NAMED)
			continue;
		if (n == 1)
			remark(err, what);
		fprintf(err, "%s%s", n > 1 ? ", " : " ", c->hosts[i].host->name);
	}
	if (n > NAMED)
		fprintf(err, " and %zu more", n - NAMED);
	if (n)
		fprintf(err, "%s\n", more);
}

static bool has_more(const struct console_host *h)
{
	return h->more;
}

/**
 * console_remarks - what is missing, and why it may be
 * @c: has listened
 * @err: where to
 */
void console_remarks(const struct console *c, FILE *err)
{
	char other[ADDRESS_TEXT], more[256];

	snprintf(more, sizeof(more), ": does netconsole there send to port %u here, is its "
		 "kernel.printk at 7, and does no firewall drop it?", ntohs(c->at.in.sin_port));
	name_some(c, is_silent, "nothing came from", more, err);
	name_some(c, has_more, "too much came; the rest is left out, from", "", err);
	if (c->others) {
		address_text(&c->other, other);
		remark(err, "");
		fprintf(err, "%llu datagrams of others are left out, the first from %s\n",
			(unsigned long long)c->others, other);
	}
	if (c->lost) {
		remark(err, "");
		fprintf(err, "%u datagrams were lost here: they came faster than they could be "
			"taken\n", c->lost);
	}
}

/**
 * console_until - say how long it takes, if that is long
 * @c: all hosts are done
 * @now: CLOCK_BOOTTIME, ns
 * @err: where to
 */
void console_until(const struct console *c, s64 now, FILE *err)
{
	s64 now_s = time(NULL);
	char until[32];

	if (c->due - now < LONG_NS)
		return;
	when_print_clock(now_s + (c->due - now + c->wait) / NS_PER_S, now_s, until, sizeof(until));
	remark(err, "");
	fprintf(err, "listens until %s at least; an interrupt (^C) ends it\n", until);
}
