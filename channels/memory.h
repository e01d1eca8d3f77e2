/*
 * channels/memory: what `play` remembers, in the line-up's file: of each channel what it saw of its
 * stream, and of the viewer which way he goes. It goes when its channel goes.
 *
 * All functions want a line-up that was opened with LINEUP_WRITE, and return negative errno where
 * the database fails.
 */
#pragma once

#include "channels/lineup.h"
#include "channels/viewer_news.h"

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
	/* The video's parameter sets: SPS and PPS; a sequence header. NULL: not known. */
	const uint8_t *video_sets;
	size_t video_sets_bytes;
};

typedef void (*channel_memory_fn)(void *ctx, const struct channel_memory *memory);
/* *memory lives as long as the call of fn. */
int lineup_each_memory(struct lineup *lineup, channel_memory_fn fn, void *ctx);
/* A copy of its own, and its end. */
struct channel_memory channel_memory_copy(const struct channel_memory *memory);
void channel_memory_clear(struct channel_memory *memory);

/* So often (with a weight that fades) did the viewer go from one channel to another like that. */
struct viewer_step {
	int64_t from, to;
	const char *action; /* "up", "down", "last", "number" or "list" */
	double weight;
};

typedef void (*viewer_step_fn)(void *ctx, const struct viewer_step *step);
int lineup_each_step(struct lineup *lineup, viewer_step_fn fn, void *ctx);

/* And so often did he do that next, whichever the channels. */
struct viewer_mood {
	const char *context; /* what came before: "up", "down", "last", "choice" or "watching" */
	const char *action;
	double weight;
};

typedef void (*viewer_mood_fn)(void *ctx, const struct viewer_mood *mood);
int lineup_each_mood(struct lineup *lineup, viewer_mood_fn fn, void *ctx);

/* What is to be remembered. */
struct lineup_memory {
	/* Each in the place of what was remembered of the channel. */
	const struct channel_memory *channels;
	size_t n_channels;
	/* The viewer's ways, in the place of all there were; else those stay as they are. */
	bool has_ways;
	const struct viewer_step *steps;
	size_t n_steps;
	const struct viewer_mood *moods;
	size_t n_moods;
	/* What he did, added to what is there. */
	struct viewer_news viewer;
};

/* All of it or, with an error, nothing, in one transaction. Not what is of channels that are gone.
 */
int lineup_remember(struct lineup *lineup, const struct lineup_memory *memory);
