#include "tests/unit/lab/synthetic.h"

#include <unistd.h>

#include <glib.h>

#include "tests/support/test.h"

static const int64_t picture_90k = 3600, frame_90k = 2880;

/* I P B B P B B ... in decoding order, the last picture of a GOP being a P. */
static void make_pictures(struct mux_unit *pictures)
{
	int n = 0;
	for (int gop = 0; gop < SYNTHETIC_PICTURES; gop += SYNTHETIC_GOP) {
		int order[SYNTHETIC_GOP] = {0}, count = 1;
		for (int reference = 3; count < SYNTHETIC_GOP; reference += 3) {
			int shown = MIN(reference, SYNTHETIC_GOP - 1);
			order[count++] = shown;
			for (int b = reference - 2; b < shown; b++)
				order[count++] = b;
		}
		for (int i = 0; i < SYNTHETIC_GOP; i++, n++)
			pictures[n] = (struct mux_unit){
				.size = i == 0 ? SYNTHETIC_KEY_BYTES : 9000u + 100u * (n % 7u),
				.pts_90k = (gop + order[i]) * picture_90k,
				.dts_90k = (n - 1) * picture_90k,
				.random_access = i == 0};
	}
}

struct synthetic *synthetic_new(void)
{
	struct synthetic *synthetic = g_new0(struct synthetic, 1);
	make_pictures(synthetic->pictures);
	for (int i = 0; i < SYNTHETIC_FRAMES; i++)
		synthetic->frames[i] = (struct mux_unit){
			.size = 500u + i % 3u, .pts_90k = i * frame_90k, .dts_90k = i * frame_90k};
	for (size_t i = 0; i < sizeof synthetic->bytes; i++)
		synthetic->bytes[i] = (uint8_t)(i * 7 + i / 251);
	synthetic->streams[0] = (struct mux_stream){.pid = 0x31,
		.stream_type = 0x04,
		.stream_id = 0xC0,
		.lead_90k = 16200,
		.margin_90k = 2700,
		.bytes = synthetic->bytes,
		.units = synthetic->frames,
		.n_units = SYNTHETIC_FRAMES};
	synthetic->streams[1] = (struct mux_stream){.pid = 0x32,
		.stream_type = 0x02,
		.stream_id = 0xE0,
		.unbounded = true,
		.lead_90k = 88200,
		.margin_90k = 54900,
		.bytes = synthetic->bytes,
		.units = synthetic->pictures,
		.n_units = SYNTHETIC_PICTURES};
	synthetic->plan = (struct mux_plan){.transport_stream_id = 7,
		.program = 9,
		.pmt_pid = 0x30,
		.streams = synthetic->streams,
		.n_streams = 2,
		.pcr_stream = 1,
		.packets_per_s = 2660,
		.packets = SYNTHETIC_PACKETS,
		.psi_interval = 266,
		.pcr_interval = 95,
		.origin_90k = 88200};
	return synthetic;
}

char *synthetic_file(void)
{
	g_autofree struct synthetic *synthetic = synthetic_new();
	g_autofree uint8_t *packets = g_malloc(SYNTHETIC_BYTES);
	struct mux_misfit misfit;
	char *path = NULL;
	assert_int_equal(mux_loop(&synthetic->plan, packets, &misfit), 0);
	int fd = g_file_open_tmp("zapper-lab-XXXXXX.ts", &path, NULL);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, packets, SYNTHETIC_BYTES), SYNTHETIC_BYTES);
	close(fd);
	return path;
}

void synthetic_remove(char *path)
{
	unlink(path);
	g_free(path);
}
