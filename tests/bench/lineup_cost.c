/*
 * What line-ups and guides cost: time and memory of an import of many channels, of opening and
 * loading a line-up, of a look-up by number, and of a large guide. Prints a table of what was
 * measured beside what was asked for.
 *
 *   lineup_cost [CHANNELS [EVENTS]]     default 100000 1000000, for which the bounds hold
 *
 * Its files are in a folder that it makes in the current one, and removes at the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "channels/import.h"
#include "tests/bench/child.h"
#include "tests/bench/guide_cost.h"

#define USUAL_CHANNELS 1000
#define PIECE_BYTES 65536
#define OPENINGS 101
#define LOOKUPS 1000000
#define GUIDE_CHANNELS 1000

struct bench {
	char *folder;
	char *m3u, *other, *db;	 /* of all the channels */
	char *usual_m3u, *usual; /* of USUAL_CHANNELS */
	char *guide;
};

/* What a child works on. */
struct list {
	const char *m3u, *db;
	unsigned channels;
};

static void print_head(void)
{
	printf("| what | measured | at most |\n|---|---|---|\n");
}

static void print_row(const char *what, double measured, const char *unit, const char *most)
{
	printf("| %s | %.*f %s | %s |\n", what, measured < 10 ? 3 : 1, measured, unit, most);
}

static void append_channel(GString *out, unsigned i, unsigned number, unsigned address)
{
	g_string_append_printf(out,
		"#EXTINF:-1 tvg-id=\"channel%u.example\" tvg-chno=\"%u\" "
		"tvg-logo=\"http://logos.example/large/channel%u.png\" group-title=\"Group %u\","
		"Channel %u HD\nrtp://10.0.%u.1@232.%u.%u.%u:5004\n",
		i, number, i, i % 50, i, i % 8, address >> 16, address >> 8 & 255, address & 255);
}

/* Each tenth channel has an alternate. `other`: of all channels number and addresses differ. */
static void write_list(const char *path, unsigned channels, bool other)
{
	FILE *file = fopen(path, "w");
	GString *text = g_string_new("#EXTM3U\n");
	child_check(file ? 0 : -errno, path);
	for (unsigned i = 0; i < channels; i++) {
		unsigned number = other ? (i + 1) % channels + 1 : i + 1;
		unsigned address = other ? i + 4 * channels : i;
		append_channel(text, i, number, address);
		if (i % 10 == 0)
			append_channel(text, i, number, address + 2 * channels);
		fwrite(text->str, 1, text->len, file);
		g_string_truncate(text, 0);
	}
	g_string_free(text, TRUE);
	child_check(fclose(file) ? -errno : 0, path);
}

static void refuse_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	(void)user;
	fprintf(stderr, "%s:%u: %s\n", diagnostic->file, diagnostic->line, diagnostic->text);
	exit(EXIT_FAILURE);
}

static struct lineup *open_lineup(const char *path, enum lineup_mode mode)
{
	struct lineup *lineup;
	char *why;
	if (!lineup_open(path, mode, &lineup, &why))
		return lineup;
	fprintf(stderr, "%s\n", why);
	exit(EXIT_FAILURE);
}

static void feed(struct import *import, const char *path)
{
	char *piece = g_malloc(PIECE_BYTES);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;
	child_check(fd < 0 ? -errno : 0, path);
	import_begin(import, path, CHANNEL_FORMAT_AUTO);
	while ((got = read(fd, piece, PIECE_BYTES)) > 0)
		import_bytes(import, piece, (size_t)got);
	close(fd);
	g_free(piece);
	child_check(import_end(import), path);
}

/* From the list's first byte to the file that is closed, as `zapper import` does it. */
static void import_list(void *ctx, double *figures)
{
	const struct list *list = ctx;
	const struct channel_report report = {.diagnostic = refuse_diagnostic};
	struct import_summary summary;
	double start_s = child_now_s();
	struct import *import = import_create(&report);
	feed(import, list->m3u);
	struct lineup *lineup = open_lineup(list->db, LINEUP_WRITE);
	child_check(import_write(import, lineup, IMPORT_REPLACE, &summary), "import");
	lineup_close(lineup);
	import_destroy(import);
	figures[0] = child_now_s() - start_s;
	if (summary.channels != list->channels)
		child_check(-EILSEQ, "channels");
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static struct channel_list *load(const char *db)
{
	struct channel_list *channels;
	struct lineup *lineup = open_lineup(db, LINEUP_READ);
	child_check(lineup_load(lineup, &channels), "load");
	lineup_close(lineup);
	return channels;
}

/* The first one, the median and the largest. */
static void open_and_load(void *ctx, double *figures)
{
	const struct list *list = ctx;
	double took_ms[OPENINGS];
	for (size_t i = 0; i < OPENINGS; i++) {
		double start_s = child_now_s();
		channel_list_free(load(list->db));
		took_ms[i] = (child_now_s() - start_s) * 1e3;
	}
	figures[0] = took_ms[0];
	qsort(took_ms, OPENINGS, sizeof *took_ms, compare);
	figures[1] = took_ms[OPENINGS / 2];
	figures[2] = took_ms[OPENINGS - 1];
}

/* The mean of a look-up: numbers that are there, and half as many that are not. */
static void look_up(void *ctx, double *figures)
{
	const struct list *list = ctx;
	struct channel_list *channels = load(list->db);
	GRand *random = g_rand_new_with_seed(1);
	uint32_t *numbers = g_new(uint32_t, LOOKUPS);
	size_t found = 0, wanted = 0;
	for (size_t i = 0; i < LOOKUPS; i++) {
		numbers[i] = (uint32_t)g_rand_int_range(
			random, 1, (gint32)list->channels + (gint32)list->channels / 2 + 1);
		wanted += numbers[i] <= list->channels;
	}
	double start_s = child_now_s();
	for (size_t i = 0; i < LOOKUPS; i++)
		found += channel_list_find(channels, numbers[i], 0) >= 0;
	figures[0] = (child_now_s() - start_s) * 1e6 / LOOKUPS;
	child_check(found == wanted ? 0 : -ENOENT, "look-up");
	g_free(numbers);
	g_rand_free(random);
	channel_list_free(channels);
}

static void measure_import(const struct list *list, const char *what, bool bounded)
{
	double took_s;
	struct list work = *list;
	long peak_kib = child_run(import_list, &work, &took_s, 1);
	print_row(what, took_s, "s", bounded ? "1.5 s" : "");
	print_row("its memory, peak", (double)peak_kib / 1024, "MiB", bounded ? "100 MiB" : "");
}

static void measure_imports(const struct bench *bench, unsigned channels)
{
	const struct list all = {bench->m3u, bench->db, channels};
	const struct list other = {bench->other, bench->db, channels};
	printf("\n%u channels, M3U\n\n", channels);
	print_head();
	measure_import(&all, "import into an empty line-up", true);
	measure_import(&all, "import of the same again", false);
	measure_import(&other, "import that changes each number and address", false);
}

static void measure_reading(struct list *list, const char *most)
{
	double took_ms[3], lookup_us;
	long peak_kib = child_run(open_and_load, list, took_ms, G_N_ELEMENTS(took_ms));
	child_run(look_up, list, &lookup_us, 1);
	printf("\n%u channels\n\n", list->channels);
	print_head();
	print_row("open and load, the first time", took_ms[0], "ms", most);
	print_row("median", took_ms[1], "ms", most);
	print_row("max", took_ms[2], "ms", most);
	print_row("its memory, peak", (double)peak_kib / 1024, "MiB", "");
	print_row("look-up by number, mean", lookup_us, "us", "1 us");
}

static void measure_guide(const char *path, unsigned events, bool by_time)
{
	struct guide_cost cost;
	guide_cost_measure(path, events, GUIDE_CHANNELS, by_time, &cost);
	printf("\n%u events of %u channels, %s, %.0f MB of XMLTV\n\n", events, GUIDE_CHANNELS,
		by_time ? "by time" : "by channel", cost.xml_bytes / 1e6);
	print_head();
	print_row("parsed only", cost.parse_s, "s", "");
	print_row("import into an empty guide", cost.import_s, "s", "20 s");
	print_row("import again", cost.again_s, "s", "20 s");
	print_row("their memory, peak", (double)cost.peak_kib / 1024, "MiB", "flat");
	print_row("now and next, mean", cost.look_mean_us, "us", "50 us");
	print_row("p99", cost.look_p99_us, "us", "");
	print_row("max", cost.look_max_us, "us", "");
}

static char *path_in(const struct bench *bench, const char *name)
{
	return g_build_filename(bench->folder, name, NULL);
}

static void set_up(struct bench *bench)
{
	bench->folder = g_mkdtemp(g_strdup("lineup-cost-XXXXXX"));
	child_check(bench->folder ? 0 : -errno, "lineup-cost-XXXXXX");
	bench->m3u = path_in(bench, "all.m3u");
	bench->other = path_in(bench, "other.m3u");
	bench->db = path_in(bench, "all.db");
	bench->usual_m3u = path_in(bench, "usual.m3u");
	bench->usual = path_in(bench, "usual.db");
	bench->guide = path_in(bench, "guide.db");
}

static void tear_down(struct bench *bench)
{
	char *const paths[] = {
		bench->m3u, bench->other, bench->db, bench->usual_m3u, bench->usual, bench->guide};
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		unlink(paths[i]);
		g_free(paths[i]);
	}
	rmdir(bench->folder);
	g_free(bench->folder);
}

static unsigned read_count(const char *text)
{
	guint64 count;
	if (!g_ascii_string_to_unsigned(text, 10, 1, 1000000, &count, NULL))
		child_check(-EINVAL, text);
	return (unsigned)count;
}

int main(int argc, char **argv)
{
	unsigned channels = argc > 1 ? read_count(argv[1]) : 100000;
	unsigned events = argc > 2 ? read_count(argv[2]) : 1000000;
	struct bench bench;
	double took_s;
	set_up(&bench);
	struct list all = {bench.m3u, bench.db, channels};
	struct list usual = {bench.usual_m3u, bench.usual, USUAL_CHANNELS};
	write_list(bench.m3u, channels, false);
	write_list(bench.other, channels, true);
	write_list(usual.m3u, usual.channels, false);
	child_run(import_list, &usual, &took_s, 1);
	measure_imports(&bench, channels);
	measure_reading(&usual, "10 ms");
	measure_reading(&all, "");
	/* Memory that does not grow with the guide is the same for a tenth of it. */
	measure_guide(bench.guide, MAX(events / 10 / GUIDE_CHANNELS, 1) * GUIDE_CHANNELS, false);
	measure_guide(bench.guide, MAX(events / GUIDE_CHANNELS, 1) * GUIDE_CHANNELS, false);
	measure_guide(bench.guide, MAX(events / GUIDE_CHANNELS, 1) * GUIDE_CHANNELS, true);
	tear_down(&bench);
	return EXIT_SUCCESS;
}
