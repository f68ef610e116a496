// SPDX-License-Identifier: GPL-2.0-only
/*
 * What comes to send --console, from two hosts, each byte of it hostile. Lines are bounded, and no
 * more of them come out than went in; what is shown has no control character, and is JSON.
 */
#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>

#include "console.h"
#include "fuzz.h"

#define DGRAM	2048

static size_t lines, bytes;

static void on_line(const struct netconsole_line *l, void *arg)
{
	char *text = console_text(l);
	const char *p;
	json_t *o;

	must(arg && text && l->len <= NETCONSOLE_LINE && !memchr(l->text, '\n', l->len));
	for (p = text; *p; p++)
		must(*p == '\t' || isprint((unsigned char)*p));
	must((size_t)(p - text) >= l->len);
	must(!l->extended || l->level < 8);
	o = json_string(text);
	must(o);
	json_decref(o);
	free(text);
	lines++;
	bytes += l->len;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct netconsole host[2];
	struct in in = { data, size };
	size_t i, len, sent = 0, feeds = 0, n;
	char buf[DGRAM];
	u8 who;

	lines = bytes = 0;
	for (i = 0; i < 2; i++) {
		memset(&host[i], 0, sizeof(host[i]));
		host[i].line = on_line;
		host[i].arg = &host[i];
	}
	while (in.size) {
		who = in_byte(&in);
		/* A length, mostly short. */
		len = in_byte(&in) * (who & 2 ? 8 : 1);
		len = len < in.size ? len : in.size;
		in_bytes(&in, buf, len);
		for (n = 0; n < len; n++)
			feeds += buf[n] == '\n';
		sent += len;
		netconsole_take(&host[who & 1], buf, len);
		if (who & 4)
			netconsole_flush(&host[who & 1]);
		/* A mark is longer than the byte that is missing. */
		must(bytes <= 6 * sent && lines <= sent + feeds + 1);
	}
	for (i = 0; i < 2; i++) {
		netconsole_flush(&host[i]);
		must(!host[i].used && !host[i].parts.total);
	}
	return 0;
}
