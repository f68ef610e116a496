// SPDX-License-Identifier: GPL-2.0-only
/* doctor: the module, kernel.sysrq, the clock, rules, counters: each broken, then mended. */
#include <errno.h>

#include "fake-root.h"
#include "keyfile.h"
#include "test.h"

#include <linux/netfilter.h>

#define KERNEL	"/lib/modules/6.1.0-1-test"
#define OTHER	"/lib/modules/6.1.0-2-test"

static struct doctor d;
static struct key_state key;

static void put_module(const char *kernel)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/modules.alias", kernel);
	root_put(path, 0644, "alias a b\nalias nft-expr-sysrq nft_sysrq\n");
	snprintf(path, sizeof(path), "%s/modules.dep", kernel);
	root_put(path, 0644, "a.ko:\nupdates/nft_sysrq.ko: kernel/x.ko\n");
}

static void test_module(void)
{
	root_doctor(&d);
	put_module(KERNEL);
	root_look(&d, doctor_module);
	root_found("ok", "module", "nft_sysrq " NFT_SYSRQ_VERSION " is loaded, protocol 1", NULL);
	root_fine();
	strcpy(d.state.module.version, "0.0.9");
	root_look(&d, doctor_module);
	root_found("warning", "module", "the loaded nft_sysrq is 0.0.9, this sysrqctl "
		   NFT_SYSRQ_VERSION,
		   "systemctl reboot");
	d.state.module.proto = 2;
	root_look(&d, doctor_module);
	root_found("warning", "module", "speaks protocol 2, this sysrqctl 1", "systemctl reboot");

	d.module_err = -EPERM;
	root_look(&d, doctor_module);
	root_found("problem", "module", "cannot be asked: Operation not permitted", DOCTOR_ON_HOST);
	d.as_root = false;
	root_look(&d, doctor_module);
	root_found("ok", "module", "is loaded", NULL);
	d.as_root = true;
	d.module_err = -ENOENT;
	root_look(&d, doctor_module);
	root_found("problem", "module", "is not loaded, though kernel 6.1.0-1-test has it",
		   "modprobe nft_sysrq");

	/* Without an alias no rule would load it. */
	root_remove(KERNEL "/modules.alias");
	root_look(&d, doctor_module);
	root_found("problem", "module", "kernel 6.1.0-1-test, which is running, has no nft_sysrq",
		   "make -C SOURCE/kernel KDIR=/lib/modules/6.1.0-1-test/build modules "
		   "modules_install");
	root_put("/usr/src/nft-sysrq-" NFT_SYSRQ_VERSION "/dkms.conf", 0644, " ");
	root_look(&d, doctor_module);
	root_found("problem", "module", "has no nft_sysrq", "dkms install nft-sysrq/" NFT_SYSRQ_VERSION " -k 6.1.0-1-test");
	root_put(KERNEL "/updates/dkms/nft_sysrq.ko.xz", 0644, " ");
	root_look(&d, doctor_module);
	root_found("problem", "module", "has no nft_sysrq", "depmod 6.1.0-1-test");
	root_found("problem", "module", "has no nft_sysrq", "modprobe nft_sysrq");
	root_doctor(&d);
	root_look(&d, doctor_module);
	root_found("warning", "module", "would not find it another time", "depmod 6.1.0-1-test");
	put_module(KERNEL);
	root_look(&d, doctor_module);
	root_fine();
}

static void test_kernels(void)
{
	root_doctor(&d);
	root_look(&d, doctor_kernels);
	check(!root_count());
	/* What a kernel that was removed has left. */
	root_put(OTHER "/modules.dep", 0644, " ");
	root_look(&d, doctor_kernels);
	check(!root_count());
	root_put("/boot/vmlinuz-6.1.0-2-test", 0644, " ");
	root_look(&d, doctor_kernels);
	root_found("warning", "module", "kernel 6.1.0-2-test may be booted next, and has no nft_sysrq",
		   "dkms install nft-sysrq/" NFT_SYSRQ_VERSION " -k 6.1.0-2-test");
	put_module(OTHER);
	root_look(&d, doctor_kernels);
	root_found("ok", "module", "1 other kernel that may be booted has it", NULL);
	root_remove(OTHER);
}

static void test_signature(void)
{
	static const char enforce[] = "/sys/module/module/parameters/sig_enforce";
	static const char lockdown[] = "/sys/kernel/security/lockdown";

	root_doctor(&d);
	root_put("/sys/module/nft_sysrq/taint", 0444, "O\n");
	root_look(&d, doctor_signature);
	check(!root_count());
	root_put(enforce, 0444, "N\n");
	root_look(&d, doctor_signature);
	root_found("ok", "module", "it is signed", NULL);
	root_put("/sys/module/nft_sysrq/taint", 0444, "OE\n");
	root_look(&d, doctor_signature);
	root_found("ok", "module", "not signed, which nothing demands here", NULL);
	root_put(enforce, 0444, "Y\n");
	root_look(&d, doctor_signature);
	root_found("problem", "module", "not signed, and module.sig_enforce will not let it in",
		   "/lib/modules/6.1.0-1-test/build/scripts/sign-file sha512 KEY CERTIFICATE "
		   "$(modinfo -n nft_sysrq)");
	root_put(enforce, 0444, "N\n");
	root_put(lockdown, 0444, "none [integrity] confidentiality\n");
	root_put("/var/lib/dkms/mok.pub", 0444, "x");
	root_look(&d, doctor_signature);
	root_found("problem", "module", "not signed, and lockdown (secure boot) will not let it in",
		   "mokutil --import /var/lib/dkms/mok.pub    # then reboot, and confirm");
	root_put(lockdown, 0444, "[none] integrity confidentiality\n");
	root_look(&d, doctor_signature);
	root_fine();

	/* Not loaded: by its file. */
	root_put(lockdown, 0444, "none integrity [confidentiality]\n");
	root_remove("/sys/module/nft_sysrq");
	root_look(&d, doctor_signature);
	root_found("note", "module", "whether it is signed could not be seen", NULL);
	root_put(KERNEL "/updates/nft_sysrq.ko", 0644, "ELF of some length, and no more than that");
	root_look(&d, doctor_signature);
	root_found("problem", "module", "it is not signed", "mokutil --import /var/lib/dkms/mok.pub    "
		   "# then reboot, and confirm");
	root_put(KERNEL "/updates/nft_sysrq.ko", 0644, "ELF~Module signature appended~\n");
	root_look(&d, doctor_signature);
	root_found("ok", "module", "it is signed, as is demanded by lockdown", NULL);
	root_remove(lockdown);
	root_remove(KERNEL "/updates");
}

static void give_key(const char *letters)
{
	memset(&key, 0, sizeof(key));
	strcpy(key.name, "ops");
	strcpy(key.letters, letters);
	key.left = -1;
	d.state.keys = (struct keys_state){ &key, 1, 1 };
}

static void test_sysrq(void)
{
	static const char usual[] = "/etc/sysctl.d/99-sysrq.conf";

	root_doctor(&d);
	give_key("bsu");
	root_put(usual, 0644, "kernel.sysrq = 438\n");
	root_look(&d, doctor_sysrq);
	root_found("ok", "sysrq", "kernel.sysrq=438 allows 0123456789bhknorsu", NULL);
	root_fine();
	d.state.module.mask = 1;
	root_look(&d, doctor_sysrq);
	root_found("warning", "sysrq", "kernel.sysrq is 1, but /etc/sysctl.d/99-sysrq.conf:1 makes it 438 "
		   "at boot", "sed -i -E 's,^[[:blank:]-]*kernel[./]sysrq[[:blank:]]*=.*,kernel.sysrq = 1,' "
		   "/etc/sysctl.d/99-sysrq.conf");
	d.state.module.mask = 0;
	root_look(&d, doctor_sysrq);
	root_found("problem", "sysrq", "kernel.sysrq is 0", "sysctl kernel.sysrq=176");
	root_found("problem", "sysrq", "kernel.sysrq is 0",
		   "sed -i -E 's,^[[:blank:]-]*kernel[./]sysrq[[:blank:]]*=.*,kernel.sysrq = 176,' "
		   "/etc/sysctl.d/99-sysrq.conf");
	d.state.module.mask = 0x10;
	root_look(&d, doctor_sysrq);
	root_found("warning", "sysrq", "key ops is for bsu, but kernel.sysrq=16 forbids bu",
		   "sysctl kernel.sysrq=176");

	/* A key without limits is for the usual; one with is for all that it names. */
	give_key("0123456789abcdefhijklmopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
	d.state.module.mask = 438;
	root_look(&d, doctor_sysrq);
	root_fine();
	give_key("cs");
	root_look(&d, doctor_sysrq);
	root_found("warning", "sysrq", "key ops is for cs, but kernel.sysrq=438 forbids c",
		   "sysctl kernel.sysrq=446");
	d.state.module.mask = 446;
	root_look(&d, doctor_sysrq);
	root_not_found("forbids");
	strcpy(d.state.module.handled, "bcdhqstu");
	give_key("qs");
	root_look(&d, doctor_sysrq);
	root_found("warning", "sysrq", "forbids q", "sysctl kernel.sysrq=1");
	give_key("vsx");
	root_look(&d, doctor_sysrq);
	root_found("note", "sysrq", "key ops allows vsx, of which this kernel knows only s",
		   "sysrqctl key set ops --allow 's'");
	d.module_err = -ENOENT;
	root_look(&d, doctor_sysrq);
	check(!root_count());
	root_remove(usual);
}

static void test_clock(void)
{
	root_doctor(&d);
	root_look(&d, doctor_clock);
	root_found("ok", "clock", "synchronised; there is no key yet", NULL);
	d.synchronised = false;
	root_look(&d, doctor_clock);
	root_found("note", "clock", "not synchronised", "apt install systemd-timesyncd");
	give_key("s");
	key.wall = true;
	root_put("/usr/sbin/chronyd", 0755, " ");
	root_look(&d, doctor_clock);
	root_found("warning", "clock", "not synchronised, but all keys take requests by the wall clock",
		   "systemctl enable --now chrony");
	root_put("/lib/systemd/systemd-timesyncd", 0755, " ");
	root_look(&d, doctor_clock);
	root_found("warning", "clock", "not synchronised", "timedatectl set-ntp true");
	d.synchronised = true;
	root_look(&d, doctor_clock);
	root_found("ok", "clock", "all keys take requests by the wall clock", NULL);
}

static void test_rules(void)
{
	struct listed_rule rules[] = {
		{ .family = NFPROTO_INET, .table = (char *)"f", .chain = (char *)"in", .handle = 3 },
		{ .family = NFPROTO_INET, .table = (char *)"f", .chain = (char *)"in", .handle = 4 },
	};

	root_doctor(&d);
	root_look(&d, doctor_rules);
	root_found("problem", "rules", "none has sysrq", "sysrqctl arm");
	d.rules = (struct rules){ rules, 2 };
	root_look(&d, doctor_rules);
	root_fine();

	/* A rule for a key that is not good is as good as none. */
	give_key("s");
	strcpy(rules[0].key, "web");
	root_look(&d, doctor_rules);
	root_found("warning", "rules", "inet f in handle 3 takes only the key web, which is not set",
		   "install -m 600 FILE /etc/sysrq/keys.d/web.key");
	root_put("/etc/sysrq/keys.d/web.key", 0600, " ");
	strcpy(rules[1].key, "ops");
	key.expires = FAKE_NOW;
	root_look(&d, doctor_rules);
	root_found("problem", "rules", "handle 3 takes only the key web, which is not set",
		   "sysrqctl key load");
	root_found("problem", "rules", "handle 4 takes only the key ops, which has expired",
		   "sysrqctl key set ops --expires +90d");
	check(root_count() == 3);
	key.expires++;
	root_look(&d, doctor_rules);
	root_found("warning", "rules", "handle 3 takes only the key web, which is not set",
		   "sysrqctl key load");
	check(root_count() == 2);
	strcpy(key.name, "web");
	rules[1].key[0] = '\0';
	root_look(&d, doctor_rules);
	root_fine();
	root_remove("/etc");

	d.rules_err = -EINTR;
	root_look(&d, doctor_rules);
	root_found("warning", "rules", "is changed all the time",
		   "sysrqctl doctor    # again; who changes it: nft monitor");
	d.rules_err = -EPERM;
	root_look(&d, doctor_rules);
	root_found("problem", "rules", "cannot be read: Operation not permitted", DOCTOR_ON_HOST);
	d.as_root = false;
	root_look(&d, doctor_rules);
	root_found("note", "rules", "only root may see", "sudo sysrqctl doctor");
}

static void test_packets(void)
{
	root_doctor(&d);
	d.state.stats[NFT_SYSRQ_STAT_RUN] = 7;
	d.state.stats[NFT_SYSRQ_STAT_STALE_OLD] = 9;
	root_look(&d, doctor_packets);
	root_found("ok", "packets", "7 requests accepted", NULL);
	d.state.stats[NFT_SYSRQ_STAT_STALE_OLD]++;
	root_look(&d, doctor_packets);
	root_found("note", "packets", "10 stale: too old", "sysrqctl monitor");
	d.state.stats[NFT_SYSRQ_STAT_PROBE] = 3;
	root_look(&d, doctor_packets);
	root_fine();
	d.state.stats[NFT_SYSRQ_STAT_PROBE] = 0;
	root_look(&d, doctor_packets);
	root_found("note", "packets", "10 stale: too old", "sysrqctl monitor");
	d.state.stats[NFT_SYSRQ_STAT_REPLY_FAILED] = 1;
	root_look(&d, doctor_packets);
	root_found("note", "packets", "1 replies that could not be sent", NULL);
	d.module_err = -ENOENT;
	root_look(&d, doctor_packets);
	check(!root_count());
}

/* As Debian's package has it: the wrapper is to be in the place of nft. By hand: test-doctor-boot. */
static void test_nft_packaged(void)
{
	static struct listed_rule rule = { NFPROTO_INET, (char *)"filter", (char *)"input", 4,
					   (char *)"sysrq", "" };

	root_doctor(&d);
	d.rules.rule = &rule;
	d.rules.n = 1;
	root_put("/usr/sbin/nft", 0755, "#!/bin/sh\necho Error: syntax error; exit 1\n");
	root_look(&d, doctor_nft);
	root_found("warning", "nft", "/usr/sbin/nft does not know sysrq", "apt install --reinstall nft-plugin-sysrq");
	root_put("/usr/local/sbin/nft", 0755, "#!/bin/sh\n");
	root_look(&d, doctor_nft);
	root_found("note", "nft", "who calls /usr/sbin/nft by its path",
		   "apt install --reinstall nft-plugin-sysrq");
}

int main(void)
{
	check(sodium_init() >= 0);
	root_begin();
	test_module();
	test_kernels();
	test_signature();
	test_sysrq();
	test_clock();
	test_rules();
	test_packets();
	if (!strcmp(NFT_SYSRQ_WRAPPERDIR, "/usr/sbin"))
		test_nft_packaged();
	root_end();
	return 0;
}
