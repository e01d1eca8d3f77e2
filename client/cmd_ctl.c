/* zapper ctl: one command to a running `zapper play`. */
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/commands.h"
#include "client/control_client.h"
#include "client/options.h"

static int fail_usage(const char *what)
{
	fprintf(stderr, "zapper ctl: %s (see 'zapper ctl --help')\n", what);
	return EXIT_USAGE;
}

/* Commands with one argument, and the member that it becomes. */
static const struct {
	const char *command, *member;
} with_argument[] = {{"tune", "number"}, {"key", "key"}, {"snapshot", "path"}, {"audio", "audio"},
	{"subtitle", "subtitle"}};

/* "key NAME" may say what is done with the key: else it is tapped. */
static bool add_motion(json_t *request, const char *motion)
{
	static const char *const motions[] = {"press", "release", "long"};
	for (size_t i = 0; i < sizeof motions / sizeof *motions; i++)
		if (!strcmp(motion, motions[i]))
			return !json_object_set_new(request, "motion", json_string(motion));
	return false;
}

/* What `argv` asks for as a request; NULL where it does not say enough or too much. */
static json_t *make_request(int argc, char **argv)
{
	const char *member = NULL;
	for (size_t i = 0; i < sizeof with_argument / sizeof *with_argument; i++)
		if (argc > 1 && !strcmp(argv[1], with_argument[i].command))
			member = with_argument[i].member;
	bool has_motion = argc == 4 && !strcmp(argv[1], "key");
	if (argc != (member ? 3 : 2) && !has_motion)
		return NULL;
	json_t *request = json_pack("{s:i, s:s}", "id", 1, "cmd", argv[1]);
	if (member && !strcmp(member, "path")) {
		/* The other end has another working directory. */
		char *path = g_canonicalize_filename(argv[2], NULL);
		json_object_set_new(request, member, json_string(path));
		g_free(path);
	} else if (member) {
		json_object_set_new(request, member, json_string(argv[2]));
	}
	if (has_motion && !add_motion(request, argv[3])) {
		json_decref(request);
		return NULL;
	}
	return request;
}

/* Prints the answer; what follows it (events, after `subscribe`) as it comes. */
static int print_answer(FILE *stream, bool follow)
{
	char *line = NULL;
	size_t size = 0;
	int code = EXIT_FAILED;
	if (getline(&line, &size, stream) > 0) {
		json_t *answer = json_loads(line, 0, NULL);
		code = json_is_true(json_object_get(answer, "ok")) ? EXIT_OK : EXIT_FAILED;
		const char *error = json_string_value(json_object_get(answer, "error"));
		if (code == EXIT_OK)
			fputs(line, stdout);
		else
			fprintf(stderr, "zapper ctl: %s\n", error ? error : line);
		json_decref(answer);
	} else {
		fprintf(stderr, "zapper ctl: the player went away without an answer\n");
	}
	fflush(stdout);
	while (code == EXIT_OK && follow && getline(&line, &size, stream) > 0) {
		fputs(line, stdout);
		fflush(stdout);
	}
	free(line);
	return code;
}

static int exchange(int fd, json_t *request)
{
	bool follow = !strcmp(json_string_value(json_object_get(request, "cmd")), "subscribe");
	FILE *stream = fdopen(fd, "r+");
	if (!stream) {
		fprintf(stderr, "zapper ctl: %s\n", g_strerror(errno));
		close(fd);
		return EXIT_FAILED;
	}
	char *text = json_dumps(request, JSON_COMPACT);
	fprintf(stream, "%s\n", text);
	fflush(stream);
	free(text);
	int code = print_answer(stream, follow);
	fclose(stream);
	return code;
}

static int control_with(const char *path, int argc, char **argv)
{
	json_t *request = make_request(argc, argv);
	if (!request)
		return fail_usage("one command, with its argument");
	int fd = control_client_connect(path);
	int code;
	if (fd < 0) {
		fprintf(stderr, "zapper ctl: no player answers at %s: %s\n", path, g_strerror(-fd));
		code = fd == -EACCES ? EXIT_NO_PERMISSION : EXIT_FAILED;
	} else {
		code = exchange(fd, request);
	}
	json_decref(request);
	return code;
}

int command_ctl(int argc, char **argv)
{
	char *control = NULL;
	const GOptionEntry entries[] = {
		{"control", 0, 0, G_OPTION_ARG_FILENAME, &control, "Control socket", "SOCKET"},
		G_OPTION_ENTRY_NULL,
	};
	signal(SIGPIPE, SIG_IGN); /* a player that goes away is told by its missing answer */
	int code = options_parse(entries, "COMMAND [ARGUMENT]",
		"Commands:\n"
		"  tune N          go to channel N\n"
		"  up, down, last  go to the next, the one before, the last watched channel\n"
		"  key NAME [press|release|long]\n"
		"                  tap, hold, let go or long press a key of the remote\n"
		"  status          what is shown, and through what\n"
		"  stats           counters of packets and losses\n"
		"  tracks          what the channel holds: sounds, subtitles, teletext\n"
		"  audio WHICH     hear the sound of a PID or language; auto\n"
		"  subtitle WHICH  choose the subtitles of a PID or language; off\n"
		"  igmp            groups, querier and counters\n"
		"  zaps            the figures of every zap so far\n"
		"  snapshot FILE   write the picture as shown to a PNG file\n"
		"  subscribe       print events as they come\n"
		"  quit            end the player\n"
		"Answers are JSON, one line each.",
		&argc, &argv);
	if (!code) {
		char *path = options_control_path(control);
		code = control_with(path, argc, argv);
		g_free(path);
	}
	g_free(control);
	return code;
}
