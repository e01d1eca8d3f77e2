/*
 * app/figures: the figures of a zap and the statistics of its stream in words, for the screen.
 * Pure.
 */
#pragma once

#include "client/play/play.h"
#include "client/receive/quality.h"
#include "client/receive/stream.h"
#include "client/zap.h"
#include "ui/facts.h"
#include "ui/view.h"

#define FIGURE_BYTES 64

/* Zeroed: none. No more than a screen has room for. */
struct figures {
	size_t count;
	struct ui_figure list[UI_STAT_ROWS];
	char values[UI_STAT_ROWS][FIGURE_BYTES];
};

/* What came when, as far as it has come; `record` of n 0: there was no zap. */
void figures_add_zap(struct figures *figures, const struct zap_record *record);
/* Rates, losses, order, jitter, MDI (RFC 4445), TR 101 290's first priority. */
void figures_add_stream(struct figures *figures, const struct quality_report *quality,
	const struct stream_counters *counters);
void figures_add_play(struct figures *figures, const struct play_counters *play);
