/* app/discover on a real interface: what is announced is heard, the groups are joined for it and
 * left afterwards, with both back ends. */
#include "client/app/discover.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <uv.h>
#include <zlib.h>

#include "channels/dvbstp.h"
#include "channels/sap.h"
#include "igmp/wire.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/edge.h"
#include "tests/unit/igmp/namespace.h"
#include "tests/unit/igmp/packets.h"

#define SAP_GROUP "224.2.127.254"
#define SAP_LOCAL "239.255.255.255"
#define SDS_GROUP "224.0.23.14"
#define LIST_GROUP "239.7.7.7"
#define LONG_NS (30 * SECOND)

/* One discovery: what is sent at each tick, and what comes of it. */
struct scene {
	void (*send)(struct scene *scene);
	GString *documents;
	GString *said;
	unsigned ticks;
	size_t heard;
};

/* ---- the head-end ---- */

static void send_datagram(const char *group, uint16_t port, const void *payload, size_t size)
{
	uint8_t packet[1500] = {0x45, 0, 0, 0, 0, 0, 0x40, 0, 8, IPPROTO_UDP};
	const struct in_addr from = ip(SOURCE), to = ip(group);
	uint8_t mac[6] = {0x01, 0x00, 0x5e};
	assert_true(28 + size <= sizeof packet);
	packet[2] = (uint8_t)((28 + size) >> 8);
	packet[3] = (uint8_t)(28 + size);
	memcpy(packet + 12, &from, 4);
	memcpy(packet + 16, &to, 4);
	memcpy(mac + 3, packet + 17, 3);
	mac[3] &= 0x7f;
	uint16_t sum = igmp_checksum(packet, 20);
	memcpy(packet + 10, &sum, 2);
	packet[20] = packet[22] = (uint8_t)(port >> 8);
	packet[21] = packet[23] = (uint8_t)port;
	packet[24] = (uint8_t)((8 + size) >> 8);
	packet[25] = (uint8_t)(8 + size); /* and no checksum */
	memcpy(packet + 28, payload, size);
	inject(mac, packet, 28 + size);
}

/* `first` is the header's first byte: 0x20 announces, 0x24 deletes, 0x21 is compressed. */
static void announce(const char *group, uint8_t first, uint8_t hash, const char *description)
{
	uint8_t packet[1024] = {first, 0, 0, hash, 10, 9, 0, 9};
	uLongf size = sizeof packet - 8;
	if (first & 1)
		compress(packet + 8, &size, (const Bytef *)description, strlen(description));
	else
		memcpy(packet + 8, description, size = strlen(description));
	send_datagram(group, SAP_PORT, packet, 8 + size);
}

static void send_segment(
	const char *group, uint16_t port, uint8_t payload, uint8_t id, const char *document)
{
	size_t size = strlen(document);
	uint8_t packet[1400] = {0, 0, (uint8_t)(size >> 8), (uint8_t)size, payload, 0, id, 1};
	memcpy(packet + 12, document, size);
	send_datagram(group, port, packet, 12 + size);
}

/* ---- the listener ---- */

static void on_tick(void *ctx, size_t heard, uint64_t left_ns)
{
	struct scene *scene = ctx;
	assert_true(left_ns <= LONG_NS);
	scene->heard = heard;
	scene->ticks++;
	scene->send(scene);
}

static void on_document(void *ctx, const char *bytes, size_t size)
{
	g_string_append_len(((struct scene *)ctx)->documents, bytes, (gssize)size);
}

static void on_log(void *ctx, enum igmp_log_level level, const char *sentence)
{
	struct scene *scene = ctx;
	if (level <= IGMP_LOG_WARNING)
		g_string_append_printf(scene->said, "%s\n", sentence);
}

static void on_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	struct scene *scene = user;
	g_string_append_printf(
		scene->said, "%s:%u: %s\n", diagnostic->file, diagnostic->line, diagnostic->text);
}

static struct scene scene_of(void (*send)(struct scene *scene))
{
	return (struct scene){
		.send = send, .documents = g_string_new(NULL), .said = g_string_new(NULL)};
}

static void scene_clear(struct scene *scene)
{
	g_string_free(scene->documents, TRUE);
	g_string_free(scene->said, TRUE);
}

static struct discover_options options_of(
	struct scene *scene, enum igmp_backend backend, uint64_t listen_ns)
{
	return (struct discover_options){.name = "net",
		.iface = "box",
		.backend = backend,
		.host = {.unsolicited_interval_ns = 20 * MS},
		.listen_ns = listen_ns,
		.tick = on_tick,
		.document = on_document,
		.log = on_log,
		.report = {.diagnostic = on_diagnostic, .user = scene},
		.ctx = scene};
}

static struct channel_address place(const char *group, uint16_t port)
{
	return (struct channel_address){.group = ip(group), .port = port};
}

static int hear_sap(struct scene *scene, enum igmp_backend backend, uint64_t listen_ns)
{
	const struct discover_options options = options_of(scene, backend, listen_ns);
	const struct channel_address groups[] = {
		place(SAP_GROUP, SAP_PORT), place(SAP_LOCAL, SAP_PORT)};
	return discover_sap(&options, groups, 2);
}

static int hear_sds(struct scene *scene, enum igmp_backend backend)
{
	const struct discover_options options = options_of(scene, backend, LONG_NS);
	const struct channel_address entry = place(SDS_GROUP, DVBSTP_PORT);
	return discover_sds(&options, &entry);
}

/* All reports so far: whether the group was joined, and that its last word is that it was left. */
static void expect_left(struct edge *e, const char *const *groups, size_t count)
{
	GString *reports = g_string_new(NULL);
	for (const char *seen = seen_within(e, 100); *seen; seen = seen_within(e, 100))
		g_string_append_printf(reports, "%s; ", seen);
	for (size_t i = 0; i < count; i++) {
		char *joins = g_strdup_printf("TO_EX %s;", groups[i]);
		char *leaves = g_strdup_printf("TO_IN %s;", groups[i]);
		const char *last = g_strrstr(reports->str, leaves);
		if (!strstr(reports->str, joins) || !last || strstr(last, joins))
			fail_msg("%s: %s", groups[i], reports->str);
		g_free(joins);
		g_free(leaves);
	}
	g_string_free(reports, TRUE);
}

/* ---- SAP ---- */

#define ONE "v=0\r\no=- 1 1 IN IP4 10.9.0.9\r\ns=One\r\n"
#define TWO "v=0\r\no=- 2 1 IN IP4 10.9.0.9\r\ns=Two\r\n"
#define GONE "v=0\r\no=- 3 1 IN IP4 10.9.0.9\r\ns=Gone\r\n"

/* Repeated, as announcers do, also on the other group; one session ends, one is compressed. */
static void send_sessions(struct scene *scene)
{
	if (scene->ticks == 1)
		announce(SAP_GROUP, 0x20, 3, GONE);
	announce(SAP_GROUP, 0x20, 1, ONE);
	announce(SAP_LOCAL, 0x20, 1, ONE);
	announce(SAP_LOCAL, 0x21, 2, TWO);
	if (scene->ticks == 2)
		announce(SAP_GROUP, 0x24, 3, "o=- 3 1 IN IP4 10.9.0.9\r\n");
}

static void check_sap(struct edge *e, enum igmp_backend backend)
{
	static const char *const groups[] = {SAP_GROUP, SAP_LOCAL};
	struct scene scene = scene_of(send_sessions);
	assert_int_equal(hear_sap(&scene, backend, SECOND), 0);
	assert_string_equal(scene.documents->str, ONE "\r\n" TWO "\r\n");
	assert_string_equal(scene.said->str, "");
	assert_int_equal(scene.heard, 2);
	expect_left(e, groups, G_N_ELEMENTS(groups));
	scene_clear(&scene);
}

static void sessions_are_heard_with_our_own_host(void **state)
{
	struct edge *e = edge_or_skip(state);
	check_sap(e, IGMP_BACKEND_RAW);
}

static void sessions_are_heard_with_the_kernels_host(void **state)
{
	struct edge *e = edge_or_skip(state);
	check_sap(e, IGMP_BACKEND_KERNEL);
}

static void send_nothing(struct scene *scene)
{
	(void)scene;
}

static void silence_is_an_error(void **state)
{
	struct edge *e = edge_or_skip(state);
	static const char *const groups[] = {SAP_GROUP, SAP_LOCAL};
	struct scene scene = scene_of(send_nothing);
	assert_int_equal(hear_sap(&scene, IGMP_BACKEND_RAW, 200 * MS), -ENODATA);
	expect_left(e, groups, G_N_ELEMENTS(groups));
	scene_clear(&scene);
}

static void send_rubbish(struct scene *scene)
{
	if (scene->ticks == 1) {
		send_datagram(SAP_GROUP, SAP_PORT, "\x22\0\0\0\x0a\0\0\1v=0", 11);
		announce(SAP_GROUP, 0x20, 1, ONE);
		send_datagram(SAP_GROUP, SAP_PORT, "\x21\0\0\0\x0a\0\0\1nozlib", 14);
	}
}

static void packets_that_cannot_be_read_are_said_once(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct scene scene = scene_of(send_rubbish);
	(void)e;
	assert_int_equal(hear_sap(&scene, IGMP_BACKEND_RAW, 500 * MS), 0);
	assert_string_equal(scene.documents->str, ONE "\r\n");
	assert_string_equal(scene.said->str,
		"net:1: 2 packets are no announcements that can be read (the first one: it is "
		"encrypted); they are ignored\n");
	scene_clear(&scene);
}

static void send_interrupt(struct scene *scene)
{
	if (scene->ticks == 1)
		raise(SIGTERM);
}

/* The groups are left all the same: nobody else would do it. */
static void a_signal_ends_it(void **state)
{
	struct edge *e = edge_or_skip(state);
	static const char *const groups[] = {SAP_GROUP, SAP_LOCAL};
	struct scene scene = scene_of(send_interrupt);
	assert_int_equal(hear_sap(&scene, IGMP_BACKEND_RAW, LONG_NS), -EINTR);
	expect_left(e, groups, G_N_ELEMENTS(groups));
	scene_clear(&scene);
}

static void an_interface_that_is_not_there_is_an_error(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct scene scene = scene_of(send_nothing);
	struct discover_options options = options_of(&scene, IGMP_BACKEND_AUTO, LONG_NS);
	const struct channel_address group = place(SAP_GROUP, SAP_PORT);
	(void)e;
	options.iface = "nope0";
	assert_int_equal(discover_sap(&options, &group, 1), -ENODEV);
	assert_int_equal(discover_sds(&options, &group), -ENODEV);
	scene_clear(&scene);
}

/* ---- SD&S ---- */

#define BROADCAST "<BroadcastDiscovery/>\n"
#define PACKAGES "<PackageDiscovery/>\n"
#define PROVIDERS                                                                                  \
	"<ServiceDiscovery><ServiceProviderDiscovery><ServiceProvider DomainName=\"p.tv\">"        \
	"<Offering><Push Address=\"" LIST_GROUP "\" Port=\"3938\"/></Offering></ServiceProvider>"  \
	"</ServiceProviderDiscovery></ServiceDiscovery>\n"

static void send_lists(struct scene *scene)
{
	(void)scene;
	send_segment(SDS_GROUP, DVBSTP_PORT, DVBSTP_BROADCAST, 1, BROADCAST);
	send_segment(SDS_GROUP, DVBSTP_PORT, DVBSTP_PACKAGES, 1, PACKAGES);
	send_segment(SDS_GROUP, DVBSTP_PORT, 0x06, 1, "<BCGDiscovery/>");
}

/* Long before the time is over. */
static void check_sds(struct edge *e, enum igmp_backend backend)
{
	static const char *const groups[] = {SDS_GROUP};
	struct scene scene = scene_of(send_lists);
	uint64_t begun_ns = uv_hrtime();
	assert_int_equal(hear_sds(&scene, backend), 0);
	assert_true(uv_hrtime() - begun_ns < LONG_NS / 2);
	assert_string_equal(scene.documents->str, BROADCAST PACKAGES);
	assert_string_equal(scene.said->str, "");
	assert_int_equal(scene.heard, 2);
	expect_left(e, groups, G_N_ELEMENTS(groups));
	scene_clear(&scene);
}

static void segments_are_heard_with_our_own_host(void **state)
{
	struct edge *e = edge_or_skip(state);
	check_sds(e, IGMP_BACKEND_RAW);
}

static void segments_are_heard_with_the_kernels_host(void **state)
{
	struct edge *e = edge_or_skip(state);
	check_sds(e, IGMP_BACKEND_KERNEL);
}

/* The provider's list goes elsewhere, and comes a while later. */
static void send_providers(struct scene *scene)
{
	send_segment(SDS_GROUP, DVBSTP_PORT, DVBSTP_PROVIDERS, 1, PROVIDERS);
	if (scene->ticks > 15)
		send_segment(LIST_GROUP, 3938, DVBSTP_BROADCAST, 1, BROADCAST);
}

static void providers_lists_are_followed(struct edge *e, enum igmp_backend backend)
{
	static const char *const groups[] = {SDS_GROUP, LIST_GROUP};
	struct scene scene = scene_of(send_providers);
	assert_int_equal(hear_sds(&scene, backend), 0);
	assert_string_equal(scene.documents->str, BROADCAST);
	assert_string_equal(scene.said->str, "");
	expect_left(e, groups, G_N_ELEMENTS(groups));
	scene_clear(&scene);
}

static void providers_are_followed_with_our_own_host(void **state)
{
	struct edge *e = edge_or_skip(state);
	providers_lists_are_followed(e, IGMP_BACKEND_RAW);
}

static void providers_are_followed_with_the_kernels_host(void **state)
{
	struct edge *e = edge_or_skip(state);
	providers_lists_are_followed(e, IGMP_BACKEND_KERNEL);
}

/* As many groups as are listened to, beside the entry. */
static void send_many_providers(struct scene *scene)
{
	GString *providers = g_string_new("<ServiceProviderDiscovery>"
					  "<ServiceProvider DomainName=\"p.tv\"><Offering>");
	for (int i = 1; i <= DISCOVER_GROUPS; i++)
		g_string_append_printf(providers, "<Push Address=\"239.7.7.%d\" Port=\"1\"/>", i);
	g_string_append(providers, "</Offering></ServiceProvider></ServiceProviderDiscovery>");
	if (scene->ticks == 1) {
		send_segment(SDS_GROUP, DVBSTP_PORT, DVBSTP_PROVIDERS, 1, providers->str);
		send_segment(SDS_GROUP, DVBSTP_PORT, DVBSTP_BROADCAST, 1, BROADCAST);
		send_datagram(SDS_GROUP, DVBSTP_PORT, "short", 5);
	}
	g_string_free(providers, TRUE);
}

static void too_many_providers_are_said(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct scene scene = scene_of(send_many_providers);
	const struct discover_options options = options_of(&scene, IGMP_BACKEND_RAW, SECOND);
	const struct channel_address entry = place(SDS_GROUP, DVBSTP_PORT);
	(void)e;
	assert_int_equal(discover_sds(&options, &entry), 0);
	assert_string_equal(scene.said->str,
		"net:1: providers send their lists to more than 16 groups; \"p.tv\" and those "
		"behind are not listened to\n"
		"net:1: 1 packets are no segments that can be read; they are ignored\n");
	scene_clear(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EDGE(sessions_are_heard_with_our_own_host),
		TEST_EDGE(sessions_are_heard_with_the_kernels_host),
		TEST_EDGE(silence_is_an_error),
		TEST_EDGE(packets_that_cannot_be_read_are_said_once),
		TEST_EDGE(a_signal_ends_it),
		TEST_EDGE(an_interface_that_is_not_there_is_an_error),
		TEST_EDGE(segments_are_heard_with_our_own_host),
		TEST_EDGE(segments_are_heard_with_the_kernels_host),
		TEST_EDGE(providers_are_followed_with_our_own_host),
		TEST_EDGE(providers_are_followed_with_the_kernels_host),
		TEST_EDGE(too_many_providers_are_said),
	};
	return cmocka_run_group_tests_name(
		"client_discover", tests, edge_group_setup, edge_group_teardown);
}
