#include "ui/kms_device.h"

#include <drm_fourcc.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- what there is ---- */

static bool has_format(const drmModePlane *plane, uint32_t format)
{
	for (uint32_t i = 0; i < plane->count_formats; i++)
		if (plane->formats[i] == format)
			return true;
	return false;
}

static void read_zpos(
	struct ui_kms_plane *plane, const drmModePropertyRes *property, uint64_t value)
{
	plane->has_zpos = true;
	plane->zpos_is_fixed = property->flags & DRM_MODE_PROP_IMMUTABLE;
	plane->zpos = value;
	plane->zpos_max = property->count_values > 1 ? property->values[1] : value;
}

static void read_properties(int fd, struct ui_kms_plane *plane)
{
	drmModeObjectProperties *all =
		drmModeObjectGetProperties(fd, plane->id, DRM_MODE_OBJECT_PLANE);

	for (uint32_t i = 0; all && i < all->count_props; i++) {
		drmModePropertyRes *property = drmModeGetProperty(fd, all->props[i]);
		if (property && strcmp(property->name, "type") == 0)
			plane->type = (enum ui_kms_plane_type)all->prop_values[i];
		else if (property && strcmp(property->name, "zpos") == 0)
			read_zpos(plane, property, all->prop_values[i]);
		drmModeFreeProperty(property);
	}
	drmModeFreeObjectProperties(all);
}

static struct ui_kms_plane describe(int fd, const drmModePlane *drm)
{
	struct ui_kms_plane plane = {
		.id = drm->plane_id,
		.crtcs = drm->possible_crtcs,
		.shows_argb = has_format(drm, DRM_FORMAT_ARGB8888),
		.shows_yuv = has_format(drm, DRM_FORMAT_NV12),
		.shows_rgb = has_format(drm, DRM_FORMAT_XRGB8888),
	};

	read_properties(fd, &plane);
	return plane;
}

static int choose_planes(struct kms_device *device)
{
	drmModePlaneRes *all = drmModeGetPlaneResources(device->fd);
	GArray *planes = g_array_new(FALSE, FALSE, sizeof(struct ui_kms_plane));

	for (uint32_t i = 0; all && i < all->count_planes; i++) {
		drmModePlane *drm = drmModeGetPlane(device->fd, all->planes[i]);
		if (!drm)
			continue;
		struct ui_kms_plane plane = describe(device->fd, drm);
		g_array_append_val(planes, plane);
		drmModeFreePlane(drm);
	}
	int r = ui_kms_choose(
		(const void *)planes->data, planes->len, device->crtc_index, &device->choice);
	g_array_unref(planes);
	drmModeFreePlaneResources(all);
	return r;
}

/* The CRTC that already feeds the connector, or else the first one that can. */
static uint32_t find_crtc(int fd, const drmModeRes *all, const drmModeConnector *connector)
{
	uint32_t found = 0;

	for (int i = -1; i < connector->count_encoders && !found; i++) {
		uint32_t id = i < 0 ? connector->encoder_id : connector->encoders[i];
		drmModeEncoder *encoder = id ? drmModeGetEncoder(fd, id) : NULL;
		if (encoder && i < 0)
			found = encoder->crtc_id;
		for (int j = 0; encoder && i >= 0 && j < all->count_crtcs && !found; j++)
			if (encoder->possible_crtcs & 1u << j)
				found = all->crtcs[j];
		drmModeFreeEncoder(encoder);
	}
	return found;
}

static bool use_connector(
	struct kms_device *device, const drmModeRes *all, const drmModeConnector *connector)
{
	if (connector->connection != DRM_MODE_CONNECTED || connector->count_modes == 0)
		return false;
	uint32_t crtc = find_crtc(device->fd, all, connector);
	device->before = crtc ? drmModeGetCrtc(device->fd, crtc) : NULL;
	if (!device->before)
		return false;
	device->connector = connector->connector_id;
	for (int i = 0; i < all->count_crtcs; i++)
		if (all->crtcs[i] == crtc)
			device->crtc_index = (unsigned)i;
	/* A screen's own mode comes first. */
	device->mode = device->before->mode_valid ? device->before->mode : connector->modes[0];
	return true;
}

static int choose_screen(struct kms_device *device)
{
	drmModeRes *all = drmModeGetResources(device->fd);
	bool found = false;

	for (int i = 0; all && i < all->count_connectors && !found; i++) {
		drmModeConnector *connector = drmModeGetConnector(device->fd, all->connectors[i]);
		found = connector && use_connector(device, all, connector);
		drmModeFreeConnector(connector);
	}
	drmModeFreeResources(all);
	return found ? 0 : -ENODEV;
}

int kms_device_open(const char *path, struct kms_device *ret)
{
	struct kms_device device = {.fd = open(path, O_RDWR | O_CLOEXEC)};
	uint64_t has_dumb = 0;
	int r = 0;

	if (device.fd < 0)
		return -errno;
	/* Who is the first to open it is master by that. */
	if (!drmIsMaster(device.fd) && drmSetMaster(device.fd) < 0)
		r = errno ? -errno : -EBUSY;
	else if (drmGetCap(device.fd, DRM_CAP_DUMB_BUFFER, &has_dumb) < 0 || !has_dumb ||
		 drmSetClientCap(device.fd, DRM_CLIENT_CAP_UNIVERSAL_PLANES, 1) < 0)
		r = -ENOTSUP;
	if (r == 0)
		r = choose_screen(&device);
	if (r == 0)
		r = choose_planes(&device);
	if (r < 0)
		kms_device_close(&device);
	else
		*ret = device;
	return r;
}

/* ---- what is shown ---- */

static uint32_t crtc_of(const struct kms_device *device)
{
	return device->before->crtc_id;
}

static int set_crtc(
	const struct kms_device *device, uint32_t fb, uint32_t x, uint32_t y, drmModeModeInfo mode)
{
	uint32_t connector = device->connector;

	return drmModeSetCrtc(device->fd, crtc_of(device), fb, x, y, &connector, 1, &mode);
}

int kms_device_begin(struct kms_device *device, const struct kms_buffer *buffer)
{
	int r = set_crtc(device, buffer->fb, 0, 0, device->mode);

	device->is_changed = r == 0;
	return r;
}

static uint32_t zpos_property(int fd, uint32_t plane)
{
	drmModeObjectProperties *all = drmModeObjectGetProperties(fd, plane, DRM_MODE_OBJECT_PLANE);
	uint32_t id = 0;

	for (uint32_t i = 0; all && i < all->count_props; i++) {
		drmModePropertyRes *property = drmModeGetProperty(fd, all->props[i]);
		if (property && strcmp(property->name, "zpos") == 0)
			id = property->prop_id;
		drmModeFreeProperty(property);
	}
	drmModeFreeObjectProperties(all);
	return id;
}

int kms_device_order(const struct kms_device *device)
{
	const struct ui_kms_choice *choice = &device->choice;

	if (!choice->panel_is_raised)
		return 0;
	return drmModeObjectSetProperty(device->fd, choice->panel_plane, DRM_MODE_OBJECT_PLANE,
		zpos_property(device->fd, choice->panel_plane), choice->panel_zpos);
}

int kms_device_show(const struct kms_device *device, uint32_t plane,
	const struct kms_buffer *buffer, struct ui_area from, struct ui_area to)
{
	bool any = to.width > 0 && to.height > 0;

	return drmModeSetPlane(device->fd, plane, crtc_of(device), any ? buffer->fb : 0, 0, to.x,
		to.y, (uint32_t)to.width, (uint32_t)to.height, (uint32_t)from.x << 16,
		(uint32_t)from.y << 16, (uint32_t)from.width << 16, (uint32_t)from.height << 16);
}

void kms_device_end(struct kms_device *device)
{
	const drmModeCrtc *before = device->before;
	const struct ui_area nothing = {0};

	if (!device->is_changed)
		return;
	if (!device->choice.panel_is_primary)
		kms_device_show(device, device->choice.panel_plane, NULL, nothing, nothing);
	if (before->mode_valid)
		set_crtc(device, before->buffer_id, before->x, before->y, before->mode);
	device->is_changed = false;
}

void kms_device_close(struct kms_device *device)
{
	if (device->fd < 0)
		return;
	drmModeFreeCrtc(device->before);
	close(device->fd);
	*device = (struct kms_device){.fd = -1};
}

/* ---- buffers ---- */

static int map(const struct kms_device *device, struct kms_buffer *buffer)
{
	uint64_t offset = 0;
	int r = drmModeMapDumbBuffer(device->fd, buffer->handle, &offset);

	if (r < 0)
		return r;
	void *pixels = mmap(NULL, buffer->size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
		device->fd, (off_t)offset);
	if (pixels == MAP_FAILED)
		return -errno;
	buffer->pixels = pixels;
	memset(pixels, 0, buffer->size_bytes);
	return 0;
}

/* NV12: the chroma rows lie behind the luma rows, and 128 is grey. */
static int add_fb(const struct kms_device *device, int width, int height, uint32_t format,
	struct kms_buffer *buffer)
{
	uint32_t luma_bytes = buffer->stride_bytes * (uint32_t)height;
	bool is_nv12 = format == DRM_FORMAT_NV12;
	const uint32_t handles[4] = {buffer->handle, is_nv12 ? buffer->handle : 0};
	const uint32_t strides[4] = {buffer->stride_bytes, is_nv12 ? buffer->stride_bytes : 0};
	const uint32_t offsets[4] = {0, is_nv12 ? luma_bytes : 0};

	if (is_nv12)
		memset(buffer->pixels + luma_bytes, 128, buffer->size_bytes - luma_bytes);
	return drmModeAddFB2(device->fd, (uint32_t)width, (uint32_t)height, format, handles,
		strides, offsets, &buffer->fb, 0);
}

int kms_buffer_make(const struct kms_device *device, int width, int height, uint32_t format,
	struct kms_buffer *ret)
{
	bool is_nv12 = format == DRM_FORMAT_NV12;
	uint32_t rows = (uint32_t)(is_nv12 ? height + (height + 1) / 2 : height);
	struct kms_buffer buffer = {0};
	int r = drmModeCreateDumbBuffer(device->fd, (uint32_t)width, rows, is_nv12 ? 8 : 32, 0,
		&buffer.handle, &buffer.stride_bytes, &buffer.size_bytes);

	if (r < 0)
		return r;
	r = map(device, &buffer);
	if (r == 0)
		r = add_fb(device, width, height, format, &buffer);
	if (r < 0)
		kms_buffer_clear(device, &buffer);
	else
		*ret = buffer;
	return r;
}

void kms_buffer_clear(const struct kms_device *device, struct kms_buffer *buffer)
{
	if (buffer->fb)
		drmModeRmFB(device->fd, buffer->fb);
	if (buffer->pixels)
		munmap(buffer->pixels, buffer->size_bytes);
	if (buffer->handle)
		drmModeDestroyDumbBuffer(device->fd, buffer->handle);
	*buffer = (struct kms_buffer){0};
}
