// SPDX-License-Identifier: GPL-2.0-only
/* What is said of a host, where it needs more than one machine to try it. */
#include "command.h"
#include "duration.h"
#include "report.h"
#include "test.h"

static struct host host = { .name = "web1", .port = "9" };
static struct exchange_plan plan = { .type = NFT_SYSRQ_RUN };
static struct member m = { .host = &host, .plan = &plan, .key = "ops" };

static void is_named(const char *text)
{
	char *name = NULL;
	size_t len;
	FILE *out = open_memstream(&name, &len);

	check(out);
	report_name(&m, out);
	fclose(out);
	check(!strcmp(name, text));
	free(name);
}

/* Which of several addresses has answered; of one it needs no saying. */
static void test_addresses(void)
{
	strcpy(m.addrs[0], "192.0.2.7");
	strcpy(m.addrs[1], "2001:db8::7");
	is_named("ops@web1: ");
	m.x.plan = &plan;
	m.x.outcome = EXCHANGE_ANSWERED;
	m.naddrs = 1;
	is_named("ops@web1: ");
	m.naddrs = 2;
	m.x.addr = 1;
	is_named("ops@web1 [2001:db8::7]: ");
	m.key = "";
	is_named("web1 [2001:db8::7]: ");
	m.x.outcome = EXCHANGE_NO_ANSWER;
	is_named("web1: ");
}

/* The command that stops a program is the one that was sent, but for its verb. */
static void stops_it(const struct report *r, const char *command)
{
	char text[256], *said = report_message(r, &m, 0);

	check(said);
	snprintf(text, sizeof(text), "reboot accepted; restarts in 1 min 0 s; "
		 "'sysrqctl cancel %s' stops it", command);
	if (strcmp(said, text))
		fprintf(stderr, "%s\n", said);
	check(!strcmp(said, text));
	free(said);
}

static void test_cancel(void)
{
	char *argv[] = { (char *)"+1m b" }, why[128];
	struct report r = { 0 };

	check(!steps_parse(&plan.steps, 1, argv, NULL, why, sizeof(why)));
	m.x.steps = plan.steps;
	m.x.outcome = EXCHANGE_ANSWERED;
	stops_it(&r, "web1");
	r.keyfile = "~/my keys/$(reboot)";
	stops_it(&r, "--key FILE web1");
	r.keyfile = "-";
	r.config = "/etc/other.conf";
	strcpy(host.port, "99");
	stops_it(&r, "--config /etc/other.conf --key - web1:99");
	m.transport = &transport_icmp;
	stops_it(&r, "--config /etc/other.conf --key - --icmp web1");
	m.transport = &transport_udp;
	r.keyfile = r.config = NULL;
	r.identity = "web1.example.org";
	stops_it(&r, "--identity web1.example.org web1:99");
	r.identity = "$(reboot)";
	stops_it(&r, "--identity NAME web1:99");
	r.identity = NULL;
	strcpy(host.name, "2001:db8::7");
	stops_it(&r, "[2001:db8::7]:99");
}

/* @text was sent @ms ago, and the host has restarted since. */
static void restarted(const char *text, s64 ms, int status, const char *part)
{
	char *argv[] = { (char *)text }, why[128], *said;
	struct report r = { 0 };

	check(!steps_parse(&plan.steps, 1, argv, NULL, why, sizeof(why)));
	m.x.steps = plan.steps;
	m.x.outcome = EXCHANGE_RESTARTED;
	m.x.first = NS_PER_S;
	m.x.learned.at.boot = NS_PER_S + ms * NS_PER_MS;
	said = report_message(&r, &m, 0);
	check(said);
	check_has(said, part);
	check(report_status(&m) == status);
	free(said);
}

/* Because of the request? Not by a program that was still waiting. */
static void test_restarted(void)
{
	restarted("b", 900, EXIT_OK, "; probably done");
	restarted("s +2s b", 2900, EXIT_OK, "; probably done");
	restarted("s u", 2900, EXIT_NO_ANSWER, "; probably done");
	restarted("+5m b", 2900, EXIT_NO_ANSWER, "what was left of it is gone");
	restarted("s +1m b +10s o", 20000, EXIT_NO_ANSWER, "what was left of it is gone");
	restarted("s +1m u", 2900, EXIT_NO_ANSWER, "what was left of it is gone");
}

/* A host that has the key and means no good: nothing that a terminal obeys, and JSON. */
static void test_hostile(void)
{
	struct nft_sysrq_outcome *body = (struct nft_sysrq_outcome *)m.x.reply.body;
	char *argv[] = { (char *)"+1m b" }, why[128], *said, *line = NULL;
	struct report r = { 0 };
	size_t len;
	FILE *out;

	check(!steps_parse(&plan.steps, 1, argv, NULL, why, sizeof(why)));
	m.x.steps = plan.steps;
	m.x.outcome = EXCHANGE_ANSWERED;
	m.x.reply.flags = NFT_SYSRQ_ST_REFUSED;
	/* It refuses the wait. */
	body->reasons[2] = NFT_SYSRQ_R_KEY;
	said = report_message(&r, &m, 0);
	check(said && !strcmp(said, "refused: the host does not say which letters, or why"));
	free(said);

	m.x.reply.flags = NFT_SYSRQ_ST_OK;
	m.x.pending = (struct nft_sysrq_pending){
		.nonce = 1, .next = { { 0xc3, 1 }, { '\033', 1 }, { 'b', 0 } },
	};
	out = open_memstream(&line, &len);
	check(out && !report_json(&r, &m, 0, out) && !fclose(out));
	check_has(line, "{\"letter\":\"\\\\xc3\",\"words\":\"unknown\"");
	check_has(line, "{\"letter\":\"\\\\x1b\",\"words\":\"unknown\"");
	check_has(line, "{\"letter\":\"b\",");
	free(line);
}

int main(void)
{
	test_addresses();
	test_hostile();
	test_cancel();
	test_restarted();
	return 0;
}
