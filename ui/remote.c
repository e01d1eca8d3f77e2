#include "ui/remote.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <glib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "ui/device_notes.h"
#include "ui/evdev.h"
#include "ui/evdev_keys.h"
#include "ui/folder_watch.h"
#include "ui/remote_device.h"

#define DEFAULT_FOLDER "/dev/input"
/* Changes come in swarms: udev makes a node, its owner, its mode and its links one by one. */
#define SETTLE_MS 20
/* What cannot be opened for so long is not about to be, and is told. */
#define PATIENCE_MS 1000

struct wanted {
	char *text; /* a path, or a name or its pattern */
	bool is_there;
};

struct open_device {
	struct remote_device *device;
	struct device_node node;
	uint32_t source;
	bool silent;
};

struct ui_remote {
	uv_loop_t *loop;
	struct evdev_access access;
	struct ui_remote_events events;
	bool keyboards, shared;
	char *folder;
	GArray *wanted; /* struct wanted */
	GArray *open;	/* struct open_device */
	struct device_notes *notes;
	GPtrArray *watches; /* struct folder_watch */
	bool said_deaf;	    /* that changes are not seen */
	uv_timer_t timer;   /* until the next search */
	uint64_t opened_ms;
	bool said_missing;
	uint32_t next_source;
};

G_GNUC_PRINTF(2, 3) static void say(struct ui_remote *remote, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	char *sentence = g_strdup_vprintf(format, args);
	va_end(args);
	remote->events.log(remote->events.ctx, sentence);
	g_free(sentence);
}

/* ---- what cannot be opened ---- */

struct failures {
	struct ui_remote *remote;
	/* Paths that may not be read: a computer has many of them, and one cure for all. */
	GString *refused;
};

static void say_failure(void *ctx, const char *path, int error)
{
	struct failures *failures = ctx;

	switch (error) {
	case -EACCES:
	case -EPERM:
		g_string_append_printf(
			failures->refused, failures->refused->len ? ", %s" : "%s", path);
		break;
	case -ENOTTY:
		say(failures->remote, "%s is no input device, and is ignored", path);
		break;
	default:
		say(failures->remote, "%s: this input device cannot be opened: %s", path,
			g_strerror(-error));
		break;
	}
}

/* Says what is due, and returns in how many ms more is. */
static uint64_t say_failures(struct ui_remote *remote)
{
	struct failures failures = {remote, g_string_new(NULL)};
	uint64_t next_ms = device_notes_end(
		remote->notes, uv_now(remote->loop), PATIENCE_MS, say_failure, &failures);

	if (failures.refused->len)
		say(remote,
			"no permission to read %s: add the user to the group \"input\", or give "
			"input devices to it by a udev rule",
			failures.refused->str);
	g_string_free(failures.refused, TRUE);
	return next_ms;
}

static void note(struct ui_remote *remote, const char *path, struct device_node node, int error)
{
	device_notes_add(remote->notes, path, node, error, uv_now(remote->loop));
}

/* ---- the search ---- */

static void search_in(struct ui_remote *remote, uint64_t delay_ms);

static void on_device_key(void *ctx, const struct ui_key_event *event)
{
	const struct ui_remote *remote = ctx;

	remote->events.on_key(remote->events.ctx, event);
}

static void on_device_log(void *ctx, const char *sentence)
{
	const struct ui_remote *remote = ctx;

	remote->events.log(remote->events.ctx, sentence);
}

static void tell_silent(
	const struct ui_remote *remote, const struct open_device *device, bool is_there)
{
	if (device->silent && remote->events.on_silent)
		remote->events.on_silent(remote->events.ctx, device->source, is_there);
}

static void on_gone(void *ctx, struct remote_device *device)
{
	struct ui_remote *remote = ctx;

	for (guint i = 0; i < remote->open->len; i++) {
		struct open_device gone = g_array_index(remote->open, struct open_device, i);
		if (gone.device != device)
			continue;
		g_array_remove_index(remote->open, i);
		tell_silent(remote, &gone, false);
		break;
	}
	remote_device_close(device);
	/* Mostly it is the folder that tells of the next. One that keeps vanishing has to wait. */
	search_in(remote, PATIENCE_MS);
}

static bool is_open(const struct ui_remote *remote, const struct device_node *node)
{
	for (guint i = 0; i < remote->open->len; i++) {
		const struct device_node *other =
			&g_array_index(remote->open, struct open_device, i).node;
		if (other->dev == node->dev && other->ino == node->ino)
			return true;
	}
	return false;
}

static bool is_called(const struct evdev_device *evdev, const char *pattern)
{
	return strcasecmp(pattern, evdev->name) == 0 ||
	       fnmatch(pattern, evdev->name, FNM_CASEFOLD) == 0;
}

static bool is_wanted(struct ui_remote *remote, const struct evdev_device *evdev)
{
	enum evdev_kind kind = evdev_kind_of(&evdev->keys);
	bool any = false;

	if (remote->wanted->len == 0)
		return kind == EVDEV_REMOTE || (kind == EVDEV_KEYBOARD && remote->keyboards);
	for (guint i = 0; i < remote->wanted->len; i++) {
		struct wanted *wanted = &g_array_index(remote->wanted, struct wanted, i);
		if (wanted->text[0] == '/' || !is_called(evdev, wanted->text))
			continue;
		wanted->is_there = true;
		any = true;
	}
	return any;
}

static int adopt(
	struct ui_remote *remote, const struct evdev_device *evdev, struct device_node node)
{
	const struct remote_device_events events = {on_device_key, on_gone, on_device_log, remote};
	struct open_device opened = {
		.node = node, .source = remote->next_source, .silent = evdev->silent};
	int r = remote_device_open(remote->loop, &remote->access, evdev, remote->next_source,
		!remote->shared, &events, &opened.device);

	if (r < 0)
		return r;
	remote->next_source++;
	g_array_append_val(remote->open, opened);
	tell_silent(remote, &opened, true);
	return 0;
}

static void consider(struct ui_remote *remote, const char *path, bool is_named)
{
	struct evdev_device evdev = {0};
	struct stat st;

	if (stat(path, &st) < 0) {
		if (errno != ENOENT)
			note(remote, path, (struct device_node){0}, -errno);
		return;
	}
	struct device_node node = {st.st_dev, st.st_ino};
	if (is_open(remote, &node) ||
		(!is_named && device_notes_is_unwanted(remote->notes, path, node)))
		return;
	int r = remote->access.open(remote->access.ctx, path, &evdev);
	if (r == 0 && !is_named && !is_wanted(remote, &evdev))
		remote->access.close(remote->access.ctx, &evdev);
	else if (r == 0)
		r = adopt(remote, &evdev, node);
	if (r != -ENOENT && !is_open(remote, &node))
		note(remote, path, node, r);
}

static void search_folder(struct ui_remote *remote)
{
	DIR *folder = opendir(remote->folder);
	const struct dirent *entry;

	if (!folder) {
		if (errno != ENOENT)
			note(remote, remote->folder, (struct device_node){0}, -errno);
		return;
	}
	while ((entry = readdir(folder))) {
		if (!g_str_has_prefix(entry->d_name, "event"))
			continue;
		char *path = g_build_filename(remote->folder, entry->d_name, NULL);
		consider(remote, path, false);
		g_free(path);
	}
	closedir(folder);
}

static void search_wanted(struct ui_remote *remote)
{
	bool folder = remote->wanted->len == 0;

	for (guint i = 0; i < remote->wanted->len; i++) {
		struct wanted *wanted = &g_array_index(remote->wanted, struct wanted, i);
		if (wanted->text[0] != '/') {
			folder = true;
			continue;
		}
		consider(remote, wanted->text, true);
		wanted->is_there |= g_file_test(wanted->text, G_FILE_TEST_EXISTS);
	}
	if (folder)
		search_folder(remote);
}

static void arm_watches(struct ui_remote *remote)
{
	for (guint i = 0; i < remote->watches->len; i++) {
		int r = folder_watch_arm(remote->watches->pdata[i]);
		if (r == 0 || remote->said_deaf)
			continue;
		remote->said_deaf = true;
		say(remote, "remote controls that are plugged in later are not found: %s",
			uv_strerror(r));
	}
}

/* Says what is due, and returns in how many ms more is. */
static uint64_t say_missing(struct ui_remote *remote)
{
	uint64_t passed_ms = uv_now(remote->loop) - remote->opened_ms;

	if (remote->said_missing)
		return UINT64_MAX;
	if (passed_ms < PATIENCE_MS)
		return remote->wanted->len > 0 ? PATIENCE_MS - passed_ms : UINT64_MAX;
	remote->said_missing = true;
	for (guint i = 0; i < remote->wanted->len; i++) {
		const struct wanted *wanted = &g_array_index(remote->wanted, struct wanted, i);
		if (!wanted->is_there)
			say(remote, "there is no input device \"%s\"; it is waited for",
				wanted->text);
	}
	return UINT64_MAX;
}

static void search(struct ui_remote *remote)
{
	arm_watches(remote);
	search_wanted(remote);
	uint64_t failures_ms = say_failures(remote);
	uint64_t missing_ms = say_missing(remote);
	if (MIN(failures_ms, missing_ms) != UINT64_MAX)
		search_in(remote, MIN(failures_ms, missing_ms));
}

static void on_timer(uv_timer_t *timer)
{
	search(timer->data);
}

static void search_in(struct ui_remote *remote, uint64_t delay_ms)
{
	if (!uv_is_active((uv_handle_t *)&remote->timer) ||
		uv_timer_get_due_in(&remote->timer) > delay_ms)
		uv_timer_start(&remote->timer, on_timer, delay_ms, 0);
}

static void on_change(void *ctx)
{
	search_in(ctx, SETTLE_MS);
}

/* ---- opening and closing ---- */

static void clear_wanted(gpointer element)
{
	g_free(((struct wanted *)element)->text);
}

static int add_watch(struct ui_remote *remote, const char *folder)
{
	struct folder_watch *watch;
	int r = folder_watch_open(remote->loop, folder, on_change, remote, &watch);

	if (r == 0)
		g_ptr_array_add(remote->watches, watch);
	return r;
}

/* The folder of all devices, and those that the links to wanted ones are in. */
static int add_watches(struct ui_remote *remote)
{
	int r = add_watch(remote, remote->folder);

	for (guint i = 0; i < remote->wanted->len && r == 0; i++) {
		const struct wanted *wanted = &g_array_index(remote->wanted, struct wanted, i);
		if (wanted->text[0] != '/')
			continue;
		char *folder = g_path_get_dirname(wanted->text);
		if (strcmp(folder, remote->folder) != 0)
			r = add_watch(remote, folder);
		g_free(folder);
	}
	return r;
}

static struct ui_remote *remote_new(uv_loop_t *loop, const struct ui_remote_options *options,
	const struct ui_remote_events *events)
{
	struct ui_remote *remote = g_new0(struct ui_remote, 1);

	remote->loop = loop;
	remote->access = options->access ? *options->access : evdev_kernel();
	remote->events = *events;
	remote->keyboards = options->keyboards;
	remote->shared = options->shared;
	remote->folder = g_strdup(options->folder ? options->folder : DEFAULT_FOLDER);
	remote->next_source = options->first_source;
	remote->opened_ms = uv_now(loop);
	remote->open = g_array_new(FALSE, FALSE, sizeof(struct open_device));
	remote->notes = device_notes_new();
	remote->watches = g_ptr_array_new();
	remote->wanted = g_array_new(FALSE, FALSE, sizeof(struct wanted));
	g_array_set_clear_func(remote->wanted, clear_wanted);
	for (size_t i = 0; options->devices && options->devices[i]; i++) {
		struct wanted wanted = {.text = g_strdup(options->devices[i])};
		g_array_append_val(remote->wanted, wanted);
	}
	return remote;
}

static void on_closed(uv_handle_t *handle)
{
	struct ui_remote *remote = handle->data;

	g_array_unref(remote->wanted);
	g_array_unref(remote->open);
	device_notes_free(remote->notes);
	g_ptr_array_unref(remote->watches);
	g_free(remote->folder);
	g_free(remote);
}

int ui_remote_open(uv_loop_t *loop, const struct ui_remote_options *options,
	const struct ui_remote_events *events, struct ui_remote **ret)
{
	uv_update_time(loop);
	struct ui_remote *remote = remote_new(loop, options, events);
	remote->timer.data = remote;
	uv_timer_init(loop, &remote->timer);
	int r = add_watches(remote);
	if (r < 0) {
		ui_remote_close(remote);
		return r;
	}
	search(remote);
	*ret = remote;
	return 0;
}

unsigned int ui_remote_count(const struct ui_remote *remote)
{
	return remote->open->len;
}

void ui_remote_close(struct ui_remote *remote)
{
	if (!remote)
		return;
	for (guint i = 0; i < remote->watches->len; i++)
		folder_watch_close(remote->watches->pdata[i]);
	for (guint i = 0; i < remote->open->len; i++)
		remote_device_close(g_array_index(remote->open, struct open_device, i).device);
	uv_close((uv_handle_t *)&remote->timer, on_closed);
}
