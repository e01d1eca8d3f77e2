#include "igmp/wire.h"

#include <string.h>

#define NS_PER_S UINT64_C(1000000000)

#define IP_MIN_BYTES 20
#define IGMP_MIN_BYTES 8
#define V3_QUERY_MIN_BYTES 12
#define RECORD_MIN_BYTES 8
#define CHECKSUM_OFFSET 2

/* RFC 2113: copied, class 0, number 20, length 4. */
#define ROUTER_ALERT 0x94

static uint16_t load16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static struct in_addr load_address(const uint8_t *p)
{
	struct in_addr address;
	memcpy(&address, p, sizeof address);
	return address;
}

static bool is_multicast(struct in_addr address)
{
	return IN_MULTICAST(ntohl(address.s_addr));
}

uint16_t igmp_checksum(const uint8_t *bytes, size_t len)
{
	uint32_t sum = 0;
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += load16(bytes + i);
	if (len % 2)
		sum += (uint32_t)bytes[len - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

unsigned igmp_decode_code(uint8_t code)
{
	if (code < 128)
		return code;
	return (unsigned)((code & 0x0f) | 0x10) << (((code >> 4) & 0x07) + 3);
}

struct in_addr igmp_source(const uint8_t *sources, uint16_t i)
{
	return load_address(sources + 4 * (size_t)i);
}

static bool has_router_alert(const uint8_t *options, size_t len)
{
	size_t i = 0;
	while (i < len && options[i] != 0 /* end of options */) {
		if (options[i] == 1 /* no operation */) {
			i++;
			continue;
		}
		if (options[i] == ROUTER_ALERT)
			return true;
		if (i + 1 >= len || options[i + 1] < 2)
			return false;
		i += options[i + 1];
	}
	return false;
}

/* Section 7.1 tells the versions apart by length and code. */
static enum igmp_verdict parse_query(const uint8_t *igmp, size_t len, struct igmp_message *ret)
{
	uint8_t code = igmp[1];
	ret->group = load_address(igmp + 4);
	if (ret->group.s_addr != 0 && !is_multicast(ret->group))
		return IGMP_MALFORMED_QUERY;
	if (len == IGMP_MIN_BYTES) {
		ret->version = code == 0 ? 1 : 2;
		/* Section 7.2.1; RFC 2236 section 2.2: linear up to 255. */
		ret->max_response_ns = (code == 0 ? 100 : code) * (NS_PER_S / 10);
		return IGMP_VALID;
	}
	if (len < V3_QUERY_MIN_BYTES)
		return IGMP_MALFORMED_QUERY;
	ret->version = 3;
	ret->max_response_ns = igmp_decode_code(code) * (NS_PER_S / 10);
	ret->suppress_router = igmp[8] & 0x08;
	ret->robustness = igmp[8] & 0x07;
	ret->query_interval_ns = igmp_decode_code(igmp[9]) * NS_PER_S;
	ret->source_count = load16(igmp + 10);
	ret->sources = igmp + V3_QUERY_MIN_BYTES;
	/* Octets beyond the sources are ignored (section 4.1.10). */
	if (V3_QUERY_MIN_BYTES + 4 * (size_t)ret->source_count > len)
		return IGMP_MALFORMED_QUERY;
	if (ret->group.s_addr == 0 && ret->source_count > 0)
		return IGMP_MALFORMED_QUERY;
	return IGMP_VALID;
}

/*
 * Section 4.1.12: to any address of the interface; section 9.1: a general query to a multicast
 * address other than 224.0.0.1 is forged. A unicast one was addressed to us by the link.
 */
static bool query_destination_is_good(const struct igmp_message *query)
{
	uint32_t to = query->destination.s_addr;
	if (to == htonl(INADDR_ALLHOSTS_GROUP))
		return true;
	if (query->group.s_addr != 0 && to == query->group.s_addr)
		return true;
	return !is_multicast(query->destination) && to != htonl(INADDR_BROADCAST);
}

static enum igmp_verdict parse_igmp(const uint8_t *igmp, size_t len, struct igmp_message *ret)
{
	enum igmp_verdict verdict;
	ret->type = igmp[0];
	switch (ret->type) {
	case IGMP_TYPE_QUERY:
		verdict = parse_query(igmp, len, ret);
		if (verdict == IGMP_VALID && !query_destination_is_good(ret))
			verdict = IGMP_BAD_DESTINATION;
		return verdict;
	case IGMP_TYPE_V1_REPORT:
	case IGMP_TYPE_V2_REPORT:
	case IGMP_TYPE_V2_LEAVE:
		ret->group = load_address(igmp + 4);
		return IGMP_VALID;
	case IGMP_TYPE_V3_REPORT:
		ret->record_count = load16(igmp + 6);
		ret->records = igmp + IGMP_MIN_BYTES;
		ret->records_len = len - IGMP_MIN_BYTES;
		return IGMP_VALID;
	}
	return IGMP_UNKNOWN_TYPE;
}

/* The IPv4 header's own lengths, before anything else in it is believed. */
static bool ip_lengths_are_good(
	const uint8_t *ip, size_t len, size_t *ret_header, size_t *ret_total)
{
	if (len < IP_MIN_BYTES || ip[0] >> 4 != 4)
		return false;
	size_t header = 4 * (size_t)(ip[0] & 0x0f);
	size_t total = load16(ip + 2);
	if (header < IP_MIN_BYTES || total > len || total < header + IGMP_MIN_BYTES)
		return false;
	/* More fragments, or an offset: IGMP never needs them. */
	if (load16(ip + 6) & 0x3fff || ip[9] != IPPROTO_IGMP)
		return false;
	*ret_header = header;
	*ret_total = total;
	return true;
}

enum igmp_verdict igmp_parse(const uint8_t *packet, size_t len, struct igmp_message *ret)
{
	size_t header, total;
	*ret = (struct igmp_message){0};
	if (!ip_lengths_are_good(packet, len, &header, &total))
		return IGMP_TRUNCATED;
	if (igmp_checksum(packet, header) != 0 ||
		igmp_checksum(packet + header, total - header) != 0)
		return IGMP_BAD_CHECKSUM;
	ret->source = load_address(packet + 12);
	ret->destination = load_address(packet + 16);
	ret->router_alert = has_router_alert(packet + IP_MIN_BYTES, header - IP_MIN_BYTES);
	if (packet[8] != 1)
		return IGMP_BAD_TTL;
	if (is_multicast(ret->source) || ret->source.s_addr == htonl(INADDR_BROADCAST))
		return IGMP_BAD_SOURCE;
	return parse_igmp(packet + header, total - header, ret);
}

void igmp_finish_checksum(uint8_t *packet, size_t len)
{
	size_t header, total;
	if (!ip_lengths_are_good(packet, len, &header, &total))
		return;
	memset(packet + header + CHECKSUM_OFFSET, 0, sizeof(uint16_t));
	uint16_t sum = igmp_checksum(packet + header, total - header);
	memcpy(packet + header + CHECKSUM_OFFSET, &sum, sizeof sum);
}

struct igmp_record_reader igmp_records(const struct igmp_message *report)
{
	return (struct igmp_record_reader){
		.at = report->records,
		.len = report->records_len,
		.left = report->record_count,
	};
}

bool igmp_record_next(struct igmp_record_reader *reader, struct igmp_record *ret)
{
	if (reader->left == 0 || reader->len < RECORD_MIN_BYTES)
		return false;
	const uint8_t *at = reader->at;
	uint16_t sources = load16(at + 2);
	/* Auxiliary data comes in 32-bit words (section 4.2.6) and means nothing to IGMPv3. */
	size_t bytes = RECORD_MIN_BYTES + 4 * (size_t)sources + 4 * (size_t)at[1];
	if (bytes > reader->len)
		return false;
	*ret = (struct igmp_record){
		.type = at[0],
		.group = load_address(at + 4),
		.source_count = sources,
		.sources = at + RECORD_MIN_BYTES,
	};
	reader->at += bytes;
	reader->len -= bytes;
	reader->left--;
	return true;
}
