#include "ui/x11_xkb.h"

#include <stdbool.h>
#include <stdlib.h>
#include <xcb/xkb.h>

static bool is_supported(xcb_connection_t *connection)
{
	xcb_xkb_use_extension_reply_t *reply = xcb_xkb_use_extension_reply(connection,
		xcb_xkb_use_extension(connection, XCB_XKB_MAJOR_VERSION, XCB_XKB_MINOR_VERSION),
		NULL);
	bool supported = reply && reply->supported;

	free(reply);
	return supported;
}

uint8_t x11_xkb_use(xcb_connection_t *connection)
{
	const uint32_t repeats = XCB_XKB_PER_CLIENT_FLAG_DETECTABLE_AUTO_REPEAT;
	const uint16_t changes =
		XCB_XKB_EVENT_TYPE_NEW_KEYBOARD_NOTIFY | XCB_XKB_EVENT_TYPE_MAP_NOTIFY;
	const uint16_t parts = XCB_XKB_MAP_PART_KEY_SYMS;
	const xcb_query_extension_reply_t *extension =
		xcb_get_extension_data(connection, &xcb_xkb_id);

	if (!extension || !extension->present || !is_supported(connection))
		return 0;
	free(xcb_xkb_per_client_flags_reply(connection,
		xcb_xkb_per_client_flags(
			connection, XCB_XKB_ID_USE_CORE_KBD, repeats, repeats, 0, 0, 0),
		NULL));
	/* Who uses XKB is not told of a change without asking for it. */
	xcb_xkb_select_events(
		connection, XCB_XKB_ID_USE_CORE_KBD, changes, 0, changes, parts, parts, NULL);
	return extension->first_event;
}
