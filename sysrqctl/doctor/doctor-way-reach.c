// SPDX-License-Identifier: GPL-2.0-only
/* doctor HOST: its addresses, which of them answer, and where to look if none does. */
#include <errno.h>
#include <netdb.h>
#include <string.h>

#include "doctor-watch.h"
#include "doctor-way.h"

/**
 * way_tell_name - what the host's name stands for
 * @w: the way
 * @m: the host, asked by its name
 */
void way_tell_name(struct way *w, const struct member *m)
{
	char text[EXCHANGE_ADDRS * (ADDRESS_TEXT + 2)] = "";
	unsigned int i;

	if (m->eai) {
		doctor_tell(w->d, DOCTOR_PROBLEM, "address", "%s has none: %s", m->host->name,
			    gai_strerror(m->eai));
		doctor_mend(w->d, "getent ahosts %s", m->host->name);
		return;
	}
	for (i = 0; i < m->naddrs; i++) {
		strcat(text, i ? ", " : "");
		strcat(text, m->addrs[i]);
	}
	if (m->naddrs && strcmp(text, m->host->name))
		doctor_tell(w->d, DOCTOR_OK, "address", "%s is %s", m->host->name, text);
	/* As IPv6 where this machine has none. What goes wrong later is told of each address. */
	if (m->naddrs == 1 && m->err && way_answered(m))
		doctor_tell(w->d, DOCTOR_NOTE, "address", "another of %s cannot be sent to from here: %s",
			    m->host->name, transport_error(m->transport, m->err));
}

static const char *carrier(const struct member *m, char text[32])
{
	if (m->transport == &transport_icmp)
		return "ping";
	snprintf(text, 32, "UDP port %s", m->host->port);
	return text;
}

static void tell_address(struct way *w, const struct member *m, enum doctor_grade grade)
{
	const struct watch_said *said = m->naddrs ? watch_said(&m->channels[0].to) : NULL;
	const char *addr = m->naddrs ? m->addrs[0] : m->host->name;
	char by[32];

	if (said)
		doctor_tell(w->d, grade, "address", "%s, %s: %s, says %s%s", addr, carrier(m, by),
			    said->words, said->host ? "the host itself" : "", said->host ? "" :
			    said->from);
	else if (m->refused)
		doctor_tell(w->d, grade, "address", "%s, %s: closed", addr, carrier(m, by));
	else if (m->err)
		doctor_tell(w->d, grade, "address", "%s, %s: cannot be sent to: %s", addr,
			    carrier(m, by), transport_error(m->transport, m->err));
	else if (m->echoed)
		doctor_tell(w->d, grade, "address", "%s: answers ping, but not as one with the key: no "
			    "rule takes it", addr);
	else
		doctor_tell(w->d, grade, "address", "%s, %s: no answer in %.1f s", addr,
			    carrier(m, by), (m->x.deadline - m->x.start) / 1e9);
	/* If none answers, where to look is told behind them all. */
	if (grade == DOCTOR_WARNING)
		doctor_mend(w->d, "tracepath -n %s", addr);
}

/**
 * way_tell_addresses - which of them answer
 * @w: the way; each address has been asked
 */
void way_tell_addresses(struct way *w)
{
	unsigned int answered = 0;
	char by[32];
	size_t i;

	for (i = 0; i < w->e.hosts.n; i++)
		answered += way_answered(&w->got[i]);
	for (i = 0; i < w->e.hosts.n; i++) {
		if (way_answered(&w->got[i]))
			doctor_tell(w->d, DOCTOR_OK, "address", "%s, %s: answers",
				    w->got[i].addrs[w->got[i].x.addr], carrier(&w->got[i], by));
		else
			tell_address(w, &w->got[i], answered ? DOCTOR_WARNING : DOCTOR_PROBLEM);
	}
}

static void tell_rule(struct way *w, const char *before)
{
	doctor_tell(w->d, DOCTOR_NOTE, "way", "%sthe host has no rule that takes the request, or not "
		    "this key, %08x: to what is not genuine it says nothing", before, w->key_id);
	doctor_mend(w->d, "sysrqctl doctor      # on %s", w->name);
	doctor_mend(w->d, "sysrqctl key list    # on %s: is %08x there?", w->name, w->key_id);
}

/**
 * way_tell_silence - where to look, the likeliest first
 * @w: the way; no address has answered
 */
void way_tell_silence(struct way *w)
{
	const struct member *m = &w->got[0];
	const struct watch_said *said = m->naddrs ? watch_said(&m->channels[0].to) : NULL;
	const char *addr = m->naddrs ? m->addrs[0] : m->host->name;
	bool icmp = m->transport == &transport_icmp;

	if (said && !said->host) {
		doctor_tell(w->d, DOCTOR_NOTE, "way", "%s is between here and the host, or a neighbour "
			    "here: the way ends there", said->from);
		doctor_mend(w->d, "tracepath -n %s", addr);
		return;
	}
	if ((said && said->host) || m->refused || m->echoed) {
		tell_rule(w, "the host is up and reached; ");
		return;
	}
	doctor_tell(w->d, DOCTOR_NOTE, "way", "1. the host is down, or not there");
	doctor_mend(w->d, "ping -c 3 %s", addr);
	doctor_tell(w->d, DOCTOR_NOTE, "way", "2. a firewall between drops requests or answers; while the "
		    "first runs there, run the second here");
	doctor_mend(w->d, icmp ? "tcpdump -ni any icmp or icmp6    # on %s" :
		    "tcpdump -ni any udp port %2$s    # on %1$s", w->name, m->host->port);
	doctor_mend(w->d, "sysrqctl probe %s", w->args);
	tell_rule(w, "3. ");
	if (icmp)
		return;
	doctor_tell(w->d, DOCTOR_NOTE, "way", "4. where UDP does not pass, ping may; the host needs a rule "
		    "for it");
	doctor_mend(w->d, "sysrqctl arm --icmp    # on %s: then that takes pings only", w->name);
	doctor_mend(w->d, "sysrqctl doctor --icmp %s", w->args);
}
