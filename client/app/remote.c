#include "client/app/remote.h"

#include <glib.h>
#include <string.h>
#include <unistd.h>

int remote_open(uv_loop_t *loop, const struct remote_options *options,
	const struct ui_remote_events *events, struct ui_sources **ret)
{
	char **devices = settings_list(options->settings, "remote.devices");
	bool is_auto = !devices[0] || !g_ascii_strcasecmp(devices[0], "auto");
	bool has_devices = options->opens_sources && (is_auto || strcmp(devices[0], "none") != 0);
	/* What one can type on is the window's or the terminal's, where there is one. */
	const struct ui_remote_options remote = {
		.devices = is_auto ? NULL : (const char *const *)devices,
		.keyboards = !options->window_gives_keys && !isatty(STDIN_FILENO),
		.shared = !strcmp(settings_text(options->settings, "remote.grab"), "no")};
	const struct ui_sources_options sources = {
		.terminal_fd = options->opens_sources ? STDIN_FILENO : -1,
		.remote = has_devices ? &remote : NULL};
	int error = ui_sources_open(loop, &sources, events, ret);
	g_strfreev(devices);
	return error;
}

void remote_read_keymap(const struct settings *settings,
	void (*log)(void *ctx, const char *sentence), void *ctx, struct ui_keymap *ret)
{
	const char *path = settings_text(settings, "keys.map");
	GError *error = NULL;
	char *text;
	gsize len;
	ui_keymap_init(ret);
	if (!*path)
		return;
	if (g_file_get_contents(path, &text, &len, &error)) {
		ui_keymap_read(ret, path, text, len, log, ctx);
		g_free(text);
		return;
	}
	char *sentence = g_strdup_printf("%s: error: %s; keys are as usual", path, error->message);
	log(ctx, sentence);
	g_free(sentence);
	g_error_free(error);
}
