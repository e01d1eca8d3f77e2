/*
 * foresee/budget: how many streams may be received ahead, and which of the likely channels fit.
 * Pure. The watched channel comes first: a packet lost shortly after a stream was joined ahead
 * takes that stream back, and the line is believed to be full for a while.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* budget_settings.streams besides a number; 0 turns it off. */
#define BUDGET_ALL SIZE_MAX	    /* as many as the Mb/s allow */
#define BUDGET_UNSET (SIZE_MAX - 1) /* one, growing while nothing is lost */

struct budget_settings {
	size_t streams;	    /* zap.prejoin: besides the watched one */
	uint64_t ahead_bps; /* zap.prejoin_mbps: all of them together; 0: no bound */
	/*
	 * zap.line_mbps: what the line carries; 0: unknown. Room for one stream more stays free,
	 * because a channel that is left may come for some time yet.
	 */
	uint64_t line_bps;
};

struct budget;
struct budget *budget_new(const struct budget_settings *settings, size_t channels);
void budget_free(struct budget *b); /* accepts NULL */

/*
 * A stream's rate on the line. Until it is measured, the largest one known is assumed. Returns
 * whether what is held may no longer fit, or more may by now, so that there is to be chosen anew.
 */
bool budget_rate(struct budget *b, int channel, uint64_t rate_bps);

/*
 * The watched channel, negative: none. If it was received ahead, it is no longer; the one watched
 * before may be kept in its place (`keep`), without a join. Returns whether the set changed.
 */
bool budget_watch(struct budget *b, int channel, bool keep, uint64_t now_ns);

/* Nothing is watched any more, and nothing held. Returns whether anything was. */
bool budget_clear(struct budget *b);

/*
 * Chooses by score (by channel, higher is better, 0: never). What is held counts more than what
 * would have to be joined, and what was joined a moment ago even more. Returns whether the set
 * changed.
 */
bool budget_choose(struct budget *b, const double *scores, uint64_t now_ns);

/*
 * The line-up is another one, of so many channels: channel i is to[i] from now on, negative: gone,
 * and held no more.
 */
void budget_move(struct budget *b, const int *to, size_t channels);

/*
 * Packets of `channel` (negative: of any) were lost, since `since_ns` at the earliest. What was
 * joined shortly before is taken back; where the watched channel loses again and again although
 * nothing was, the least likely one, each time. Returns whether the set changed.
 */
bool budget_lose(struct budget *b, int channel, uint64_t since_ns, uint64_t now_ns);

/*
 * A channel that is held here cannot be received: it is given up, and not tried again for a while.
 * `full`: for want of room, so that for a while there are no more than what is left.
 */
void budget_refuse(struct budget *b, int channel, bool full, uint64_t now_ns);

/* What is held, as many as it returns: most likely first as of the last choice. */
size_t budget_held(const struct budget *b, const int **ret);

/* When another choice could take in more; UINT64_MAX when nothing is waited for. */
uint64_t budget_deadline(const struct budget *b);
