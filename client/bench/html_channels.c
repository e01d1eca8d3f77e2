#include <math.h>

#include "client/bench/html.h"

/* What a channel's zaps came to; the samples are those of zaps to it. */
struct row {
	size_t zaps, failed;
	struct bench_sample picture[BENCH_WARM + 1];
	struct bench_sample overhead;
};

static struct bench_sample sample_of(
	const struct bench_run *run, int channel, enum bench_class kind, enum bench_figure figure)
{
	struct bench_sample sample;
	double *ms = g_new(double, MAX(bench_run_count(run), 1));
	size_t count = 0;
	for (size_t i = 0; i < bench_run_count(run); i++) {
		const struct bench_zap *zap = bench_run_zap(run, i);
		if (zap->record.to == channel && bench_in_class(zap, kind))
			ms[count++] = bench_figure(zap, figure);
	}
	bench_sample_init(&sample, ms, count);
	return sample;
}

static struct row row_of(const struct bench_run *run, int channel)
{
	struct row row = {0};
	for (size_t i = 0; i < bench_run_count(run); i++) {
		const struct bench_zap *zap = bench_run_zap(run, i);
		if (zap->record.to != channel || !bench_in_class(zap, BENCH_ALL))
			continue;
		row.zaps++;
		row.failed += bench_failed(zap);
	}
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++)
		row.picture[kind] = sample_of(run, channel, kind, BENCH_PICTURE);
	row.overhead = sample_of(run, channel, BENCH_ALL, BENCH_OVERHEAD);
	return row;
}

static void clear_row(struct row *row)
{
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++)
		bench_sample_clear(&row->picture[kind]);
	bench_sample_clear(&row->overhead);
}

static void append_cell(
	GString *out, const struct bench_sample *sample, unsigned percent, uint32_t limit_ms)
{
	g_string_append(out, "<td>");
	html_ms(out, bench_percentile(sample, percent), limit_ms);
	g_string_append(out, "</td>");
}

static void append_row(GString *out, const struct html_page *page, const struct row *row,
	const struct bench_channel *channel)
{
	uint32_t limit_ms = page->run->limit_ms;
	g_string_append(out, "<tr><td class=\"l\">");
	html_text(out, channel->number);
	g_string_append(out, "</td><td class=\"l name\"><bdi>");
	html_text(out, channel->name);
	g_string_append_printf(out, "</bdi></td><td>%zu</td><td%s>%zu</td>", row->zaps,
		row->failed ? " class=\"bad\"" : "", row->failed);
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++) {
		if (!page->statistics->zaps[kind])
			continue;
		append_cell(out, &row->picture[kind], 50, limit_ms);
		append_cell(out, &row->picture[kind], 95, limit_ms);
	}
	append_cell(out, &row->overhead, 50, limit_ms);
	append_cell(out, &row->overhead, 95, limit_ms);
	g_string_append(out, "</tr>\n");
}

static void append_head(GString *out, const struct html_page *page)
{
	g_string_append(out, "<thead><tr><th class=\"l\">no.</th><th class=\"l\">channel</th>"
			     "<th>zaps</th><th>no picture</th>");
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++)
		if (page->statistics->zaps[kind])
			g_string_append_printf(
				out, "<th>%s p50</th><th>p95</th>", bench_class_name(kind));
	g_string_append(out, "<th>overhead p50</th><th>p95</th></tr></thead>\n");
}

void html_channels(GString *out, const struct html_page *page)
{
	const struct bench_run *run = page->run;
	if (!page->statistics->zaps[BENCH_ALL])
		return;
	g_string_append(out,
		"<section><h2>Channel by channel</h2><p class=\"about\">Zaps to a channel; "
		"milliseconds to the picture by class, and the overhead of all of them. Channels "
		"that were never zapped to are left out.</p><div class=\"card scroll\"><table>\n");
	append_head(out, page);
	g_string_append(out, "<tbody>\n");
	for (guint i = 0; i < run->channels->len; i++) {
		struct row row = row_of(run, (int)i);
		if (row.zaps)
			append_row(out, page, &row, g_ptr_array_index(run->channels, i));
		clear_row(&row);
	}
	g_string_append(out, "</tbody></table></div></section>\n");
}
