#include "igmp/report.h"

#include <errno.h>
#include <string.h>

#include "igmp/build.h"

#define REPORT_HEADER_BYTES 8
#define RECORD_HEADER_BYTES 8
#define HEADERS_BYTES (IGMP_IP_HEADER_BYTES + REPORT_HEADER_BYTES)

static void store16(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static size_t sources_that_fit(size_t room_bytes)
{
	return room_bytes < RECORD_HEADER_BYTES ? 0 : (room_bytes - RECORD_HEADER_BYTES) / 4;
}

void igmp_report_begin(struct igmp_report *report, uint8_t *packet, size_t max_bytes)
{
	*report = (struct igmp_report){
		.packet = packet,
		.len = HEADERS_BYTES,
		.max_bytes = max_bytes,
	};
}

int igmp_report_add(struct igmp_report *report, enum igmp_record_type type, struct in_addr group,
	const struct in_addr *sources, uint16_t count)
{
	size_t room = report->max_bytes - report->len;
	if (room < RECORD_HEADER_BYTES || sources_that_fit(room) < count) {
		if (report->record_count > 0)
			return -ENOSPC;
		count = (uint16_t)sources_that_fit(room);
	}
	uint8_t *record = report->packet + report->len;
	record[0] = (uint8_t)type;
	record[1] = 0; /* auxiliary data */
	store16(record + 2, count);
	memcpy(record + 4, &group, 4);
	if (count > 0)
		memcpy(record + RECORD_HEADER_BYTES, sources, 4 * (size_t)count);
	report->len += RECORD_HEADER_BYTES + 4 * (size_t)count;
	report->record_count++;
	return count;
}

size_t igmp_report_finish(struct igmp_report *report, struct in_addr source)
{
	const struct in_addr destination = {htonl(IGMP_REPORT_DESTINATION)};
	uint8_t *igmp = report->packet + IGMP_IP_HEADER_BYTES;
	uint16_t checksum;
	igmp_build_ip_header(report->packet, report->len, source, destination);
	memset(igmp, 0, REPORT_HEADER_BYTES);
	igmp[0] = IGMP_TYPE_V3_REPORT;
	store16(igmp + 6, report->record_count);
	checksum = igmp_checksum(igmp, report->len - IGMP_IP_HEADER_BYTES);
	memcpy(igmp + 2, &checksum, 2);
	return report->len;
}
