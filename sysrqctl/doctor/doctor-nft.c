// SPDX-License-Identifier: GPL-2.0-only
/* doctor: does the nft that people call know sysrq, or does it hide rules and lose them? */
#include <errno.h>
#include <string.h>

#include <linux/netfilter.h>

#include "arm.h"
#include "doctor.h"
#include "rule.h"

#define NFT_S		30
#define WRAPPER		NFT_SYSRQ_WRAPPERDIR "/nft"

/* In the table of arm a rule is made anew at each boot; elsewhere it is the administrator's. */
static unsigned int rules_elsewhere(const struct doctor *d, const struct listed_rule **first)
{
	const struct listed_rule *r;
	unsigned int n = 0;
	size_t left;

	for (r = d->rules.rule, left = d->rules.n; left; left--, r++) {
		if (r->family == NFPROTO_INET && !strcmp(r->table, ARM_TABLE))
			continue;
		if (!n++)
			*first = r;
	}
	return n;
}

#define QUESTION	"table inet doctor { chain c { sysrq; }; }"

enum answer { KNOWS, PLAIN, UNCLEAR };

/*
 * Is that nft ours, or preloaded with the plugin? Asked in a way that changes nothing; @said is
 * what stands against it.
 */
static enum answer ask(const struct doctor *d, const char *nft, char *said, size_t size)
{
	char *argv[] = { (char *)nft, (char *)"-c", (char *)QUESTION, NULL };
	int status = doctor_run(d, argv, NULL, NFT_S, said, size);
	bool plain;

	if (!status)
		return KNOWS;
	if (status < 0)
		snprintf(said, size, "%s", strerror(-status));
	/* The wrapper may have said something first. */
	plain = strstr(said, "syntax error");
	said[strcspn(said, "\n")] = '\0';
	return plain ? PLAIN : UNCLEAR;
}

/* Debian's package has the wrapper in the place of nft itself. */
static bool packaged(void)
{
	return !strcmp(NFT_SYSRQ_WRAPPERDIR, "/usr/sbin");
}

static void mend_package(struct doctor *d)
{
	doctor_mend(d, "apt install --reinstall nft-plugin-sysrq");
}

static void mend_path(struct doctor *d, const char *nft)
{
	bool there = doctor_exists(d, WRAPPER) && doctor_exists(d, NFT_SYSRQ_PLUGIN);

	if (packaged())
		mend_package(d);
	else if (there && !strcmp(nft, WRAPPER))
		doctor_mend(d, "apt install --reinstall nftables    # that behind it is static, or none of Debian's");
	else if (there)
		doctor_mend(d, "export PATH=" NFT_SYSRQ_WRAPPERDIR ":$PATH");
	else
		doctor_mend(d, "ninja -C SOURCE/build install");
}

static void tell_plain(struct doctor *d, const char *nft)
{
	const struct listed_rule *r = NULL;
	unsigned int n = rules_elsewhere(d, &r);

	if (n)
		doctor_tell(d, DOCTOR_WARNING, "nft", "%s does not know sysrq: it hides %u rule%s, as %s "
			    "%s %s handle %llu, and loses %s when it saves a ruleset", nft, n,
			    n > 1 ? "s" : "", rule_family(r->family), r->table, r->chain,
			    (unsigned long long)r->handle, n > 1 ? "them" : "it");
	else
		doctor_tell(d, DOCTOR_NOTE, "nft", "%s does not know sysrq; there is no rule that it "
			    "could lose", nft);
	mend_path(d, nft);
}

static void tell_unclear(struct doctor *d, const char *nft, const char *said)
{
	char quoted[2 * DOCTOR_PATH_LEN];

	doctor_tell(d, DOCTOR_WARNING, "nft", "whether %s knows sysrq could not be tried: %s", nft, said);
	doctor_quote(nft, quoted, sizeof(quoted));
	doctor_mend(d, "%s -c '" QUESTION "'    # says more", quoted[0] ? quoted : "nft");
}

/* Scripts call it by its path. */
static void tell_real(struct doctor *d, const char *found)
{
	const struct listed_rule *r = NULL;
	unsigned int n = rules_elsewhere(d, &r);
	char said[512];

	if (!n || !strcmp(found, "/usr/sbin/nft") || !doctor_exists(d, "/usr/sbin/nft") ||
	    ask(d, "/usr/sbin/nft", said, sizeof(said)) != PLAIN)
		return;
	doctor_tell(d, DOCTOR_NOTE, "nft", "who calls /usr/sbin/nft by its path, as scripts that begin "
		    "with #!/usr/sbin/nft do, has one that does not know sysrq, hides %u rule%s, and "
		    "loses %s when it saves a ruleset", n, n > 1 ? "s" : "", n > 1 ? "them" : "it");
	if (packaged()) {
		mend_package(d);
		return;
	}
	doctor_mend(d, "dpkg-divert --local --rename --divert /usr/sbin/nft.distrib --add /usr/sbin/nft");
	doctor_mend(d, "install -m 755 " WRAPPER " /usr/sbin/nft");
}

/**
 * doctor_nft - the nft in PATH, and the one in /usr/sbin
 * @d: the doctor
 */
void doctor_nft(struct doctor *d)
{
	char nft[DOCTOR_PATH_LEN];
	char said[512];

	if (doctor_find(d, "nft", nft)) {
		doctor_tell(d, DOCTOR_OK, "nft", "there is none, which could lose rules");
		return;
	}
	if (!d->as_root) {
		doctor_needs_root(d, "nft", "whether nft knows sysrq, and what it would lose");
		return;
	}
	/* The kernel would load it for the question, which is to change nothing. */
	if (d->module_err == -ENOENT) {
		doctor_tell(d, DOCTOR_NOTE, "nft", "whether %s knows sysrq can be tried only with the "
			    "module", nft);
		doctor_mend(d, "modprobe nft_sysrq");
		return;
	}
	switch (ask(d, nft, said, sizeof(said))) {
	case KNOWS:
		doctor_tell(d, DOCTOR_OK, "nft", "%s knows sysrq", nft);
		break;
	case PLAIN:
		tell_plain(d, nft);
		break;
	case UNCLEAR:
		tell_unclear(d, nft, said);
		break;
	}
	tell_real(d, nft);
}
