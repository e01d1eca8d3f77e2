#include "tests/system/support/forge.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "igmp/wire.h"
#include "tests/support/test.h"

enum { IP_BYTES = 20, UDP_BYTES = 8, FLOOD_STEP_US = 200, FLOOD_LIMIT_S = 10 };

struct forge {
	int fd, port;
	uint8_t box[ETH_ALEN];

	/* The flood. */
	unsigned per_s;
	forge_make *make;
	void *ctx;
	atomic_bool ends;
	atomic_uint_fast64_t sent;
	GThread *thread; /* NULL: there is none */
};

struct forge *forge_open(const struct lab *lab, const char *port)
{
	const int on = 1;
	struct forge *forge = g_new0(struct forge, 1);
	forge->port = (int)if_nametoindex(port);
	forge->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	assert_true(forge->fd >= 0);
	/* Past what captures listen to: a flood is not worth keeping. */
	assert_int_equal(setsockopt(forge->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on), 0);
	lab_mac(lab, "box", "eth0", forge->box);
	return forge;
}

void forge_close(struct forge *forge)
{
	if (!forge)
		return;
	forge_stop(forge);
	close(forge->fd);
	g_free(forge);
}

/* Whether it has left: a queue may be full. */
static bool send_frame(
	struct forge *forge, const uint8_t mac[ETH_ALEN], const uint8_t *packet, size_t len)
{
	uint8_t frame[ETH_HLEN + FORGE_MAX_BYTES] = {[ETH_ALEN] = 0x02, [2 * ETH_ALEN - 1] = 0x66};
	const struct sockaddr_ll to = {.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = forge->port,
		.sll_halen = ETH_ALEN};
	assert_true(len <= FORGE_MAX_BYTES);
	memcpy(frame, mac, ETH_ALEN);
	frame[2 * ETH_ALEN] = ETH_P_IP >> 8;
	memcpy(frame + ETH_HLEN, packet, len);
	return sendto(forge->fd, frame, ETH_HLEN + len, 0, (const struct sockaddr *)&to,
		       sizeof to) > 0;
}

/* RFC 1112 section 6.4; a broadcast address has a frame of its own. */
static void map_to_mac(const uint8_t *packet, uint8_t ret[ETH_ALEN])
{
	static const uint8_t multicast[3] = {0x01, 0x00, 0x5e};
	memset(ret, 0xff, ETH_ALEN);
	if (packet[16] == 255)
		return;
	memcpy(ret, multicast, sizeof multicast);
	memcpy(ret + 3, packet + 17, 3);
	ret[3] &= 0x7f;
}

void forge_send(struct forge *forge, const uint8_t *packet, size_t len)
{
	uint8_t mac[ETH_ALEN];
	map_to_mac(packet, mac);
	assert_true(send_frame(forge, mac, packet, len));
}

void forge_send_to_box(struct forge *forge, const uint8_t *packet, size_t len)
{
	assert_true(send_frame(forge, forge->box, packet, len));
}

static void put(uint8_t *at, uint32_t value, size_t bytes)
{
	for (size_t i = bytes; i-- > 0; value >>= 8)
		at[i] = (uint8_t)value;
}

size_t forge_datagram(uint8_t packet[FORGE_MAX_BYTES], uint32_t source, uint32_t group,
	uint16_t port, const uint8_t *payload, size_t len)
{
	size_t total = IP_BYTES + UDP_BYTES + len;
	assert_true(total <= FORGE_MAX_BYTES);
	memset(packet, 0, IP_BYTES + UDP_BYTES);
	packet[0] = 0x45;
	put(packet + 2, (uint32_t)total, 2);
	packet[8] = 16; /* TTL */
	packet[9] = IPPROTO_UDP;
	put(packet + 12, source, 4);
	put(packet + 16, group, 4);
	uint16_t sum = igmp_checksum(packet, IP_BYTES);
	memcpy(packet + 10, &sum, sizeof sum);
	put(packet + IP_BYTES, port, 2);
	put(packet + IP_BYTES + 2, port, 2);
	put(packet + IP_BYTES + 4, (uint32_t)(UDP_BYTES + len), 2); /* no checksum: 0 */
	memcpy(packet + IP_BYTES + UDP_BYTES, payload, len);
	return total;
}

static void send_next(struct forge *forge, uint64_t i)
{
	uint8_t packet[FORGE_MAX_BYTES], mac[ETH_ALEN];
	size_t len = forge->make(forge->ctx, i, packet);
	map_to_mac(packet, mac);
	forge->sent += send_frame(forge, mac, packet, len);
}

static gpointer flood(gpointer data)
{
	struct forge *forge = data;
	uint64_t start_ns = lab_now_ns(), made = 0;
	while (!forge->ends) {
		uint64_t due = (lab_now_ns() - start_ns) / 1000 * forge->per_s / 1000000;
		while (made < due)
			send_next(forge, made++);
		g_usleep(FLOOD_STEP_US);
	}
	return NULL;
}

void forge_flood(struct forge *forge, unsigned per_s, forge_make *make, void *ctx)
{
	assert_null(forge->thread);
	forge->per_s = per_s;
	forge->make = make;
	forge->ctx = ctx;
	forge->ends = false;
	forge->sent = 0;
	forge->thread = g_thread_new("flood", flood, forge);
}

void forge_await(struct forge *forge, uint64_t packets)
{
	uint64_t deadline_ns = lab_now_ns() + FLOOD_LIMIT_S * UINT64_C(1000000000);
	assert_non_null(forge->thread);
	while (forge->sent < packets && lab_now_ns() < deadline_ns)
		g_usleep(FLOOD_STEP_US);
	assert_true(forge->sent >= packets);
}

uint64_t forge_stop(struct forge *forge)
{
	if (!forge->thread)
		return 0;
	forge->ends = true;
	g_thread_join(g_steal_pointer(&forge->thread));
	return forge->sent;
}
