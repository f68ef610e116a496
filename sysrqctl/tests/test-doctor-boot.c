// SPDX-License-Identifier: GPL-2.0-only
/* doctor: what the next boot does: sysctl, units, nft and its file: each broken, then mended. */
#include <errno.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>

#include "fake-root.h"
#include "test.h"

#define UNITS	"/lib/systemd/system"
#define DROP_IN	UNITS "/nftables.service.d/nft-sysrq.conf"
#define CONF	"/etc/nftables.conf"
#define WITH	"flush ruleset\ntable inet filter {\n\tchain input {\n\t\tudp dport 9 sysrq drop\n\t}\n}\n"

static struct doctor d;
static struct listed_rule rule = { NFPROTO_INET, (char *)"filter", (char *)"input", 4,
				   (char *)"sysrq", "" };

static void sysctl_is(const char *where, unsigned int value)
{
	struct boot_sysrq b;

	doctor_boot_sysrq(&d, &b);
	if (where && strcmp(b.where, where))
		fprintf(stderr, "not %s but %s\n", where, b.where);
	check(b.known == !!where && (!where || (b.value == value && !strcmp(b.where, where))));
}

static void test_sysctl(void)
{
	root_doctor(&d);
	sysctl_is(NULL, 0);
	root_put("/boot/config-6.1.0-1-test", 0644, "CONFIG_X=y\nCONFIG_MAGIC_SYSRQ_DEFAULT_ENABLE=0x01b6\n");
	sysctl_is("the kernel (/boot/config-6.1.0-1-test)", 438);
	root_put("/proc/cmdline", 0444, "quiet sysctl.kernel.sysrq=244\n");
	sysctl_is("the kernel's command line", 244);
	root_put("/etc/sysctl.conf", 0644, "# kernel.sysrq=1\n kernel/sysrq=176\n");
	sysctl_is("/etc/sysctl.conf:2", 176);
	root_look(&d, doctor_sysrq);
	root_found("warning", "sysrq", "/etc/sysctl.conf:2 makes it 176",
		   "sed -i -E 's,^[[:blank:]-]*kernel[./]sysrq[[:blank:]]*=.*,kernel.sysrq = 438,' /etc/sysctl.conf");
	/* systemd reads it only if it is linked. */
	root_put("/lib/systemd/systemd-sysctl", 0755, " ");
	sysctl_is("the kernel's command line", 244);
	root_put("/usr/lib/sysctl.d/50-a.conf", 0644, "-kernel.sysrq = 0x10\r\n");
	sysctl_is("/usr/lib/sysctl.d/50-a.conf:1", 16);
	root_put("/run/sysctl.d/40-b.conf", 0644, "kernel.sysrq=2\n");
	sysctl_is("/usr/lib/sysctl.d/50-a.conf:1", 16);
	root_put("/run/sysctl.d/60-b.conf", 0644, "\nkernel.sysrq=3\nkernel.sysrqx=4\nkernel.sysrq=x\n");
	sysctl_is("/run/sysctl.d/60-b.conf:2", 3);
	/* Hidden by one of its name. */
	root_put("/etc/sysctl.d/60-b.conf", 0644, "kernel.other=9\n");
	sysctl_is("/usr/lib/sysctl.d/50-a.conf:1", 16);
	root_put("/etc/sysctl.d/zz-top.conf", 0644, "kernel.sysrq=5");
	sysctl_is("/etc/sysctl.d/zz-top.conf:1", 5);
	root_look(&d, doctor_sysrq);
	root_found("warning", "sysrq", "/etc/sysctl.d/zz-top.conf:1 makes it 5",
		   "sed -i -E 's,^[[:blank:]-]*kernel[./]sysrq[[:blank:]]*=.*,kernel.sysrq = 438,' /etc/sysctl.d/zz-top.conf");
	root_put("/etc/sysctl.d/zz-top.conf", 0644, " ");
	root_put("/etc/sysctl.d/99-zz.conf", 0644, "kernel.sysrq=5");
	root_look(&d, doctor_sysrq);
	root_found("warning", "sysrq", "99-zz.conf:1 makes it 5",
		   "echo 'kernel.sysrq = 438' > /etc/sysctl.d/zz-sysrq.conf");
	root_remove("/etc");
	root_remove("/run");
	root_remove("/usr");
	root_remove("/proc");
	root_remove("/boot");
	root_look(&d, doctor_sysrq);
	root_found("note", "sysrq", "no file sets it at boot",
		   "echo 'kernel.sysrq = 438' > /etc/sysctl.d/99-sysrq.conf");
}

static void test_run(void)
{
	char *argv[] = { (char *)"it", (char *)"a b", NULL }, path[DOCTOR_PATH_LEN];
	char said[32], big[16], quoted[16];

	root_doctor(&d);
	check(doctor_run(&d, argv, NULL, 20, said, sizeof(said)) == -ENOENT && !said[0]);
	root_put("/usr/sbin/it", 0644, " ");
	check(doctor_find(&d, "it", path) == -ENOENT && !path[0]);
	root_put("/usr/sbin/it", 0755, "#!/bin/sh\necho \"$1\" $# $LD_PRELOAD\necho bad >&2\nexit 3\n");
	check(!doctor_find(&d, "it", path) && !strcmp(path, "/usr/sbin/it"));
	check(doctor_run(&d, argv, "", 20, said, sizeof(said)) == 3);
	check(!strcmp(said, "a b 1\nbad\n"));
	check(doctor_run(&d, argv, "", 20, big, 4) == 3 && !strcmp(big, "a b"));
	root_put("/usr/local/sbin/it", 0755, "#!/bin/sh\nread x; kill -9 $$\n");
	check(doctor_run(&d, argv, NULL, 20, said, sizeof(said)) == 137);
	root_put("/usr/local/sbin/it", 0755, "#!/bin/sh\nexec /bin/sleep 300\n");
	check(doctor_run(&d, argv, NULL, 1, said, sizeof(said)) == -ETIMEDOUT);
	root_put("/usr/local/sbin/it", 0755, "#!/bin/sh\nexec /bin/sleep 300 >/dev/null 2>&1\n");
	check(doctor_run(&d, argv, NULL, 1, said, sizeof(said)) == -ETIMEDOUT);
	root_remove("/usr");

	doctor_quote("plain-1.2/x", quoted, sizeof(quoted));
	check(!strcmp(quoted, "plain-1.2/x"));
	doctor_quote("a b'c", quoted, sizeof(quoted));
	check(!strcmp(quoted, "'a b'\\''c'"));
	doctor_quote("", quoted, sizeof(quoted));
	check(!strcmp(quoted, "''"));
	doctor_quote("a b c d e f g h i j", quoted, sizeof(quoted));
	check(!quoted[0]);
}

static void lines_are(const char *text, unsigned int n, const char *file, unsigned int line)
{
	struct ruleset_lines l;

	root_put(CONF, 0644, "%s", text);
	check(!doctor_ruleset(&d, CONF, &l));
	if (l.n != n)
		fprintf(stderr, "%u in: %s\n", l.n, text);
	check(l.n == n);
	check(!n || (!strcmp(l.at[0].file, file) && l.at[0].line == line));
}

static void test_ruleset(void)
{
	struct ruleset_lines l;

	root_doctor(&d);
	check(doctor_ruleset(&d, CONF, &l) == -ENOENT && !l.n);
	lines_are(WITH, 1, CONF, 4);
	lines_are("add rule x y udp dport 9 sysrq;add rule x y sysrq key \"ops\"", 2, CONF, 1);
	lines_are("# sysrq\nx \"sysrq\" y # sysrq", 0, NULL, 0);
	lines_are("table inet sysrq {\n chain sysrq { jump sysrq; }\n set sysrq { }\n @sysrq $sysrq\n"
		  "define sysrq = 9\n sysrq-x x.sysrq\n iifname sysrq accept }", 0, NULL, 0);
	lines_are("x \"open\nsysrq", 0, NULL, 0);
	root_put("/etc/nft.d/b.nft", 0644, "\n\nsysrq drop\n");
	root_put("/etc/nft.d/a.txt", 0644, "sysrq drop\n");
	lines_are("include \"/etc/nft.d/*.nft\"\nsysrq", 2, "/etc/nft.d/b.nft", 3);
	lines_are("include \"nft.d/b.nft\"", 1, "/etc/nft.d/b.nft", 3);
	lines_are("include \"nft.d/\"", 2, "/etc/nft.d/a.txt", 1);
	lines_are("include \"/no/such\"", 0, NULL, 0);
	/* One that includes itself comes to an end. */
	lines_are("sysrq\ninclude \"" CONF "\"", 17, CONF, 1);
	root_remove("/etc");
}

/* A service, as nftables' is; @more goes into its section. */
static void put_unit(const char *more)
{
	root_put(UNITS "/nftables.service", 0644, "[Unit]\nConflicts=shutdown.target\n[Service]\n"
		 "ExecStart=/usr/sbin/nft -f /etc/nftables.conf\nExecReload=/usr/sbin/nft -f x\n%s", more);
}

static void put_systemctl(const char *enabled)
{
	root_put("/usr/sbin/systemctl", 0755, "#!/bin/sh\n[ \"$1\" = is-enabled ] || exit 9\nshift\n"
		 "for u; do case ' %s ' in *\" $u \"*) echo enabled;; *) echo disabled;; esac; done\n",
		 enabled);
}

static void put_own_units(void)
{
	root_put(UNITS "/sysrq-arm.service", 0644, "[Service]\n");
	root_put(UNITS "/sysrq-keys.service", 0644, "[Service]\n");
}

static void test_unit(void)
{
	static const char * const ask[] = { "sysrq-arm.service", "no.service", "sysrq-keys.service" };
	enum doctor_unit is[3];
	struct unit_start s;

	root_doctor(&d);
	check(doctor_unit_start(&d, "nftables.service", &s) == -ENOENT);
	put_unit("");
	check(!doctor_unit_start(&d, "nftables.service", &s) && s.argc == 3 && !s.preload[0]);
	check(!strcmp(s.argv[0], "/usr/sbin/nft") && !strcmp(s.argv[2], CONF) && !s.argv[3]);
	root_put(DROP_IN, 0644, "[Service]\nEnvironment=LD_PRELOAD=/x/nft-sysrq.so\n");
	check(!doctor_unit_start(&d, "nftables.service", &s) && !strcmp(s.preload, "/x/nft-sysrq.so"));
	root_put("/etc/systemd/system/nftables.service.d/nft-sysrq.conf", 0644,
		 "[Service]\nEnvironment=\"LD_PRELOAD=/y.so\" A=b\nExecStart=\nExecStart=-/bin/nft\n");
	check(!doctor_unit_start(&d, "nftables.service", &s) && !strcmp(s.preload, "/y.so"));
	check(s.argc == 1 && !strcmp(s.argv[0], "/bin/nft"));
	root_put("/etc/systemd/system/nftables.service.d/z.conf", 0644, "[Service]\nEnvironment=\n");
	check(!doctor_unit_start(&d, "nftables.service", &s) && !s.preload[0]);
	root_remove("/etc");

	put_own_units();
	doctor_unit_states(&d, ask, 3, is);
	check(is[0] == UNIT_UNKNOWN && is[1] == UNIT_UNKNOWN && is[2] == UNIT_UNKNOWN);
	put_systemctl("sysrq-keys.service");
	doctor_unit_states(&d, ask, 3, is);
	check(is[0] == UNIT_DISABLED && is[1] == UNIT_ABSENT && is[2] == UNIT_ENABLED);
	root_put("/usr/sbin/systemctl", 0755, "#!/bin/sh\necho Failed to connect; exit 1\n");
	doctor_unit_states(&d, ask, 3, is);
	check(is[0] == UNIT_UNKNOWN && is[1] == UNIT_ABSENT && is[2] == UNIT_UNKNOWN);
	root_remove(UNITS);
	root_remove("/usr");
}

/* An nft that knows sysrq if @when, and takes a file without sysrq in any case. */
static void put_nft(const char *path, const char *when)
{
	root_put(path, 0755, "#!/bin/sh\n[ \"$1\" = -c ] || exit 9\n"
		 "[ \"$2\" = -f ] && { while read -r l; do x=\"$x$l\"; done <%s" CONF "; set -- \"$x\"; }\n"
		 "case \"$*\" in *sysrq*) %s || { echo Error: syntax error, unexpected semicolon; exit 1; }; "
		 "esac\n", fake_root, when);
}

static void test_nft(void)
{
	root_doctor(&d);
	root_look(&d, doctor_nft);
	root_found("ok", "nft", "there is none", NULL);
	d.rules.rule = &rule;
	put_nft("/usr/sbin/nft", "false");
	root_look(&d, doctor_nft);
	root_found("note", "nft", "/usr/sbin/nft does not know sysrq; there is no rule that it could lose",
		   "ninja -C SOURCE/build install");
	d.rules.n = 1;
	root_look(&d, doctor_nft);
	root_found("warning", "nft", "/usr/sbin/nft does not know sysrq: it hides 1 rule, as inet filter "
		   "input handle 4, and loses it", "ninja -C SOURCE/build install");
	put_nft("/usr/local/sbin/nft", "true");
	root_look(&d, doctor_nft);
	root_found("ok", "nft", "/usr/local/sbin/nft knows sysrq", NULL);
	root_found("note", "nft", "who calls /usr/sbin/nft by its path",
		   "install -m 755 /usr/local/sbin/nft /usr/sbin/nft");
	put_nft("/usr/sbin/nft", "true");
	root_look(&d, doctor_nft);
	root_fine();
	check(!setenv("PATH", "/usr/sbin:/usr/local/sbin", 1));
	put_nft("/usr/sbin/nft", "false");
	root_put(NFT_SYSRQ_PLUGIN, 0644, " ");
	root_look(&d, doctor_nft);
	root_found("warning", "nft", "/usr/sbin/nft does not know sysrq", "export PATH=/usr/local/sbin:$PATH");
	check(!setenv("PATH", "/usr/local/sbin:/usr/sbin", 1));
	put_nft("/usr/sbin/nft", "true");

	/* The table of arm is made anew anyway. */
	rule.table = (char *)"sysrq";
	put_nft("/usr/local/sbin/nft", "false");
	root_look(&d, doctor_nft);
	root_found("note", "nft", "there is no rule that it could lose",
		   "apt install --reinstall nftables    # that behind it is static, or none of Debian's");
	/* The wrapper says why, before nft refuses. */
	root_put("/usr/local/sbin/nft", 0755, "#!/bin/sh\necho nft-sysrq: it is static; echo Error: syntax error; exit 1\n");
	root_look(&d, doctor_nft);
	root_found("note", "nft", "/usr/local/sbin/nft does not know sysrq",
		   "apt install --reinstall nftables    # that behind it is static, or none of Debian's");
	root_put("/usr/local/sbin/nft", 0755, "#!/bin/sh\necho No such device; exit 1\n");
	root_look(&d, doctor_nft);
	root_found("warning", "nft", "whether /usr/local/sbin/nft knows sysrq could not be tried: No such "
		   "device", "/usr/local/sbin/nft -c 'table inet doctor { chain c { sysrq; }; }'    # says more");
	/* It would load the module. */
	d.module_err = -ENOENT;
	root_look(&d, doctor_nft);
	root_found("note", "nft", "can be tried only with the module", "modprobe nft_sysrq");
	d.as_root = false;
	root_look(&d, doctor_nft);
	root_found("note", "nft", "only root may see whether nft knows", "sudo sysrqctl doctor");
	root_remove("/usr");
}

static void test_nftables(void)
{
	static const char no_firewall[] = "WITHOUT ANY FIREWALL: it cannot load /etc/nftables.conf, as ";
	char why[512];

	root_doctor(&d);
	root_look(&d, doctor_nftables);
	check(!root_count());
	put_unit("");
	put_systemctl("nftables.service");
	/* As if the plugin were preloaded: it is there, and a drop-in names it. */
	snprintf(why, sizeof(why), "[ \"$LD_PRELOAD\" = " NFT_SYSRQ_PLUGIN " ] && [ -e %s%s ]", fake_root,
		 NFT_SYSRQ_PLUGIN);
	put_nft("/usr/sbin/nft", why);
	root_put(CONF, 0644, "table ip x { }\n");
	root_look(&d, doctor_nftables);
	root_found("ok", "nft", "nftables.service can load /etc/nftables.conf, which has no sysrq", NULL);
	root_put(CONF, 0644, "%s", WITH);
	root_look(&d, doctor_nftables);
	snprintf(why, sizeof(why), "%sit has sysrq, and the plugin %s is missing: Error: syntax error",
		 no_firewall, NFT_SYSRQ_PLUGIN);
	root_found("problem", "nft", why, "sed -i '4s/^/#/' /etc/nftables.conf");
	root_found("problem", "nft", why, "systemctl enable sysrq-arm");
	put_systemctl("");
	root_look(&d, doctor_nftables);
	root_found("warning", "nft", "nftables.service is not enabled; if it is started, it cannot load "
		   "/etc/nftables.conf, as it has sysrq, and the plugin ", "sysrqctl arm");
	put_systemctl("nftables.service");
	root_put(NFT_SYSRQ_PLUGIN, 0644, " ");
	root_look(&d, doctor_nftables);
	snprintf(why, sizeof(why), "%sit has sysrq, and no drop-in ", no_firewall);
	root_found("problem", "nft", why, "printf '[Service]\\nEnvironment=LD_PRELOAD=%s\\n' " NFT_SYSRQ_PLUGIN
		   " > /etc/systemd/system/nftables.service.d/nft-sysrq.conf");
	root_put(DROP_IN, 0644, "[Service]\nEnvironment=LD_PRELOAD=" NFT_SYSRQ_PLUGIN "\n");
	root_look(&d, doctor_nftables);
	root_found("ok", "nft", "nftables.service can load /etc/nftables.conf, which has sysrq", NULL);

	root_put("/usr/sbin/nft", 0755, "#!/bin/sh\necho oops; exit 1\n");
	root_look(&d, doctor_nftables);
	snprintf(why, sizeof(why), "%sthat nft refuses it, plugin and all: oops", no_firewall);
	root_found("problem", "nft", why, "sysrqctl arm");
	root_put(CONF, 0644, "nonsense\n");
	root_look(&d, doctor_nftables);
	snprintf(why, sizeof(why), "%sthat nft refuses it: oops", no_firewall);
	root_found("problem", "nft", why, "/usr/sbin/nft -c -f /etc/nftables.conf");
	root_remove("/usr/sbin/nft");
	root_look(&d, doctor_nftables);
	root_found("warning", "nft", "could not be tried: /usr/sbin/nft: No such file",
		   "apt install --reinstall nftables");
	/* -c may mean anything to another program: it is not run. */
	root_put("/usr/sbin/load", 0755, "#!/bin/sh\n>%s/run-it\n", fake_root);
	put_unit("ExecStart=/usr/sbin/load -f /etc/nftables.conf\n");
	root_look(&d, doctor_nftables);
	root_found("note", "nft", "could not be tried: it starts /usr/sbin/load", NULL);
	check(!doctor_exists(&d, "/run-it"));
	root_remove("/usr");
	root_remove(UNITS);
	root_remove("/etc");
}

static void test_boot(void)
{
	root_doctor(&d);
	put_own_units();
	root_look(&d, doctor_boot);
	root_found("note", "boot", "whether something makes the rule is not known", NULL);
	root_found("note", "boot", "whether something sets the keys is not known", NULL);
	put_systemctl("");
	root_look(&d, doctor_boot);
	root_found("warning", "boot", "nothing makes the rule", "systemctl enable sysrq-arm");
	root_found("warning", "boot", "nothing sets the keys", "systemctl enable sysrq-keys");
	put_systemctl("sysrq-arm.service sysrq-keys.service");
	root_look(&d, doctor_boot);
	root_found("warning", "boot", "there is no key file in /etc/sysrq/keys.d",
		   "install -m 600 FILE /etc/sysrq/keys.d/NAME.key");
	root_put(DOCTOR_KEYS_DIR "/ops.key", 0600, "x");
	root_look(&d, doctor_boot);
	root_fine();
	put_systemctl("nftables.service sysrq-keys.service");
	put_unit("");
	root_put(CONF, 0644, "%s", WITH);
	root_look(&d, doctor_boot);
	root_found("ok", "boot", "nftables.service makes the rule", NULL);
	root_fine();
	root_put(CONF, 0644, "table inet x { }\n");
	root_look(&d, doctor_boot);
	root_found("warning", "boot", "nothing makes the rule", "systemctl enable sysrq-arm");
	root_remove(UNITS);
	root_look(&d, doctor_boot);
	root_found("warning", "boot", "nothing sets the keys: sysrq-keys.service is not there",
		   "ninja -C SOURCE/build install");
}

/* Whatever stands in the files that are read: an end, and nothing read beyond. For the sanitizers. */
static void test_hostile(void)
{
	static const char * const parts[] = {
		"sysrq", " ", "\n", "\"", "#", ";", "include \"" CONF "\"", "include \"/\"", "kernel.sysrq", "=",
		"9", "-", "Environment", "LD_PRELOAD=", "ExecStart", "/usr/sbin/nft", "-f", "'", "[Service]",
		"\t", "\\", "\xff", "table", "99999999999999999999", "kernel", "@", "$",
	};
	struct ruleset_lines lines;
	struct unit_start start;
	struct boot_sysrq b;
	unsigned int i, j;
	char text[512];

	root_doctor(&d);
	srand(1);
	for (i = 0; i < 400; i++) {
		text[0] = '\0';
		for (j = rand() % 24; j; j--)
			strcat(text, parts[rand() % (sizeof(parts) / sizeof(parts[0]))]);
		root_put(CONF, 0644, "%s", text);
		root_put("/etc/sysctl.d/a.conf", 0644, "%s", text);
		root_put(UNITS "/nftables.service", 0644, "%s", text);
		doctor_ruleset(&d, CONF, &lines);
		doctor_boot_sysrq(&d, &b);
		check(!b.known || !strncmp(b.where, "/etc/sysctl.d/a.conf:", 21));
		check(!doctor_unit_start(&d, "nftables.service", &start));
		check(start.argc <= UNIT_ARGS && !start.argv[start.argc]);
	}
	root_remove("/etc");
	root_remove(UNITS);
}

int main(void)
{
	root_begin();
	test_hostile();
	test_sysctl();
	test_run();
	test_ruleset();
	test_unit();
	if (strcmp(NFT_SYSRQ_WRAPPERDIR, "/usr/sbin"))
		test_nft();
	test_nftables();
	test_boot();
	root_end();
	return 0;
}
