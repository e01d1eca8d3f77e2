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
	int code = app_open_remote(app, true);
	return code == EXIT_OK ? open_control(app) : code;
}

static void begin(struct app *app)
{
	struct zap_event event = {
		.type = ZAP_EVENT_TUNE, .channel = app->options->channel, .at_ns = uv_hrtime()};
	app_event(app, &event);
}

/* Of no use to somebody who watches. */
static void ignore_stamped(struct app *app, uint64_t wire_ns)
{
	(void)app;
	(void)wire_ns;
}

static void ignore_key_unit(struct app *app, uint64_t n, bool is_damaged)
{
	(void)app;
	(void)n;
	(void)is_damaged;
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
	if (app->records->len == APP_RECORDS_MAX)
		g_array_remove_index(app->records, 0);
	g_array_append_val(app->records, *record);
	json_t *event = record_json(record, app->channels);
	json_object_set_new(event, "event", json_string("zap"));
	control_publish(app->control, event);
}

static void signalled(struct app *app, int number)
{
	if (number != SIGCONT)
		app_quit(app, EXIT_OK);
	else if (app->remote)
		remote_resume(app->remote);
}

static void close_viewer(struct app *app)
{
	control_close(app->control);
}

int app_run(const struct app_options *options)
{
	static const struct app_driver viewer = {.open = open_viewer,
		.begin = begin,
		.stamped = ignore_stamped,
		.key_unit = ignore_key_unit,
		.damaged = ignore_damaged,
		.recorded = write_record,
		.signalled = signalled,
		.close = close_viewer};
	return app_drive(options, &viewer, NULL);
}
