#include "client/receive/parameter_sets.h"

#include "client/receive/video.h"

/* No codec has so many: what is larger is no parameter set. */
#define SETS_BYTES_MAX 65536

void parameter_sets_clear(struct parameter_sets *sets)
{
	if (sets->data)
		g_byte_array_unref(sets->data);
	*sets = (struct parameter_sets){0};
}

void parameter_sets_add(
	struct parameter_sets *sets, unsigned which, const uint8_t *data, size_t len)
{
	if (!sets->data)
		sets->data = g_byte_array_new();
	if (sets->data->len + len > SETS_BYTES_MAX)
		return;
	g_byte_array_append(sets->data, data, (guint)len);
	sets->which |= which;
}

void parameter_sets_update(struct parameter_sets *sets, struct parameter_sets *own)
{
	if (own->which & VIDEO_SET_SEQUENCE) {
		parameter_sets_clear(sets);
		*sets = *own;
		*own = (struct parameter_sets){0};
	} else if (own->which & ~sets->which) {
		parameter_sets_add(sets, own->which, own->data->data, own->data->len);
	}
	parameter_sets_clear(own);
}

GBytes *parameter_sets_insert(
	const struct parameter_sets *sets, const uint8_t *unit, size_t len, size_t offset)
{
	GByteArray *whole = g_byte_array_sized_new((guint)(sets->data->len + len));
	g_byte_array_append(whole, unit, (guint)offset);
	g_byte_array_append(whole, sets->data->data, sets->data->len);
	g_byte_array_append(whole, unit + offset, (guint)(len - offset));
	return g_byte_array_free_to_bytes(whole);
}
