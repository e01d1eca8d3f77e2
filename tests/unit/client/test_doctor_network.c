/* doctor/findings of who asks for memberships, as a player or our own link heard it. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "tests/unit/client/findings.h"

static void a_players_querier_is_judged(void **state)
{
	struct doctor_facts *facts = *state;
	run_player(facts);
	expect(facts, DOCTOR_OK, "a player runs on eth0 through raw, its state is playing", NULL);
	expect(facts, DOCTOR_OK, "no router has asked it", NULL);
	expect_silence(facts, "nobody listened");
	facts->player.querier = (struct doctor_querier){.address.s_addr = inet_addr("10.0.2.1"),
		.version = 3,
		.robustness = 2,
		.interval_s = 125,
		.age_s = 12};
	expect(facts, DOCTOR_OK, "10.0.2.1 asks in IGMP version 3, every 125 s", NULL);
	facts->player.without_router_alert = 3;
	expect(facts, DOCTOR_WARNING, "3 queries came without Router Alert", NULL);
	facts->player.querier.version = 2;
	expect(facts, DOCTOR_ERROR, "10.0.2.1 asks in IGMP version 2", NULL);
	facts->player.rules.v2_ssm = true;
	expect(facts, DOCTOR_WARNING, "10.0.2.1 asks in IGMP version 2", NULL);
	facts->player.iface[3] = '7';
	expect(facts, DOCTOR_WARNING, "a player runs on eth7", "--iface eth7");
}

static void add_notice(struct doctor_facts *facts, const char *type, const char *sentence)
{
	const struct doctor_notice notice = {g_strdup(type), g_strdup(sentence), 61.4};
	g_array_append_val(facts->player.notices, notice);
}

static void what_a_player_noticed_is_said_once(void **state)
{
	struct doctor_facts *facts = *state;
	run_player(facts);
	add_notice(facts, "querier-back", "it asks again");
	add_notice(facts, "version-changed", "speaking 3");
	add_notice(facts, "link-up", "the line is up");
	expect(facts, DOCTOR_OK, "it noticed 61 s ago: it asks again", NULL);
	add_notice(facts, "no-querier", "no router asks");
	add_notice(facts, "no-querier", "no router asks");
	expect(facts, DOCTOR_WARNING, "it noticed 61 s ago: no router asks", NULL);
	GPtrArray *findings = doctor_findings(facts);
	unsigned count = 0;
	for (guint i = 0; i < findings->len; i++)
		count += strstr(((struct doctor_finding *)g_ptr_array_index(findings, i))->sentence,
				 "no router asks") != NULL;
	assert_int_equal(count, 1);
	g_ptr_array_unref(findings);
	facts->player.host_version = 2;
	expect(facts, DOCTOR_WARNING, "speaking 3", NULL);
}

static void what_a_player_dropped_is_counted(void **state)
{
	struct doctor_facts *facts = *state;
	run_player(facts);
	struct doctor_counter counter = {g_strdup("ttl"), 4};
	g_array_append_val(facts->player.drops, counter);
	expect(facts, DOCTOR_WARNING, "dropped packets, by cause: 4 ttl", "zapper ctl igmp");
	counter = (struct doctor_counter){g_strdup("kernel"), 9};
	g_array_append_val(facts->player.drops, counter);
	expect(facts, DOCTOR_WARNING, "4 ttl, 9 kernel", "rmem_max");
	expect(facts, DOCTOR_WARNING, "4 ttl, 9 kernel", "its receive buffer full");
	counter = (struct doctor_counter){g_strdup("merged"), 2};
	g_array_append_val(facts->player.drops, counter);
	expect(facts, DOCTOR_WARNING, "9 kernel, 2 merged",
		"several in one: ethtool -K eth0 rx-udp-gro-forwarding off rx-gro-list off");
	g_strlcpy(facts->iface.merging.name, "lan", IF_NAMESIZE);
	expect(facts, DOCTOR_WARNING, "2 merged", "ethtool -K lan ");
	facts->player.reason = g_strdup("its video is not H.264");
	expect(facts, DOCTOR_WARNING, "it says: its video is not H.264", NULL);
}

static void a_flood_that_a_player_could_not_take_is_told(void **state)
{
	struct doctor_facts *facts = *state;
	run_player(facts);
	struct doctor_counter counter = {g_strdup("socket"), 7};
	g_array_append_val(facts->player.drops, counter);
	expect(facts, DOCTOR_WARNING, "by cause: 7 socket", "tcpdump -vni eth0 igmp");
}

static void who_does_not_answer_as_a_player_is_said(void **state)
{
	struct doctor_facts *facts = *state;
	facts->player.path = g_strdup("/run/zapper.sock");
	expect_silence(facts, "/run/zapper.sock");
	facts->player.error = -ETIMEDOUT;
	expect(facts, DOCTOR_WARNING, "/run/zapper.sock does not answer", "--control");
}

static void hear(struct doctor_facts *facts, const char *address)
{
	facts->heard.last = (struct doctor_querier){.address.s_addr = inet_addr(address),
		.version = 3,
		.robustness = 2,
		.interval_s = 125};
	facts->heard.v3++;
}

static void hear_notice(struct doctor_facts *facts, const char *type, const char *sentence)
{
	const struct doctor_notice notice = {g_strdup(type), g_strdup(sentence), 0};
	g_array_append_val(facts->heard.notices, notice);
}

static void what_was_heard_is_judged(void **state)
{
	struct doctor_facts *facts = *state;
	facts->heard.wait_s = 5;
	expect(facts, DOCTOR_OK, "no router asked for memberships within 5 s", "--wait 130");
	facts->heard.wait_s = 130;
	expect(facts, DOCTOR_WARNING, "no router asked for memberships within 130 s", "querier");
	hear(facts, "10.0.2.1");
	expect(facts, DOCTOR_OK, "10.0.2.1 asks in IGMP version 3, every 125 s, with robustness 2",
		NULL);
	hear_notice(facts, "querier-changed", "10.0.2.7 asks now");
	hear_notice(facts, "version-changed", "speaking 2");
	expect(facts, DOCTOR_WARNING, "10.0.2.7 asks now", "the lowest address");
	expect_silence(facts, "speaking 2");
	hear_notice(facts, "several-queriers", "both ask by turns");
	expect(facts, DOCTOR_WARNING, "both ask by turns", "the lowest address");
	expect_silence(facts, "10.0.2.7 asks now");
	facts->heard.v2 = 1;
	expect(facts, DOCTOR_ERROR, "somebody else asks in IGMP version 2", NULL);
	facts->heard.last.version = 1;
	facts->heard.last.address.s_addr = 0;
	expect(facts, DOCTOR_ERROR, "a switch (0.0.0.0) asks in IGMP version 1", NULL);
}

static void what_our_own_link_dropped_is_told_by_cause(void **state)
{
	struct doctor_facts *facts = *state;
	facts->heard.wait_s = 5;
	hear(facts, "10.0.2.1");
	expect_silence(facts, "dropped");
	struct doctor_counter counter = {g_strdup("ttl"), 2};
	g_array_append_val(facts->heard.drops, counter);
	counter = (struct doctor_counter){g_strdup("malformed_query"), 1};
	g_array_append_val(facts->heard.drops, counter);
	expect(facts, DOCTOR_WARNING,
		"listening dropped IGMP packets, by cause: 2 ttl, 1 malformed_query",
		"tcpdump -vni eth0 igmp");
}

static void queries_without_router_alert_matter_where_it_is_required(void **state)
{
	struct doctor_facts *facts = *state;
	facts->heard.wait_s = 5;
	facts->heard.without_router_alert = 1;
	expect(facts, DOCTOR_WARNING, "1 query came without Router Alert", NULL);
	facts->rules.require_router_alert = true;
	expect(facts, DOCTOR_ERROR, "1 query came without Router Alert",
		"igmp.require_router_alert=no");
}

static void who_may_not_listen_is_told(void **state)
{
	struct doctor_facts *facts = *state;
	facts->heard.wait_s = 5;
	facts->heard.why_not = g_strdup("CAP_NET_RAW");
	expect(facts, DOCTOR_WARNING, "listening for queries is not possible: CAP_NET_RAW", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HEALTHY_TEST(a_players_querier_is_judged),
		HEALTHY_TEST(what_a_player_noticed_is_said_once),
		HEALTHY_TEST(what_a_player_dropped_is_counted),
		HEALTHY_TEST(a_flood_that_a_player_could_not_take_is_told),
		HEALTHY_TEST(who_does_not_answer_as_a_player_is_said),
		HEALTHY_TEST(what_was_heard_is_judged),
		HEALTHY_TEST(what_our_own_link_dropped_is_told_by_cause),
		HEALTHY_TEST(queries_without_router_alert_matter_where_it_is_required),
		HEALTHY_TEST(who_may_not_listen_is_told),
	};
	return cmocka_run_group_tests_name("client_doctor_network", tests, NULL, NULL);
}
