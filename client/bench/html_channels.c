#include <math.h>

#include "client/bench/html.h"

/* What a channel's zaps came to; the samples are those of zaps to it. */
struct row {
	size_t zaps, failed, still;
	struct bench_sample picture[BENCH_WARM + 1];
	struct bench_sample overhead;
};

/* By channel: pointers to the zaps to it, NULL for none. Freed with free_groups(). */
static GPtrArray **group_zaps(const struct bench_run *run)
{
	GPtrArray **groups = g_new0(GPtrArray *, run->channels->len + 1);
	for (size_t i = 0; i < bench_run_count(run); i++) {
		const struct bench_zap *zap = bench_run_zap(run, i);
		int to = zap->record.to;
		if (to < 0 || (guint)to >= run->channels->len || !bench_in_class(zap, BENCH_ALL))
			continue;
		if (!groups[to])
			groups[to] = g_ptr_array_new();
		g_ptr_array_add(groups[to], (gpointer)(uintptr_t)zap);
	}
	return groups;
}

static void free_groups(GPtrArray **groups, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (groups[i])
			g_ptr_array_free(groups[i], TRUE);
	g_free(groups);
}

static struct bench_sample sample_of(
	const GPtrArray *zaps, enum bench_class kind, enum bench_figure figure, uint32_t limit_ms)
{
	struct bench_sample sample;
	double *ms = g_new(double, zaps->len);
	size_t count = 0;
	for (guint i = 0; i < zaps->len; i++) {
		const struct bench_zap *zap = g_ptr_array_index(zaps, i);
		if (bench_in_class(zap, kind))
			ms[count++] = bench_figure(zap, figure);
	}
	bench_sample_init(&sample, ms, count);
	bench_sample_limit(&sample, figure, limit_ms);
	return sample;
}

static struct row row_of(const GPtrArray *zaps, uint32_t limit_ms)
{
	struct row row = {.zaps = zaps->len};
	for (guint i = 0; i < zaps->len; i++) {
		row.failed += bench_failed(g_ptr_array_index(zaps, i));
		row.still += bench_never_moved(g_ptr_array_index(zaps, i));
	}
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++)
		row.picture[kind] = sample_of(zaps, kind, BENCH_PICTURE, limit_ms);
	row.overhead = sample_of(zaps, BENCH_ALL, BENCH_OVERHEAD, limit_ms);
	return row;
}

static void clear_row(struct row *row)
{
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++)
		bench_sample_clear(&row->picture[kind]);
	bench_sample_clear(&row->overhead);
}

/* How many values, and what they come to. */
static void append_cells(GString *out, const struct bench_sample *sample)
{
	static const unsigned percents[] = {50, 95};
	g_string_append_printf(out, "<td class=\"n\">%zu</td>", sample->count);
	for (size_t i = 0; i < G_N_ELEMENTS(percents); i++) {
		g_string_append(out, "<td>");
		html_percentile(out, sample, percents[i]);
		g_string_append(out, "</td>");
	}
}

static void append_trouble(GString *out, size_t count)
{
	g_string_append_printf(out, "<td%s>%zu</td>", count ? " class=\"bad\"" : "", count);
}

static void append_row(GString *out, const struct html_page *page, const struct row *row,
	const struct bench_channel *channel)
{
	g_string_append(out, "<tr><td class=\"l\">");
	html_text(out, channel->number);
	g_string_append(out, "</td><td class=\"l name\"><bdi>");
	html_text(out, channel->name);
	g_string_append_printf(out, "</bdi></td><td>%zu</td>", row->zaps);
	append_trouble(out, row->failed);
	append_trouble(out, row->still);
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++)
		if (page->statistics->zaps[kind])
			append_cells(out, &row->picture[kind]);
	append_cells(out, &row->overhead);
	g_string_append(out, "</tr>\n");
}

static void append_head(GString *out, const struct html_page *page)
{
	g_string_append(out, "<thead><tr><th class=\"l\">no.</th><th class=\"l\">channel</th>"
			     "<th>zaps</th><th>no picture</th><th>never moved</th>");
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++)
		if (page->statistics->zaps[kind])
			g_string_append_printf(out, "<th>%s n</th><th>p50</th><th>p95</th>",
				bench_class_name(kind));
	g_string_append(out, "<th>overhead n</th><th>p50</th><th>p95</th></tr></thead>\n");
}

void html_channels(GString *out, const struct html_page *page)
{
	const struct bench_run *run = page->run;
	if (!page->statistics->zaps[BENCH_ALL])
		return;
	g_string_append(out,
		"<section><h2>Channel by channel</h2><p class=\"about\">Zaps to a channel; "
		"milliseconds to the picture by class, and the overhead of all of them. Channels "
		"that were never zapped to are left out. A p95 of fewer than 20 values says "
		"nothing.</p><div class=\"card scroll\"><table>\n");
	append_head(out, page);
	g_string_append(out, "<tbody>\n");
	GPtrArray **groups = group_zaps(run);
	for (guint i = 0; i < run->channels->len; i++) {
		if (!groups[i])
			continue;
		struct row row = row_of(groups[i], run->limit_ms);
		append_row(out, page, &row, g_ptr_array_index(run->channels, i));
		clear_row(&row);
	}
	free_groups(groups, run->channels->len);
	g_string_append(out, "</tbody></table></div></section>\n");
}
