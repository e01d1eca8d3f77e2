#include "ui/wayland_keymap.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <xkbcommon/xkbcommon.h>

#include "ui/x11_keys.h"

#define XKB_FIRST 8 /* XKB's keycodes are the kernel's codes and this */
#define KEYSYMS_MAX 64

void wayland_keymap_init(struct wayland_keymap *keymap)
{
	*keymap = (struct wayland_keymap){0};
	for (uint16_t code = 0; code < UI_KEY_CODES; code++)
		keymap->codes[code] = code;
}

/* Those of all layouts and levels, as an X11 server lists them. */
static size_t list_keysyms(struct xkb_keymap *xkb, xkb_keycode_t keycode, uint32_t ret[KEYSYMS_MAX])
{
	xkb_layout_index_t layouts = xkb_keymap_num_layouts_for_key(xkb, keycode);
	size_t count = 0;

	for (xkb_layout_index_t layout = 0; layout < layouts; layout++) {
		xkb_level_index_t levels = xkb_keymap_num_levels_for_key(xkb, keycode, layout);
		for (xkb_level_index_t level = 0; level < levels; level++) {
			const xkb_keysym_t *keysyms;
			int n = xkb_keymap_key_get_syms_by_level(
				xkb, keycode, layout, level, &keysyms);
			for (int i = 0; i < n && count < KEYSYMS_MAX; i++)
				ret[count++] = keysyms[i];
		}
	}
	return count;
}

static void learn_keys(struct wayland_keymap *keymap, struct xkb_keymap *xkb)
{
	xkb_keycode_t first = xkb_keymap_min_keycode(xkb), last = xkb_keymap_max_keycode(xkb);
	uint32_t keysyms[KEYSYMS_MAX];

	for (uint16_t code = 1; code < UI_KEY_CODES; code++) {
		xkb_keycode_t keycode = code + XKB_FIRST;
		if (keycode < first || keycode > last)
			continue;
		uint16_t said = x11_key_code(keysyms, list_keysyms(xkb, keycode, keysyms));
		if (said)
			keymap->codes[code] = said;
		if (!xkb_keymap_key_repeats(xkb, keycode))
			ui_key_set_add(&keymap->once, keymap->codes[code]);
	}
}

/* What is wrong with a compositor's keymap is not for the viewer's log. */
static void log_nothing(
	struct xkb_context *context, enum xkb_log_level level, const char *format, va_list args)
{
	(void)context;
	(void)level;
	(void)format;
	(void)args;
}

int wayland_keymap_learn(struct wayland_keymap *keymap, const char *text, size_t len)
{
	wayland_keymap_init(keymap);
	struct xkb_context *context =
		xkb_context_new(XKB_CONTEXT_NO_DEFAULT_INCLUDES | XKB_CONTEXT_NO_ENVIRONMENT_NAMES);
	if (!context)
		return -ENOMEM;
	xkb_context_set_log_fn(context, log_nothing);
	struct xkb_keymap *xkb = xkb_keymap_new_from_buffer(context, text, strnlen(text, len),
		XKB_KEYMAP_FORMAT_TEXT_V1, XKB_KEYMAP_COMPILE_NO_FLAGS);
	if (xkb)
		learn_keys(keymap, xkb);
	bool learnt = xkb != NULL;
	xkb_keymap_unref(xkb);
	xkb_context_unref(context);
	return learnt ? 0 : -EINVAL;
}
