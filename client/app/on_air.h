/*
 * app/on_air: what is on and what time it is, by the streams that are received and by the guide.
 * Pure: what they say goes in with the time, and comes out put together. Channels are known by
 * their ids.
 *
 * A guide that was imported goes before what a stream says of the same time: the writer puts both
 * into the guide's file, and what that answers goes before what the streams say until it does.
 */
#pragma once

#include "client/app/guide_desk.h"

struct on_air;
struct on_air *on_air_new(void);
void on_air_free(struct on_air *o); /* accepts NULL */

/*
 * These channels are received now, and no others: what the streams of others said holds no longer.
 */
void on_air_receive_only(struct on_air *o, const int64_t *channels, size_t n);
/* Channels have other ids from now on: all that was said of them is forgotten. */
void on_air_forget(struct on_air *o);
/*
 * Does the channel's stream say something that was not heard of yet? `serial` (not 0) is another
 * one then. It counts as heard.
 */
bool on_air_has_to_hear(struct on_air *o, int64_t channel, uint64_t serial);
/*
 * What a channel's stream says is on. Whether it says something else than before, and something
 * that is worth keeping.
 */
bool on_air_heard(struct on_air *o, const struct guide_page *page);
/* What the guide says (taken over), asked at page->at_utc_s. */
void on_air_answered(struct on_air *o, struct guide_page *page);
/* Is the guide to be asked what is on of this channel? It counts as asked then. */
bool on_air_has_to_ask(struct on_air *o, int64_t channel, int64_t now_utc_s);

/* What is on. Strings are good until something goes in. */
struct guide_now on_air_now(const struct on_air *o, int64_t channel, int64_t now_utc_s);

/* Both clocks of this machine at one moment. */
struct on_air_clocks {
	uint64_t monotonic_ns;
	int64_t realtime_ns; /* since 1970 */
};

/* A stream said the time; it arrived at that CLOCK_MONOTONIC. The newest counts. */
void on_air_told_time(struct on_air *o, int64_t utc_s, uint64_t arrival_ns);
/* What the stream's clock has more than this machine's; false: no stream said the time. */
bool on_air_offset(const struct on_air *o, const struct on_air_clocks *clocks, int64_t *ret_ns);
/*
 * Does this machine obviously not know the time: is it before there was this program? Where it does
 * not and a stream does, on_air_utc_s() is the stream's.
 */
bool on_air_is_unset(const struct on_air_clocks *clocks);
int64_t on_air_utc_s(const struct on_air *o, const struct on_air_clocks *clocks);
int64_t on_air_utc_ms(const struct on_air *o, const struct on_air_clocks *clocks);
