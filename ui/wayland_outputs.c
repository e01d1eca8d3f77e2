#include "ui/wayland_outputs.h"

struct output {
	struct wayland_outputs *outputs;
	struct wl_output *output;
	uint32_t name;
	int scale;
	bool has_window;
};

static void update(struct wayland_outputs *outputs)
{
	int here = 0, anywhere = 1;

	for (guint i = 0; i < outputs->all->len; i++) {
		const struct output *output = outputs->all->pdata[i];
		anywhere = MAX(anywhere, output->scale);
		if (output->has_window)
			here = MAX(here, output->scale);
	}
	int scale = here ? here : anywhere;
	if (scale == outputs->scale)
		return;
	outputs->scale = scale;
	outputs->changed(outputs->ctx);
}

static void on_geometry(void *data, struct wl_output *output, int32_t x, int32_t y, int32_t width,
	int32_t height, int32_t subpixel, const char *make, const char *model, int32_t transform)
{
	(void)data;
	(void)output;
	(void)x;
	(void)y;
	(void)width;
	(void)height;
	(void)subpixel;
	(void)make;
	(void)model;
	(void)transform;
}

static void on_mode(void *data, struct wl_output *output, uint32_t flags, int32_t width,
	int32_t height, int32_t refresh)
{
	(void)data;
	(void)output;
	(void)flags;
	(void)width;
	(void)height;
	(void)refresh;
}

static void on_done(void *data, struct wl_output *output)
{
	(void)data;
	(void)output;
}

static void on_scale(void *data, struct wl_output *wl_output, int32_t scale)
{
	struct output *output = data;

	(void)wl_output;
	output->scale = MAX(scale, 1);
	update(output->outputs);
}

static const struct wl_output_listener output_listener = {
	.geometry = on_geometry,
	.mode = on_mode,
	.done = on_done,
	.scale = on_scale,
};

static void output_free(gpointer item)
{
	struct output *output = item;

	wl_output_destroy(output->output);
	g_free(output);
}

void wayland_outputs_init(struct wayland_outputs *outputs, void (*changed)(void *ctx), void *ctx)
{
	*outputs = (struct wayland_outputs){
		.all = g_ptr_array_new_with_free_func(output_free),
		.scale = 1,
		.changed = changed,
		.ctx = ctx,
	};
}

void wayland_outputs_add(struct wayland_outputs *outputs, struct wl_registry *registry,
	uint32_t name, uint32_t version)
{
	struct output *output = g_new(struct output, 1);

	*output = (struct output){
		.outputs = outputs,
		.output = wl_registry_bind(registry, name, &wl_output_interface, MIN(version, 2)),
		.name = name,
		.scale = 1,
	};
	wl_output_add_listener(output->output, &output_listener, output);
	g_ptr_array_add(outputs->all, output);
}

void wayland_outputs_remove(struct wayland_outputs *outputs, uint32_t name)
{
	for (guint i = 0; i < outputs->all->len; i++) {
		const struct output *output = outputs->all->pdata[i];
		if (output->name != name)
			continue;
		g_ptr_array_remove_index(outputs->all, i);
		update(outputs);
		return;
	}
}

void wayland_outputs_cross(
	struct wayland_outputs *outputs, const struct wl_output *wl_output, bool is_on)
{
	for (guint i = 0; i < outputs->all->len; i++) {
		struct output *output = outputs->all->pdata[i];
		if (output->output == wl_output)
			output->has_window = is_on;
	}
	update(outputs);
}

void wayland_outputs_finish(struct wayland_outputs *outputs)
{
	if (outputs->all)
		g_ptr_array_unref(outputs->all);
	*outputs = (struct wayland_outputs){0};
}
