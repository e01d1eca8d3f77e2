/*
 * app/stage: what the viewer sees, and with what he asks for it: opens the desk, and what paints
 * for it and answers it, and joins them.
 */
#include <glib.h>
#include <string.h>

#include "client/app/remote.h"
#include "client/app/state.h"
#include "client/commands.h"

enum { AGAIN_MS = 600000, DEFAULT_WIDTH = 1280, DEFAULT_HEIGHT = 720 };

static void log_sentence(void *ctx, const char *sentence)
{
	(void)ctx;
	app_log("%s", sentence);
}

static void log_warning(void *ctx, const char *sentence)
{
	(void)ctx;
	app_log("warning: %s", sentence);
}

/* ---- what is seen ---- */

static void on_view(void *ctx, const struct ui_view *view)
{
	struct app *app = ctx;
	if (!app->hides_panels)
		panels_show(app->panels, view);
	app_follow_viewer(app, view);
}

static void on_images(void *ctx, const struct play_overlay *images, size_t count)
{
	struct app *app = ctx;
	if (!window_set_panels(app->window, images, count))
		play_set_overlay(player_play(app->player), images, count);
}

/* They come until the panels are closed, which takes until a worker has painted its last. */
static void on_logos(void *ctx)
{
	struct app *app = ctx;
	panels_repaint(app->panels);
}

static void on_guide(void *ctx)
{
	struct app *app = ctx;
	desk_changed(app->desk);
}

void app_place_panels(struct app *app)
{
	int width, height;
	window_panel_size(app->window, &width, &height);
	if (!width || !height) {
		width = app->picture_width ? app->picture_width : DEFAULT_WIDTH;
		height = app->picture_height ? app->picture_height : DEFAULT_HEIGHT;
	}
	panels_resize(app->panels, width, height);
}

/* ---- opening ---- */

/* Relative paths are beside the line-up, unless the settings name a folder. */
static int open_logos(struct app *app)
{
	const struct settings *settings = app->options->settings;
	const char *folder = settings_text(settings, "screen.logos");
	char *beside = app->options->db ? g_path_get_dirname(app->options->db) : g_strdup(".");
	const struct logos_options options = {.folder = *folder ? folder : beside,
		.may_fetch = !strcmp(settings_text(settings, "screen.fetch_logos"), "yes"),
		.again_ms = AGAIN_MS,
		.ready = on_logos,
		.log = log_warning,
		.ctx = app};
	int error = logos_open(&app->loop, &options, &app->logos);
	g_free(beside);
	return error;
}

static void read_theme(const struct app *app, struct ui_theme *theme)
{
	const char *path = settings_text(app->options->settings, "screen.theme");
	ui_theme_init(theme);
	int error = *path ? ui_theme_load(theme, path, log_sentence, NULL) : 0;
	if (error)
		app_log("%s: error: %s; the screen looks as usual", path, g_strerror(-error));
}

static int open_panels(struct app *app, const struct ui_theme *theme)
{
	const struct panels_options options = {.theme = theme,
		.logos = {logos_get, app->logos},
		.ready = on_images,
		.log = log_warning,
		.ctx = app};
	app->hides_panels = !strcmp(settings_text(app->options->settings, "screen.panels"), "no");
	app->panels = panels_open(&app->loop, &options);
	return app->panels ? 0 : UV_ENOMEM;
}

static void open_desk(struct app *app)
{
	const struct settings *settings = app->options->settings;
	struct ui_keymap keymap;
	const struct desk_options options = {
		.model = {.banner_ns = settings_ns(settings, "screen.banner_s"),
			.entry_timeout_ns = settings_ns(settings, "keys.entry_s"),
			/* 0 would be what is usual. */
			.watched_ns = MAX(settings_ns(settings, "zap.watched_s"), 1),
			.pin = settings_text(settings, "screen.pin")},
		.presses = {.long_ns = settings_ns(settings, "keys.long_ms")},
		.keymap = &keymap,
		.effect = app_carry_out_wish,
		.view = on_view,
		.ctx = app};
	remote_read_keymap(settings, log_sentence, NULL, &keymap);
	app->desk = desk_open(&app->loop, &options);
}

static void open_guide(struct app *app)
{
	const struct guide_store_options store = {.lineup_path = app->options->db,
		.again_ms = AGAIN_MS,
		.ready = on_guide,
		.ctx = app};
	const struct ui_guide guide = {app_find_event, app};
	if (app->options->db)
		app->guide = guide_store_open(&app->loop, &store);
	ui_model_set_guide(desk_model(app->desk), &guide);
}

/* What is asked for at the start, as a key would. */
static void begin_as_wished(struct app *app)
{
	static const char *const aspects[] = {[PLAY_ASPECT_AUTO] = "auto",
		[PLAY_ASPECT_FILL] = "fill",
		[PLAY_ASPECT_ZOOM] = "zoom",
		[PLAY_ASPECT_4_3] = "4:3",
		[PLAY_ASPECT_16_9] = "16:9"};
	const struct app_options *options = app->options;
	const char *aspect = settings_text(options->settings, "play.aspect");
	for (size_t i = 0; i < G_N_ELEMENTS(aspects); i++)
		if (!strcmp(aspects[i], aspect))
			app->aspect = (enum play_aspect)i;
	play_set_aspect(player_play(app->player), app->aspect);
	app->is_full_screen = !strcmp(settings_text(options->settings, "play.full_screen"), "yes");
	if (app->is_full_screen)
		window_full_screen(app->window, true);
	app->volume_percent = options->volume_percent;
	app->is_muted = options->muted;
	play_set_volume(player_play(app->player), app->volume_percent, app->is_muted);
	ui_model_set_volume(desk_model(app->desk), app->volume_percent, app->is_muted);
}

int app_open_stage(struct app *app)
{
	struct ui_theme theme;
	int error = open_logos(app);
	read_theme(app, &theme);
	if (!error)
		error = open_panels(app, &theme);
	if (error) {
		app_log("error: %s", uv_strerror(error));
		return EXIT_FAILED;
	}
	app_place_panels(app);
	open_desk(app);
	open_guide(app);
	ui_model_set_rows(
		desk_model(app->desk), ui_theme_list_rows(&theme), ui_theme_guide_rows(&theme));
	begin_as_wished(app);
	app_tell_lineup(app, NULL);
	ui_model_set_history(
		desk_model(app->desk), app->options->history, app->options->history_count);
	app_keep_time(app);
	return EXIT_OK;
}

int app_open_remote(struct app *app, bool opens_sources)
{
	const struct ui_remote_events events = {.on_key = desk_key,
		.log = log_warning,
		.ctx = app->desk,
		.on_silent = desk_make_repeats};
	const struct remote_options options = {.settings = app->options->settings,
		.opens_sources = opens_sources,
		.window_gives_keys = window_gives_keys(app->window)};
	int error = remote_open(&app->loop, &options, &events, &app->keys);
	if (!error)
		return EXIT_OK;
	app_log("error: %s", uv_strerror(error));
	return EXIT_FAILED;
}

static void on_panels_closed(void *ctx)
{
	logos_close(ctx); /* only now: a worker asked for them until here */
}

void app_close_stage(struct app *app)
{
	ui_sources_close(app->keys);
	desk_close(app->desk);
	guide_store_close(app->guide);
	panels_close(app->panels, on_panels_closed, app->logos);
	app->keys = NULL;
	app->panels = NULL;
}
