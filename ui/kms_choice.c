#include "ui/kms_choice.h"

#include <errno.h>

struct device {
	const struct ui_kms_plane *planes;
	size_t count;
	unsigned crtc;
};

static bool is_usable(const struct device *device, const struct ui_kms_plane *plane)
{
	return plane->crtcs & UINT32_C(1) << device->crtc && plane->type != UI_KMS_CURSOR;
}

static bool is_above(const struct ui_kms_plane *a, const struct ui_kms_plane *b)
{
	if (a->has_zpos && b->has_zpos)
		return a->zpos > b->zpos;
	return a->type == UI_KMS_OVERLAY && b->type == UI_KMS_PRIMARY;
}

static bool can_be_raised(const struct ui_kms_plane *a, const struct ui_kms_plane *b)
{
	return a->has_zpos && b->has_zpos && !a->zpos_is_fixed && a->zpos_max > b->zpos;
}

/* The primary plane is black wherever nothing else is, so the video must be above it. */
static bool is_seen(const struct device *device, const struct ui_kms_plane *video,
	const struct ui_kms_plane *panels)
{
	for (size_t i = 0; i < device->count; i++) {
		const struct ui_kms_plane *plane = &device->planes[i];
		if (is_usable(device, plane) && plane->type == UI_KMS_PRIMARY && plane != panels &&
			!is_above(video, plane))
			return false;
	}
	return true;
}

/* How well these two do; 0: not at all. */
static int worth(const struct device *device, const struct ui_kms_plane *video,
	const struct ui_kms_plane *panels)
{
	if (video == panels || video->type != UI_KMS_OVERLAY || !panels->shows_argb ||
		!(video->shows_yuv || video->shows_rgb))
		return 0;
	if (!is_above(panels, video) && !can_be_raised(panels, video))
		return 0;
	if (!is_seen(device, video, panels))
		return 0;
	int worth = 1;
	worth += video->shows_yuv ? 4 : 0; /* else a processor converts each picture */
	worth += panels->type == UI_KMS_OVERLAY ? 2 : 0; /* only what panels cover is read */
	worth += is_above(panels, video) ? 1 : 0;
	return worth;
}

static struct ui_kms_choice chosen(
	const struct ui_kms_plane *video, const struct ui_kms_plane *panels)
{
	return (struct ui_kms_choice){
		.video_plane = video->id,
		.panel_plane = panels->id,
		.panel_is_primary = panels->type == UI_KMS_PRIMARY,
		.panel_is_raised = !is_above(panels, video),
		.panel_zpos = panels->zpos_max,
	};
}

int ui_kms_choose(
	const struct ui_kms_plane *planes, size_t count, unsigned crtc, struct ui_kms_choice *ret)
{
	const struct device device = {planes, count, crtc};
	int best = 0;

	for (size_t v = 0; v < count; v++) {
		for (size_t p = 0; p < count; p++) {
			if (!is_usable(&device, &planes[v]) || !is_usable(&device, &planes[p]))
				continue;
			int value = worth(&device, &planes[v], &planes[p]);
			if (value > best) {
				best = value;
				*ret = chosen(&planes[v], &planes[p]);
			}
		}
	}
	return best ? 0 : -ENOTSUP;
}
