/*
 * ui/kms_choice: which of a display controller's planes the video goes to and which the panels.
 * Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The numbers are those of the kernel's property "type". */
enum ui_kms_plane_type { UI_KMS_OVERLAY, UI_KMS_PRIMARY, UI_KMS_CURSOR };

struct ui_kms_plane {
	uint32_t id;
	enum ui_kms_plane_type type;
	uint32_t crtcs;	 /* that can show it: bit n for the nth of the device */
	bool shows_argb; /* with an alpha channel: what panels need */
	bool shows_yuv;	 /* what decoders put out */
	bool shows_rgb;	 /* what the sink can convert that to */
	bool has_zpos;	 /* planes of higher zpos are above those of lower */
	bool zpos_is_fixed;
	uint64_t zpos, zpos_max;
};

struct ui_kms_choice {
	uint32_t video_plane, panel_plane;
	bool panel_is_primary; /* it has to cover the whole screen, always */
	bool panel_is_raised;  /* its zpos is to be set to panel_zpos */
	uint64_t panel_zpos;
};

/*
 * For the CRTC of this index. The video gets an overlay, since a primary plane need not take a
 * picture that leaves bars; the panels get an overlay above it, or the primary plane where that is
 * above overlays (Amlogic's). What is not known to be above is not: without zpos only that an
 * overlay is above the primary plane. -ENOTSUP when there are no two such planes.
 */
int ui_kms_choose(
	const struct ui_kms_plane *planes, size_t count, unsigned crtc, struct ui_kms_choice *ret);
