/* app/viewer: somebody watches: keys come from the terminal, the window and the control socket. */
#include <errno.h>
#include <glib.h>
#include <signal.h>

#include "client/app/output.h"
#include "client/app/record.h"
#include "client/app/state.h"
#include "client/commands.h"

static int open_control(struct app *app)
{
	const char *path = app->options->control_path;
	struct control_handler handler = {app_command, app};
	int error = control_open(&app->loop, path, &handler, &app->control);
	if (!error)
		return EXIT_OK;
	char *folder = g_path_get_dirname(path);
	if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
		error = -ENOENT; /* libuv says EACCES */
	g_free(folder);
	app_log("error: control socket %s: %s", path,
		error == -EADDRINUSE ? "another zapper listens there, or a file is in its place"
				     : uv_strerror(error));
	return error == -EACCES ? EXIT_NO_PERMISSION : EXIT_FAILED;
}

static int open_viewer(struct app *app)
{
	app_listen(app);
	int code = app_open_remote(app, true);
	return code == EXIT_OK ? open_control(app) : code;
}

/* The screen says it in short. */
static void say_empty(const struct app *app)
{
	const char *db = app->options->db;
	app_log("there are no channels in %s yet; read a channel list, and they are here at once: "
		"zapper import --db %s LIST.m3u",
		db, db);
}

/* The one that was asked for; where that is not there, and where none was, the first. */
static int first_channel(const struct app *app)
{
	const struct app_options *options = app->options;
	if (!app->takeover || !options->number)
		return app->takeover ? 0 : options->channel;
	ptrdiff_t index = app_find_channel(app, options->number, options->subnumber);
	if (index < 0)
		app_log("there is no channel %s; this is the first one", options->wanted);
	return index < 0 ? 0 : (int)index;
}

static void begin(struct app *app)
{
	if (!app->channels->count) {
		say_empty(app);
		return;
	}
	desk_tune(app->desk, first_channel(app), uv_hrtime());
}

/* Who watches, or is kept from it by a lock, goes on; who sleeps is not woken. */
static void change_lineup(struct app *app)
{
	const struct ui_model *model = desk_model(app->desk);
	if (ui_model_current(model) == UI_NO_CHANNEL && !ui_model_in_standby(model))
		begin(app);
}

/* Of no use to somebody who watches. */
static void ignore_stamped(struct app *app, uint64_t wire_ns)
{
	(void)app;
	(void)wire_ns;
}

static void ignore_key_unit(struct app *app, uint64_t n, bool is_damaged, bool is_remembered)
{
	(void)app;
	(void)n;
	(void)is_damaged;
	(void)is_remembered;
}

/* It is to be seen; and the decoder's warning has been logged. */
static void ignore_damaged(struct app *app, uint64_t n)
{
	(void)app;
	(void)n;
}

static void write_record(struct app *app, const struct zap_record *record)
{
	output_line(OUTPUT_RESULTS, record_line(record, app->channels));
	if (json_array_size(app->zaps) == APP_RECORDS_MAX)
		json_array_remove(app->zaps, 0);
	json_array_append_new(app->zaps, record_json(record, app->channels));
	json_t *event = record_json(record, app->channels);
	json_object_set_new(event, "event", json_string("zap"));
	control_publish(app->control, event);
}

static void signalled(struct app *app, int number)
{
	if (number != SIGCONT)
		app_quit(app, EXIT_OK);
	else if (app->keys)
		ui_sources_resume(app->keys);
}

static void close_viewer(struct app *app)
{
	control_close(app->control);
}

int app_run(const struct app_options *options)
{
	static const struct app_driver viewer = {.has_viewer = true,
		.open = open_viewer,
		.begin = begin,
		.stamped = ignore_stamped,
		.key_unit = ignore_key_unit,
		.damaged = ignore_damaged,
		.recorded = write_record,
		.signalled = signalled,
		.lineup_changed = change_lineup,
		.close = close_viewer};
	return app_drive(options, &viewer, NULL);
}
