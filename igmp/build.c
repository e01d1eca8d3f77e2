#include "igmp/build.h"

#include <errno.h>
#include <string.h>

#define TOS 0xc0
#define DONT_FRAGMENT 0x4000
#define TTL 1
static const uint8_t router_alert[] = {0x94, 0x04, 0x00, 0x00};

#define OLDER_BYTES 8
#define V3_QUERY_BYTES 12

static void store16(uint8_t *p, size_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

void igmp_build_ip_header(
	uint8_t *ip, size_t total_bytes, struct in_addr source, struct in_addr destination)
{
	uint16_t checksum;
	memset(ip, 0, IGMP_IP_HEADER_BYTES);
	ip[0] = 0x40 | IGMP_IP_HEADER_BYTES / 4;
	ip[1] = TOS;
	store16(ip + 2, total_bytes);
	store16(ip + 6, DONT_FRAGMENT); /* and identification 0, allowed with it (RFC 6864) */
	ip[8] = TTL;
	ip[9] = IPPROTO_IGMP;
	memcpy(ip + 12, &source, 4);
	memcpy(ip + 16, &destination, 4);
	memcpy(ip + 20, router_alert, sizeof router_alert);
	checksum = igmp_checksum(ip, IGMP_IP_HEADER_BYTES);
	memcpy(ip + 10, &checksum, 2);
}

/* Section 4.1.2: the checksum covers all of the IP payload. */
static void seal(uint8_t *igmp, size_t len)
{
	uint16_t checksum;
	memset(igmp + 2, 0, 2);
	checksum = igmp_checksum(igmp, len);
	memcpy(igmp + 2, &checksum, 2);
}

struct in_addr igmp_build_older(
	uint8_t *packet, enum igmp_type type, struct in_addr source, struct in_addr group)
{
	const struct in_addr all_routers = {htonl(IGMP_LEAVE_DESTINATION)};
	struct in_addr destination = type == IGMP_TYPE_V2_LEAVE ? all_routers : group;
	uint8_t *igmp = packet + IGMP_IP_HEADER_BYTES;
	igmp_build_ip_header(packet, IGMP_OLDER_PACKET_BYTES, source, destination);
	memset(igmp, 0, OLDER_BYTES);
	igmp[0] = (uint8_t)type;
	memcpy(igmp + 4, &group, 4);
	seal(igmp, OLDER_BYTES);
	return destination;
}

uint8_t igmp_encode_code(unsigned value)
{
	uint8_t code = value < 128 ? (uint8_t)value : 127;
	while (value >= 128 && code < 255 && igmp_decode_code((uint8_t)(code + 1)) <= value)
		code++;
	return code;
}

static uint8_t response_code(const struct igmp_query *query)
{
	unsigned ds = query->max_response_ds;
	if (query->version == 1)
		return 0;
	if (query->version == 2) /* linear (RFC 2236 section 2.2), and 0 would say version 1 */
		return ds < 1 ? 1 : ds > 255 ? 255 : (uint8_t)ds;
	return igmp_encode_code(ds);
}

static void put_v3_fields(uint8_t *igmp, const struct igmp_query *query)
{
	uint8_t robustness = query->robustness > 7 ? 0 : (uint8_t)query->robustness;
	igmp[8] = (uint8_t)(query->suppress_router << 3 | robustness);
	igmp[9] = igmp_encode_code(query->query_interval_s);
	store16(igmp + 10, query->source_count);
	if (query->source_count > 0)
		memcpy(igmp + V3_QUERY_BYTES, query->sources, 4 * (size_t)query->source_count);
}

int igmp_build_query(uint8_t *packet, size_t size, const struct igmp_query *query)
{
	uint8_t *igmp = packet + IGMP_IP_HEADER_BYTES;
	size_t len =
		query->version < 3 ? OLDER_BYTES : V3_QUERY_BYTES + 4 * (size_t)query->source_count;
	if (IGMP_IP_HEADER_BYTES + len > size)
		return -ENOSPC;
	igmp_build_ip_header(packet, IGMP_IP_HEADER_BYTES + len, query->source, query->destination);
	memset(igmp, 0, len);
	igmp[0] = IGMP_TYPE_QUERY;
	igmp[1] = response_code(query);
	memcpy(igmp + 4, &query->group, 4);
	if (query->version == 3)
		put_v3_fields(igmp, query);
	seal(igmp, len);
	return (int)(IGMP_IP_HEADER_BYTES + len);
}
