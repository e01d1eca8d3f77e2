/* ui/x11_xkb: what is asked of an X11 display's keyboard extension. */
#pragma once

#include <stdint.h>
#include <xcb/xcb.h>

/*
 * From now on a key that is held repeats without the releases between, which otherwise may come in
 * parts, so that they cannot be told from a hand's (detectable auto-repeat); and events of the type
 * that is returned, and XCB_MAPPING_NOTIFY, tell that the keyboard has changed. Waits for the
 * display's answers. 0: the display, unlike all of today's, has no XKB; a held key is tapped again
 * and again there.
 */
uint8_t x11_xkb_use(xcb_connection_t *connection);
