#include "ui/view.h"

#include <string.h>

#define BEGINS_WITH_VISIBLE(part)                                                                  \
	_Static_assert(                                                                            \
		offsetof(struct ui_##part##_view, visible) == 0, #part " is not as the others")
BEGINS_WITH_VISIBLE(message);
BEGINS_WITH_VISIBLE(stats);
BEGINS_WITH_VISIBLE(banner);
BEGINS_WITH_VISIBLE(list);
BEGINS_WITH_VISIBLE(guide);
BEGINS_WITH_VISIBLE(tracks);
BEGINS_WITH_VISIBLE(volume);
BEGINS_WITH_VISIBLE(notice);
BEGINS_WITH_VISIBLE(pin);

/* Where a panel's part of the view is; each begins with its `visible`. */
static const struct part {
	size_t offset, size_bytes;
} parts[UI_PANELS] = {
#define PART(member)                                                                               \
	{                                                                                          \
		offsetof(struct ui_view, member), sizeof((struct ui_view *)NULL)->member           \
	}
	[UI_PANEL_MESSAGE] = PART(message),
	[UI_PANEL_STATS] = PART(stats),
	[UI_PANEL_BANNER] = PART(banner),
	[UI_PANEL_LIST] = PART(list),
	[UI_PANEL_GUIDE] = PART(guide),
	[UI_PANEL_TRACKS] = PART(tracks),
	[UI_PANEL_VOLUME] = PART(volume),
	[UI_PANEL_NOTICE] = PART(notice),
	[UI_PANEL_PIN] = PART(pin),
#undef PART
};

static const char *part_of(const struct ui_view *view, int panel)
{
	return (const char *)view + parts[panel].offset;
}

static bool is_visible(const struct ui_view *view, int panel)
{
	bool visible;

	memcpy(&visible, part_of(view, panel), sizeof visible);
	return visible;
}

uint32_t ui_view_changed(const struct ui_view *a, const struct ui_view *b)
{
	uint32_t changed = 0;

	for (int panel = 0; panel < UI_PANELS; panel++) {
		bool is_seen = is_visible(a, panel) || is_visible(b, panel);
		if (is_seen &&
			memcmp(part_of(a, panel), part_of(b, panel), parts[panel].size_bytes) != 0)
			changed |= UI_PANEL_BIT(panel);
	}
	return changed;
}

uint32_t ui_view_visible(const struct ui_view *view)
{
	uint32_t visible = 0;

	for (int panel = 0; panel < UI_PANELS; panel++)
		if (is_visible(view, panel))
			visible |= UI_PANEL_BIT(panel);
	return visible;
}

void ui_view_take(struct ui_view *into, const struct ui_view *from, uint32_t panels)
{
	for (int panel = 0; panel < UI_PANELS; panel++)
		if (panels & UI_PANEL_BIT(panel))
			memcpy((char *)into + parts[panel].offset, part_of(from, panel),
				parts[panel].size_bytes);
}
