/* client/main: finds the sub-command and hands over. */
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/commands.h"

static const struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
} commands[] = {
	{"import", "read channel lists into the line-up", command_import},
	{"channels", "list or export the line-up", command_channels},
	{"guide", "say what is on now and next", command_guide},
	{"play", "play a channel and take keys and commands", command_play},
	{"ctl", "send a command to a running player", command_ctl},
	{"bench", "measure how long channel changes take", command_bench},
	{"doctor", "say what would slow or stop zapping here", command_doctor},
};

static void print_help(FILE *out)
{
	fprintf(out, "Usage: zapper COMMAND [OPTION...]\n\nCommands:\n");
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
	fprintf(out, "\n'zapper COMMAND --help' describes a command's options.\n");
}

/* Where standard descriptors are closed, sockets would get their numbers, and lines go into them.
 */
static void occupy_standard_descriptors(void)
{
	int fd;
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	occupy_standard_descriptors();
	setlocale(LC_ALL, "");
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_help(stdout);
		return EXIT_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("zapper %s\n", ZAPPER_VERSION);
		return EXIT_OK;
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "zapper: no such command: %s (see 'zapper --help')\n", argv[1]);
	return EXIT_USAGE;
}
