#include "client/app/members.h"

#include <glib.h>

#include "igmp/filter.h"

struct members {
	struct igmp_membership *membership;
	struct addresses *addresses;
	size_t count;
	uint32_t *users; /* by channel: as igmp knows it, 0: it is not joined */
	uint32_t last_user;
	GArray *list;  /* int */
	GArray *asked; /* struct igmp_listen: of the change at hand */
	bool *wanted;  /* by channel: of the change at hand */
};

struct members *members_new(
	struct igmp_membership *membership, struct addresses *addresses, size_t channels)
{
	struct members *m = g_new0(struct members, 1);
	m->membership = membership;
	m->addresses = addresses;
	m->count = channels;
	m->users = g_new0(uint32_t, channels);
	m->wanted = g_new0(bool, channels);
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
	g_free(m->users);
	g_free(m);
}

static struct igmp_filter filter_of(const struct channel_address *address)
{
	if (!address->source.s_addr)
		return (struct igmp_filter){.mode = IGMP_EXCLUDE};
	return (struct igmp_filter){.source_count = 1, .sources = {address->source}};
}

bool members_can_join(const struct channel_address *address)
{
	struct igmp_change join = {.group = address->group, .filter = filter_of(address)};
	return igmp_change_check(&join) == 0;
}

bool members_can_have(const struct channel *channel)
{
	bool can = false;
	for (size_t i = 0; i < channel->source_count && !can; i++)
		can = members_can_join(&channel->sources[i].address);
	return can;
}

bool members_has(const struct members *m, int channel)
{
	return channel >= 0 && m->users[channel];
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
		same = m->users[channels[i]];
	return same;
}

/* One that joins gets a name that nobody has had, also over changes of the line-up. */
static uint32_t user_of(struct members *m, int channel)
{
	return m->users[channel] ? m->users[channel] : ++m->last_user;
}

static void ask_leave(struct members *m, int channel)
{
	const struct channel_address *address = addresses_of(m->addresses, channel);
	struct igmp_listen listen = {
		.group = address->group, .port = address->port, .user = m->users[channel]};
	g_array_append_val(m->asked, listen);
}

static void ask_join(struct members *m, int channel, uint32_t user)
{
	const struct channel_address *address = addresses_of(m->addresses, channel);
	struct igmp_listen listen = {.group = address->group,
		.filter = filter_of(address),
		.port = address->port,
		.user = user};
	g_array_append_val(m->asked, listen);
}

/* Leaves first, as they stand in the report. */
static void ask_for_difference(struct members *m, const int *channels, size_t n)
{
	uint32_t user = m->last_user;
	g_array_set_size(m->asked, 0);
	for (size_t i = 0; i < n; i++)
		m->wanted[channels[i]] = true;
	for (guint i = 0; i < m->list->len; i++) {
		int channel = g_array_index(m->list, int, i);
		if (!m->wanted[channel])
			ask_leave(m, channel);
	}
	for (size_t i = 0; i < n; i++) {
		if (!m->users[channels[i]])
			ask_join(m, channels[i], ++user);
		m->wanted[channels[i]] = false;
	}
}

/* Users in the order in which they were asked for. */
static void remember(struct members *m, const int *channels, size_t n)
{
	for (size_t i = 0; i < n; i++)
		m->wanted[channels[i]] = true;
	for (guint i = 0; i < m->list->len; i++) {
		int channel = g_array_index(m->list, int, i);
		if (!m->wanted[channel])
			m->users[channel] = 0;
	}
	g_array_set_size(m->list, 0);
	g_array_append_vals(m->list, channels, (guint)n);
	for (size_t i = 0; i < n; i++) {
		m->users[channels[i]] = user_of(m, channels[i]);
		m->wanted[channels[i]] = false;
	}
}

static int send_asked(struct members *m, uint64_t *ret_sent_ns)
{
	if (ret_sent_ns)
		*ret_sent_ns = 0;
	if (!m->asked->len)
		return 0;
	return igmp_membership_listen(m->membership,
		(const struct igmp_listen *)(const void *)m->asked->data, m->asked->len,
		ret_sent_ns);
}

int members_set(struct members *m, const int *channels, size_t n, uint64_t *ret_sent_ns)
{
	ask_for_difference(m, channels, n);
	int error = send_asked(m, ret_sent_ns);
	if (!error)
		remember(m, channels, n);
	return error;
}

/* On the same group the user's new wish takes the place of the old one. */
int members_switch(struct members *m, int channel, size_t source, uint64_t *ret_sent_ns)
{
	struct channel_address before = *addresses_of(m->addresses, channel);
	uint32_t user = m->users[channel];
	g_array_set_size(m->asked, 0);
	ask_leave(m, channel);
	addresses_choose(m->addresses, channel, source);
	if (addresses_of(m->addresses, channel)->group.s_addr == before.group.s_addr)
		g_array_set_size(m->asked, 0);
	ask_join(m, channel, user);
	int error = send_asked(m, ret_sent_ns);
	if (error)
		addresses_keep(m->addresses, channel, &before);
	return error;
}

static void leave_gone(struct members *m, const int *to)
{
	g_array_set_size(m->asked, 0);
	for (guint i = m->list->len; i-- > 0;) {
		int channel = g_array_index(m->list, int, i);
		if (to[channel] >= 0)
			continue;
		ask_leave(m, channel);
		g_array_remove_index(m->list, i);
	}
	send_asked(m, NULL);
}

void members_move(struct members *m, const int *to, size_t count, struct addresses *addresses)
{
	leave_gone(m, to);
	uint32_t *users = g_new0(uint32_t, count);
	for (guint i = 0; i < m->list->len; i++) {
		int *channel = &g_array_index(m->list, int, i);
		users[to[*channel]] = m->users[*channel];
		*channel = to[*channel];
	}
	g_free(m->users);
	g_free(m->wanted);
	m->users = users;
	m->wanted = g_new0(bool, count);
	m->count = count;
	m->addresses = addresses;
}
