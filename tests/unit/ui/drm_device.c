#include "tests/unit/ui/drm_device.h"

#include <drm_fourcc.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>

#include "tests/support/test.h"

#define ENCODER 11
#define PROPERTY_TYPE 101
#define PROPERTY_ZPOS 102
#define PAGE_BYTES 4096
#define PATIENCE_US ((gint64)10000000)

/* libdrm's functions get no more than a descriptor. */
static struct drm_device *the_device;

struct drm_device *drm_device_new(const struct drm_plane_state *planes, size_t plane_count)
{
	struct drm_device *device = g_new0(struct drm_device, 1);

	assert_null(the_device);
	memcpy(device->planes, planes, plane_count * sizeof *planes);
	device->plane_count = plane_count;
	device->crtc_fb = DRM_DEVICE_CONSOLE;
	device->last_number = DRM_DEVICE_CONSOLE;
	g_mutex_init(&device->lock);
	g_cond_init(&device->changed);
	strcpy(device->folder, "/tmp/zapper-drm-XXXXXX");
	assert_non_null(mkdtemp(device->folder));
	char *path = g_build_filename(device->folder, "card0", NULL);
	close(open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600));
	g_free(path);
	the_device = device;
	return device;
}

void drm_device_free(struct drm_device *device)
{
	char *path = g_build_filename(device->folder, "card0", NULL);

	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(device->folder), 0);
	g_free(path);
	g_mutex_clear(&device->lock);
	g_cond_clear(&device->changed);
	g_free(device);
	the_device = NULL;
}

void drm_device_await(struct drm_device *device, unsigned changes)
{
	gint64 deadline_us = g_get_monotonic_time() + PATIENCE_US;
	bool woken = true;

	g_mutex_lock(&device->lock);
	while (device->changes < changes && woken)
		woken = g_cond_wait_until(&device->changed, &device->lock, deadline_us);
	unsigned made = device->changes;
	g_mutex_unlock(&device->lock);
	if (made < changes)
		fail_msg("%u changes instead of %u", made, changes);
}

static struct drm_plane_state *find_plane(uint32_t id)
{
	for (size_t i = 0; i < the_device->plane_count; i++)
		if (the_device->planes[i].id == id)
			return &the_device->planes[i];
	return NULL;
}

static struct drm_buffer *find_buffer(uint32_t handle, uint32_t fb)
{
	for (size_t i = 0; i < DRM_DEVICE_BUFFERS; i++) {
		struct drm_buffer *buffer = &the_device->buffers[i];
		if ((handle && buffer->handle == handle) || (fb && buffer->fb == fb))
			return buffer;
	}
	return NULL;
}

size_t drm_device_buffers(struct drm_device *device)
{
	size_t count = 0;

	for (size_t i = 0; i < DRM_DEVICE_BUFFERS; i++)
		count += device->buffers[i].handle != 0;
	return count;
}

/* ---- what is seen ---- */

static uint32_t read_pixel(const struct drm_buffer *buffer, int x, int y)
{
	int bytes = buffer->format == DRM_FORMAT_NV12 ? 1 : 4;
	uint8_t raw[4] = {0};
	char *path = g_build_filename(the_device->folder, "card0", NULL);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t at = (off_t)buffer->offset + (off_t)y * buffer->stride_bytes + (off_t)x * bytes;

	assert_int_equal(pread(fd, raw, (size_t)bytes, at), bytes);
	close(fd);
	g_free(path);
	if (bytes == 1)
		return 0xff000000u | raw[0] * 0x010101u;
	uint32_t pixel = raw[0] | raw[1] << 8 | raw[2] << 16 | (uint32_t)raw[3] << 24;
	return buffer->format == DRM_FORMAT_XRGB8888 ? pixel | 0xff000000 : pixel;
}

static uint32_t over(uint32_t above, uint32_t below)
{
	uint32_t rest = 255 - (above >> 24), result = 0;

	for (int shift = 0; shift < 32; shift += 8)
		result |= ((above >> shift & 0xff) + (below >> shift & 0xff) * rest / 255) << shift;
	return result;
}

static uint32_t add_plane(const struct drm_plane_state *plane, int x, int y, uint32_t below)
{
	const struct drm_buffer *buffer = find_buffer(0, plane->fb);

	if (!buffer || x < plane->x || y < plane->y || x >= plane->x + plane->width ||
		y >= plane->y + plane->height)
		return below;
	int from_x = (int)(plane->from_x + (x - plane->x) * plane->from_width / plane->width);
	int from_y = (int)(plane->from_y + (y - plane->y) * plane->from_height / plane->height);
	return over(read_pixel(buffer, from_x, from_y), below);
}

/* The primary plane shows the CRTC's frame buffer, unless it was given another. */
static uint32_t add_planes_of(
	struct drm_device *device, uint64_t zpos, int x, int y, uint32_t below)
{
	for (size_t i = 0; i < device->plane_count; i++) {
		struct drm_plane_state plane = device->planes[i];
		if (plane.zpos != zpos)
			continue;
		if (plane.type == DRM_PLANE_TYPE_PRIMARY) {
			plane.fb = device->crtc_fb;
			plane.x = plane.y = 0;
			plane.width = DRM_DEVICE_WIDTH, plane.height = DRM_DEVICE_HEIGHT;
			plane.from_x = plane.from_y = 0;
			plane.from_width = plane.width, plane.from_height = plane.height;
		}
		below = add_plane(&plane, x, y, below);
	}
	return below;
}

uint32_t drm_device_at(struct drm_device *device, int x, int y)
{
	uint32_t pixel = 0;

	g_mutex_lock(&device->lock);
	for (uint64_t zpos = 0; zpos < 16; zpos++)
		pixel = add_planes_of(device, zpos, x, y, pixel);
	g_mutex_unlock(&device->lock);
	return pixel & 0xffffff;
}

/* ---- libdrm: what there is ---- */

int drmIsMaster(int fd)
{
	(void)fd;
	return !the_device->has_other_master;
}

int drmSetMaster(int fd)
{
	(void)fd;
	errno = EBUSY;
	return -1;
}

int drmGetCap(int fd, uint64_t capability, uint64_t *value)
{
	(void)fd;
	*value = capability == DRM_CAP_DUMB_BUFFER;
	return 0;
}

int drmSetClientCap(int fd, uint64_t capability, uint64_t value)
{
	(void)fd, (void)capability, (void)value;
	return 0;
}

drmModeResPtr drmModeGetResources(int fd)
{
	drmModeRes *all = g_new0(drmModeRes, 1);

	(void)fd;
	all->count_crtcs = 2;
	all->crtcs = g_new(uint32_t, 2);
	all->crtcs[0] = 6;
	all->crtcs[1] = DRM_DEVICE_CRTC;
	all->count_connectors = 1;
	all->connectors = g_new(uint32_t, 1);
	all->connectors[0] = DRM_DEVICE_CONNECTOR;
	return all;
}

void drmModeFreeResources(drmModeResPtr all)
{
	g_free(all->crtcs);
	g_free(all->connectors);
	g_free(all);
}

static drmModeModeInfo mode_of(uint16_t width, uint16_t height)
{
	return (drmModeModeInfo){.hdisplay = width, .vdisplay = height, .vrefresh = 50};
}

drmModeConnectorPtr drmModeGetConnector(int fd, uint32_t id)
{
	drmModeConnector *connector = g_new0(drmModeConnector, 1);

	(void)fd;
	assert_int_equal(id, DRM_DEVICE_CONNECTOR);
	connector->connector_id = id;
	connector->encoder_id = the_device->is_off ? 0 : ENCODER;
	connector->connection =
		the_device->has_no_screen ? DRM_MODE_DISCONNECTED : DRM_MODE_CONNECTED;
	connector->count_modes = the_device->has_no_screen ? 0 : 1;
	connector->modes = g_new(drmModeModeInfo, 1);
	connector->modes[0] = mode_of(DRM_DEVICE_WIDTH, DRM_DEVICE_HEIGHT);
	connector->count_encoders = 1;
	connector->encoders = g_new(uint32_t, 1);
	connector->encoders[0] = ENCODER;
	return connector;
}

void drmModeFreeConnector(drmModeConnectorPtr connector)
{
	g_free(connector->modes);
	g_free(connector->encoders);
	g_free(connector);
}

drmModeEncoderPtr drmModeGetEncoder(int fd, uint32_t id)
{
	drmModeEncoder *encoder = g_new0(drmModeEncoder, 1);

	(void)fd;
	encoder->encoder_id = id;
	encoder->crtc_id = the_device->is_off ? 0 : DRM_DEVICE_CRTC;
	encoder->possible_crtcs = 2;
	return encoder;
}

void drmModeFreeEncoder(drmModeEncoderPtr encoder)
{
	g_free(encoder);
}

drmModeCrtcPtr drmModeGetCrtc(int fd, uint32_t id)
{
	drmModeCrtc *crtc = g_new0(drmModeCrtc, 1);

	(void)fd;
	crtc->crtc_id = id;
	crtc->mode_valid = !the_device->is_off;
	crtc->buffer_id = the_device->crtc_fb;
	crtc->mode = mode_of(DRM_DEVICE_WIDTH, DRM_DEVICE_HEIGHT);
	return crtc;
}

void drmModeFreeCrtc(drmModeCrtcPtr crtc)
{
	g_free(crtc);
}

drmModePlaneResPtr drmModeGetPlaneResources(int fd)
{
	drmModePlaneRes *all = g_new0(drmModePlaneRes, 1);

	(void)fd;
	all->count_planes = (uint32_t)the_device->plane_count;
	all->planes = g_new(uint32_t, the_device->plane_count);
	for (size_t i = 0; i < the_device->plane_count; i++)
		all->planes[i] = the_device->planes[i].id;
	return all;
}

void drmModeFreePlaneResources(drmModePlaneResPtr all)
{
	g_free(all->planes);
	g_free(all);
}

drmModePlanePtr drmModeGetPlane(int fd, uint32_t id)
{
	drmModePlane *plane = g_new0(drmModePlane, 1);
	struct drm_plane_state *state = find_plane(id);

	(void)fd;
	plane->plane_id = id;
	plane->possible_crtcs = 2;
	plane->formats = state->formats;
	while (plane->count_formats < 4 && state->formats[plane->count_formats])
		plane->count_formats++;
	return plane;
}

void drmModeFreePlane(drmModePlanePtr plane)
{
	g_free(plane);
}

drmModeObjectPropertiesPtr drmModeObjectGetProperties(int fd, uint32_t id, uint32_t type)
{
	drmModeObjectProperties *all = g_new0(drmModeObjectProperties, 1);
	const struct drm_plane_state *plane = find_plane(id);

	(void)fd;
	assert_int_equal(type, DRM_MODE_OBJECT_PLANE);
	all->count_props = plane->has_zpos ? 2 : 1;
	all->props = g_new(uint32_t, 2);
	all->prop_values = g_new(uint64_t, 2);
	all->props[0] = PROPERTY_TYPE, all->prop_values[0] = plane->type;
	/* Like others, its numbers are those of the plane. */
	all->props[1] = PROPERTY_ZPOS + id * 1000, all->prop_values[1] = plane->zpos;
	return all;
}

void drmModeFreeObjectProperties(drmModeObjectPropertiesPtr all)
{
	g_free(all->props);
	g_free(all->prop_values);
	g_free(all);
}

drmModePropertyPtr drmModeGetProperty(int fd, uint32_t id)
{
	drmModePropertyRes *property = g_new0(drmModePropertyRes, 1);
	const struct drm_plane_state *plane = find_plane(id / 1000);

	(void)fd;
	property->prop_id = id;
	property->values = g_new0(uint64_t, 2);
	strcpy(property->name, id == PROPERTY_TYPE ? "type" : "zpos");
	if (plane) {
		property->flags =
			DRM_MODE_PROP_RANGE | (plane->zpos_is_fixed ? DRM_MODE_PROP_IMMUTABLE : 0);
		property->count_values = 2;
		property->values[1] = plane->zpos_max;
	}
	return property;
}

void drmModeFreeProperty(drmModePropertyPtr property)
{
	g_free(property->values);
	g_free(property);
}

int drmModeObjectSetProperty(int fd, uint32_t id, uint32_t type, uint32_t property, uint64_t value)
{
	struct drm_plane_state *plane = find_plane(id);

	(void)fd;
	assert_int_equal(type, DRM_MODE_OBJECT_PLANE);
	assert_int_equal(property, PROPERTY_ZPOS + id * 1000);
	assert_false(plane->zpos_is_fixed);
	plane->zpos = value;
	return 0;
}

/* ---- libdrm: what is shown ---- */

int drmModeCreateDumbBuffer(int fd, uint32_t width, uint32_t height, uint32_t bpp, uint32_t flags,
	uint32_t *handle, uint32_t *pitch, uint64_t *size)
{
	struct drm_device *device = the_device;
	struct drm_buffer *buffer = device->buffers;

	assert_int_equal(flags, 0);
	while (buffer->handle)
		buffer++;
	assert_true(buffer < device->buffers + DRM_DEVICE_BUFFERS);
	*buffer = (struct drm_buffer){
		.handle = ++device->last_number,
		.stride_bytes = (width * bpp / 8 + 255) & ~255u, /* as wide as hardware likes it */
		.offset = device->file_bytes,
	};
	buffer->size_bytes = ((uint64_t)buffer->stride_bytes * height + PAGE_BYTES - 1) /
			     PAGE_BYTES * PAGE_BYTES;
	device->file_bytes += buffer->size_bytes;
	assert_int_equal(ftruncate(fd, (off_t)device->file_bytes), 0);
	*handle = buffer->handle;
	*pitch = buffer->stride_bytes;
	*size = buffer->size_bytes;
	return 0;
}

int drmModeMapDumbBuffer(int fd, uint32_t handle, uint64_t *offset)
{
	(void)fd;
	*offset = find_buffer(handle, 0)->offset;
	return 0;
}

int drmModeDestroyDumbBuffer(int fd, uint32_t handle)
{
	(void)fd;
	*find_buffer(handle, 0) = (struct drm_buffer){0};
	return 0;
}

int drmModeAddFB2(int fd, uint32_t width, uint32_t height, uint32_t format,
	const uint32_t handles[4], const uint32_t pitches[4], const uint32_t offsets[4],
	uint32_t *id, uint32_t flags)
{
	struct drm_buffer *buffer = find_buffer(handles[0], 0);

	(void)fd, (void)flags;
	uint64_t rows = format == DRM_FORMAT_NV12 ? height + height / 2 : height;
	if (pitches[0] * rows > buffer->size_bytes ||
		(format == DRM_FORMAT_NV12 && offsets[1] != pitches[0] * height))
		return -EINVAL;
	buffer->width = (int)width, buffer->height = (int)height;
	buffer->format = format;
	*id = buffer->fb = ++the_device->last_number;
	return 0;
}

int drmModeRmFB(int fd, uint32_t fb)
{
	struct drm_device *device = the_device;

	(void)fd;
	g_mutex_lock(&device->lock);
	find_buffer(0, fb)->fb = 0;
	for (size_t i = 0; i < device->plane_count; i++)
		if (device->planes[i].fb == fb)
			device->planes[i].fb = 0;
	if (device->crtc_fb == fb)
		device->crtc_fb = 0;
	g_mutex_unlock(&device->lock);
	return 0;
}

int drmModeSetCrtc(int fd, uint32_t crtc, uint32_t fb, uint32_t x, uint32_t y, uint32_t *connectors,
	int count, drmModeModeInfoPtr mode)
{
	struct drm_device *device = the_device;

	(void)fd;
	assert_int_equal(crtc, DRM_DEVICE_CRTC);
	assert_int_equal(count, 1);
	assert_int_equal(connectors[0], DRM_DEVICE_CONNECTOR);
	assert_int_equal(mode->hdisplay, DRM_DEVICE_WIDTH);
	assert_int_equal(x + y, 0);
	g_mutex_lock(&device->lock);
	device->crtc_fb = fb;
	g_mutex_unlock(&device->lock);
	return 0;
}

static bool has_format(const struct drm_plane_state *plane, uint32_t fb)
{
	const struct drm_buffer *buffer = find_buffer(0, fb);

	for (int i = 0; i < 4; i++)
		if (buffer && plane->formats[i] == buffer->format)
			return true;
	return false;
}

static int set_plane(struct drm_plane_state *plane, const struct drm_plane_state *next)
{
	struct drm_device *device = the_device;
	bool is_scaled =
		next->width != (int)next->from_width || next->height != (int)next->from_height;
	bool is_whole = next->width == DRM_DEVICE_WIDTH && next->height == DRM_DEVICE_HEIGHT;

	if (plane->refuses_all || (next->fb && !has_format(plane, next->fb)) ||
		(next->fb && is_scaled && plane->refuses_to_scale) ||
		(plane->type == DRM_PLANE_TYPE_PRIMARY && !is_whole))
		return -EINVAL;
	if (plane->type == DRM_PLANE_TYPE_PRIMARY)
		device->crtc_fb = next->fb;
	*plane = *next;
	return 0;
}

int drmModeSetPlane(int fd, uint32_t id, uint32_t crtc, uint32_t fb, uint32_t flags, int32_t x,
	int32_t y, uint32_t width, uint32_t height, uint32_t from_x, uint32_t from_y,
	uint32_t from_width, uint32_t from_height)
{
	struct drm_device *device = the_device;
	struct drm_plane_state *plane = find_plane(id), next = *plane;

	(void)fd, (void)flags;
	assert_int_equal(crtc, DRM_DEVICE_CRTC);
	next.fb = fb;
	next.x = x, next.y = y, next.width = (int)width, next.height = (int)height;
	next.from_x = from_x / 65536.0, next.from_y = from_y / 65536.0;
	next.from_width = from_width / 65536.0, next.from_height = from_height / 65536.0;
	g_mutex_lock(&device->lock);
	int r = set_plane(plane, &next);
	device->changes += r == 0;
	g_cond_broadcast(&device->changed);
	g_mutex_unlock(&device->lock);
	return r;
}
