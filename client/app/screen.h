/*
 * app/screen: the seam between ui's screen and play's presenter: what there is to say is drawn when
 * it changes, for the size of the pictures, and handed to play.
 */
#pragma once

#include <uv.h>

#include "client/play/play.h"
#include "ui/screen.h"

struct screen;

/* banner_ns as ui_screen_init(). -errno of libuv. Closed with screen_close(). */
int screen_open(uv_loop_t *loop, uint64_t banner_ns, struct screen **ret);
/* Where to draw from now on; NULL: nowhere. */
void screen_attach(struct screen *screen, struct play *play);
/* Pictures have this size from now on. */
void screen_resize(struct screen *screen, int width, int height);
void screen_close(struct screen *screen); /* memory is freed from the loop; accepts NULL */

/* As ui_screen_banner() and ui_screen_message(), at this moment. */
void screen_banner(struct screen *screen, const char *number, const char *name);
/* As ui_screen_logo(); one of app/logos, which is kept as long as it is shown. */
void screen_logo(struct screen *screen, struct ui_logo *logo);
void screen_message(struct screen *screen, const char *text, uint64_t duration_ns);
