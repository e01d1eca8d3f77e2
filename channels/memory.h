/*
 * channels/memory: what `play` remembers, in the line-up's file: of each channel what it saw of its
 * stream, and of the viewer which way he goes. It goes when its channel goes.
 *
 * All functions want a line-up that was opened with LINEUP_WRITE, and return negative errno where
 * the database fails.
 */
#pragma once

#include "channels/lineup.h"

/* Codecs as words, such as "h264"; 0 and "" where something is not known. */
struct channel_memory {
	int64_t channel; /* struct channel's id */
	const uint8_t *psi;
	size_t psi_bytes;
	uint16_t video_pid, audio_pid, pcr_pid;
	const char *video_codec, *audio_codec;
	uint64_t gop_ns;
	uint64_t rap_bytes;
	/* The smallest time between a unit's arrival and when it is due; INT64_MAX: not known. */
	int64_t video_slack_ns, audio_slack_ns;
	uint64_t line_bps;
};

typedef void (*channel_memory_fn)(void *ctx, const struct channel_memory *memory);
/* *memory lives as long as the call of fn. */
int lineup_each_memory(struct lineup *lineup, channel_memory_fn fn, void *ctx);
/* In the place of what was remembered of the channel; nothing where there is no such channel. */
int lineup_put_memory(struct lineup *lineup, const struct channel_memory *memory);

/* So often (with a weight that fades) did the viewer go from one channel to another like that. */
struct channel_step {
	int64_t from, to;
	const char *action; /* "up", "down", "last", "number" or "list" */
	double weight;
};

typedef void (*channel_step_fn)(void *ctx, const struct channel_step *step);
int lineup_each_step(struct lineup *lineup, channel_step_fn fn, void *ctx);
/* In the place of all there were, in one transaction. Steps of channels that are gone are not kept.
 */
int lineup_replace_steps(struct lineup *lineup, const struct channel_step *steps, size_t n);
