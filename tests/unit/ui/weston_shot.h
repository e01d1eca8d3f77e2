/* What a weston for tests shows, as somebody in front of it would see it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The pixels of its output, XRGB8888. */
struct weston_shot {
	int width, height;
	uint32_t *pixels; /* freed with free() */
};

/* On $WAYLAND_DISPLAY. Asserts that it works. */
struct weston_shot weston_shoot(void);
/* Without what the X stands for. */
uint32_t weston_shot_at(const struct weston_shot *shot, int x, int y);

/*
 * Takes shots until one has these pixels at these places (0xrrggbb, each channel at most
 * `tolerance` away), since a compositor shows what comes with its next picture. Fails the test
 * after 10 s.
 */
struct weston_spot {
	int x, y;
	uint32_t colour;
};
void weston_expect(const struct weston_spot *spots, int count, int tolerance);
