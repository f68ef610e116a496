// SPDX-License-Identifier: GPL-2.0-only
/*
 * A settings file, and what it says of some hosts: whatever was taken can be used, also for hosts whose
 * names are odd; what is wrong is said in a line that says where.
 */
#include "served.h"
#include "settings.h"
#include "steps.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	setenv("HOME", "/home/u", 1);
	return 0;
}

static void check_sequences(const struct settings *s, const char *name)
{
	static struct sequence sequences[SETTINGS_SEQUENCES + 1];
	size_t n = settings_sequences(s, name, sequences), i;
	struct steps steps;
	char why[512];

	must(n <= SETTINGS_SEQUENCES && !sequences[n].name[0]);
	for (i = 0; i < n; i++) {
		char *text = (char *)sequences[i].text;

		must(sequence_name(sequences[i].name));
		must(!steps_parse(&steps, 1, &text, NULL, why, sizeof(why)) && steps.n);
	}
}

static void check_host(const struct settings *s, const char *name, const char *port)
{
	const struct entry *found[SETTINGS];
	char text[HOST_LEN], why[512], path[4096];
	struct host host;
	unsigned int i;

	snprintf(text, sizeof(text), "%s", name);
	must(!host_parse(text, &host, why, sizeof(why)));
	must(!settings_apply(s, &host, port, found));
	must(!port_parse(host.port, text) && !strcmp(text, host.port));
	for (i = 0; i < SETTINGS; i++)
		must(!found[i] || (found[i]->what == i && found[i]->line && found[i]->text));
	must(host.naddresses <= 8);
	for (i = 0; i < host.naddresses; i++)
		must(host.addresses[i][0]);
	if (found[SETTING_KEY] && !settings_key(found[SETTING_KEY], name, path, sizeof(path)))
		must(path[0] == '/' || !strncmp(path, "credential:", 11));
	check_sequences(s, name);
}

static void check_settings(const struct settings *s, unsigned int lines)
{
	size_t i, n = 0;

	for (i = 0; i < s->nblocks; i++) {
		must(s->blocks[i].first == n);
		n += s->blocks[i].n;
	}
	must(n == s->nentries);
	for (i = 0; i < s->nentries; i++)
		must(s->entries[i].line && s->entries[i].line <= lines);
	check_host(s, "web1", "");
	check_host(s, "WEB-2.Example.org", "99");
	check_host(s, "2001:db8::1", "");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct settings s = { 0 };
	struct textfile *f = &s.files[0];
	char why[4608] = "";

	serve(data, size);
	s.nfiles = 1;
	if (textfile_read(f, 0, "/etc/sysrq/sysrqctl.conf", 1 << 20, why, sizeof(why)) ||
	    settings_parse(&s, f, why, sizeof(why))) {
		must_be_line(why);
		must(!strncmp(why, "/etc/sysrq/sysrqctl.conf:", 25));
	} else {
		must(!why[0]);
		check_settings(&s, f->line);
	}
	settings_free(&s);
	return 0;
}
