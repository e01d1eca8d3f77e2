#include "client/play/blend.h"

#include "client/play/blend_layer.h"

static bool is_same(const struct play_overlay *a, const struct play_overlay *b)
{
	return a->pixels == b->pixels && a->x == b->x && a->y == b->y && a->width == b->width &&
	       a->height == b->height && a->stride_bytes == b->stride_bytes;
}

/* The layer of the same panel, taken out of those that were; NULL where there is none. */
static struct blend_layer *take_over(GPtrArray *layers, const struct play_overlay *panel)
{
	for (guint i = 0; layers && i < layers->len; i++) {
		struct blend_layer *layer = layers->pdata[i];
		if (!is_same(blend_layer_panel(layer), panel))
			continue;
		return g_ptr_array_steal_index_fast(layers, i);
	}
	return NULL;
}

static void forget(struct blender *blender)
{
	g_clear_pointer(&blender->layers, g_ptr_array_unref);
	panels_unref(blender->panels);
	blender->panels = NULL;
}

static void free_layer(gpointer layer)
{
	blend_layer_free(layer);
}

static void prepare(struct blender *blender, struct panels *panels)
{
	const struct blend_canvas canvas = {
		&blender->info, blender->canvas_width, blender->canvas_height};
	GPtrArray *layers = g_ptr_array_new_with_free_func(free_layer);
	for (size_t i = 0; panels && i < panels->count; i++) {
		struct blend_layer *layer = take_over(blender->layers, &panels->list[i]);
		if (!layer)
			layer = blend_layer_new(&panels->list[i], &canvas);
		g_ptr_array_add(layers, layer);
	}
	forget(blender);
	blender->layers = layers;
	blender->panels = panels_ref(panels);
}

void blender_blend(struct blender *blender, struct panels *panels, int canvas_width,
	int canvas_height, GstVideoFrame *frame)
{
	bool same_canvas = blender->canvas_width == canvas_width &&
			   blender->canvas_height == canvas_height && blender->layers &&
			   gst_video_info_is_equal(&blender->info, &frame->info);
	if (!same_canvas) {
		forget(blender);
		blender->info = frame->info;
		blender->canvas_width = canvas_width;
		blender->canvas_height = canvas_height;
	}
	if (!same_canvas || panels != blender->panels)
		prepare(blender, panels);
	for (guint i = 0; i < blender->layers->len; i++)
		blend_layer_blend(blender->layers->pdata[i], frame);
}

void blender_clear(struct blender *blender)
{
	forget(blender);
}
