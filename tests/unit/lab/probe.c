#include "tests/unit/lab/probe.h"

#include <string.h>

#include "tests/support/test.h"

enum { TS_BYTES = 188, NO_PID = 0xFFFF };

void probe_init(struct probe *probe, unsigned packets_per_s, uint64_t first_slot)
{
	memset(probe, 0, sizeof *probe);
	probe->packets_per_s = packets_per_s;
	probe->slots = first_slot;
	probe->pmt_pid = probe->pcr_pid = probe->video_pid = probe->audio_pid = NO_PID;
	for (int i = 0; i < 2; i++) {
		probe->bytes[i] = g_byte_array_new();
		probe->units[i] = g_array_new(FALSE, FALSE, sizeof(struct probe_unit));
	}
}

void probe_finish(struct probe *probe)
{
	for (int i = 0; i < 2; i++) {
		g_byte_array_unref(probe->bytes[i]);
		g_array_unref(probe->units[i]);
	}
}

int64_t probe_difference_90k(uint64_t later, uint64_t earlier)
{
	int64_t difference = (int64_t)((later - earlier) & ((UINT64_C(1) << 33) - 1));
	return difference >= INT64_C(1) << 32 ? difference - (INT64_C(1) << 33) : difference;
}

/* The time of byte 10 of a slot, from position alone; the loop's length being a whole number of
 * ticks. */
static uint64_t slot_27m(const struct probe *probe, uint64_t slot)
{
	return (slot * TS_BYTES + 10) * 27000000 / (TS_BYTES * (uint64_t)probe->packets_per_s);
}

static int64_t lead_90k(const struct probe *probe, uint64_t slot, uint64_t pts_90k)
{
	uint64_t pcr_27m = probe->pcr_offset_27m + slot_27m(probe, slot);
	return probe_difference_90k(pts_90k, pcr_27m / 300);
}

static uint16_t pid_at(const uint8_t *bytes)
{
	return (uint16_t)((bytes[0] & 0x1F) << 8 | bytes[1]);
}

/* H.222.0, annex A: over a whole section, its CRC included, the remainder is 0. */
static uint32_t crc_remainder(const uint8_t *bytes, size_t size)
{
	uint32_t crc = UINT32_MAX;
	for (size_t i = 0; i < size * 8; i++) {
		bool feedback = (crc >> 31) ^ (bytes[i / 8] >> (7 - i % 8) & 1);
		crc = crc << 1 ^ (feedback ? 0x04C11DB7 : 0);
	}
	return crc;
}

static void check_section(const uint8_t *section, uint8_t table_id)
{
	size_t size = 3u + (size_t)((section[1] & 15) << 8 | section[2]);
	assert_int_equal(section[0], table_id);
	assert_in_range(size, 12, TS_BYTES - 5);
	assert_int_equal(section[5] & 1, 1); /* current_next_indicator */
	assert_int_equal(crc_remainder(section, size), 0);
	assert_int_equal(section[6], 0); /* section_number, last_section_number */
	assert_int_equal(section[7], 0);
}

static void check_psi_interval(struct probe *probe, int table)
{
	if (probe->psis[table]++)
		assert_in_range(
			probe->slots - probe->last_psi_slot[table], 1, probe->packets_per_s / 10);
	probe->last_psi_slot[table] = probe->slots;
}

static void take_pmt(struct probe *probe, const uint8_t *section)
{
	int end = 3 + ((section[1] & 15) << 8 | section[2]) - 4;
	check_section(section, 2);
	check_psi_interval(probe, 1);
	probe->pmt_version = section[5] >> 1 & 31;
	probe->pcr_pid = pid_at(section + 8);
	for (int at = 12 + ((section[10] & 15) << 8 | section[11]); at < end;) {
		bool video = section[at] == 0x1B || section[at] == 0x02;
		*(video ? &probe->video_type : &probe->audio_type) = section[at];
		*(video ? &probe->video_pid : &probe->audio_pid) = pid_at(section + at + 1);
		at += 5 + ((section[at + 3] & 15) << 8 | section[at + 4]);
	}
}

static void take_pcr(struct probe *probe, const uint8_t *field)
{
	uint64_t base = (uint64_t)field[0] << 25 | (uint64_t)field[1] << 17 |
			(uint64_t)field[2] << 9 | (uint64_t)field[3] << 1 | field[4] >> 7;
	uint64_t pcr_27m = base * 300 + ((uint64_t)(field[4] & 1) << 8 | field[5]);
	const uint64_t wrap = (UINT64_C(1) << 33) * 300;
	uint64_t offset_27m = (pcr_27m + wrap - slot_27m(probe, probe->slots) % wrap) % wrap;
	if (probe->has_pcr) {
		assert_int_equal(offset_27m, probe->pcr_offset_27m);
		assert_in_range(probe->slots - probe->last_pcr_slot, 1,
			(uint64_t)probe->packets_per_s * 40 / 1000);
	}
	probe->has_pcr = true;
	probe->pcr_offset_27m = offset_27m;
	probe->last_pcr_slot = probe->slots;
	probe->pcrs++;
}

static uint64_t time_stamp(const uint8_t *bytes)
{
	return (uint64_t)(bytes[0] >> 1 & 7) << 30 | (uint64_t)bytes[1] << 22 |
	       (uint64_t)(bytes[2] >> 1) << 15 | (uint64_t)bytes[3] << 7 | bytes[4] >> 1;
}

static void begin_unit(
	struct probe *probe, int kind, uint16_t pid, const uint8_t *pes, bool random_access)
{
	struct probe_unit unit = {.pid = pid,
		.random_access = random_access,
		.pes_length = (uint16_t)(pes[4] << 8 | pes[5]),
		.first_slot = probe->slots,
		.offset = probe->bytes[kind]->len};
	assert_memory_equal(pes, "\0\0\1", 3);
	assert_true(pes[7] & 0x80);
	unit.pts_90k = unit.dts_90k = time_stamp(pes + 9);
	if (pes[7] & 0x40)
		unit.dts_90k = time_stamp(pes + 14);
	unit.first_lead_90k = lead_90k(probe, probe->slots, unit.pts_90k);
	g_array_append_val(probe->units[kind], unit);
}

static void take_payload(struct probe *probe, int kind, const uint8_t *packet, size_t at)
{
	bool unit_start = packet[1] & 0x40;
	bool random_access = packet[3] & 0x20 && packet[4] > 0 && packet[5] & 0x40;
	if (unit_start) {
		begin_unit(probe, kind, pid_at(packet + 1), packet + at, random_access);
		at += 9u + packet[at + 8];
	}
	if (!probe->units[kind]->len)
		return; /* the rest of what began before the probe did */
	struct probe_unit *unit =
		&g_array_index(probe->units[kind], struct probe_unit, probe->units[kind]->len - 1);
	g_byte_array_append(probe->bytes[kind], packet + at, (guint)(TS_BYTES - at));
	unit->size = probe->bytes[kind]->len - unit->offset;
	unit->last_slot = probe->slots;
	unit->last_lead_90k = lead_90k(probe, probe->slots, unit->pts_90k);
}

static void check_counter(struct probe *probe, uint16_t pid, const uint8_t *packet)
{
	bool payload = packet[3] & 0x10;
	if (probe->seen[pid])
		assert_int_equal(packet[3] & 15, (probe->counter[pid] + payload) & 15);
	probe->seen[pid] = true;
	probe->counter[pid] = packet[3] & 15;
}

void probe_packet(struct probe *probe, const uint8_t packet[188])
{
	uint16_t pid = pid_at(packet + 1);
	size_t at = packet[3] & 0x20 ? 5u + packet[4] : 4u;
	assert_int_equal(packet[0], 0x47);
	assert_in_range(at, 4, TS_BYTES);
	if (pid == PROBE_MAX_PID) {
		probe->nulls++;
		probe->slots++;
		return;
	}
	check_counter(probe, pid, packet);
	if (packet[3] & 0x20 && packet[4] >= 7 && packet[5] & 0x10)
		take_pcr(probe, packet + 6);
	if (pid == 0) {
		check_section(packet + at + 1, 0);
		check_psi_interval(probe, 0);
		probe->pmt_pid = pid_at(packet + at + 1 + 10);
	} else if (pid == probe->pmt_pid) {
		take_pmt(probe, packet + at + 1);
	} else if (packet[3] & 0x10 && probe->has_pcr) {
		if (pid == probe->video_pid)
			take_payload(probe, PROBE_VIDEO, packet, at);
		else if (pid == probe->audio_pid)
			take_payload(probe, PROBE_AUDIO, packet, at);
	}
	probe->slots++;
}
