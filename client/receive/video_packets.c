#include "client/receive/video_packets.h"

static struct video_packet *packet(const struct video_packets *p, guint i)
{
	return &g_array_index(p->list, struct video_packet, i);
}

void video_packets_clear(struct video_packets *p)
{
	g_clear_pointer(&p->list, g_array_unref);
}

void video_packets_add(struct video_packets *p, const struct video_packet *packet)
{
	if (!p->list)
		p->list = g_array_new(FALSE, FALSE, sizeof(struct video_packet));
	g_array_append_val(p->list, *packet);
}

size_t video_packets_count(const struct video_packets *p)
{
	return p->list ? p->list->len : 0;
}

struct video_packet *video_packets_last(const struct video_packets *p)
{
	return packet(p, p->list->len - 1);
}

struct video_packet *video_packets_at(const struct video_packets *p, size_t offset)
{
	guint i = p->list->len - 1;
	while (i > 0 && packet(p, i)->offset > offset)
		i--;
	return packet(p, i);
}

struct video_arrival video_packets_arrival(const struct video_packets *p, size_t offset, size_t end)
{
	struct video_arrival arrival = {.first_ns = UINT64_MAX};
	for (guint i = p->list->len; i-- > 0;) {
		const struct pes_packet *info = &packet(p, i)->info;
		if (packet(p, i)->offset < end) {
			arrival.damaged |= info->damaged;
			arrival.first_ns = MIN(arrival.first_ns, info->first_arrival_ns);
			arrival.last_ns = MAX(arrival.last_ns, info->last_arrival_ns);
		}
		if (packet(p, i)->offset <= offset)
			break;
	}
	return arrival;
}

void video_packets_forget(struct video_packets *p, size_t n)
{
	guint gone = 0;
	while (gone + 1 < p->list->len && packet(p, gone + 1)->offset <= n)
		gone++;
	g_array_remove_range(p->list, 0, gone);
	for (guint i = 0; i < p->list->len; i++)
		packet(p, i)->offset -= MIN(n, packet(p, i)->offset);
}
