/*
 * The lab's head-end: `encode` makes clips, of the reference scenario unless --format says
 * otherwise; `send` loops them as RTP, `ctl` talks to a running `send`. What the streams are made
 * of is in mux.h, clip.c, recipe.c and format.h, the commands are in command.h. Channel n goes to
 * 239.1.1.n (odd, ASM) or 232.1.1.n (even, SSM), port 5004.
 *
 * Most formats have eight clips: channel 9 sends that of channel 1 again, from a phase of its own,
 * so that the mark of its pictures says 1.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <glib.h>

#include "tests/lab/clip.h"
#include "tests/lab/clip_files.h"
#include "tests/lab/control.h"
#include "tests/lab/transmit.h"

enum { MAX_CHANNELS = 254 };

static const char usage[] =
	"usage: headend encode --clips DIR [--format NAME] [--channels N]\n"
	"       headend send --clips DIR --source ADDR --alt-source ADDR --control SOCKET\n"
	"                    [--format NAME] [--channels N] [--seed N]\n"
	"       headend formats\n"
	"       headend ctl --control SOCKET COMMAND...\n"
	"commands: status | stop N | resume N | lose N SHARE | duplicate N SHARE | reorder N SHARE "
	"|\n"
	"          delay N SHARE MS | jitter N MS | garbage N SHARE | pmt N | source N | both N |\n"
	"          udp N | fec N | clear N | clock PPM\n"
	"N is a channel or 'all', SHARE is 0 to 1; pmt, source, both, udp and fec switch back the\n"
	"second time.\n";

struct options {
	const char *clips, *control;
	const struct clip_format *format;
	struct in_addr source, other_source;
	unsigned channels;
	uint64_t seed;
	bool help;
};

static bool parse_number(const char *text, guint64 min, guint64 max, guint64 *ret)
{
	g_autoptr(GError) error = NULL;
	if (g_ascii_string_to_unsigned(text, 10, min, max, ret, &error))
		return true;
	fprintf(stderr, "headend: %s\n", error->message);
	return false;
}

static bool parse_address(const char *text, struct in_addr *ret)
{
	if (inet_pton(AF_INET, text, ret) == 1)
		return true;
	fprintf(stderr, "headend: '%s' is no IPv4 address\n", text);
	return false;
}

static bool parse_format(const char *name, const struct clip_format **ret)
{
	*ret = clip_format_find(name);
	if (!*ret)
		fprintf(stderr, "headend: there is no format '%s' (see 'headend formats')\n", name);
	return *ret;
}

static bool take_option(int option, struct options *options)
{
	guint64 number;
	switch (option) {
	case 'c':
		options->clips = optarg;
		return true;
	case 'C':
		options->control = optarg;
		return true;
	case 'f':
		return parse_format(optarg, &options->format);
	case 's':
		return parse_address(optarg, &options->source);
	case 'a':
		return parse_address(optarg, &options->other_source);
	case 'n':
		if (!parse_number(optarg, 1, MAX_CHANNELS, &number))
			return false;
		options->channels = (unsigned)number;
		return true;
	case 'r':
		return parse_number(optarg, 0, G_MAXUINT64, &options->seed);
	case 'h':
		options->help = true;
		return true;
	default:
		return false;
	}
}

static bool parse_options(int argc, char **argv, struct options *ret)
{
	static const struct option long_options[] = {
		{"clips", required_argument, NULL, 'c'},
		{"control", required_argument, NULL, 'C'},
		{"format", required_argument, NULL, 'f'},
		{"source", required_argument, NULL, 's'},
		{"alt-source", required_argument, NULL, 'a'},
		{"channels", required_argument, NULL, 'n'},
		{"seed", required_argument, NULL, 'r'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;
	size_t formats;
	*ret = (struct options){.format = clip_formats(&formats), .channels = LAB_CLIPS, .seed = 1};
	while ((option = getopt_long(argc, argv, "+h", long_options, NULL)) != -1)
		if (!take_option(option, ret))
			return false;
	return true;
}

static void say(const char *line)
{
	fprintf(stderr, "headend: %s\n", line);
}

static void say_ready(void)
{
	puts("ready");
	fflush(stdout);
}

static int encode(const struct options *options)
{
	g_autoptr(GError) error = NULL;
	uint8_t count = (uint8_t)MIN(options->channels, options->format->clips);
	if (clip_make_missing(options->clips, options->format, count, say, &error))
		return EXIT_SUCCESS;
	fprintf(stderr, "headend: %s\n", error->message);
	return EXIT_FAILURE;
}

static bool open_feeds(const struct options *options, struct feed **ret)
{
	const struct clip_format *format = options->format;
	for (uint8_t clip = 1; clip <= MIN(options->channels, format->clips); clip++) {
		g_autofree char *path = clip_ts_path(options->clips, format, clip);
		int error = feed_open(path, &ret[clip - 1]);
		if (error) {
			fprintf(stderr, "headend: %s: %s (`headend encode` makes it)\n", path,
				error == -EBADMSG ? "not a clip" : strerror(-error));
			return false;
		}
	}
	return true;
}

static int send_clips(const struct options *options)
{
	struct feed *clips[MAX_CHANNELS] = {NULL}, *feeds[MAX_CHANNELS];
	int result = EXIT_FAILURE;
	if (open_feeds(options, clips)) {
		for (unsigned i = 0; i < options->channels; i++)
			feeds[i] = clips[clip_of_channel(options->format, i + 1) - 1];
		struct transmit_options transmit = {.source = options->source,
			.other_source = options->other_source,
			.control_path = options->control,
			.feeds = feeds,
			.channels = options->channels,
			.seed = options->seed};
		if (transmit_run(&transmit, say_ready) == 0)
			result = EXIT_SUCCESS;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(clips); i++)
		feed_close(clips[i]);
	return result;
}

static int ask(const struct options *options, char **words)
{
	g_autofree char *line = g_strjoinv(" ", words), *answer = NULL;
	int error = control_ask(options->control, line, &answer);
	if (error) {
		fprintf(stderr, "headend: %s: %s\n", options->control, strerror(-error));
		return EXIT_FAILURE;
	}
	puts(answer);
	return g_str_has_prefix(answer, "ok") ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int print_formats(void)
{
	size_t count;
	const struct clip_format *formats = clip_formats(&count);
	for (size_t i = 0; i < count; i++)
		printf("%s: %u clips of %u s, %dx%d%c%d, a key picture every %u\n", formats[i].name,
			formats[i].clips, formats[i].seconds, formats[i].width, formats[i].height,
			formats[i].interlaced ? 'i' : 'p', LAB_PICTURES_PER_S, formats[i].gop);
	return EXIT_SUCCESS;
}

static int usage_error(void)
{
	fputs(usage, stderr);
	return EX_USAGE;
}

int main(int argc, char **argv)
{
	struct options options;
	const char *verb = argc > 1 ? argv[1] : "";
	bool verb_first = argc > 1 && argv[1][0] != '-';
	if (!parse_options(argc - verb_first, argv + verb_first, &options))
		return usage_error();
	char **words = argv + verb_first + optind;
	if (options.help) {
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	}
	if (strcmp(verb, "ctl") == 0 && options.control && *words)
		return ask(&options, words);
	if (*words)
		return usage_error();
	if (strcmp(verb, "formats") == 0)
		return print_formats();
	if (strcmp(verb, "encode") == 0 && options.clips)
		return encode(&options);
	if (strcmp(verb, "send") == 0 && options.clips && options.control &&
		options.source.s_addr && options.other_source.s_addr)
		return send_clips(&options);
	return usage_error();
}
