#include "client/play/panels.h"

struct panels *panels_new(const struct play_overlay *list, size_t count)
{
	if (!count)
		return NULL;
	struct panels *panels = g_malloc(sizeof *panels + count * sizeof *list);
	g_atomic_ref_count_init(&panels->references);
	panels->count = count;
	for (size_t i = 0; i < count; i++) {
		panels->list[i] = list[i];
		g_bytes_ref(list[i].pixels);
	}
	return panels;
}

struct panels *panels_ref(struct panels *panels)
{
	if (panels)
		g_atomic_ref_count_inc(&panels->references);
	return panels;
}

void panels_unref(struct panels *panels)
{
	if (!panels || !g_atomic_ref_count_dec(&panels->references))
		return;
	for (size_t i = 0; i < panels->count; i++)
		g_bytes_unref(panels->list[i].pixels);
	g_free(panels);
}
