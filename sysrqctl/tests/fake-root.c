// SPDX-License-Identifier: GPL-2.0-only
/* For tests of doctor: a host of files in a folder, and what is found there. */
#include "fake-root.h"

#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test-run.h"
#include "test.h"

char fake_root[] = "/tmp/sysrqctl-test-XXXXXX";

static json_t *findings;

/** root_begin - an empty host, whose commands are in /usr/local/sbin and /usr/sbin */
void root_begin(void)
{
	check(mkdtemp(fake_root));
	check(!setenv("PATH", "/usr/local/sbin:/usr/sbin", 1));
}

static void make_folders(char *path)
{
	char *p;

	for (p = path + sizeof(fake_root); (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(path, 0755);
		*p = '/';
	}
}

/** root_put - a file, with the folders that lead to it */
void root_put(const char *path, unsigned int mode, const char *fmt, ...)
{
	char full[512], text[8192];
	va_list ap;

	va_start(ap, fmt);
	check((size_t)vsnprintf(text, sizeof(text), fmt, ap) < sizeof(text));
	va_end(ap);
	snprintf(full, sizeof(full), "%s%s", fake_root, path);
	make_folders(full);
	unlink(full);
	write_file(full, text, mode);
}

/** root_remove - a file is not there any more, or a folder with all that is in it */
void root_remove(const char *path)
{
	char text[512];

	snprintf(text, sizeof(text), "/bin/rm -rf %s%s", fake_root, path);
	check(!system(text));
}

/** root_end - no trace of the host stays */
void root_end(void)
{
	json_decref(findings);
	root_remove("");
}

/** root_doctor - with nothing known but that all may be seen, and the module is loaded */
void root_doctor(struct doctor *d)
{
	memset(d, 0, sizeof(*d));
	d->root = fake_root;
	d->as_root = true;
	d->now = FAKE_NOW;
	d->synchronised = true;
	strcpy(d->release, "6.1.0-1-test");
	strcpy(d->state.module.version, NFT_SYSRQ_VERSION);
	d->state.module.proto = NFT_SYSRQ_PROTO_VERSION;
	d->state.module.mask = 438;
	strcpy(d->state.module.handled, "0123456789bcefhijklmnoprstuwz");
}

static const char *member(const json_t *finding, const char *name)
{
	return json_string_value(json_object_get(finding, name));
}

static void say(void)
{
	json_dumpf(findings, stderr, JSON_INDENT(2));
	fputc('\n', stderr);
}

/* Whatever is wrong, there is a command that mends it. */
static void check_mends(void)
{
	json_t *finding;
	size_t i;

	json_array_foreach(findings, i, finding) {
		if (json_array_size(json_object_get(finding, "mend")) ||
		    !strcmp(member(finding, "grade"), "ok") || !strcmp(member(finding, "grade"), "note"))
			continue;
		say();
		fprintf(stderr, "nothing mends: %s\n", member(finding, "message"));
		exit(1);
	}
}

/** root_look - make a check; its findings are those that are asked for from now on */
void root_look(struct doctor *d, void (*look)(struct doctor *d))
{
	char *text, *line, *next;
	size_t len;

	json_decref(findings);
	findings = json_array();
	memset(d->count, 0, sizeof(d->count));
	d->json = true;
	d->out = open_memstream(&text, &len);
	check(d->out);
	look(d);
	doctor_end(d);
	check(!fclose(d->out) && !d->failed);
	for (line = text; *line; line = next) {
		next = strchr(line, '\n') + 1;
		check(!json_array_append_new(findings, json_loadb(line, next - line, 0, NULL)));
	}
	free(text);
	check_mends();
}

/** root_count - how many findings there are */
unsigned int root_count(void)
{
	return json_array_size(findings);
}

static const json_t *find(const char *part)
{
	json_t *finding;
	size_t i;

	json_array_foreach(findings, i, finding)
		if (strstr(member(finding, "message"), part))
			return finding;
	return NULL;
}

static bool has_mend(const json_t *finding, const char *mend)
{
	json_t *mends = json_object_get(finding, "mend"), *command;
	size_t i;

	if (!mend)
		return !json_array_size(mends);
	json_array_foreach(mends, i, command)
		if (!strcmp(json_string_value(command), mend))
			return true;
	return false;
}

/**
 * root_found - there is that finding
 * @grade: of it
 * @topic: likewise
 * @part: of its message
 * @mend: one of its commands; NULL: it has none
 */
void root_found(const char *grade, const char *topic, const char *part, const char *mend)
{
	const json_t *finding = find(part);

	if (!finding || strcmp(member(finding, "grade"), grade) ||
	    strcmp(member(finding, "topic"), topic) || !has_mend(finding, mend)) {
		say();
		fprintf(stderr, "not found: %s, %s: %s; mend: %s\n", grade, topic, part,
			mend ? mend : "none");
		exit(1);
	}
}

/** root_not_found - no finding has that in its message */
void root_not_found(const char *part)
{
	if (!find(part))
		return;
	say();
	fprintf(stderr, "found: %s\n", part);
	exit(1);
}

/** root_fine - there are findings, and all are ok */
void root_fine(void)
{
	json_t *finding;
	size_t i;

	check(root_count());
	json_array_foreach(findings, i, finding) {
		if (!strcmp(member(finding, "grade"), "ok"))
			continue;
		say();
		exit(1);
	}
}
