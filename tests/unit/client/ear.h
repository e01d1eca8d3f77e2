/*
 * Two audio sinks for tests that hear what comes out, and when. "testear" takes each piece at its
 * time, as a sink without buffers does; "testdac" is a GstAudioSink in front of a device that holds
 * as much as buffer-time says and plays it at its rate.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Registers the two elements; gst_init() was called. */
void ear_init(void);

/* Forgets all that was heard. */
void ear_reset(void);
/* Waits until something louder than this is heard; returns when that is (CLOCK_MONOTONIC), or 0. */
uint64_t ear_await_sound(float louder_than);
/* Waits until what is heard up to this moment is known, which may be silence. */
void ear_await(uint64_t until_ns);
/* The loudest sample that is heard between two moments. */
float ear_peak(uint64_t from_ns, uint64_t to_ns);
/* The largest step from one sample to the next between two moments, but where nothing is heard. */
float ear_step(uint64_t from_ns, uint64_t to_ns);
