#include "tests/unit/client/air.h"

#include <arpa/inet.h>
#include <glib.h>
#include <sys/socket.h>
#include <unistd.h>

void air_init(struct air *air, uint32_t ssrc)
{
	*air = (struct air){.gop = AIR_GOP, .picture_bytes = 1000};
	ts_writer_init(&air->w);
	air->w.ssrc = ssrc;
}

void air_clear(struct air *air)
{
	ts_writer_clear(&air->w);
}

struct channel_source air_source(const char *group, const char *source, int port)
{
	struct channel_address address = {.port = (uint16_t)port};
	inet_pton(AF_INET, group, &address.group);
	if (source)
		inet_pton(AF_INET, source, &address.source);
	return channel_source_of(&address);
}

int air_port(void)
{
	return 20000 + getpid() % 20000;
}

int air_open_sender(void)
{
	struct in_addr loopback = {htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &loopback, sizeof loopback);
	return fd;
}

static enum ts_writer_picture picture_of(const struct air *air)
{
	if (air->frame % air->gop)
		return TS_WRITER_P;
	return air->bare ? TS_WRITER_BARE_IDR : TS_WRITER_IDR;
}

static void write_unit(struct air *air, bool video, uint64_t dts_90khz)
{
	GByteArray *unit = !video ? ts_writer_adts(200, 1)
				  : ts_writer_h264(picture_of(air), air->picture_bytes, 0x81);
	ts_writer_pes(
		&air->w, &(struct ts_writer_pes){.pid = video ? air->w.video_pid : air->w.audio_pid,
				 .stream_id = video ? 0xe0 : 0xc0,
				 .pts_90khz = dts_90khz,
				 .dts_90khz = TS_WRITER_NO_TIME,
				 .bounded = true,
				 .data = unit->data,
				 .len = unit->len});
	g_byte_array_unref(unit);
}

void air_send_frame(struct air *air, int sender, const struct channel_address *to)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr = to->group, .sin_port = htons(to->port)};
	uint8_t payload[TS_WRITER_DATAGRAM_MAX];
	uint64_t dts_90khz = 900000 + air->frame * AIR_FRAME_90KHZ;
	size_t len;
	ts_writer_pat(&air->w);
	ts_writer_pmt(&air->w);
	ts_writer_pcr(&air->w, (dts_90khz - AIR_SLACK_NS * 9 / 100000) * 300, false);
	write_unit(air, true, dts_90khz);
	write_unit(air, false, dts_90khz - 30000);
	air->frame++;
	while ((len = ts_writer_take_rtp(&air->w, payload)) > 0)
		sendto(sender, payload, len, 0, (const struct sockaddr *)&address, sizeof address);
}

void air_make_lineup(struct channel *rows, const struct channel_source *sources, size_t n)
{
	static const char *const no_bouquets[] = {NULL};
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct channel){.id = (int64_t)i + 1,
			.number = (uint32_t)i + 1,
			.bouquets = no_bouquets,
			.sources = &sources[i],
			.source_count = 1};
}

static void on_event(void *ctx, const struct zap_event *event)
{
	(void)ctx, (void)event;
}

static void on_unit(void *ctx, uint64_t n, const struct stream_unit *unit)
{
	(void)ctx, (void)n;
	g_bytes_unref(unit->data);
}

static void on_codecs(void *ctx, uint64_t n, enum stream_codec video, enum stream_codec audio)
{
	(void)ctx, (void)n, (void)video, (void)audio;
}

static void on_scrambled(void *ctx, uint64_t n, bool scrambled)
{
	(void)ctx, (void)n, (void)scrambled;
}

static void on_misled(void *ctx, uint64_t n)
{
	(void)ctx, (void)n;
}

static void on_no_programme(void *ctx, uint64_t n, uint16_t number)
{
	(void)ctx, (void)n, (void)number;
}

static void on_noticed(void *ctx, const struct igmp_said *said)
{
	(void)ctx, (void)said;
}

static void on_stamped(void *ctx, uint64_t wire_ns)
{
	(void)ctx, (void)wire_ns;
}

struct net_listener air_deaf_listener(void)
{
	return (struct net_listener){on_event, on_unit, on_codecs, on_scrambled, on_misled,
		on_no_programme, on_noticed, on_stamped, NULL};
}

static void recall_nothing(void *ctx, int channel, struct net_recalled *ret)
{
	(void)ctx, (void)channel, (void)ret;
}

static void on_log(void *ctx, enum igmp_log_level level, const char *sentence)
{
	(void)ctx, (void)level, (void)sentence;
}

struct net_options air_net_options(const struct channel_list *channels)
{
	static const char *const no_languages[] = {NULL};
	return (struct net_options){.iface = "lo",
		.backend = IGMP_BACKEND_KERNEL,
		.channels = channels,
		.languages = no_languages,
		.recall = recall_nothing,
		.log = on_log};
}
