/*
 * lab/picture: the pictures and the sound of the clips, made here so that no material has to be
 * shipped: a detailed background of the channel's own colour that pans, grain as a camera gives it,
 * a disc that moves, a flash that goes with the second's beep, the channel's number in large
 * digits, the frame counter, and the mark. All of it is periodic in the clip's length. Pure, and
 * the same on every machine.
 */
#pragma once

#include <stdint.h>

#include "tests/lab/clip_files.h"

struct painter;

/*
 * The pictures of the reference scenario in any size; width and height are even. Never fails (GLib
 * aborts without memory). Free with painter_destroy.
 */
struct painter *painter_create(uint8_t channel, int width, int height);
/* The pictures of a clip of this format; the same otherwise. */
struct painter *painter_create_for(const struct clip_format *format, uint8_t channel);
void painter_destroy(struct painter *painter); /* accepts NULL */

/* Draws picture number frame into i420: width x height x 3 / 2 bytes, rows without padding. */
void painter_draw(const struct painter *painter, uint16_t frame, uint8_t *i420);

/*
 * Writes samples of interleaved stereo (two int16_t each) from sample number first on, at 48 kHz,
 * periodic in so many seconds: a tone of the channel's own, and a beep of 80 ms at the beginning of
 * each second.
 */
void sound_render(
	uint8_t channel, unsigned seconds, uint64_t first, unsigned samples, int16_t *ret);
