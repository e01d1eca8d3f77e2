#include "client/app/addresses.h"

struct addresses {
	const struct channel_list *channels;
	size_t *sources; /* by channel */
	/* By channel: NULL, or an address that none of its sources has. */
	struct channel_address **kept;
};

struct addresses *addresses_new(const struct channel_list *channels)
{
	struct addresses *a = g_new0(struct addresses, 1);
	a->channels = channels;
	a->sources = g_new0(size_t, channels->count);
	a->kept = g_new0(struct channel_address *, channels->count);
	return a;
}

void addresses_free(struct addresses *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < a->channels->count; i++)
		g_free(a->kept[i]);
	g_free(a->kept);
	g_free(a->sources);
	g_free(a);
}

const struct channel_address *addresses_of(const struct addresses *a, int channel)
{
	if (a->kept[channel])
		return a->kept[channel];
	return &a->channels->channels[channel].sources[a->sources[channel]].address;
}

size_t addresses_source(const struct addresses *a, int channel)
{
	return a->kept[channel] ? a->channels->channels[channel].source_count : a->sources[channel];
}

void addresses_choose(struct addresses *a, int channel, size_t source)
{
	g_clear_pointer(&a->kept[channel], g_free);
	a->sources[channel] = source < a->channels->channels[channel].source_count ? source : 0;
}

size_t addresses_find(const struct channel *channel, const struct channel_address *address)
{
	size_t i = 0;
	while (i < channel->source_count &&
		!channel_address_equal(&channel->sources[i].address, address))
		i++;
	return i;
}

void addresses_keep(struct addresses *a, int channel, const struct channel_address *address)
{
	const struct channel *of = &a->channels->channels[channel];
	size_t source = addresses_find(of, address);
	struct channel_address *kept =
		source < of->source_count ? NULL : g_memdup2(address, sizeof *address);
	addresses_choose(a, channel, source);
	a->kept[channel] = kept;
}
