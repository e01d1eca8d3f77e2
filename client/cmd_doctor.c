/* zapper doctor: what would slow or stop zapping here, and what to do about it. */
#include <stdio.h>
#include <string.h>

#include "client/iface.h"
#include "client/cmd_lineup.h"
#include "client/commands.h"
#include "client/doctor/gather.h"
#include "client/doctor/report.h"
#include "client/options.h"

#define WAIT_MAX_S 3600

struct doctor_args {
	char *db, *iface, *control, *format;
	char **assignments;
	int wait_s;
};

static void collect(void *ctx, const char *sentence)
{
	g_ptr_array_add(ctx, g_strdup(sentence));
}

static int refuse(const char *format, const char *what)
{
	fprintf(stderr, "zapper doctor: ");
	fprintf(stderr, format, what);
	fprintf(stderr, " (see 'zapper doctor --help')\n");
	return EXIT_USAGE;
}

/* What is wrong in the file is a finding, what is wrong on the command line a mistake. */
static int read_settings(
	const struct doctor_args *args, struct settings *settings, struct doctor_facts *facts)
{
	char *why = NULL;
	facts->settings_path = settings_find_file();
	settings_read_files(settings, collect, facts->settings_bad);
	for (char **item = args->assignments; item && *item; item++)
		if (settings_assign(settings, *item, &why) < 0)
			break;
	if (!why && args->iface)
		settings_set(settings, "net.iface", args->iface, &why);
	int code = why ? refuse("%s", why) : EXIT_OK;
	g_free(why);
	return code;
}

static void gather_all(
	const struct doctor_args *args, const struct settings *settings, struct doctor_facts *facts)
{
	char *control = options_control_path(args->control);
	char *iface = iface_choose(settings_text(settings, "net.iface"));
	gather_iface(iface ? iface : "", &facts->iface);
	gather_lineup(args->db, &facts->lineup);
	gather_player(control, &facts->player);
	if (facts->iface.exists) {
		gather_kernel(&facts->iface, &facts->kernel);
		gather_backend(settings, iface, &facts->backend);
		facts->rules = gather_rules(settings, iface);
	}
	if (facts->iface.exists && args->wait_s)
		gather_heard(settings, iface, (unsigned)args->wait_s, &facts->heard);
	gather_media(settings, &facts->media);
	g_free(iface);
	g_free(control);
}

static void print(const struct doctor_args *args, const GPtrArray *findings, const char *iface)
{
	if (args->format && !strcmp(args->format, "json")) {
		json_t *json = doctor_json(findings, iface);
		json_dumpf(json, stdout, JSON_INDENT(2));
		fputc('\n', stdout);
		json_decref(json);
	} else {
		char *table = doctor_table(findings);
		fputs(table, stdout);
		g_free(table);
	}
}

/* A line-up that was named and cannot be had ends as in the other commands. */
static int exit_code(
	const struct doctor_args *args, const struct doctor_facts *facts, const GPtrArray *findings)
{
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "zapper doctor: the output cannot be written\n");
		return EXIT_FAILED;
	}
	if (args->db && facts->lineup.error)
		return (int)exit_code_of(facts->lineup.error);
	return doctor_worst(findings) == DOCTOR_ERROR ? EXIT_FAILED : EXIT_OK;
}

static int examine(const struct doctor_args *args)
{
	struct doctor_facts facts;
	struct settings *settings = settings_new();
	doctor_facts_init(&facts);
	int code = read_settings(args, settings, &facts);
	if (code == EXIT_OK) {
		gather_all(args, settings, &facts);
		GPtrArray *findings = doctor_findings(&facts);
		print(args, findings, facts.iface.name);
		code = exit_code(args, &facts, findings);
		g_ptr_array_unref(findings);
	}
	doctor_facts_clear(&facts);
	settings_free(settings);
	return code;
}

static int check(const struct doctor_args *args, int argc, char **argv)
{
	if (argc > 1)
		return refuse("unexpected argument '%s'", argv[1]);
	if (args->format && strcmp(args->format, "table") && strcmp(args->format, "json"))
		return refuse("there is no format '%s'", args->format);
	if (args->wait_s < 0 || args->wait_s > WAIT_MAX_S)
		return refuse("%s takes 0 to 3600 seconds", "--wait");
	return EXIT_OK;
}

int command_doctor(int argc, char **argv)
{
	struct doctor_args args = {0};
	const GOptionEntry entries[] = {
		{"db", 0, 0, G_OPTION_ARG_FILENAME, &args.db, "The line-up's database", "F"},
		{"iface", 0, 0, G_OPTION_ARG_STRING, &args.iface, "Network interface", "IF"},
		{"wait", 0, 0, G_OPTION_ARG_INT, &args.wait_s,
			"Listen so many seconds for who asks for memberships", "S"},
		{"control", 0, 0, G_OPTION_ARG_FILENAME, &args.control,
			"Control socket of a player to ask", "SOCKET"},
		{"format", 0, 0, G_OPTION_ARG_STRING, &args.format, "table (the default) or json",
			"FORMAT"},
		{"option", 'o', 0, G_OPTION_ARG_STRING_ARRAY, &args.assignments,
			"Set what zapper.conf(5) describes", "SECTION.KEY=VALUE"},
		G_OPTION_ENTRY_NULL,
	};
	int code = options_parse(entries, "",
		"Says what would slow or stop zapping here, and what to do about it. Changes\n"
		"nothing and sends nothing.",
		&argc, &argv);
	if (code == EXIT_OK)
		code = check(&args, argc, argv);
	if (code == EXIT_OK)
		code = examine(&args);
	g_free(args.db);
	g_free(args.iface);
	g_free(args.control);
	g_free(args.format);
	g_strfreev(args.assignments);
	return code;
}
