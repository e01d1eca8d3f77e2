/*
 * play/volume: how loud sound is. The wish may come from any thread; it is carried out where
 * samples pass, faded over some milliseconds, so that it does not click.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From silence to full: so long. */
#define VOLUME_FADE_MS 5

struct volume {
	_Atomic uint32_t wanted; /* percent; VOLUME_MUTED beside it */
	/* Of the thread on which samples pass. */
	bool begun; /* some have */
	float gain; /* of the last one */
};

/* 100 %, not muted. */
void volume_init(struct volume *volume);

/* Percent of what was sent, as the ear takes it (the cube of it is the gain); more is 100. */
void volume_set(struct volume *volume, uint16_t percent, bool muted);

/* Whether samples that pass now are changed at all. */
bool volume_changes(struct volume *volume);
/* Makes these samples, `frames` of interleaved channels, as loud as is wanted. */
void volume_apply(
	struct volume *volume, float *samples, size_t frames, unsigned channels, unsigned rate);
