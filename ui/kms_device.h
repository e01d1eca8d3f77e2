/*
 * ui/kms_device: a display controller through libdrm: its screen, two planes of it, and buffers
 * that it shows. None of it waits for a vertical blank but kms_device_show().
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "ui/kms_choice.h"
#include "ui/pane.h"

struct kms_device {
	int fd; /* -1: not open */
	uint32_t connector;
	unsigned crtc_index;
	drmModeCrtc *before; /* how we found it, to be put back */
	drmModeModeInfo mode;
	struct ui_kms_choice choice;
	bool is_changed; /* the CRTC shows what is ours */
};

/* Memory that the controller reads ("dumb"). */
struct kms_buffer {
	uint32_t handle, fb;
	uint32_t stride_bytes;
	uint64_t size_bytes;
	uint8_t *pixels;
};

/*
 * Opens a device that we are, or become, master of and that has a screen connected and planes for
 * video and panels. Nothing is changed yet. Errors: -EACCES, -EBUSY when somebody else is master,
 * -ENODEV for no screen, -ENOTSUP for no planes, another -errno.
 */
int kms_device_open(const char *path, struct kms_device *ret);
/* After kms_device_end(). Accepts one whose fd is -1. */
void kms_device_close(struct kms_device *device);

/* A transparent, or black, one of XRGB8888, ARGB8888 or NV12. Errors: -errno. */
int kms_buffer_make(const struct kms_device *device, int width, int height, uint32_t format,
	struct kms_buffer *ret);
void kms_buffer_clear(const struct kms_device *device, struct kms_buffer *buffer);

/* Begins to show the buffer, of the screen's size, on the primary plane. */
int kms_device_begin(struct kms_device *device, const struct kms_buffer *buffer);
/* Turns off the panels' plane, and puts the CRTC back, if they are ours. */
void kms_device_end(struct kms_device *device);
/* Puts the planes in the order that was chosen. */
int kms_device_order(const struct kms_device *device);
/* Shows a part of the buffer, scaled to `to`, on a plane; nothing on it where `to` is empty. */
int kms_device_show(const struct kms_device *device, uint32_t plane,
	const struct kms_buffer *buffer, struct ui_area from, struct ui_area to);
