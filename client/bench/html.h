/*
 * bench/html: pieces of the page that bench/report_html is put together from. Whatever comes from
 * outside (names, notes) goes through html_text().
 */
#pragma once

#include "client/bench/compare.h"

/* Escaped, with control characters replaced. */
void html_text(GString *out, const char *text);
/* A figure without its unit: "0.062", "1 071", ">5 000", "never"; an em dash where there is none.
 */
void html_ms(GString *out, double ms, uint32_t limit_ms);
/* bench_percentile_told() of a sample, likewise. */
void html_percentile(GString *out, const struct bench_sample *sample, unsigned percent);
/* "1 234" */
void html_count(GString *out, size_t count);
/* "2.5 %"; nothing of nothing is an em dash. */
void html_share(GString *out, size_t part, size_t whole);
/* The class's name as a heading has it: "Cold". */
const char *html_class_title(enum bench_class kind);

/* The colours of the stages; for a timeline, of what may follow them too. */
#define HTML_FREEZE_CLASS BENCH_STAGES
#define HTML_NEVER_CLASS (BENCH_STAGES + 1)
void html_stage_legend(GString *out, bool timeline);

/* html_style.c: the style sheet. */
extern const char html_style[];

/* What a page is about. */
struct html_page {
	const struct bench_run *run;
	const struct bench_statistics *statistics;
	const char *name; /* of the run: its file's */
	/* The run that it is compared with; all NULL where there is none. */
	const struct bench_run *before;
	const struct bench_statistics *before_statistics;
	const char *before_name;
};

/* Sections, each a file of its own; they leave themselves out where they have nothing to say. */
void html_headline(GString *out, const struct html_page *page);
void html_distributions(GString *out, const struct html_page *page);
void html_stages(GString *out, const struct html_page *page);
void html_shares(GString *out, const struct html_page *page);
void html_channels(GString *out, const struct html_page *page);
void html_worst(GString *out, const struct html_page *page);
void html_comparison(GString *out, const struct html_page *page);
void html_environment(GString *out, const struct html_page *page);
