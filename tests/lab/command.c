#include "tests/lab/command.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DELAY_MS = 5000, MAX_CLOCK_PPM = 1000, MAX_WORDS = 4 };

struct arguments {
	unsigned first, last; /* channels */
	double share;
	unsigned ms;
};

typedef void command_apply(
	struct sender *sender, unsigned channel, const struct arguments *arguments);

static void apply_stop(struct sender *sender, unsigned channel, const struct arguments *arguments)
{
	(void)arguments;
	sender_disturbance(sender, channel)->stopped = true;
}

static void apply_resume(struct sender *sender, unsigned channel, const struct arguments *arguments)
{
	(void)arguments;
	sender_disturbance(sender, channel)->stopped = false;
}

static void apply_lose(struct sender *sender, unsigned channel, const struct arguments *arguments)
{
	sender_disturbance(sender, channel)->lose = arguments->share;
}

static void apply_duplicate(
	struct sender *sender, unsigned channel, const struct arguments *arguments)
{
	sender_disturbance(sender, channel)->duplicate = arguments->share;
}

static void apply_reorder(
	struct sender *sender, unsigned channel, const struct arguments *arguments)
{
	sender_disturbance(sender, channel)->reorder = arguments->share;
}

static void apply_delay(struct sender *sender, unsigned channel, const struct arguments *arguments)
{
	sender_disturbance(sender, channel)->delay = arguments->share;
	sender_disturbance(sender, channel)->delay_ms = arguments->ms;
}

static void apply_jitter(struct sender *sender, unsigned channel, const struct arguments *arguments)
{
	sender_disturbance(sender, channel)->jitter_ms = arguments->ms;
}

static void apply_garbage(
	struct sender *sender, unsigned channel, const struct arguments *arguments)
{
	sender_disturbance(sender, channel)->garbage = arguments->share;
}

static void apply_pmt(struct sender *sender, unsigned channel, const struct arguments *arguments)
{
	(void)arguments;
	sender_change_map(sender, channel);
}

static void apply_source(struct sender *sender, unsigned channel, const struct arguments *arguments)
{
	(void)arguments;
	struct disturbance *disturbance = sender_disturbance(sender, channel);
	disturbance->other_source = !disturbance->other_source;
}

static void apply_both(struct sender *sender, unsigned channel, const struct arguments *arguments)
{
	(void)arguments;
	struct disturbance *disturbance = sender_disturbance(sender, channel);
	disturbance->both_sources = !disturbance->both_sources;
}

static void apply_udp(struct sender *sender, unsigned channel, const struct arguments *arguments)
{
	(void)arguments;
	struct disturbance *disturbance = sender_disturbance(sender, channel);
	disturbance->raw_udp = !disturbance->raw_udp;
}

static void apply_fec(struct sender *sender, unsigned channel, const struct arguments *arguments)
{
	(void)arguments;
	struct disturbance *disturbance = sender_disturbance(sender, channel);
	disturbance->fec = !disturbance->fec;
}

static void apply_clear(struct sender *sender, unsigned channel, const struct arguments *arguments)
{
	(void)arguments;
	*sender_disturbance(sender, channel) = (struct disturbance){0};
	if (sender_map_changed(sender, channel))
		sender_change_map(sender, channel);
}

static const struct command {
	const char *word;
	bool takes_share, takes_ms;
	command_apply *apply;
} commands[] = {
	{"stop", false, false, apply_stop},
	{"resume", false, false, apply_resume},
	{"lose", true, false, apply_lose},
	{"duplicate", true, false, apply_duplicate},
	{"reorder", true, false, apply_reorder},
	{"delay", true, true, apply_delay},
	{"jitter", false, true, apply_jitter},
	{"garbage", true, false, apply_garbage},
	{"pmt", false, false, apply_pmt},
	{"source", false, false, apply_source},
	{"both", false, false, apply_both},
	{"udp", false, false, apply_udp},
	{"fec", false, false, apply_fec},
	{"clear", false, false, apply_clear},
};

static const struct command *find_command(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i].word, word) == 0)
			return &commands[i];
	return NULL;
}

static void describe_share(GString *text, const char *name, double share)
{
	if (share > 0)
		g_string_append_printf(text, " %s=%g", name, share);
}

/* One word for the channel, and one for each thing that is not as usual. */
static void describe(struct sender *sender, unsigned channel, GString *text)
{
	const struct disturbance *disturbance = sender_disturbance(sender, channel);
	g_autoptr(GString) words = g_string_new(NULL);
	if (disturbance->stopped)
		g_string_append(words, " stopped");
	describe_share(words, "lose", disturbance->lose);
	describe_share(words, "duplicate", disturbance->duplicate);
	describe_share(words, "reorder", disturbance->reorder);
	describe_share(words, "delay", disturbance->delay);
	if (disturbance->delay > 0)
		g_string_append_printf(words, "/%ums", disturbance->delay_ms);
	if (disturbance->jitter_ms)
		g_string_append_printf(words, " jitter=%ums", disturbance->jitter_ms);
	describe_share(words, "garbage", disturbance->garbage);
	if (sender_map_changed(sender, channel))
		g_string_append(words, " pmt");
	if (disturbance->other_source)
		g_string_append(words, " source");
	if (disturbance->both_sources)
		g_string_append(words, " both");
	if (disturbance->raw_udp)
		g_string_append(words, " udp");
	if (disturbance->fec)
		g_string_append(words, " fec");
	if (words->len)
		g_string_append_printf(text, "; %u%s", channel, words->str);
}

static char *status(struct sender *sender)
{
	struct sender_counts counts = sender_counts(sender);
	GString *text = g_string_new(NULL);
	g_string_printf(text,
		"ok channels=%u packets=%" G_GUINT64_FORMAT " stalls=%" G_GUINT64_FORMAT,
		sender_channels(sender), counts.packets, counts.stalls);
	if (sender_clock(sender))
		g_string_append_printf(text, " clock=%d", sender_clock(sender));
	for (unsigned channel = 1; channel <= sender_channels(sender); channel++)
		describe(sender, channel, text);
	return g_string_free(text, FALSE);
}

static bool parse_channels(const struct sender *sender, const char *word, struct arguments *ret)
{
	guint64 channel;
	*ret = (struct arguments){.first = 1, .last = sender_channels(sender)};
	if (strcmp(word, "all") == 0)
		return true;
	if (!g_ascii_string_to_unsigned(word, 10, 1, ret->last, &channel, NULL))
		return false;
	ret->first = ret->last = (unsigned)channel;
	return true;
}

static bool parse_share(const char *word, double *ret)
{
	char *end;
	*ret = g_ascii_strtod(word, &end);
	return end != word && *end == '\0' && *ret >= 0 && *ret <= 1;
}

static char *set_clock(struct sender *sender, const char *word)
{
	gint64 ppm;
	if (!g_ascii_string_to_signed(word, 10, -MAX_CLOCK_PPM, MAX_CLOCK_PPM, &ppm, NULL))
		return g_strdup_printf("error: a clock is %d to %d ppm fast, not '%s'",
			-MAX_CLOCK_PPM, MAX_CLOCK_PPM, word);
	sender_set_clock(sender, (int)ppm);
	return g_strdup("ok");
}

static char *run_words(struct sender *sender, char *const *words, unsigned n)
{
	if (n == 1 && strcmp(words[0], "status") == 0)
		return status(sender);
	if (n == 2 && strcmp(words[0], "clock") == 0)
		return set_clock(sender, words[1]);
	const struct command *command = n ? find_command(words[0]) : NULL;
	struct arguments arguments;
	guint64 ms = 0;
	if (!command)
		return g_strdup_printf("error: no command '%s'", n ? words[0] : "");
	if (n != 2u + command->takes_share + command->takes_ms)
		return g_strdup_printf("error: usage: %s N%s%s", command->word,
			command->takes_share ? " SHARE" : "", command->takes_ms ? " MS" : "");
	if (!parse_channels(sender, words[1], &arguments))
		return g_strdup_printf("error: no channel '%s'", words[1]);
	if (command->takes_share && !parse_share(words[2], &arguments.share))
		return g_strdup_printf("error: a share is 0 to 1, not '%s'", words[2]);
	if (command->takes_ms &&
		!g_ascii_string_to_unsigned(words[n - 1], 10, 0, MAX_DELAY_MS, &ms, NULL))
		return g_strdup_printf(
			"error: a delay is 0 to %d ms, not '%s'", MAX_DELAY_MS, words[n - 1]);
	arguments.ms = (unsigned)ms;
	for (unsigned channel = arguments.first; channel <= arguments.last; channel++)
		command->apply(sender, channel, &arguments);
	return g_strdup("ok");
}

char *command_run(struct sender *sender, const char *line)
{
	g_auto(GStrv) split = g_strsplit_set(line, " \t", -1);
	char *words[MAX_WORDS + 1];
	unsigned n = 0;
	for (char **word = split; *word && n <= MAX_WORDS; word++)
		if (**word)
			words[n++] = *word;
	return run_words(sender, words, n);
}
