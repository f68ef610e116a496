// SPDX-License-Identifier: GPL-2.0-only
/* doctor: names and files that somebody has chosen: no command that is printed does harm for them. */
#include <sodium.h>
#include <sys/stat.h>

#include "fake-root.h"
#include "fake-ruleset.h"
#include "test.h"

#include <linux/netfilter.h>

#define CONF	"/etc/nftables.conf"
#define UNITS	"/lib/systemd/system"
#define SED(n, file)	"sed -i '" n "s/^/#/' " file

static struct doctor d;

static bool alone(const char *text)
{
	return doctor_line_alone(text, strstr(text, "sysrq"));
}

/* Put out of use by itself, the rest must be as it was. */
static void test_line_alone(void)
{
	check(alone("sysrq"));
	check(alone("{\n\t\tudp dport 9 sysrq drop\n}\n"));
	check(alone("udp dport { 9, 10 } sysrq comment \"a; {\" # more; } \\\nx"));
	check(alone("x # says \\\nudp dport 9 sysrq"));
	check(alone("add rule inet f c udp dport 9 sysrq"));
	/* What goes on in the next line would be a rule of its own, and drop all. */
	check(!alone("udp dport 9 sysrq \\\n\tdrop"));
	check(!alone("udp dport 9 sysrq \\ \n\tdrop"));
	check(!alone("udp dport 9 \\\n\tsysrq drop"));
	check(!alone("udp dport 9 sysrq; drop"));
	check(!alone("chain c { udp dport 9 sysrq }"));
	check(!alone("table t { chain c { udp dport 9 sysrq; }; }"));
	check(!alone("chain c { udp dport 9 sysrq"));
	check(!alone("udp dport 9 sysrq }"));
	check(!alone("udp dport 9 sysrq } chain d {"));
	check(!alone("define x = { 9 sysrq }"));
	check(!alone("sysrq comment \"open\n"));
}

static void test_lines(void)
{
	root_doctor(&d);
	root_put(UNITS "/nftables.service", 0644, "[Service]\nExecStart=/usr/sbin/nft -f " CONF "\n");
	root_put("/usr/sbin/nft", 0755, "#!/bin/sh\necho Error: syntax error; exit 1\n");
	root_put(CONF, 0644, "table inet f {\n chain in {\n  udp dport 9 sysrq \\\n   drop\n"
		 "  udp dport 10 sysrq\n }\n}\ninclude \"/etc/nft.d/*\"\n");
	root_put("/etc/nft.d/a $(b) 'c'", 0644, "sysrq\n");
	root_look(&d, doctor_nftables);
	root_found("problem", "nft", "plugin ", "${EDITOR:-vi} +3 " CONF "    # take the rule with sysrq out");
	root_found("problem", "nft", "plugin ", SED("5", CONF));
	root_found("problem", "nft", "plugin ", SED("1", "'/etc/nft.d/a $(b) '\\''c'\\'''"));
	root_remove("/etc");
	root_remove("/usr");
	root_remove(UNITS);
}

static void test_key_files(void)
{
	char text[512];

	root_doctor(&d);
	root_put("/etc/sysrq/keys.d/a $(b).key", 0644, "x\n");
	snprintf(text, sizeof(text), "%s/etc/sysrq/keys.d", fake_root);
	check(!chmod(text, 0700));
	snprintf(text, sizeof(text), "chmod 600 '%s/etc/sysrq/keys.d/a $(b).key'", fake_root);
	root_look(&d, doctor_key_files);
	root_found("problem", "keys", "others than its owner may use it (mode 0644)", text);
	root_remove("/etc");

	/* Text like ours in a name is a name. */
	root_put("/etc/sysrq/keys.d/; mend it by: chmod 777 x, and .key", 0644, "x\n");
	snprintf(text, sizeof(text), "%s/etc/sysrq/keys.d", fake_root);
	check(!chmod(text, 0700));
	snprintf(text, sizeof(text), "chmod 600 '%s/etc/sysrq/keys.d/; mend it by: chmod 777 x, and .key'",
		 fake_root);
	root_look(&d, doctor_key_files);
	root_found("problem", "keys", "others than its owner may use it (mode 0644)", text);
	root_remove("/etc");
}

/* nft takes its arguments for one text: what is no name to it, it would take for commands. */
static void test_names(const char *chain, const char *mend)
{
	root_doctor(&d);
	d.rules.n = 1;
	fake_begin();
	fake_table(NFPROTO_INET, "t", false);
	fake_chain(NFPROTO_INET, "in", NF_INET_LOCAL_IN, 0, "accept");
	fake_rule(NFPROTO_INET, "in", "proto 17 dport 9 sysrq drop");
	fake_chain(NFPROTO_INET, chain, NF_INET_PRE_ROUTING, -300, "accept");
	fake_rule(NFPROTO_INET, chain, "proto 17 drop");
	rs_free(&d.ruleset);
	fake_load(&d.ruleset);
	check(!rs_link(&d.ruleset, "eth0", 2, true));
	root_look(&d, doctor_reach);
	root_found("problem", "reach", "never reach it", mend);
	rs_free(&d.ruleset);
}

static void test_units(void)
{
	static const char * const ask[] = { "nftables.service", "sysrq-arm.service", "sysrq-keys.service" };
	enum doctor_unit is[3];
	unsigned int i;

	root_doctor(&d);
	for (i = 0; i < 3; i++) {
		char path[64];

		snprintf(path, sizeof(path), UNITS "/%s", ask[i]);
		root_put(path, 0644, "[Service]\n");
	}
	/* What is said beside the states is none, and what ends with this boot is not there at the next. */
	root_put("/usr/sbin/systemctl", 0755, "#!/bin/sh\n"
		 "echo \"ERROR: ld.so: object 'x.so' from LD_PRELOAD cannot be preloaded: ignored.\" >&2\n"
		 "echo enabled\necho disabled\necho enabled-runtime\n");
	doctor_unit_states(&d, ask, 3, is);
	check(is[0] == UNIT_ENABLED && is[1] == UNIT_DISABLED && is[2] == UNIT_DISABLED);
	root_remove(UNITS);
	root_remove("/usr");
}

static void test_sysctl(void)
{
	struct boot_sysrq b;

	root_doctor(&d);
	/* Where our file has other lines, they stay. */
	root_put("/lib/systemd/systemd-sysctl", 0755, " ");
	root_put("/etc/sysctl.d/99-sysrq.conf", 0644, "kernel.panic=9");
	root_put("/etc/sysctl.d/50-a.conf", 0644, "kernel.sysrq=5");
	root_look(&d, doctor_sysrq);
	root_found("warning", "sysrq", "50-a.conf:1 makes it 5",
		   "printf '\\nkernel.sysrq = %u\\n' 438 >> /etc/sysctl.d/99-sysrq.conf");
	root_put("/etc/sysctl.d/99-sysrq.conf", 0644, "kernel.panic=9\nkernel.sysrq\t=\t4\n");
	root_look(&d, doctor_sysrq);
	root_found("warning", "sysrq", "99-sysrq.conf:2 makes it 4",
		   "sed -i -E 's,^[[:blank:]-]*kernel[./]sysrq[[:blank:]]*=.*,kernel.sysrq = 438,' "
		   "/etc/sysctl.d/99-sysrq.conf");
	root_put("/etc/sysctl.d/zzz: $(a).conf", 0644, "kernel.sysrq=5");
	root_look(&d, doctor_sysrq);
	root_found("warning", "sysrq", "makes it 5",
		   "sed -i -E 's,^[[:blank:]-]*kernel[./]sysrq[[:blank:]]*=.*,kernel.sysrq = 438,' "
		   "'/etc/sysctl.d/zzz: $(a).conf'");
	/* Then no file matters. */
	root_put("/proc/cmdline", 0444, "quiet xsysrq_always_enabled\n");
	doctor_boot_sysrq(&d, &b);
	check(b.known && b.value == 5);
	root_put("/proc/cmdline", 0444, "quiet sysrq_always_enabled\n");
	doctor_boot_sysrq(&d, &b);
	check(b.known && b.value == 1 && !strcmp(b.where, "the kernel's command line"));
	root_remove("/etc");
	root_remove("/lib");
	root_remove("/proc");
}

int main(void)
{
	check(sodium_init() >= 0);
	root_begin();
	test_line_alone();
	test_lines();
	test_key_files();
	test_names("raw", "nft insert rule inet t raw handle 2 udp dport 9 accept");
	test_names("in accept; flush ruleset #", "sysrqctl arm");
	test_names("9", "sysrqctl arm");
	test_units();
	test_sysctl();
	root_end();
	return 0;
}
