// SPDX-License-Identifier: GPL-2.0-only
/*
 * One request, by its sender, through a network that is the attacker's, at two
 * hosts that have the same key: it runs at most once, wherever and whenever.
 *
 * Every datagram that was ever made stays with the attacker, who hands any of
 * them to any host at any time, as often as he likes, or never. Replies are
 * the same: the sender takes one when he lets it, however late. A host may
 * restart, have its wall clock set, forget what it may forget; the key may be
 * set anew. Time goes in ticks. The rules are those of docs/protocol.md, each
 * by its macro; defining NO_... takes one away, and then spin finds a way to
 * run the request twice (NO_EPOCH, NO_TAG, NO_WINDOW, NO_LIFE, NO_MARK, NO_FLOOR, NO_RECALL,
 * NO_UPTIME, NO_TRY, NO_MIX).
 */
#ifndef END
#define END	8	/* ticks */
#endif
#define TOL	2	/* tolerance */
#ifndef STEPS
#define STEPS	1	/* of its wall clock */
#endif
#ifndef RESTARTS
#define RESTARTS 1
#endif
#ifndef RESETS
#define RESETS	1	/* of its key */
#endif
#ifndef AHEAD
#define AHEAD	1	/* of the sender's clock, at most; TOL - TRY */
#endif
#define TRY	1	/* how long it encodes */
#define LEAD	1	/* of a stamp in epoch mode */
#define MIX	0	/* of the sender's clock, where it uses both modes */
#define EPOCHS	4
#define BASE	4	/* of stamps, so that each has a bit */
#define NONE	9
#define LOW	-99

#define later(a, b)	((a) > (b) -> (a) : (b))
#define sooner(a, b)	((a) < (b) -> (a) : (b))

byte now;

/*
 * The host that the sender means. The other one has an epoch of its own, and
 * whatever it takes is one too many.
 */
byte epoch, epochs;
short start;		/* when it booted */
short off;		/* its wall clock - now */
bool seen;		/* the nonce is in the window, */
short end;		/* until then, CLOCK_BOOTTIME, and a tolerance more */
short mark_e, mark_w, wall0, born, its_end;
byte restarts, steps, resets;

#define OTHER_EPOCH	0
#define boot		(now - start)
#define wall		(now + off)
#define watch		wall0 = later(wall0, wall - boot)

/* What the attacker has: stamps, a bit each. */
int made_e[EPOCHS], made_w;
bool reply;
byte reply_epoch, reply_at;
short reply_boot, reply_wall;

/* The sender. */
bool begun, used_e, used_w, stopped, mix;
byte first, known = NONE;
short lag;		/* what it thinks is CLOCK_BOOTTIME - now */
short lead;		/* its clock - now */

byte ran;

#ifdef NO_EPOCH
#define ITS_EPOCH(e)	true
#define OTHERS(e)	true
#else
#define ITS_EPOCH(e)	((e) == epoch)
#define OTHERS(e)	((e) == OTHER_EPOCH)
#endif
#ifdef NO_TAG
#define OTHERS_TAG	true
#else
#define OTHERS_TAG	false
#endif
#ifdef NO_WINDOW
#define KNOWN		false
#else
#define KNOWN		seen
#endif
#ifdef NO_LIFE
#define DEAD		true
#else
#define DEAD		(boot > end + TOL)
#endif
#ifdef NO_FLOOR
#define FLOOR		LOW
#else
#define FLOOR		(wall0 + born + TOL)
#endif
#ifdef NO_UPTIME
#define UP_SINCE_FIRST	true
#else
#define UP_SINCE_FIRST	(reply_boot > now - first)
#endif
#ifdef NO_TRY
#define MAY_ENCODE	(!stopped)
#else
#define MAY_ENCODE	(!stopped && (!begun || now <= first + TRY))
#endif
#ifdef NO_MIX
#define MAY_MIX		true
#else
#define MAY_MIX		mix
#endif

/* A new key: epoch and age begin anew. */
inline new_key()
{
	epoch = epochs;
	epochs++;
	seen = false;
	born = boot;
	wall0 = wall - boot
}

/* What goes from the window, or with it, leaves marks. */
inline raise()
{
#ifndef NO_MARK
	mark_e = later(mark_e, its_end);
	mark_w = later(mark_w, wall0 + end);
	its_end = 0
#else
	skip
#endif
}

inline accept()
{
	ran++;
	assert(ran == 1);
	seen = true;
	end = boot + TRY + LEAD + TOL
}

inline begin()
{
	if
	:: begun
	:: else -> begun = true; first = now
	fi
}

#define MADE(all, s)	((all) >> ((s) + BASE) & 1)
#define TIME_E(s)	((s) <= boot + LEAD && (s) > boot - TOL && (s) > mark_e)
#define TIME_W(s)	((s) <= wall + TOL && (s) > wall - TOL && (s) > mark_w && (s) > FLOOR)

/* In epoch mode: stamp @s of epoch @e comes. */
inline arrive_e(e, s)
{
	watch;
	if
	:: MADE(made_e[e], s) && !KNOWN && ITS_EPOCH(e) && TIME_E(s) -> accept()
	:: else
	fi
}

inline arrive_w(s)
{
	watch;
	if
	:: MADE(made_w, s) && !KNOWN && TIME_W(s) -> accept()
	:: else
	fi
}

/* The like at the other host, whose clocks are the same, and whose window knows nothing. */
inline arrive_elsewhere(e, s)
{
	assert(!(MADE(made_e[e], s) && OTHERS(e)));
	assert(!(MADE(made_w, s) && OTHERS_TAG))
}

/* What a host answers, probes and requests alike, comes when the attacker likes. */
inline answer()
{
	reply = true;
	reply_epoch = epoch;
	reply_at = now;
	reply_boot = boot;
	reply_wall = wall;
	watch
}

/* Once it encodes no more, what it thinks is states for nothing. */
inline forget_sender()
{
	reply = false;
	reply_epoch = 0;
	reply_at = 0;
	reply_boot = 0;
	reply_wall = 0;
	known = NONE;
	lag = 0;
	mix = false;
	used_e = false;
	used_w = false;
	stopped = true
}

/* To a request of its own, or to a probe before it. */
inline take_reply()
{
	reply = false;
	if
	:: begun && reply_epoch != known && !UP_SINCE_FIRST -> stopped = true
	:: else ->
		known = reply_epoch;
		lag = reply_boot - now;
		mix = (now + lead - reply_wall <= MIX);
		if
		:: used_w && !MAY_MIX -> stopped = true
		:: else
		fi
	fi;
	reply_epoch = 0;
	reply_at = 0;
	reply_boot = 0;
	reply_wall = 0
}

active proctype world()
{
	byte e;
	short s;

	/* The host has been up for a while, the sender's clock is not much wrong. */
	d_step {
		now = 2;
		start = -4;
		mark_e = LOW;
		mark_w = LOW;
		epochs = OTHER_EPOCH + 1;
		new_key();
		born = 0
	}
	if
	:: lead = 0
	:: lead = AHEAD
	fi;

	do
	:: d_step { now < END ->
		now++;
		if
		:: !MAY_ENCODE -> forget_sender()
		:: else
		fi }

	/* The sender. */
	:: d_step { reply && (!begun || reply_at >= first) && !stopped -> take_reply() }
	:: d_step { MAY_ENCODE && known != NONE && (!used_w || MAY_MIX) ->
		begin();
		used_e = true;
		made_e[known] = made_e[known] | 1 << (now + lag + BASE) }
	:: d_step { MAY_ENCODE && (!used_e || MAY_MIX) ->
		begin();
		used_w = true;
		made_w = made_w | 1 << (now + lead + BASE) }

	/* The attacker. */
	:: atomic { begun ->
		select(s : 0 .. END + 5);
		if
		:: e = 0
		:: e = 1
		:: e = 2
		:: e = 3
		fi;
		if
		:: d_step { arrive_e(e, s) }
		:: d_step { arrive_w(s) }
		:: d_step { arrive_elsewhere(e, s) }
		fi;
		d_step { s = 0; e = 0 } }

	/* The host. */
	:: d_step { !stopped -> answer() }
	:: d_step { seen && DEAD -> its_end = end; raise(); seen = false }
	:: d_step { restarts < RESTARTS && epochs < EPOCHS ->
		restarts++;
		start = now;
		off = 0;
		mark_e = LOW;
		mark_w = LOW;
		new_key() }
	/* Its key is deleted and set again, while its clock is right. */
	:: d_step { resets < RESETS && epochs < EPOCHS && off == 0 ->
		resets++;
		watch;
		if
#ifndef NO_RECALL
		:: seen -> its_end = sooner(end, boot + TRY); raise()
#endif
		:: else
		fi;
		new_key() }
	:: d_step { steps < STEPS && off != -2 -> steps++; off = -2; watch }
	:: d_step { steps < STEPS && off != 0 -> steps++; off = 0; watch }
	:: d_step { steps < STEPS && off != 2 -> steps++; off = 2; watch }
	od
}
