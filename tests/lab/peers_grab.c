#include "tests/lab/peers_grab.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <xcb/xcb.h>

enum { PIXEL_BYTES = 4, MAX_AREAS = 64 };

struct grab {
	xcb_connection_t *connection;
	xcb_screen_t *screen;
};

static const xcb_visualtype_t *root_visual(const xcb_screen_t *screen)
{
	xcb_depth_iterator_t depths = xcb_screen_allowed_depths_iterator(screen);
	for (; depths.rem; xcb_depth_next(&depths)) {
		xcb_visualtype_iterator_t visuals = xcb_depth_visuals_iterator(depths.data);
		for (; visuals.rem; xcb_visualtype_next(&visuals))
			if (visuals.data->visual_id == screen->root_visual)
				return visuals.data;
	}
	return NULL;
}

static bool has_known_pixels(xcb_connection_t *connection, const xcb_screen_t *screen)
{
	const xcb_setup_t *setup = xcb_get_setup(connection);
	const xcb_visualtype_t *visual = root_visual(screen);
	xcb_format_iterator_t formats = xcb_setup_pixmap_formats_iterator(setup);
	while (formats.rem && formats.data->depth != screen->root_depth)
		xcb_format_next(&formats);
	return formats.rem && formats.data->bits_per_pixel == 8 * PIXEL_BYTES &&
	       setup->image_byte_order == XCB_IMAGE_ORDER_LSB_FIRST && visual &&
	       visual->red_mask == 0xFF0000 && visual->green_mask == 0xFF00 &&
	       visual->blue_mask == 0xFF;
}

int grab_open(const char *display, struct grab **ret)
{
	xcb_connection_t *connection = xcb_connect(display, NULL);
	int error = -ECONNREFUSED;
	if (!xcb_connection_has_error(connection)) {
		xcb_screen_t *screen = xcb_setup_roots_iterator(xcb_get_setup(connection)).data;
		if (has_known_pixels(connection, screen)) {
			*ret = g_new0(struct grab, 1);
			**ret = (struct grab){.connection = connection, .screen = screen};
			return 0;
		}
		error = -ENOTSUP;
	}
	xcb_disconnect(connection);
	return error;
}

void grab_close(struct grab *grab)
{
	if (!grab)
		return;
	xcb_disconnect(grab->connection);
	g_free(grab);
}

void grab_size(const struct grab *grab, int *ret_width, int *ret_height)
{
	*ret_width = grab->screen->width_in_pixels;
	*ret_height = grab->screen->height_in_pixels;
}

static void convert(const uint8_t *pixels, struct mark_area area, uint8_t *luma, int stride)
{
	for (int y = 0; y < area.height; y++) {
		const uint8_t *in = pixels + (long)y * area.width * PIXEL_BYTES;
		uint8_t *out = luma + (long)(area.top + y) * stride + area.left;
		for (int x = 0; x < area.width; x++, in += PIXEL_BYTES)
			out[x] = (uint8_t)((18 * in[0] + 183 * in[1] + 55 * in[2]) >> 8);
	}
}

int grab_luma(struct grab *grab, const struct mark_area *areas, size_t count, uint8_t *luma)
{
	xcb_get_image_cookie_t cookies[MAX_AREAS];
	int error = 0;
	g_return_val_if_fail(count <= MAX_AREAS, -EINVAL);
	for (size_t i = 0; i < count; i++)
		cookies[i] = xcb_get_image(grab->connection, XCB_IMAGE_FORMAT_Z_PIXMAP,
			grab->screen->root, (int16_t)areas[i].left, (int16_t)areas[i].top,
			(uint16_t)areas[i].width, (uint16_t)areas[i].height, UINT32_MAX);
	for (size_t i = 0; i < count; i++) {
		xcb_get_image_reply_t *reply =
			xcb_get_image_reply(grab->connection, cookies[i], NULL);
		int bytes = areas[i].width * areas[i].height * PIXEL_BYTES;
		if (reply && xcb_get_image_data_length(reply) >= bytes)
			convert(xcb_get_image_data(reply), areas[i], luma,
				grab->screen->width_in_pixels);
		else
			error = -EPIPE;
		free(reply);
	}
	return error;
}
