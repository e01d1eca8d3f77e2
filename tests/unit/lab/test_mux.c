#include <errno.h>
#include <string.h>

#include <glib.h>

#include "tests/lab/mux.h"
#include "tests/support/test.h"
#include "tests/unit/lab/probe.h"
#include "tests/unit/lab/synthetic.h"

static uint8_t *multiplex(const struct synthetic *synthetic)
{
	uint8_t *packets = g_malloc(SYNTHETIC_BYTES);
	struct mux_misfit misfit;
	assert_int_equal(mux_loop(&synthetic->plan, packets, &misfit), 0);
	return packets;
}

static void probe_file(struct probe *probe, const uint8_t *packets)
{
	probe_init(probe, 2660, 0);
	for (int i = 0; i < SYNTHETIC_PACKETS; i++)
		probe_packet(probe, packets + i * 188);
}

static const struct probe_unit *unit_at(const struct probe *probe, int kind, guint i)
{
	return &g_array_index(probe->units[kind], struct probe_unit, i);
}

static void a_loop_is_a_valid_stream(void **state)
{
	(void)state;
	g_autofree struct synthetic *synthetic = synthetic_new();
	g_autofree uint8_t *packets = multiplex(synthetic);
	struct probe probe;
	probe_file(&probe, packets);
	assert_int_equal(probe.psis[0], SYNTHETIC_S * 10);
	assert_int_equal(probe.psis[1], SYNTHETIC_S * 10);
	assert_true(probe.pcrs >= SYNTHETIC_S * 25);
	assert_int_equal(probe.pcr_offset_27m, 0);
	assert_int_equal(probe.pmt_pid, 0x30);
	assert_int_equal(probe.pcr_pid, 0x32);
	assert_int_equal(probe.video_type, 0x02);
	assert_int_equal(probe.audio_type, 0x04);
	assert_true(probe.nulls > 0);
	probe_finish(&probe);
}

static void streams_have_leads_of_their_own(void **state)
{
	(void)state;
	g_autofree struct synthetic *synthetic = synthetic_new();
	g_autofree uint8_t *packets = multiplex(synthetic);
	struct probe probe;
	probe_file(&probe, packets);
	assert_true(probe.units[PROBE_VIDEO]->len > 90);
	for (guint i = 0; i < probe.units[PROBE_VIDEO]->len; i++) {
		const struct probe_unit *unit = unit_at(&probe, PROBE_VIDEO, i);
		assert_in_range(unit->first_lead_90k, 54000, 90000);
		assert_in_range(unit->last_lead_90k, 54000, 90000);
		assert_int_equal(unit->pes_length, 0);
	}
	for (guint i = 0; i < probe.units[PROBE_AUDIO]->len; i++) {
		const struct probe_unit *unit = unit_at(&probe, PROBE_AUDIO, i);
		assert_in_range(unit->first_lead_90k, 1800, 18000);
		assert_in_range(unit->last_lead_90k, 1800, 18000);
		assert_int_equal(unit->pes_length, 8 + unit->size);
	}
	probe_finish(&probe);
}

/* Each unit of the clip is in the file once, whole, with its time stamps modulo the loop. */
static void assert_units_complete(
	const struct probe *probe, int kind, const struct mux_stream *stream)
{
	const uint64_t loop_90k = SYNTHETIC_S * 90000;
	g_autofree bool *found = g_new0(bool, stream->n_units);
	guint last = probe->units[kind]->len - 1; /* perhaps cut off by the end of the file */
	for (guint i = 0; i < last; i++) {
		const struct probe_unit *unit = unit_at(probe, kind, i);
		size_t n = 0;
		while (n < stream->n_units &&
			((uint64_t)stream->units[n].pts_90k + 88200) % loop_90k !=
				unit->pts_90k % loop_90k)
			n++;
		assert_in_range(n, 0, stream->n_units - 1);
		assert_false(found[n]);
		found[n] = true;
		assert_int_equal(unit->size, stream->units[n].size);
		assert_int_equal(unit->random_access, stream->units[n].random_access);
		assert_int_equal(unit->pts_90k - unit->dts_90k,
			stream->units[n].pts_90k - stream->units[n].dts_90k);
		assert_memory_equal(
			probe->bytes[kind]->data + unit->offset, stream->bytes, unit->size);
	}
	assert_in_range(last + 1, stream->n_units - 1, stream->n_units + 1);
}

static void every_unit_is_there_once_and_whole(void **state)
{
	(void)state;
	g_autofree struct synthetic *synthetic = synthetic_new();
	g_autofree uint8_t *packets = multiplex(synthetic);
	struct probe probe;
	probe_file(&probe, packets);
	assert_units_complete(&probe, PROBE_AUDIO, &synthetic->streams[0]);
	assert_units_complete(&probe, PROBE_VIDEO, &synthetic->streams[1]);
	probe_finish(&probe);
}

static void random_access_begins_with_a_pcr(void **state)
{
	(void)state;
	g_autofree struct synthetic *synthetic = synthetic_new();
	g_autofree uint8_t *packets = multiplex(synthetic);
	int keys = 0;
	for (int i = 0; i < SYNTHETIC_PACKETS; i++) {
		const uint8_t *packet = packets + i * 188;
		if (packet[3] & 0x20 && packet[4] && packet[5] & 0x40) {
			assert_true(packet[5] & 0x10);
			assert_true(packet[1] & 0x40);
			keys++;
		}
	}
	assert_int_equal(keys, SYNTHETIC_PICTURES / SYNTHETIC_GOP);
}

static void units_of_all_sizes_fill_their_packets(void **state)
{
	(void)state;
	for (size_t size = 1; size < 400; size += SYNTHETIC_FRAMES) {
		g_autofree struct synthetic *synthetic = synthetic_new();
		for (size_t i = 0; i < SYNTHETIC_FRAMES; i++)
			synthetic->frames[i].size = size + i;
		g_autofree uint8_t *packets = multiplex(synthetic);
		struct probe probe;
		probe_file(&probe, packets);
		assert_units_complete(&probe, PROBE_AUDIO, &synthetic->streams[0]);
		probe_finish(&probe);
	}
}

static void descriptors_stand_in_the_pmt(void **state)
{
	(void)state;
	static const uint8_t descriptor[] = {0x6A, 1, 0};
	g_autofree struct synthetic *synthetic = synthetic_new();
	synthetic->streams[0].descriptors = descriptor;
	synthetic->streams[0].descriptors_bytes = sizeof descriptor;
	g_autofree uint8_t *packets = multiplex(synthetic);
	struct probe probe;
	probe_file(&probe, packets);
	assert_int_equal(probe.video_pid, 0x32);
	assert_int_equal(probe.audio_pid, 0x31);
	assert_memory_equal(packets + 188 + 5 + 12 + 5, descriptor, sizeof descriptor);
	probe_finish(&probe);
}

static void a_unit_too_large_for_its_time_is_named(void **state)
{
	(void)state;
	g_autofree struct synthetic *synthetic = synthetic_new();
	g_autofree uint8_t *packets = g_malloc(SYNTHETIC_BYTES);
	struct mux_misfit misfit;
	/* 370 ms between lead and margin, in which 188 kB can be sent at most. */
	g_autofree uint8_t *bytes = g_malloc0(190000);
	synthetic->streams[1].bytes = bytes;
	synthetic->pictures[SYNTHETIC_GOP].size = 190000;
	assert_int_equal(mux_loop(&synthetic->plan, packets, &misfit), -ENOSPC);
	assert_int_equal(misfit.stream, 1);
	assert_int_equal(misfit.unit, SYNTHETIC_GOP);
}

static void a_contradictory_plan_is_refused(void **state)
{
	(void)state;
	g_autofree struct synthetic *synthetic = synthetic_new();
	g_autofree uint8_t *packets = g_malloc(SYNTHETIC_BYTES);
	struct mux_misfit misfit;
	struct mux_plan plan = synthetic->plan;
	plan.psi_interval = 267;
	assert_int_equal(mux_loop(&plan, packets, &misfit), -EINVAL);
	plan = synthetic->plan;
	plan.pcr_stream = 2;
	assert_int_equal(mux_loop(&plan, packets, &misfit), -EINVAL);
	synthetic->streams[1].unbounded = false;
	assert_int_equal(mux_loop(&synthetic->plan, packets, &misfit), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loop_is_a_valid_stream),
		cmocka_unit_test(streams_have_leads_of_their_own),
		cmocka_unit_test(every_unit_is_there_once_and_whole),
		cmocka_unit_test(random_access_begins_with_a_pcr),
		cmocka_unit_test(units_of_all_sizes_fill_their_packets),
		cmocka_unit_test(descriptors_stand_in_the_pmt),
		cmocka_unit_test(a_unit_too_large_for_its_time_is_named),
		cmocka_unit_test(a_contradictory_plan_is_refused),
	};
	return cmocka_run_group_tests_name("lab_mux", tests, NULL, NULL);
}
