/*
 * igmp/host on any events: the first bytes choose settings, the rest are joins, leaves, queries,
 * others' reports and time. Whatever comes: packets are well-formed, within the MTU and of a
 * version that is spoken; nothing is answered at once; after all is left nothing remains.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "igmp/build.h"
#include "igmp/host.h"
#include "igmp/notice.h"
#include "igmp/wire.h"

#define NS_PER_MS UINT64_C(1000000)
#define MTU_BYTES 300
#define EVENTS_MAX 2000

struct input {
	const uint8_t *at;
	size_t left;
};

static uint8_t next(struct input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->at++;
}

static void expect(bool truth)
{
	if (!truth)
		abort();
}

static void check_packet(const struct igmp_action *action)
{
	struct igmp_message message;
	struct igmp_record record;
	expect(action->len <= MTU_BYTES);
	expect(igmp_parse(action->packet, action->len, &message) == IGMP_VALID);
	expect(message.router_alert && message.type != IGMP_TYPE_QUERY);
	expect(message.destination.s_addr == action->destination.s_addr);
	if (message.type != IGMP_TYPE_V3_REPORT)
		return;
	struct igmp_record_reader reader = igmp_records(&message);
	expect(reader.left > 0);
	while (igmp_record_next(&reader, &record))
		expect(record.type >= IGMP_IS_IN && record.type <= IGMP_BLOCK);
	expect(reader.left == 0);
}

/* The number of packets that were sent. */
static unsigned drain(struct igmp_host *host)
{
	struct igmp_action action;
	char sentence[IGMP_NOTICE_MAX_BYTES];
	unsigned sent = 0;
	while (igmp_host_next_action(host, &action)) {
		if (action.type == IGMP_ACTION_SEND) {
			check_packet(&action);
			sent++;
		} else if (action.type == IGMP_ACTION_NOTICE) {
			igmp_notice_sentence(&action.notice, sentence, sizeof sentence);
			expect(sentence[0] != '\0');
		}
	}
	return sent;
}

static struct in_addr group_of(uint8_t byte)
{
	static const uint32_t bases[] = {0xef010100, 0xe8010100, 0xe0000000, 0xefffff00};
	return (struct in_addr){htonl(bases[byte >> 6] + (byte & 15))};
}

static void change_groups(struct igmp_host *host, struct input *in, uint64_t now_ns)
{
	struct igmp_change changes[4] = {0};
	unsigned n = 1 + next(in) % 4;
	for (unsigned i = 0; i < n; i++) {
		struct igmp_change *change = &changes[i];
		uint8_t how = next(in);
		change->group = group_of(next(in));
		change->user = how >> 6;
		change->filter.mode = how & 1 ? IGMP_EXCLUDE : IGMP_INCLUDE;
		change->filter.source_count = how & 2 ? (how >> 2 & 15) * 4 : how >> 2 & 3;
		uint32_t first = 0x0a000001 + next(in);
		for (uint16_t s = 0; s < change->filter.source_count; s++)
			change->filter.sources[s].s_addr = htonl(first + s);
	}
	igmp_host_listen(host, changes, n, now_ns);
	drain(host);
}

static void hear_query(struct igmp_host *host, struct input *in, uint64_t now_ns)
{
	uint8_t packet[1500], how = next(in);
	struct in_addr sources[255];
	struct igmp_query query = {
		.version = 1 + how % 3,
		.source.s_addr = htonl(0x0a0000f0 + (how >> 4)),
		.destination.s_addr = htonl(INADDR_ALLHOSTS_GROUP),
		.max_response_ds = next(in) * 8u,
		.robustness = how >> 5,
		.query_interval_s = next(in),
		.sources = sources,
	};
	uint8_t group = next(in);
	if (group & 32) {
		query.group = group_of(group);
		query.source_count = group & 16 ? next(in) : 0;
	}
	uint32_t first = 0x0a000001 + next(in);
	for (unsigned i = 0; i < query.source_count; i++)
		sources[i].s_addr = htonl(first + i);
	int len = igmp_build_query(packet, sizeof packet, &query);
	/* A switch of the version says leaves at once; an answer never comes so. */
	igmp_host_receive(host, packet, (size_t)len, IGMP_FRAME_MULTICAST, now_ns);
	drain(host);
}

static void hear_report(struct igmp_host *host, struct input *in, uint64_t now_ns)
{
	static const enum igmp_type types[] = {
		IGMP_TYPE_V1_REPORT, IGMP_TYPE_V2_REPORT, IGMP_TYPE_V2_LEAVE, IGMP_TYPE_V2_REPORT};
	uint8_t packet[IGMP_OLDER_PACKET_BYTES], how = next(in);
	const struct in_addr other = {htonl(0x0a00004d)};
	igmp_build_older(packet, types[how & 3], other, group_of(next(in)));
	igmp_host_receive(host, packet, sizeof packet,
		how & 4 ? IGMP_FRAME_UNICAST : IGMP_FRAME_MULTICAST, now_ns);
	expect(drain(host) == 0);
}

/* Bytes as they are, with a header that lets them through to the message. */
static void hear_bytes(struct igmp_host *host, struct input *in, uint64_t now_ns)
{
	const struct in_addr from = {htonl(0x0a0000fe)}, to = {htonl(INADDR_ALLHOSTS_GROUP)};
	uint8_t packet[IGMP_IP_HEADER_BYTES + 64];
	size_t len = 8 + next(in) % 57;
	igmp_build_ip_header(packet, IGMP_IP_HEADER_BYTES + len, from, to);
	for (size_t i = 0; i < len; i++)
		packet[IGMP_IP_HEADER_BYTES + i] = next(in);
	memset(packet + IGMP_IP_HEADER_BYTES + 2, 0, 2);
	uint16_t sum = igmp_checksum(packet + IGMP_IP_HEADER_BYTES, len);
	memcpy(packet + IGMP_IP_HEADER_BYTES + 2, &sum, 2);
	igmp_host_receive(host, packet, IGMP_IP_HEADER_BYTES + len, IGMP_FRAME_MULTICAST, now_ns);
	drain(host);
}

static void announce(struct igmp_host *host, uint64_t now_ns)
{
	igmp_host_announce(host, now_ns);
	igmp_host_rejoin_macs(host);
	drain(host);
}

static uint64_t pass_time(struct igmp_host *host, struct input *in, uint64_t now_ns)
{
	uint8_t how = next(in);
	uint64_t deadline_ns = igmp_host_deadline(host);
	if (how & 1 && deadline_ns != UINT64_MAX)
		now_ns = deadline_ns > now_ns ? deadline_ns : now_ns;
	else
		now_ns += how * 16 * NS_PER_MS;
	igmp_host_advance(host, now_ns);
	expect(igmp_host_deadline(host) > now_ns); /* no timer runs in circles */
	drain(host);
	return now_ns;
}

static void count_group(
	void *ctx, struct in_addr group, const struct igmp_filter *filter, unsigned pending_reports)
{
	(void)group;
	(void)filter;
	(void)pending_reports;
	++*(unsigned *)ctx;
}

static void end(struct igmp_host *host)
{
	unsigned left = 0;
	igmp_host_leave_all(host);
	drain(host);
	igmp_host_each(host, count_group, &left);
	expect(left == 0);
	igmp_host_free(host);
}

static struct igmp_host *open_host(struct input *in)
{
	uint8_t how = next(in), more = next(in);
	const struct igmp_host_settings settings = {
		.seed = how,
		.robustness = how & 7,
		.mtu_bytes = MTU_BYTES,
		.max_groups = 24,
		.pair = (how >> 3) % 3,
		.pair_gap_ns = 200 * NS_PER_MS,
		.ssm_leave = (how >> 5) % 3,
		.no_fallback = more & 1,
		.require_router_alert = more & 2,
		.silent_link_local = more & 4,
		.v2_ssm = more & 8,
		.no_watch = more & 16,
		.answers_per_second = more & 32 ? 1 : 0,
		.answer_burst = more & 32 ? 1 : 0,
	};
	return igmp_host_new(&settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	struct igmp_host *host = open_host(&in);
	uint64_t now_ns = NS_PER_MS;
	expect(host != NULL);
	for (unsigned i = 0; i < EVENTS_MAX && in.left > 0; i++) {
		uint8_t kind = next(&in) % 16;
		if (kind < 5)
			change_groups(host, &in, now_ns);
		else if (kind < 9)
			hear_query(host, &in, now_ns);
		else if (kind == 9)
			hear_report(host, &in, now_ns);
		else if (kind == 10)
			hear_bytes(host, &in, now_ns);
		else if (kind == 11)
			announce(host, now_ns);
		else
			now_ns = pass_time(host, &in, now_ns);
	}
	end(host);
	return 0;
}
