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

static const char *drain(struct igmp_host *host, bool with_mac)
{
	static char text[65536];
	char one[8192];
	struct igmp_action action;
	text[0] = '\0';
	while (igmp_host_next_action(host, &action)) {
		const char *blank = text[0] ? " " : "";
		if (action.type == IGMP_ACTION_SEND) {
			assert_int_equal(action.destination.s_addr, ip("224.0.0.22").s_addr);
			report_text(action.packet, action.len, one, sizeof one);
			append(text, sizeof text, "%s[%s]", blank, one);
		} else if (with_mac && action.type != IGMP_ACTION_NOTICE) {
			append(text, sizeof text, "%s%c%s", blank,
				action.type == IGMP_ACTION_JOIN_MAC ? '+' : '-',
				dotted(action.group, one));
		}
	}
	return text;
}

const char *actions(struct igmp_host *host)
{
	return drain(host, true);
}

const char *reports(struct igmp_host *host)
{
	return drain(host, false);
}
