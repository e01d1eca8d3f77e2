/*
 * A display controller for tests: libdrm's functions as far as ui/kms uses them, on a device in a
 * file. Programs that have this in them never reach a real one. Buffers, frame buffers, planes and
 * the CRTC behave as the kernel's do: what shows a frame buffer that is removed goes dark.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <xf86drmMode.h>

#define DRM_DEVICE_PLANES 8
#define DRM_DEVICE_BUFFERS 16
#define DRM_DEVICE_WIDTH 640
#define DRM_DEVICE_HEIGHT 360
#define DRM_DEVICE_CRTC 7
#define DRM_DEVICE_CONNECTOR 21
#define DRM_DEVICE_CONSOLE 1 /* the frame buffer that is shown before anybody comes */

struct drm_plane_state {
	uint32_t id;
	uint64_t type; /* as the kernel's property has it */
	uint32_t formats[4];
	bool has_zpos, zpos_is_fixed;
	uint64_t zpos, zpos_max;
	bool refuses_to_scale, refuses_all;
	/* What is shown. */
	uint32_t fb;
	int x, y, width, height;
	double from_x, from_y, from_width, from_height;
};

struct drm_buffer {
	uint32_t handle, fb, stride_bytes, format;
	int width, height;
	uint64_t offset, size_bytes;
};

struct drm_device {
	char folder[64]; /* in which it is card0 */
	bool has_other_master, has_no_screen, is_off;
	struct drm_plane_state planes[DRM_DEVICE_PLANES];
	size_t plane_count;

	GMutex lock; /* of what follows, and of what planes show */
	GCond changed;
	uint32_t crtc_fb; /* 0: it is off */
	struct drm_buffer buffers[DRM_DEVICE_BUFFERS];
	uint64_t file_bytes;
	uint32_t last_number;
	unsigned changes; /* of planes */
};

/* Begins with `planes`; one at a time. */
struct drm_device *drm_device_new(const struct drm_plane_state *planes, size_t plane_count);
void drm_device_free(struct drm_device *device);
/* Waits until so many changes were made to planes, or fails the test. */
void drm_device_await(struct drm_device *device, unsigned changes);
/* What somebody sees there, 0xrrggbb; video is shown as its luma. */
uint32_t drm_device_at(struct drm_device *device, int x, int y);
/* How many buffers there are. */
size_t drm_device_buffers(struct drm_device *device);
