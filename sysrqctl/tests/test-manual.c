// SPDX-License-Identifier: GPL-2.0-only
/* The manual, --help and the table of commands say the same. */
#include "command.h"
#include "test-run.h"
#include "test.h"

static char manual[65536];

/* The part of the manual between ".Ss NAME" and the next heading. */
static void section_of(const char *name, char *buf, size_t size)
{
	const char *p, *end, *other;
	char head[64];

	snprintf(head, sizeof(head), "\n.Ss %s\n", name);
	p = strstr(manual, head);
	if (!p)
		fprintf(stderr, "no section on %s\n", name);
	check(p);
	p += strlen(head);
	end = strstr(p, "\n.Ss ");
	other = strstr(p, "\n.Sh ");
	if (!end || (other && other < end))
		end = other;
	check(end && (size_t)(end - p) < size);
	memcpy(buf, p, end - p);
	buf[end - p] = '\0';
}

static void check_options(const struct command *cmd, const char *section, const char *help)
{
	const struct option_row *row;
	unsigned int n = 0, items = 0;
	char text[128];
	const char *p;

	for (row = cmd->options; row->name; row++, n++) {
		snprintf(text, sizeof(text), "\n.It Fl -%s%s%s\n", row->name,
			 row->arg ? " Ar " : "", row->arg ? row->arg : "");
		check_has(section, text);
		snprintf(text, sizeof(text), "\n  --%s%s%s ", row->name, row->arg ? " " : "",
			 row->arg ? row->arg : "");
		check_has(help, text);
		check_has(help, row->help);
	}
	for (p = section; (p = strstr(p, "\n.It Fl -")); p++)
		items++;
	check(items == n);
	for (items = 0, p = help; (p = strstr(p, "\n  --")); p++)
		items++;
	check(items == n + 1);	/* and --help */
}

int main(int argc, char **argv)
{
	const struct command *cmd;
	unsigned int sections = 0;
	char section[16384], text[64];
	struct run r, top;
	const char *p;

	check(argc == 3);
	run_binary = argv[1];
	read_file(argv[2], manual, sizeof(manual));
	run(&top, NULL, "--help");
	for (cmd = commands; cmd->name; cmd++, sections++) {
		section_of(cmd->name, section, sizeof(section));
		snprintf(text, sizeof(text), "%s --help", cmd->name);
		run(&r, NULL, text);
		check(!r.status && !r.err[0]);
		check_options(cmd, section, r.out);
		check_has(r.out, cmd->summary);
		check_has(top.out, cmd->name);
		check_has(top.out, cmd->summary);
		snprintf(text, sizeof(text), "\n.Cm %s\n", cmd->name);
		check_has(manual, text);
	}
	for (p = manual; (p = strstr(p, "\n.Ss ")); p++)
		sections--;
	check(!sections);
	return 0;
}
