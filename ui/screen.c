#include "ui/screen.h"

#include <string.h>

#define ELLIPSIS "\xe2\x80\xa6"

static uint64_t add_saturating(uint64_t a_ns, uint64_t b_ns)
{
	return b_ns > UINT64_MAX - a_ns ? UINT64_MAX : a_ns + b_ns;
}

/* Copies text into a field of `size` bytes, the rest zeroed; what was cut ends in an ellipsis. */
static void copy_cut(char *field, size_t size, const char *text)
{
	size_t len = strlen(text);

	memset(field, 0, size);
	if (len < size) {
		memcpy(field, text, len);
		return;
	}
	len = size - sizeof ELLIPSIS;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80) /* not inside a character */
		len--;
	memcpy(field, text, len);
	memcpy(field + len, ELLIPSIS, sizeof ELLIPSIS);
}

void ui_screen_init(struct ui_screen *screen, uint64_t banner_ns)
{
	*screen = (struct ui_screen){.banner_ns = banner_ns};
}

void ui_screen_banner(
	struct ui_screen *screen, const char *number, const char *name, uint64_t now_ns)
{
	copy_cut(screen->number, sizeof screen->number, number ? number : "");
	copy_cut(screen->name, sizeof screen->name, name ? name : "");
	screen->logo = NULL;
	screen->banner_until_ns = add_saturating(now_ns, screen->banner_ns);
}

void ui_screen_logo(struct ui_screen *screen, const struct ui_logo *logo)
{
	screen->logo = logo;
}

void ui_screen_message(
	struct ui_screen *screen, const char *text, uint64_t duration_ns, uint64_t now_ns)
{
	copy_cut(screen->message, sizeof screen->message, text ? text : "");
	screen->message_until_ns = text ? add_saturating(now_ns, duration_ns) : 0;
}

struct ui_view ui_screen_view(const struct ui_screen *screen, uint64_t now_ns)
{
	struct ui_view view;

	memset(&view, 0, sizeof view);
	if (now_ns < screen->banner_until_ns) {
		memcpy(view.number, screen->number, sizeof view.number);
		memcpy(view.name, screen->name, sizeof view.name);
		view.logo = screen->logo;
	}
	if (now_ns < screen->message_until_ns)
		memcpy(view.message, screen->message, sizeof view.message);
	return view;
}

static uint64_t earlier(uint64_t a_ns, uint64_t b_ns)
{
	return a_ns < b_ns ? a_ns : b_ns;
}

uint64_t ui_screen_deadline(const struct ui_screen *screen, uint64_t now_ns)
{
	uint64_t deadline_ns = UINT64_MAX;

	if (now_ns < screen->banner_until_ns)
		deadline_ns = earlier(deadline_ns, screen->banner_until_ns);
	if (now_ns < screen->message_until_ns)
		deadline_ns = earlier(deadline_ns, screen->message_until_ns);
	return deadline_ns;
}
