#include "tests/unit/ui/compositor.h"

#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wayland-server.h>

#include "tests/support/test.h"
#include "tests/unit/ui/compositor_surfaces.h"
#include "idle-inhibit-unstable-v1-server.h"
#include "viewporter-server.h"
#include "xdg-shell-server.h"

#define FIRST_OUTPUT 6 /* of the globals */
#define OUTPUTS 2
#define GLOBALS (FIRST_OUTPUT + OUTPUTS)
#define PATIENCE_MS 10000

enum command_type {
	COMMAND_KEY,
	COMMAND_REPEAT,
	COMMAND_KEYMAP,
	COMMAND_ENTER,
	COMMAND_LEAVE,
	COMMAND_UNPLUG,
	COMMAND_CONFIGURE,
	COMMAND_CLOSE,
	COMMAND_SIZE,
	COMMAND_SCALE,
	COMMAND_ENTER_OUTPUT,
	COMMAND_UNPLUG_OUTPUT,
	COMMAND_COMMITS,
	COMMAND_AWAIT,
	COMMAND_PANELS,
	COMMAND_HOLD,
	COMMAND_AWAKE,
	COMMAND_POINT,
	COMMAND_STOP,
};

struct command {
	enum command_type type;
	uint32_t a, b, c;
};

struct reply {
	uint32_t a, b;
	struct compositor_panel panel;
};

struct global {
	struct compositor *compositor;
	const struct wl_interface *interface;
	struct wl_global *global;
};

struct compositor {
	struct wl_display *display;
	struct global globals[GLOBALS];
	pthread_t thread;
	struct wl_event_source *source;
	int commands[2], answers[2]; /* pipes */
	uint32_t serial;
	struct wl_resource *seat, *keyboard, *pointer, *toplevel, *xdg_surface;
	struct wl_resource *outputs[OUTPUTS];
	struct wl_resource *surface; /* the window's */
	struct surfaces surfaces;
	const char *keymap;
	bool configured;
	int viewport_width, viewport_height; /* 0: no viewport */
	int shown_width, shown_height;
	int scales[OUTPUTS];
	unsigned commits, awaited; /* of the window's surface; awaited 0: by nobody */
	unsigned inhibitors;	   /* of its sleep */
};

static void on_resource_destroyed(struct wl_resource *resource)
{
	struct compositor *c = wl_resource_get_user_data(resource);

	if (resource == c->seat)
		c->seat = NULL;
	if (resource == c->keyboard)
		c->keyboard = NULL;
	if (resource == c->pointer)
		c->pointer = NULL;
	for (int i = 0; i < OUTPUTS; i++)
		if (resource == c->outputs[i])
			c->outputs[i] = NULL;
	if (resource == c->surface)
		c->surface = NULL;
	surfaces_remove(&c->surfaces, resource);
	if (strcmp(wl_resource_get_class(resource), "zwp_idle_inhibitor_v1") == 0)
		c->inhibitors--;
	if (resource == c->toplevel)
		c->toplevel = NULL;
	if (resource == c->xdg_surface)
		c->xdg_surface = NULL;
}

/* state 0: none. */
static void send_state(struct compositor *c, int width, int height, uint32_t state)
{
	struct wl_array states;

	wl_array_init(&states);
	if (state)
		*(uint32_t *)wl_array_add(&states, sizeof state) = state;
	xdg_toplevel_send_configure(c->toplevel, width, height, &states);
	xdg_surface_send_configure(c->xdg_surface, ++c->serial);
	wl_array_release(&states);
}

static void send_configure(struct compositor *c, int width, int height)
{
	send_state(c, width, height, 0);
}

static void answer(struct compositor *c, const struct reply *reply)
{
	assert_int_equal(write(c->answers[1], reply, sizeof *reply), sizeof *reply);
}

static void answer_when_awaited(struct compositor *c)
{
	if (!c->awaited || c->commits < c->awaited)
		return;
	c->awaited = 0;
	answer(c, &(struct reply){0});
}

static void on_window_commit(struct compositor *c)
{
	const struct surface_state *shown = &surfaces_find(&c->surfaces, c->surface)->shown;
	bool scaled = c->viewport_width > 0 && shown->buffer;

	if (!c->configured && c->toplevel) {
		c->configured = true;
		send_configure(c, 0, 0);
	}
	c->shown_width = scaled ? c->viewport_width : shown->width;
	c->shown_height = scaled ? c->viewport_height : shown->height;
	c->commits++;
	answer_when_awaited(c);
}

static void send_scale(struct compositor *c, int n)
{
	struct wl_resource *output = c->outputs[n];

	if (output && wl_resource_get_version(output) >= WL_OUTPUT_SCALE_SINCE_VERSION) {
		wl_output_send_scale(output, c->scales[n]);
		wl_output_send_done(output);
	}
}

static int on_request(const void *implementation, void *target, uint32_t opcode,
	const struct wl_message *message, union wl_argument *args);

static void adopt(struct compositor *c, struct wl_resource *resource)
{
	const char *class = wl_resource_get_class(resource);

	wl_resource_set_dispatcher(resource, on_request, NULL, c, on_resource_destroyed);
	if (strcmp(class, "wl_keyboard") == 0)
		c->keyboard = resource;
	else if (strcmp(class, "wl_pointer") == 0)
		c->pointer = resource;
	else if (strcmp(class, "xdg_toplevel") == 0)
		c->toplevel = resource, c->configured = false;
	else if (strcmp(class, "xdg_surface") == 0)
		c->xdg_surface = resource;
	else if (strcmp(class, "wl_surface") == 0)
		surfaces_add(&c->surfaces, resource);
	else if (strcmp(class, "zwp_idle_inhibitor_v1") == 0)
		c->inhibitors++;
	else if (strcmp(class, "wl_seat") == 0) {
		c->seat = resource;
		wl_seat_send_capabilities(
			resource, WL_SEAT_CAPABILITY_KEYBOARD | WL_SEAT_CAPABILITY_POINTER);
	}
}

/* All requests of all interfaces: makes the new objects, and looks at the few that matter here. */
static int on_request(const void *implementation, void *target, uint32_t opcode,
	const struct wl_message *message, union wl_argument *args)
{
	struct wl_resource *resource = target;
	struct compositor *c = wl_resource_get_user_data(resource);
	const char *class = wl_resource_get_class(resource);
	size_t arg = 0;

	(void)implementation;
	(void)opcode;
	for (const char *s = message->signature; *s; s++) {
		if (*s == '?' || (*s >= '0' && *s <= '9'))
			continue;
		if (*s == 'n')
			adopt(c, wl_resource_create(wl_resource_get_client(resource),
					 message->types[arg], wl_resource_get_version(resource),
					 args[arg].n));
		arg++;
	}
	surfaces_request(&c->surfaces, resource, message->name, args);
	if (strcmp(message->name, "destroy") == 0 || strcmp(message->name, "release") == 0)
		wl_resource_destroy(resource);
	else if (strcmp(message->name, "get_xdg_surface") == 0)
		c->surface = (struct wl_resource *)args[1].o;
	else if (strcmp(message->name, "commit") == 0 && resource == c->surface)
		on_window_commit(c);
	else if (strcmp(class, "wp_viewport") == 0 && strcmp(message->name, "set_destination") == 0)
		c->viewport_width = args[0].i, c->viewport_height = args[1].i;
	else if (strcmp(message->name, "set_cursor") == 0 && !args[1].o)
		answer(c, &(struct reply){0}); /* see point() */
	else if (strcmp(message->name, "set_fullscreen") == 0)
		send_state(c, 1920, 1080, XDG_TOPLEVEL_STATE_FULLSCREEN);
	else if (strcmp(message->name, "unset_fullscreen") == 0)
		send_configure(c, 0, 0); /* "as you like" */
	return 0;
}

static void on_bind(struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
	struct global *global = data;
	struct compositor *c = global->compositor;
	struct wl_resource *resource =
		wl_resource_create(client, global->interface, (int)version, id);

	adopt(c, resource);
	if (global >= &c->globals[FIRST_OUTPUT]) {
		c->outputs[global - &c->globals[FIRST_OUTPUT]] = resource;
		send_scale(c, (int)(global - &c->globals[FIRST_OUTPUT]));
	}
}

static void send_keymap(struct compositor *c)
{
	uint32_t size = (uint32_t)strlen(c->keymap) + 1;
	int fd = memfd_create("keymap", MFD_CLOEXEC);

	if (write(fd, c->keymap, size) == (ssize_t)size)
		wl_keyboard_send_keymap(c->keyboard,
			size > 1 ? WL_KEYBOARD_KEYMAP_FORMAT_XKB_V1
				 : WL_KEYBOARD_KEYMAP_FORMAT_NO_KEYMAP,
			fd, size);
	close(fd);
}

static void send_enter(struct compositor *c, uint32_t held)
{
	struct wl_array keys;

	wl_array_init(&keys);
	*(uint32_t *)wl_array_add(&keys, sizeof held) = held;
	wl_keyboard_send_enter(c->keyboard, ++c->serial, c->surface, &keys);
	wl_array_release(&keys);
}

/* All that a mouse may say; that its pointer is then hidden is the answer. */
static void point(struct compositor *c)
{
	const wl_fixed_t at = wl_fixed_from_int(10);

	wl_pointer_send_enter(c->pointer, ++c->serial, c->surface, at, at);
	wl_pointer_send_motion(c->pointer, 1, at, at);
	wl_pointer_send_button(c->pointer, ++c->serial, 2, 1, WL_POINTER_BUTTON_STATE_PRESSED);
	wl_pointer_send_axis_source(c->pointer, WL_POINTER_AXIS_SOURCE_WHEEL);
	wl_pointer_send_axis_discrete(c->pointer, WL_POINTER_AXIS_VERTICAL_SCROLL, 1);
	wl_pointer_send_axis(c->pointer, 3, WL_POINTER_AXIS_VERTICAL_SCROLL, at);
	wl_pointer_send_axis_stop(c->pointer, 4, WL_POINTER_AXIS_VERTICAL_SCROLL);
	wl_pointer_send_frame(c->pointer);
	wl_pointer_send_leave(c->pointer, ++c->serial, c->surface);
	wl_display_flush_clients(c->display);
}

static void use_keyboard(struct compositor *c, const struct command *command)
{
	switch (command->type) {
	case COMMAND_KEY:
		wl_keyboard_send_key(c->keyboard, ++c->serial, command->b, command->a, command->c);
		break;
	case COMMAND_REPEAT:
		wl_keyboard_send_repeat_info(c->keyboard, (int)command->a, (int)command->b);
		break;
	case COMMAND_KEYMAP:
		send_keymap(c);
		break;
	case COMMAND_ENTER:
		send_enter(c, command->a);
		break;
	case COMMAND_LEAVE:
		wl_keyboard_send_leave(c->keyboard, ++c->serial, c->surface);
		break;
	default:
		break;
	}
}

/* Those above the child that is not synchronized: the video's. */
static size_t find_panels(struct compositor *c, struct surface ***ret)
{
	struct surface *window = surfaces_find(&c->surfaces, c->surface);
	size_t video = 0;

	while (video < window->child_count && !window->children[video]->is_desynchronized)
		video++;
	*ret = &window->children[video + 1];
	return video < window->child_count ? window->child_count - video - 1 : 0;
}

static struct compositor_panel describe(struct compositor *c, size_t n)
{
	struct surface **panels;

	if (n >= find_panels(c, &panels))
		return (struct compositor_panel){0};
	const struct surface *panel = panels[n];
	return (struct compositor_panel){
		.x = panel->x,
		.y = panel->y,
		.width = panel->shown.width,
		.height = panel->shown.height,
		.scale = panel->scale,
		.takes_no_input = panel->takes_no_input,
		.commits = panel->commits,
		.damage = panel->shown.damage,
	};
}

static void await_commits(struct compositor *c, unsigned n)
{
	c->awaited = n;
	answer_when_awaited(c);
}

/* What there is; whether it was asked. */
static bool look(struct compositor *c, const struct command *command, struct reply *ret)
{
	struct surface **panels;

	switch (command->type) {
	case COMMAND_SIZE:
		ret->a = (uint32_t)c->shown_width;
		ret->b = (uint32_t)c->shown_height;
		return true;
	case COMMAND_COMMITS:
		ret->a = c->commits;
		return true;
	case COMMAND_PANELS:
		ret->a = (uint32_t)find_panels(c, &panels);
		ret->panel = describe(c, command->a);
		return true;
	case COMMAND_AWAKE:
		ret->a = c->inhibitors;
		return true;
	default:
		return false;
	}
}

/* Makes something happen; false: it is answered when it has. */
static bool act(struct compositor *c, const struct command *command)
{
	switch (command->type) {
	case COMMAND_UNPLUG:
		wl_seat_send_capabilities(c->seat, 0);
		break;
	case COMMAND_CONFIGURE:
		send_configure(c, (int)command->a, (int)command->b);
		break;
	case COMMAND_CLOSE:
		xdg_toplevel_send_close(c->toplevel);
		break;
	case COMMAND_SCALE:
		c->scales[0] = (int)command->a;
		send_scale(c, 0);
		break;
	case COMMAND_ENTER_OUTPUT:
		wl_surface_send_enter(c->surface, c->outputs[command->a]);
		break;
	case COMMAND_UNPLUG_OUTPUT:
		wl_global_destroy(c->globals[FIRST_OUTPUT + command->a].global);
		break;
	case COMMAND_AWAIT:
		await_commits(c, command->a);
		return false;
	case COMMAND_HOLD:
		surfaces_hold(&c->surfaces, command->a);
		break;
	case COMMAND_POINT:
		point(c);
		return false;
	case COMMAND_STOP:
		wl_display_terminate(c->display);
		break;
	default:
		if (c->keyboard)
			use_keyboard(c, command);
		break;
	}
	return true;
}

static int on_command(int fd, uint32_t mask, void *data)
{
	struct compositor *c = data;
	struct reply reply = {0};
	struct command command;

	(void)mask;
	if (read(fd, &command, sizeof command) != sizeof command)
		return 0;
	if (!look(c, &command, &reply) && !act(c, &command))
		return 0;
	wl_display_flush_clients(c->display);
	answer(c, &reply);
	return 0;
}

static struct reply ask(struct compositor *c, struct command command)
{
	struct pollfd fd = {.fd = c->answers[0], .events = POLLIN};
	struct reply reply;

	assert_int_equal(write(c->commands[1], &command, sizeof command), sizeof command);
	if (poll(&fd, 1, PATIENCE_MS) != 1)
		fail_msg("the compositor waits in vain");
	assert_int_equal(read(c->answers[0], &reply, sizeof reply), sizeof reply);
	return reply;
}

static void *run(void *ctx)
{
	struct compositor *c = ctx;

	wl_display_run(c->display);
	wl_display_destroy_clients(c->display);
	return NULL;
}

static void add_global(
	struct compositor *c, size_t slot, const struct wl_interface *interface, int version)
{
	struct global *global = &c->globals[slot];

	*global = (struct global){.compositor = c, .interface = interface};
	global->global = wl_global_create(c->display, interface, version, global, on_bind);
	assert_non_null(global->global);
}

struct compositor *compositor_start(const struct compositor_options *options)
{
	struct compositor *c = calloc(1, sizeof *c);

	assert_non_null(c);
	c->scales[0] = options->scale ? options->scale : 1;
	c->scales[1] = options->other_scale;
	c->display = wl_display_create();
	assert_non_null(c->display);
	const char *name = wl_display_add_socket_auto(c->display);
	assert_non_null(name);
	assert_int_equal(setenv("WAYLAND_DISPLAY", name, 1), 0);
	assert_int_equal(wl_display_init_shm(c->display), 0);
	add_global(c, 0, &wl_compositor_interface, 4);
	add_global(c, 1, &wl_seat_interface, 5);
	if (!options->no_shell)
		add_global(c, 2, &xdg_wm_base_interface, 1);
	if (!options->no_viewporter)
		add_global(c, 3, &wp_viewporter_interface, 1);
	if (!options->no_subsurfaces)
		add_global(c, 4, &wl_subcompositor_interface, 1);
	if (!options->no_idle)
		add_global(c, 5, &zwp_idle_inhibit_manager_v1_interface, 1);
	add_global(c, FIRST_OUTPUT, &wl_output_interface, 2);
	if (options->other_scale)
		add_global(c, FIRST_OUTPUT + 1, &wl_output_interface, 2);
	assert_int_equal(pipe(c->commands), 0);
	assert_int_equal(pipe(c->answers), 0);
	c->source = wl_event_loop_add_fd(wl_display_get_event_loop(c->display), c->commands[0],
		WL_EVENT_READABLE, on_command, c);
	assert_int_equal(pthread_create(&c->thread, NULL, run, c), 0);
	return c;
}

void compositor_key(struct compositor *c, uint32_t code, uint32_t time_ms, bool pressed)
{
	ask(c, (struct command){COMMAND_KEY, code, time_ms, pressed});
}

void compositor_repeat(struct compositor *c, uint32_t per_second, uint32_t delay_ms)
{
	ask(c, (struct command){COMMAND_REPEAT, per_second, delay_ms, 0});
}

void compositor_keymap(struct compositor *c, const char *text)
{
	c->keymap = text;
	ask(c, (struct command){.type = COMMAND_KEYMAP});
}

void compositor_enter(struct compositor *c, uint32_t held)
{
	ask(c, (struct command){COMMAND_ENTER, held, 0, 0});
}

void compositor_leave(struct compositor *c)
{
	ask(c, (struct command){.type = COMMAND_LEAVE});
}

void compositor_unplug_keyboard(struct compositor *c)
{
	ask(c, (struct command){.type = COMMAND_UNPLUG});
}

void compositor_configure(struct compositor *c, int width, int height)
{
	ask(c, (struct command){COMMAND_CONFIGURE, (uint32_t)width, (uint32_t)height, 0});
}

void compositor_ask_close(struct compositor *c)
{
	ask(c, (struct command){.type = COMMAND_CLOSE});
}

void compositor_shown_size(struct compositor *c, int *ret_width, int *ret_height)
{
	struct reply reply = ask(c, (struct command){.type = COMMAND_SIZE});

	*ret_width = (int)reply.a;
	*ret_height = (int)reply.b;
}

void compositor_set_scale(struct compositor *c, int scale)
{
	ask(c, (struct command){.type = COMMAND_SCALE, .a = (uint32_t)scale});
}

void compositor_enter_output(struct compositor *c, int n)
{
	ask(c, (struct command){.type = COMMAND_ENTER_OUTPUT, .a = (uint32_t)n});
}

void compositor_unplug_output(struct compositor *c, int n)
{
	ask(c, (struct command){.type = COMMAND_UNPLUG_OUTPUT, .a = (uint32_t)n});
}

unsigned compositor_commits(struct compositor *c)
{
	return ask(c, (struct command){.type = COMMAND_COMMITS}).a;
}

void compositor_await_commits(struct compositor *c, unsigned n)
{
	ask(c, (struct command){.type = COMMAND_AWAIT, .a = n});
}

size_t compositor_panels(struct compositor *c)
{
	return ask(c, (struct command){.type = COMMAND_PANELS}).a;
}

struct compositor_panel compositor_panel(struct compositor *c, size_t n)
{
	return ask(c, (struct command){.type = COMMAND_PANELS, .a = (uint32_t)n}).panel;
}

void compositor_hold_buffers(struct compositor *c, bool on)
{
	ask(c, (struct command){.type = COMMAND_HOLD, .a = on});
}

unsigned compositor_inhibitors(struct compositor *c)
{
	return ask(c, (struct command){.type = COMMAND_AWAKE}).a;
}

void compositor_await_no_pointer(struct compositor *c)
{
	ask(c, (struct command){.type = COMMAND_POINT});
}

void compositor_stop(struct compositor *c)
{
	if (!c)
		return;
	ask(c, (struct command){.type = COMMAND_STOP});
	pthread_join(c->thread, NULL);
	wl_event_source_remove(c->source);
	wl_display_destroy(c->display);
	for (int i = 0; i < 2; i++) {
		close(c->commands[i]);
		close(c->answers[i]);
	}
	free(c);
}
