// SPDX-License-Identifier: GPL-2.0-only
/* Findings, for people and for programs; files under another root. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor-report.h"
#include "test-run.h"
#include "test.h"

static char root[] = "/tmp/sysrqctl-test-XXXXXX";

static void tell_some(struct doctor *d)
{
	doctor_tell(d, DOCTOR_OK, "module", "%s is loaded", "nft_sysrq");
	doctor_tell(d, DOCTOR_PROBLEM, "keys", "odd: \n\033[2J \xc2\x9b \xff \"q\"");
	doctor_mend(d, "first %d", 1);
	doctor_mend(d, "second");
	d->as_root = false;
	doctor_needs_root(d, "nft", "the ruleset");
	doctor_end(d);
	check(d->count[DOCTOR_OK] == 1 && d->count[DOCTOR_PROBLEM] == 1);
	check(d->count[DOCTOR_NOTE] == 1 && !d->count[DOCTOR_WARNING] && !d->failed);
}

static void test_tell(bool json, const char *want)
{
	struct doctor d = { .json = json, .root = "" };
	char *text;
	size_t len;

	d.out = open_memstream(&text, &len);
	check(d.out);
	doctor_end(&d);
	tell_some(&d);
	fclose(d.out);
	if (strcmp(text, want))
		fprintf(stderr, "got: %s", text);
	check(!strcmp(text, want));
	free(text);
}

/* Make a file under the root. */
static void put(const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	write_file(path, text, 0644);
}

static void test_read(void)
{
	struct doctor d = { .root = root };
	char *text, word[4], *big, path[256];

	check(mkdtemp(root));
	put("a", "  full of\nwords\n");
	check(!doctor_read(&d, "/a", &text) && !strcmp(text, "  full of\nwords\n"));
	free(text);
	check(!doctor_read_word(&d, "/a", word, sizeof(word)) && !strcmp(word, "ful"));
	check(doctor_exists(&d, "/a") && !doctor_exists(&d, "/b"));
	check(doctor_read(&d, "/b", &text) == -ENOENT && !text);
	check(doctor_read_word(&d, "/b", word, sizeof(word)) == -ENOENT && !word[0]);
	check(doctor_read(&d, "/", &text) == -EINVAL && !text);
	snprintf(path, sizeof(path), "%s/pipe", root);
	check(!mkfifo(path, 0600));
	alarm(20);
	check(doctor_read(&d, "/pipe", &text) == -EINVAL);
	alarm(0);
	unlink(path);

	big = malloc(DOCTOR_FILE_MAX + 2);
	memset(big, 'x', DOCTOR_FILE_MAX + 1);
	big[DOCTOR_FILE_MAX + 1] = '\0';
	put("a", big);
	check(doctor_read(&d, "/a", &text) == -EFBIG);
	put("a", big + 1);
	check(!doctor_read(&d, "/a", &text) && strlen(text) == DOCTOR_FILE_MAX);
	free(text);
	memset(big, '/', DOCTOR_PATH_LEN);
	big[DOCTOR_PATH_LEN] = '\0';
	check(doctor_read(&d, big, &text) == -ENAMETOOLONG);
	free(big);
	snprintf(path, sizeof(path), "%s/a", root);
	unlink(path);
	rmdir(root);
}

int main(void)
{
	test_tell(false,
		  "ok       module: nft_sysrq is loaded\n"
		  "problem  keys: odd: ??[2J ?? ? \"q\"\n"
		  "           first 1\n"
		  "           second\n"
		  "note     nft: only root may see the ruleset\n"
		  "           sudo sysrqctl doctor\n");
	test_tell(true,
		  "{\"grade\":\"ok\",\"topic\":\"module\",\"message\":\"nft_sysrq is loaded\","
		  "\"mend\":[]}\n"
		  "{\"grade\":\"problem\",\"topic\":\"keys\",\"message\":\"odd: ??[2J ?? ? \\\"q\\\"\","
		  "\"mend\":[\"first 1\",\"second\"]}\n"
		  "{\"grade\":\"note\",\"topic\":\"nft\",\"message\":\"only root may see the ruleset\","
		  "\"mend\":[\"sudo sysrqctl doctor\"]}\n");
	test_read();
	return 0;
}
