/* A headless weston for tests. */
#pragma once

#include <sys/types.h>

/*
 * Starts one whose socket is in $XDG_RUNTIME_DIR and sets $WAYLAND_DISPLAY, when it is ready. Dies
 * with the caller. 0 where there is no weston, or it does not start.
 */
pid_t weston_start(int width, int height);
/*
 * One whose output can be looked at (weston_shot.h), with so many pixels of it to a unit of its
 * clients' sizes: width * scale of them. A window is seen there when it asks for the full screen.
 */
pid_t weston_start_seen(int width, int height, int scale);
void weston_stop(pid_t pid);
