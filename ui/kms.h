/*
 * ui/kms: the screen without a display server: a display controller (DRM/KMS) whose planes are
 * laid over each other as the screen is scanned out. The video gets one plane and the panels
 * another above it, so that no processor touches the video's pixels. GStreamer's kmssink shows the
 * video on the plane that is chosen here.
 *
 * What waits for the screen's vertical blank is a thread's work. Nothing here tells of keys: those
 * of a box without a display server come from its input devices.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "ui/pane.h"

struct ui_kms;

/* What kmssink is to use; valid until it is closed. */
struct ui_kms_video {
	int fd;
	uint32_t connector, plane;
};

/*
 * Opens the first device in the folder (/dev/dri) that has a screen and planes for both, and that
 * is nobody else's, sets its mode where it has none, and tries the planes out with what they will
 * have to show; the screen is black then. Errors, with the screen as it was: -ENOENT where there is
 * no device, -ENODEV without a screen, -ENOTSUP when it has not these planes or refuses them,
 * -EACCES and others of the last device.
 */
int ui_kms_open(const char *folder, struct ui_kms **ret);

struct ui_kms_video ui_kms_video(const struct ui_kms *kms);
/* Of the screen in pixels: the size that panels are painted for. */
void ui_kms_size(const struct ui_kms *kms, int *ret_width, int *ret_height);

/*
 * Has the panels' plane show exactly these panes, later ones above earlier ones. References are
 * taken. When more come than the screen shows, it gets the last.
 */
void ui_kms_set_panels(struct ui_kms *kms, const struct ui_pane *panes, size_t count);

/* After the sink has let go of the device (state NULL). The screen is put back. Accepts NULL. */
void ui_kms_close(struct ui_kms *kms);
