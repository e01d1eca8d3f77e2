#include "tests/unit/igmp/packets.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "igmp/wire.h"
#include "tests/support/test.h"

struct in_addr ip(const char *text)
{
	struct in_addr address;
	assert_int_equal(inet_pton(AF_INET, text, &address), 1);
	return address;
}

static uint16_t read_list(const char *text, struct in_addr *ret)
{
	char copy[4096], *rest = NULL;
	uint16_t n = 0;
	assert_true(strlen(text) < sizeof copy);
	strcpy(copy, text);
	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		ret[n++] = ip(word);
	return n;
}

struct igmp_filter include(const char *sources)
{
	struct igmp_filter filter = {.mode = IGMP_INCLUDE};
	filter.source_count = read_list(sources, filter.sources);
	return filter;
}

struct igmp_filter exclude(const char *sources)
{
	struct igmp_filter filter = include(sources);
	filter.mode = IGMP_EXCLUDE;
	return filter;
}

struct query query_defaults(void)
{
	return (struct query){
		.source = "10.0.0.254",
		.destination = "224.0.0.1",
		.group = "0.0.0.0",
		.code = 100,
		.flags = 2,
		.qqic = 125,
		.sources = "",
		.ttl = 1,
	};
}

static void put_address(uint8_t *at, struct in_addr address)
{
	memcpy(at, &address, sizeof address);
}

void packet_seal(uint8_t *packet)
{
	size_t header = 4 * (size_t)(packet[0] & 15);
	size_t total = (size_t)packet[2] << 8 | packet[3];
	uint16_t sum;
	memset(packet + 10, 0, 2);
	sum = igmp_checksum(packet, header);
	memcpy(packet + 10, &sum, 2);
	memset(packet + header + 2, 0, 2);
	sum = igmp_checksum(packet + header, total - header);
	memcpy(packet + header + 2, &sum, 2);
}

size_t query_build(const struct query *query, uint8_t *packet)
{
	struct in_addr sources[256];
	uint16_t n = read_list(query->sources, sources);
	size_t igmp_bytes = query->igmp_bytes ? query->igmp_bytes : 12 + 4 * (size_t)n;
	size_t total = 24 + igmp_bytes;
	uint8_t *igmp = packet + 24;
	memset(packet, 0, 1500);
	packet[0] = 0x46;
	packet[1] = 0xc0;
	packet[2] = (uint8_t)(total >> 8);
	packet[3] = (uint8_t)total;
	packet[8] = query->ttl;
	packet[9] = IPPROTO_IGMP;
	put_address(packet + 12, ip(query->source));
	put_address(packet + 16, ip(query->destination));
	packet[20] = 0x94;
	packet[21] = 4;
	igmp[0] = IGMP_TYPE_QUERY;
	igmp[1] = query->code;
	put_address(igmp + 4, ip(query->group));
	if (igmp_bytes >= 12) {
		igmp[8] = query->flags;
		igmp[9] = query->qqic;
		igmp[10] = (uint8_t)(n >> 8);
		igmp[11] = (uint8_t)n;
		memcpy(igmp + 12, sources, 4 * (size_t)n);
	}
	packet_seal(packet);
	return total;
}

static void append(char *text, size_t size, const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;
	va_start(args, format);
	int more = vsnprintf(text + used, size - used, format, args);
	va_end(args);
	assert_true(more >= 0 && used + (size_t)more < size);
}

static const char *dotted(struct in_addr address, char text[INET_ADDRSTRLEN])
{
	return inet_ntop(AF_INET, &address, text, INET_ADDRSTRLEN);
}

void report_text(const uint8_t *packet, size_t len, char *ret, size_t size)
{
	static const char *const names[] = {
		"?", "IS_IN", "IS_EX", "TO_IN", "TO_EX", "ALLOW", "BLOCK"};
	struct igmp_message message;
	struct igmp_record record;
	char text[INET_ADDRSTRLEN];
	ret[0] = '\0';
	assert_int_equal(igmp_parse(packet, len, &message), IGMP_VALID);
	assert_int_equal(message.type, IGMP_TYPE_V3_REPORT);
	struct igmp_record_reader reader = igmp_records(&message);
	while (igmp_record_next(&reader, &record)) {
		assert_in_range(record.type, 1, 6);
		append(ret, size, "%s%s %s", ret[0] ? "; " : "", names[record.type],
			dotted(record.group, text));
		for (uint16_t i = 0; i < record.source_count; i++)
			append(ret, size, " %s", dotted(igmp_source(record.sources, i), text));
	}
	assert_int_equal(reader.left, 0);
}

/* What each notice is called in tests. */
static const char *const notice_names[IGMP_NOTICE_TYPES] = {
	[IGMP_NOTICE_NO_QUERIER] = "NO_QUERIER",
	[IGMP_NOTICE_QUERIER_BACK] = "QUERIER_BACK",
	[IGMP_NOTICE_QUERIER_CHANGED] = "QUERIER_CHANGED",
	[IGMP_NOTICE_SEVERAL_QUERIERS] = "SEVERAL_QUERIERS",
	[IGMP_NOTICE_V1_QUERY] = "V1_QUERY",
	[IGMP_NOTICE_V2_QUERY] = "V2_QUERY",
	[IGMP_NOTICE_V2_SSM_QUERY] = "V2_SSM_QUERY",
	[IGMP_NOTICE_VERSION_CHANGED] = "VERSION_CHANGED",
	[IGMP_NOTICE_SSM_UNREPORTED] = "SSM_UNREPORTED",
	[IGMP_NOTICE_SOURCE_OUTSIDE_SSM] = "SOURCE_OUTSIDE_SSM",
};

static void packet_text(const struct igmp_action *action, char *ret, size_t size)
{
	struct igmp_message message;
	char group[INET_ADDRSTRLEN], records[8192];
	assert_int_equal(igmp_parse(action->packet, action->len, &message), IGMP_VALID);
	assert_int_equal(message.destination.s_addr, action->destination.s_addr);
	ret[0] = '\0';
	switch (message.type) {
	case IGMP_TYPE_V3_REPORT:
		assert_int_equal(action->destination.s_addr, ip("224.0.0.22").s_addr);
		report_text(action->packet, action->len, records, sizeof records);
		append(ret, size, "[%s]", records);
		return;
	case IGMP_TYPE_V2_LEAVE:
		assert_int_equal(action->destination.s_addr, ip("224.0.0.2").s_addr);
		append(ret, size, "(LEAVE %s)", dotted(message.group, group));
		return;
	default:
		assert_int_equal(action->destination.s_addr, message.group.s_addr);
		append(ret, size, "(%s %s)", message.type == IGMP_TYPE_V1_REPORT ? "V1" : "V2",
			dotted(message.group, group));
	}
}

enum { PACKETS = 1, MACS = 2, NOTICES = 4 };

static const char *drain(struct igmp_host *host, unsigned kinds)
{
	static char text[65536];
	char one[8300];
	struct igmp_action action;
	text[0] = '\0';
	while (igmp_host_next_action(host, &action)) {
		unsigned kind = action.type == IGMP_ACTION_SEND	    ? PACKETS
				: action.type == IGMP_ACTION_NOTICE ? NOTICES
								    : MACS;
		if (!(kinds & kind))
			continue;
		if (kind == PACKETS)
			packet_text(&action, one, sizeof one);
		else if (kind == NOTICES)
			snprintf(one, sizeof one, "%s", notice_names[action.notice.type]);
		else
			snprintf(one, sizeof one, "%c%s",
				action.type == IGMP_ACTION_JOIN_MAC ? '+' : '-',
				dotted(action.group, (char[INET_ADDRSTRLEN]){0}));
		append(text, sizeof text, "%s%s", text[0] ? " " : "", one);
	}
	return text;
}

const char *actions(struct igmp_host *host)
{
	return drain(host, PACKETS | MACS);
}

const char *reports(struct igmp_host *host)
{
	return drain(host, PACKETS);
}

const char *notices(struct igmp_host *host)
{
	return drain(host, NOTICES);
}

struct igmp_host *open_host(const struct igmp_host_settings *settings)
{
	struct igmp_host *host = igmp_host_new(settings);
	assert_non_null(host);
	igmp_host_set_address(host, ip("10.0.0.2"));
	return host;
}

void set_user(struct igmp_host *host, uint32_t user, const char *group, struct igmp_filter filter,
	uint64_t now)
{
	const struct igmp_change change = {ip(group), filter, user};
	assert_int_equal(igmp_host_listen(host, &change, 1, now), 0);
}

const char *next_reports(struct igmp_host *host, uint64_t *now)
{
	if (igmp_host_deadline(host) == UINT64_MAX)
		return "never";
	*now = igmp_host_deadline(host);
	igmp_host_advance(host, *now);
	return reports(host);
}

void settle(struct igmp_host *host)
{
	uint64_t now = 0;
	reports(host);
	while (strcmp(next_reports(host, &now), "never"))
		continue;
}

void hear(struct igmp_host *host, const struct query *query, uint64_t now)
{
	uint8_t packet[1500];
	igmp_host_receive(host, packet, query_build(query, packet), IGMP_FRAME_MULTICAST, now);
}

void hear_version(struct igmp_host *host, unsigned version, uint64_t now)
{
	struct query query = query_defaults();
	query.igmp_bytes = version == 3 ? 12 : 8;
	query.code = version == 1 ? 0 : 100;
	hear(host, &query, now);
}

struct igmp_counters counters_of(const struct igmp_host *host)
{
	struct igmp_counters counters;
	igmp_host_counters(host, &counters);
	return counters;
}

unsigned version_of(const struct igmp_host *host)
{
	struct igmp_querier querier;
	igmp_host_querier(host, &querier);
	return querier.host_version;
}
