/* doctor/findings beside a player: its back end and settings count, not those of the doctor. */
#include <arpa/inet.h>

#include "tests/unit/client/findings.h"

/* A querier of version 2, whom the player has heard. */
static void ask_in_version_2(struct doctor_facts *facts)
{
	facts->player.querier =
		(struct doctor_querier){.address.s_addr = inet_addr("10.0.2.1"), .version = 2};
}

/* As a doctor without CAP_NET_RAW finds it. */
static void open_kernel(struct doctor_facts *facts)
{
	facts->backend.raw = facts->backend.raw_opens = false;
	g_free(facts->backend.why);
	facts->backend.why = g_strdup("kernel: the doctor's");
}

/* Beside what is worse. */
static void expect_said(const struct doctor_facts *facts, enum doctor_level level, const char *part)
{
	GPtrArray *findings = doctor_findings(facts);
	const struct doctor_finding *finding = find_finding(findings, part);
	assert_non_null(finding);
	assert_int_equal(finding->level, level);
	g_ptr_array_unref(findings);
}

static void a_raw_player_is_not_judged_by_a_doctor_without_privilege(void **state)
{
	struct doctor_facts *facts = *state;
	open_kernel(facts);
	run_player(facts);
	expect(facts, DOCTOR_OK, "raw: the player's", NULL);
	expect_silence(facts, "kernel: the doctor's");
	hold(facts, "232.1.1.2");
	expect(facts, DOCTOR_WARNING, "channel 2 (Name 2): when zapper leaves it", NULL);
	ask_in_version_2(facts);
	expect(facts, DOCTOR_ERROR, "1 channel of source-specific multicast cannot be played",
		"igmp.v2_ssm=yes");
}

static void what_matters_to_raw_alone_matters_to_a_raw_player(void **state)
{
	struct doctor_facts *facts = *state;
	open_kernel(facts);
	run_player(facts);
	facts->kernel.max_memberships = 0;
	facts->kernel.force_igmp_version = 2;
	expect_silence(facts, "igmp_max_memberships");
	expect_silence(facts, "force_igmp_version");
	g_strlcpy(facts->iface.merging.name, "eth0", IF_NAMESIZE);
	facts->iface.merging.gro = facts->iface.merging.list = true;
	expect(facts, DOCTOR_WARNING, "eth0 merges UDP packets", NULL);
	facts->iface.address.s_addr = 0;
	expect(facts, DOCTOR_WARNING, "source 0.0.0.0", NULL);
}

static void a_kernel_player_is_not_judged_by_a_doctor_that_may_do_more(void **state)
{
	struct doctor_facts *facts = *state;
	run_kernel_player(facts);
	expect(facts, DOCTOR_WARNING, "kernel: the player's", "--membership auto");
	expect_silence(facts, "raw: at once");
	facts->kernel.igmp.version = 2;
	expect(facts, DOCTOR_WARNING, "source-specific channels are asked for from any source",
		NULL);
	expect_silence(facts, "cannot be played");
	hold(facts, "239.1.1.1");
	expect_silence(facts, "when zapper leaves it");
	facts->kernel.max_memberships = 0;
	expect(facts, DOCTOR_ERROR, "igmp_max_memberships is 0", NULL);
}

static void a_player_without_fallback_answers_in_version_3(void **state)
{
	struct doctor_facts *facts = *state;
	run_player(facts);
	facts->player.rules.fallback = false;
	ask_in_version_2(facts);
	expect(facts, DOCTOR_OK, "10.0.2.1 asks in IGMP version 2, and is answered in version 3",
		NULL);
	facts->player.rules.fallback = true;
	facts->rules.fallback = false;
	expect(facts, DOCTOR_ERROR, "10.0.2.1 asks in IGMP version 2", NULL);
	facts->rules.v2_ssm = true;
	expect(facts, DOCTOR_ERROR, "10.0.2.1 asks in IGMP version 2", NULL);
}

/* Also of what our own link heard: the player would have had to answer. */
static void what_was_heard_concerns_the_player(void **state)
{
	struct doctor_facts *facts = *state;
	run_player(facts);
	facts->heard.wait_s = 5;
	facts->heard.without_router_alert = 1;
	facts->rules.require_router_alert = true;
	expect(facts, DOCTOR_WARNING, "1 query came without Router Alert", NULL);
	facts->rules.require_router_alert = false;
	facts->player.rules.require_router_alert = true;
	expect(facts, DOCTOR_ERROR, "1 query came without Router Alert and by", NULL);
	facts->player.rules = (struct doctor_rules){.fallback = false};
	facts->heard.v2 = 1;
	facts->heard.last.version = 2;
	expect(facts, DOCTOR_WARNING, "without Router Alert, against", NULL);
	expect_silence(facts, "cannot be played");
}

/* There it is asked what one would be that is started here; its own network is its own matter. */
static void a_player_elsewhere_does_not_speak_here(void **state)
{
	struct doctor_facts *facts = *state;
	run_player(facts);
	facts->player.iface[3] = '1';
	facts->player.rules.fallback = false;
	ask_in_version_2(facts);
	expect(facts, DOCTOR_WARNING, "a player runs on eth1", "--iface eth1");
	expect_said(facts, DOCTOR_OK, "raw: at once");
	expect_said(facts, DOCTOR_OK, "is answered in version 3");
	expect_said(facts, DOCTOR_OK, "nobody listened for queries");
	facts->kernel.igmp.version = 2;
	expect(facts, DOCTOR_ERROR, "a querier on eth0 in IGMP version 2", "igmp.v2_ssm=yes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HEALTHY_TEST(a_raw_player_is_not_judged_by_a_doctor_without_privilege),
		HEALTHY_TEST(what_matters_to_raw_alone_matters_to_a_raw_player),
		HEALTHY_TEST(a_kernel_player_is_not_judged_by_a_doctor_that_may_do_more),
		HEALTHY_TEST(a_player_without_fallback_answers_in_version_3),
		HEALTHY_TEST(what_was_heard_concerns_the_player),
		HEALTHY_TEST(a_player_elsewhere_does_not_speak_here),
	};
	return cmocka_run_group_tests_name("client_doctor_speaker", tests, NULL, NULL);
}
