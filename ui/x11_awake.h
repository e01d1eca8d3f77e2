/*
 * ui/x11_awake: keeps an X11 display's screen saver, and its power saving, from beginning: nobody
 * who watches presses keys. Both go by the time of the last key, which is said to be now.
 */
#pragma once

#include <uv.h>
#include <xcb/xcb.h>

struct x11_awake;

/* From now on. The connection outlives it. */
struct x11_awake *x11_awake_begin(uv_loop_t *loop, xcb_connection_t *connection);
/* Memory is freed from the loop. Accepts NULL. */
void x11_awake_end(struct x11_awake *awake);
