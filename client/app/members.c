#include "client/app/members.h"

#include <glib.h>

#include "igmp/filter.h"

struct members {
	struct igmp_membership *membership;
	const struct channel_list *channels;
	bool *joined;  /* by channel */
	GArray *list;  /* int */
	GArray *asked; /* struct igmp_listen: of the change at hand */
	bool *wanted;  /* by channel: of the change at hand */
};

struct members *members_new(struct igmp_membership *membership, const struct channel_list *channels)
{
	struct members *m = g_new0(struct members, 1);
	m->membership = membership;
	m->channels = channels;
	m->joined = g_new0(bool, channels->count);
	m->wanted = g_new0(bool, channels->count);
	m->list = g_array_new(FALSE, FALSE, sizeof(int));
	m->asked = g_array_new(FALSE, FALSE, sizeof(struct igmp_listen));
	return m;
}

void members_free(struct members *m)
{
	if (!m)
		return;
	g_array_unref(m->asked);
	g_array_unref(m->list);
	g_free(m->wanted);
	g_free(m->joined);
	g_free(m);
}

static struct igmp_filter filter_of(const struct channel_address *address)
{
	if (!address->source.s_addr)
		return (struct igmp_filter){.mode = IGMP_EXCLUDE};
	return (struct igmp_filter){.source_count = 1, .sources = {address->source}};
}

bool members_can_have(const struct channel *channel)
{
	struct igmp_change join = {
		.group = channel->sources[0].address.group,
		.filter = filter_of(&channel->sources[0].address)};
	return igmp_change_check(&join) == 0;
}

bool members_has(const struct members *m, int channel)
{
	return channel >= 0 && m->joined[channel];
}

const int *members_list(const struct members *m, size_t *ret_count)
{
	*ret_count = m->list->len;
	return (const int *)(const void *)m->list->data;
}

bool members_are(const struct members *m, const int *channels, size_t n)
{
	bool same = n == m->list->len;
	for (size_t i = 0; same && i < n; i++)
		same = m->joined[channels[i]];
	return same;
}

static void ask(struct members *m, int channel, bool join)
{
	const struct channel_address *address = &m->channels->channels[channel].sources[0].address;
	struct igmp_listen listen = {
		.group = address->group, .port = address->port, .user = (uint32_t)channel};
	if (join)
		listen.filter = filter_of(address);
	g_array_append_val(m->asked, listen);
}

/* Leaves first, as they stand in the report. */
static void ask_for_difference(struct members *m, const int *channels, size_t n)
{
	g_array_set_size(m->asked, 0);
	for (size_t i = 0; i < n; i++)
		m->wanted[channels[i]] = true;
	for (guint i = 0; i < m->list->len; i++) {
		int channel = g_array_index(m->list, int, i);
		if (!m->wanted[channel])
			ask(m, channel, false);
	}
	for (size_t i = 0; i < n; i++) {
		if (!m->joined[channels[i]])
			ask(m, channels[i], true);
		m->wanted[channels[i]] = false;
	}
}

static void remember(struct members *m, const int *channels, size_t n)
{
	for (guint i = 0; i < m->list->len; i++)
		m->joined[g_array_index(m->list, int, i)] = false;
	g_array_set_size(m->list, 0);
	g_array_append_vals(m->list, channels, (guint)n);
	for (size_t i = 0; i < n; i++)
		m->joined[channels[i]] = true;
}

int members_set(struct members *m, const int *channels, size_t n, uint64_t *ret_sent_ns)
{
	if (ret_sent_ns)
		*ret_sent_ns = 0;
	ask_for_difference(m, channels, n);
	int error = m->asked->len
			    ? igmp_membership_listen(m->membership,
				      (const struct igmp_listen *)(const void *)m->asked->data,
				      m->asked->len, ret_sent_ns)
			    : 0;
	if (!error)
		remember(m, channels, n);
	return error;
}
