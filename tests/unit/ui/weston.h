/* A headless weston for tests. */
#pragma once

#include <sys/types.h>

/*
 * Starts one whose socket is in $XDG_RUNTIME_DIR and sets $WAYLAND_DISPLAY, when it is ready. Dies
 * with the caller. 0 where there is no weston, or it does not start.
 */
pid_t weston_start(int width, int height);
void weston_stop(pid_t pid);
