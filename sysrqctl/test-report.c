// SPDX-License-Identifier: GPL-2.0-only
/* What is said of a host, where it needs more than one machine to try it. */
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

int main(void)
{
	test_addresses();
	return 0;
}
