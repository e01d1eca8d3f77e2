/* `zapper import sap:` and `sds:`: what the head-end announces through router and bridge is found,
 * and its groups are left afterwards. This program is the announcer, too (--announce). */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "tests/system/support/stage.h"

enum { EVERY_US = 100000, PRUNED_MS = 300, LEAVE_LIMIT_MS = 3000, IMPORT_LIMIT_MS = 40000 };
#define MS_NS UINT64_C(1000000)

#define HEADEND "10.0.1.10"
#define SAP_GROUP "239.255.255.255"
#define SDS_GROUP "239.7.7.7"
#define LIST_GROUP "232.7.7.7"

/* ---- the announcer, at the head-end ---- */

#define SESSION(id, name, group)                                                                   \
	"\x20\0\0" id "\x0a\0\x01\x0a"                                                             \
	"v=0\r\no=- " id " 1 IN IP4 " HEADEND "\r\ns=" name "\r\nc=IN IP4 " group                  \
	"/8\r\nt=0 0\r\nm=video 5004 RTP/AVP 33\r\n"

#define PROVIDERS                                                                                  \
	"<ServiceDiscovery><ServiceProviderDiscovery><ServiceProvider DomainName=\"p.tv\">"        \
	"<Offering><Push Source=\"" HEADEND "\" Address=\"" LIST_GROUP                             \
	"\" Port=\"3938\"/></Offering></ServiceProvider></ServiceProviderDiscovery>"               \
	"</ServiceDiscovery>"
#define SERVICE(name, group)                                                                       \
	"<SingleService><ServiceLocation><IPMulticastAddress Address=\"" group                     \
	"\" Port=\"5004\"/></ServiceLocation><TextualIdentifier ServiceName=\"" name               \
	"\"/></SingleService>"
#define SERVICES                                                                                   \
	"<ServiceDiscovery><BroadcastDiscovery><ServiceList>" SERVICE("First", "239.1.1.1")        \
		SERVICE("Third", "239.1.1.3") "</ServiceList></BroadcastDiscovery>"                \
					      "</ServiceDiscovery>"

static void send_to(int fd, const char *group, uint16_t port, const void *bytes, size_t size)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
	inet_pton(AF_INET, group, &to.sin_addr);
	sendto(fd, bytes, size, 0, (const struct sockaddr *)&to, sizeof to);
}

/* A segment that is one section (TS 102 034 clause 5.4.1.2). */
static void send_segment(
	int fd, const char *group, uint16_t port, uint8_t payload, const char *document)
{
	size_t size = strlen(document);
	uint8_t packet[1400] = {0, 0, (uint8_t)(size >> 8), (uint8_t)size, payload, 0, 1, 1};
	memcpy(packet + 12, document, size);
	send_to(fd, group, port, packet, 12 + size);
}

static _Noreturn void announce(void)
{
	static const char one[] = SESSION("1", "First", "239.1.1.1");
	static const char two[] = SESSION("2", "Third", "239.1.1.3");
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), hops = 8;
	struct sockaddr_in from = {.sin_family = AF_INET};
	inet_pton(AF_INET, HEADEND, &from.sin_addr);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&from, sizeof from) ||
		setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &from.sin_addr, sizeof from.sin_addr) ||
		setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &hops, sizeof hops))
		_exit(1);
	for (;;) {
		send_to(fd, SAP_GROUP, 9875, one, sizeof one - 1);
		send_to(fd, SAP_GROUP, 9875, two, sizeof two - 1);
		send_segment(fd, SDS_GROUP, 3937, 1, PROVIDERS);
		send_segment(fd, LIST_GROUP, 3938, 2, SERVICES);
		g_usleep(EVERY_US);
	}
}

static int group_open(void **state)
{
	int error = stage_open(state);
	struct stage *stage = *state;
	const char *const argv[] = {"/proc/self/exe", "--announce", NULL};
	/* It ends with us. */
	if (!error && !stage->missing)
		lab_spawn(&stage->lab, "headend", argv, NULL, NULL);
	return error;
}

/* ---- the box ---- */

static void import_from(struct stage *stage, const char *source, const char *membership)
{
	g_autofree char *db = lab_path(&stage->lab, "found.db");
	g_autofree char *out = lab_path(&stage->lab, "found.out");
	const char *const argv[] = {stage->lab.zapper, "import", "--db", db, "--iface", "eth0",
		"--membership", membership, "--listen", source[1] == 'a' ? "3" : "30", source,
		NULL};
	unlink(db);
	unlink(out);
	int code = lab_wait(lab_spawn(&stage->lab, "box", argv, out, out), IMPORT_LIMIT_MS);
	g_autofree char *said = lab_read(out);
	if (code)
		fail_msg("exit code %d: %s", code, said);
	assert_string_equal(said,
		"2 channels, 0 alternates, 0 renumbered, 0 ignored; line-up: 2 added, 0 changed, 0 "
		"removed\n");
}

static void expect_found(struct stage *stage)
{
	g_autofree char *db = lab_path(&stage->lab, "found.db");
	g_autofree char *out = lab_path(&stage->lab, "found.txt");
	const char *const argv[] = {
		stage->lab.zapper, "channels", "--db", db, "--format", "m3u", NULL};
	unlink(out);
	assert_int_equal(lab_wait(lab_spawn(&stage->lab, "box", argv, out, NULL), 10000), 0);
	g_autofree char *list = lab_read(out);
	assert_non_null(strstr(list, "First\nrtp://239.1.1.1:5004\n"));
	assert_non_null(strstr(list, "Third\nrtp://239.1.1.3:5004\n"));
}

static bool says(const struct captured *captured, const void *ctx)
{
	if (!capture_is_igmp_of_box(captured, NULL))
		return false;
	g_autofree char *records = capture_describe(captured);
	return strstr(records, ctx) != NULL;
}

/* Joined, left at the end of the import, and not received any more from then on. */
static void expect_left(struct stage *stage, const char *join, const char *leave, const char *group)
{
	struct captured captured;
	struct in_addr address;
	size_t index = 0;
	uint64_t limit_ns = capture_now_ns() + LEAVE_LIMIT_MS * MS_NS;
	if (!capture_await(stage->capture, &index, limit_ns, says, join, &captured))
		fail_msg("the box did not say %s", join);
	if (!capture_await(stage->capture, &index, limit_ns, says, leave, &captured))
		fail_msg("the box did not say %s", leave);
	uint64_t pruned_ns = captured.at_ns + PRUNED_MS * MS_NS, last_ns = captured.at_ns;
	inet_pton(AF_INET, group, &address);
	uint32_t wanted = ntohl(address.s_addr);
	while (capture_await(stage->capture, &index, pruned_ns + PRUNED_MS * MS_NS, capture_is_data,
		&wanted, &captured))
		last_ns = captured.at_ns;
	assert_true(last_ns <= pruned_ns);
}

static void sessions_are_found_with(struct stage *stage, const char *membership)
{
	import_from(stage, "sap:", membership);
	expect_found(stage);
	expect_left(stage, "TO_EX " SAP_GROUP, "TO_IN " SAP_GROUP, SAP_GROUP);
}

static void sessions_are_found_with_our_own_host(void **state)
{
	take_stage(stage, state);
	sessions_are_found_with(stage, "raw");
}

static void sessions_are_found_with_the_kernels_host(void **state)
{
	take_stage(stage, state);
	sessions_are_found_with(stage, "kernel");
}

/* The entry is of any source, the provider's list source-specific. */
static void services_are_found_with(struct stage *stage, const char *membership)
{
	import_from(stage, "sds:" SDS_GROUP, membership);
	expect_found(stage);
	expect_left(stage, "TO_EX " SDS_GROUP, "TO_IN " SDS_GROUP, SDS_GROUP);
	expect_left(stage, "ALLOW " LIST_GROUP " " HEADEND, "BLOCK " LIST_GROUP " " HEADEND,
		LIST_GROUP);
}

static void services_are_found_with_our_own_host(void **state)
{
	take_stage(stage, state);
	services_are_found_with(stage, "raw");
}

static void services_are_found_with_the_kernels_host(void **state)
{
	take_stage(stage, state);
	services_are_found_with(stage, "kernel");
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--announce"))
		announce();
	stage_choose(argc, argv);
	const struct CMUnitTest tests[] = {
		STAGE_TEST(sessions_are_found_with_our_own_host),
		STAGE_TEST(sessions_are_found_with_the_kernels_host),
		STAGE_TEST(services_are_found_with_our_own_host),
		STAGE_TEST(services_are_found_with_the_kernels_host),
	};
	return cmocka_run_group_tests_name("system_discover", tests, group_open, stage_close);
}
