/*
 * The reference router itself: RFC 9776 sections 6.4.1 and 6.4.2, each row of both tables with sets
 * that meet and miss in every way, and what its timers do.
 */
#include <string.h>

#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"
#include "tests/unit/igmp/router.h"

#define G "232.1.1.1"

/* Sources by letter: a, b, c, d, e are bits 0 to 4. */
static unsigned mask(const char *letters)
{
	unsigned bits = 0;
	for (; *letters; letters++)
		bits |= 1u << (*letters - 'a');
	return bits;
}

static const struct router_settings settings = {
	.version = 3,
	.robustness = 2,
	.query_interval_ns = 125 * SECOND,
	.response_interval_ns = 10 * SECOND,
	.last_member_interval_ns = SECOND,
};

#define GMI (270 * SECOND)
#define LMQT (2 * SECOND)
#define START (1000 * SECOND) /* of every test; source timers run until 100 s later */
#define SOON (START + 100 * SECOND)
#define GROUP_TIMER (START + 150 * SECOND)

/* What a source timer is after the record, by letter: what stands first in the table's Actions. */
static const char *timer_name(uint64_t at_ns)
{
	return at_ns == 0	       ? "0"
	       : at_ns == START + GMI  ? "GMI"
	       : at_ns == START + LMQT ? "LMQT"
	       : at_ns == SOON	       ? "old"
	       : at_ns == GROUP_TIMER  ? "group"
				       : "?";
}

/* "EX group=GMI b:old c:0 ask G bc": mode, group timer, sources with timers, queries. */
static const char *text_of(const struct router_group *group)
{
	static char text[256];
	char *at = text;
	at += sprintf(at, "%s", group->mode == IGMP_INCLUDE ? "IN" : "EX");
	if (group->mode == IGMP_EXCLUDE)
		at += sprintf(at, " group=%s", timer_name(group->timer_ns));
	for (unsigned i = 0; i < ROUTER_SOURCES; i++) {
		if (group->listed & 1u << i)
			at += sprintf(at, " %c:%s", 'a' + i, timer_name(group->source_ns[i]));
	}
	if (group->ask_group)
		at += sprintf(at, " ask G");
	const char *before = " ask ";
	for (unsigned i = 0; i < ROUTER_SOURCES; i++) {
		if (group->ask_source[i]) {
			at += sprintf(at, "%s%c", before, 'a' + i);
			before = "";
		}
	}
	return text;
}

static struct router_group *add_group(struct router *router, const char *x, const char *y, bool ex)
{
	struct router_group *group = &router->groups[router->group_count++];
	*group = (struct router_group){.address = ip(G)};
	group->mode = ex ? IGMP_EXCLUDE : IGMP_INCLUDE;
	group->timer_ns = ex ? GROUP_TIMER : 0;
	group->listed = mask(x) | mask(y);
	for (unsigned i = 0; i < ROUTER_SOURCES; i++)
		group->source_ns[i] = mask(x) & 1u << i ? SOON : 0;
	return group;
}

static void check(const char *x, const char *y, bool ex, unsigned type, const char *sources,
	const char *expected)
{
	struct router router;
	router_init(&router, &settings, START);
	struct router_group *group = add_group(&router, x, y, ex);
	router_record(&router, ip(G), type, mask(sources));
	assert_string_equal(text_of(group), expected);
}

/* A = {a,b}, B = {b,c}. */
static void every_row_of_include(void **state)
{
	(void)state;
	check("ab", "", false, IGMP_IS_IN, "bc", "IN a:old b:GMI c:GMI");
	check("ab", "", false, IGMP_IS_EX, "bc", "EX group=GMI b:old c:0");
	check("ab", "", false, IGMP_ALLOW, "bc", "IN a:old b:GMI c:GMI");
	check("ab", "", false, IGMP_BLOCK, "bc", "IN a:old b:LMQT ask b");
	check("ab", "", false, IGMP_TO_EX, "bc", "EX group=GMI b:LMQT c:0 ask b");
	check("ab", "", false, IGMP_TO_IN, "bc", "IN a:LMQT b:GMI c:GMI ask a");
	check("ab", "", false, IGMP_TO_IN, "", "IN a:LMQT b:LMQT ask ab");
	check("", "", false, IGMP_TO_EX, "", "EX group=GMI");
}

/* X = {a,b}, Y = {c,d}, A = {b,c,e}. */
static void every_row_of_exclude(void **state)
{
	(void)state;
	check("ab", "cd", true, IGMP_IS_IN, "bce", "EX group=group a:old b:GMI c:GMI d:0 e:GMI");
	check("ab", "cd", true, IGMP_IS_EX, "bce", "EX group=GMI b:old c:0 e:GMI");
	check("ab", "cd", true, IGMP_ALLOW, "bce", "EX group=group a:old b:GMI c:GMI d:0 e:GMI");
	check("ab", "cd", true, IGMP_BLOCK, "bce",
		"EX group=group a:old b:LMQT c:0 d:0 e:LMQT ask be");
	check("ab", "cd", true, IGMP_TO_EX, "bce", "EX group=GMI b:LMQT c:0 e:LMQT ask be");
	check("ab", "cd", true, IGMP_TO_IN, "bce",
		"EX group=LMQT a:LMQT b:GMI c:GMI d:0 e:GMI ask G ask a");
	check("", "", true, IGMP_TO_IN, "", "EX group=LMQT ask G");
}

/* Section 6.5: EXCLUDE whose timer ends becomes INCLUDE of what still runs, or nothing. */
static void exclude_ends_with_its_timer(void **state)
{
	(void)state;
	struct router router;
	router_init(&router, &settings, START);
	add_group(&router, "a", "b", true)->source_ns[0] = GROUP_TIMER + 1;
	router_advance(&router, GROUP_TIMER - 1);
	assert_int_equal(router_forwards(router_find(&router, ip(G))),
		(ROUTER_ALL_SOURCES & ~mask("b")) | 1u << ROUTER_SOURCES);
	router_advance(&router, GROUP_TIMER);
	assert_int_equal(router_forwards(router_find(&router, ip(G))), mask("a"));
	router_advance(&router, GROUP_TIMER + 1);
	assert_null(router_find(&router, ip(G)));
}

static size_t next_query(struct router *router, struct igmp_message *ret)
{
	static uint8_t packet[256];
	size_t len = router_next_query(router, packet, sizeof packet);
	if (len > 0)
		assert_int_equal(igmp_parse(packet, len, ret), IGMP_VALID);
	return len;
}

/* Section 6.6.3: [Last Member Query Count] queries, one interval apart, then it is forgotten. */
static void a_leave_is_asked_about_twice(void **state)
{
	(void)state;
	struct router router;
	struct igmp_message query;
	router_init(&router, &settings, START);
	assert_true(next_query(&router, &query) > 0); /* the general one of the start */
	assert_int_equal(query.group.s_addr, 0);
	router_record(&router, ip(G), IGMP_ALLOW, mask("ab"));
	router_record(&router, ip(G), IGMP_BLOCK, mask("b"));
	for (unsigned i = 0; i < 2; i++) {
		router_advance(&router, START + i * SECOND);
		assert_true(next_query(&router, &query) > 0);
		assert_int_equal(query.source_count, 1);
		assert_int_equal(igmp_source(query.sources, 0).s_addr, router_source(1).s_addr);
		assert_int_equal(next_query(&router, &query), 0);
	}
	router_advance(&router, START + LMQT);
	assert_int_equal(next_query(&router, &query), 0);
	assert_int_equal(router_forwards(router_find(&router, ip(G))), mask("a"));
}

/* Section 7.3.2: before an older host BLOCK and the sources of TO_EX are ignored. */
static void older_hosts_are_believed_no_sources(void **state)
{
	(void)state;
	struct router router;
	router_init(&router, &settings, START);
	router_record(&router, ip(G), IGMP_IS_EX, 0);
	struct router_group *group = router_find(&router, ip(G));
	group->older_host_ns = START + GMI;
	router_record(&router, ip(G), IGMP_BLOCK, mask("a"));
	router_record(&router, ip(G), IGMP_TO_EX, mask("b"));
	assert_string_equal(text_of(group), "EX group=GMI");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_of_include),
		cmocka_unit_test(every_row_of_exclude),
		cmocka_unit_test(exclude_ends_with_its_timer),
		cmocka_unit_test(a_leave_is_asked_about_twice),
		cmocka_unit_test(older_hosts_are_believed_no_sources),
	};
	return cmocka_run_group_tests_name("igmp_router", tests, NULL, NULL);
}
