/*
 * Answers that take several packets, or wait for a token of the bucket, and what comes between:
 * state changes and further queries (RFC 9776 sections 4.2.17 and 5.2).
 */
#include <string.h>

#include "igmp/host.h"
#include "igmp/report.h"
#include "igmp/wire.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"

#define A "239.1.1.1"
#define B "239.1.1.2"
#define SSM "232.1.1.1"

/* Reports have room for 7 sources, or 4 records without, and a second lies between two answers. */
static struct igmp_host *open_small(void)
{
	return open_host(&(struct igmp_host_settings){.mtu_bytes = IGMP_MTU_MIN_BYTES,
		.answers_per_second = 1,
		.answer_burst = 1,
		.no_watch = true,
		.seed = 9});
}

/* 10.0.0.FIRST to 10.0.0.LAST */
static struct igmp_filter sources(unsigned first, unsigned last)
{
	struct igmp_filter filter = {.mode = IGMP_INCLUDE};
	for (unsigned i = first; i <= last; i++)
		filter.sources[filter.source_count++].s_addr = htonl(0x0a000000 + i);
	return filter;
}

static void ask(struct igmp_host *host, const char *group, const char *list, uint64_t now)
{
	struct query query = query_defaults();
	query.group = group;
	query.destination = strcmp(group, "0.0.0.0") ? group : "224.0.0.1";
	query.sources = list;
	query.code = 1;
	hear(host, &query, now);
}

static void note_packet(const struct igmp_action *action, enum igmp_record_type type,
	struct in_addr group, char *text)
{
	struct igmp_message message;
	struct igmp_record record;
	assert_int_equal(igmp_parse(action->packet, action->len, &message), IGMP_VALID);
	struct igmp_record_reader reader = igmp_records(&message);
	while (igmp_record_next(&reader, &record)) {
		if (record.type != type || record.group.s_addr != group.s_addr)
			continue;
		strcat(text, *text ? " |" : "|");
		for (uint16_t i = 0; i < record.source_count; i++)
			sprintf(text + strlen(text), " %u",
				ntohl(igmp_source(record.sources, i).s_addr) & 255);
	}
}

/*
 * What the host says of the group with this type of record from now on until it has no more to say,
 * "| 1 2 | 3": a stroke begins a record. The time moves there.
 */
static const char *all_said(
	struct igmp_host *host, enum igmp_record_type type, const char *group, uint64_t *now)
{
	static char text[4096];
	struct igmp_action action;
	text[0] = '\0';
	for (;;) {
		while (igmp_host_next_action(host, &action)) {
			if (action.type == IGMP_ACTION_SEND)
				note_packet(&action, type, ip(group), text);
		}
		if (igmp_host_deadline(host) == UINT64_MAX)
			return text;
		*now = igmp_host_deadline(host);
		igmp_host_advance(host, *now);
	}
}

#define OF_1_TO_7 "[IS_IN " SSM " 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7]"

/* SSM with 20 sources, of which the first packet of the answer has told 7; the bucket is empty. */
static struct igmp_host *open_in_the_middle(uint64_t *now)
{
	struct igmp_host *host = open_small();
	set_user(host, 0, SSM, sources(1, 20), 0);
	settle(host);
	ask(host, SSM, "", 100 * SECOND);
	assert_string_equal(next_reports(host, now), OF_1_TO_7);
	return host;
}

static void a_split_answer_goes_on_token_by_token(void **state)
{
	(void)state;
	uint64_t now, first;
	struct igmp_host *host = open_in_the_middle(&now);
	first = now;
	assert_string_equal(
		all_said(host, IGMP_IS_IN, SSM, &now), "| 8 9 10 11 12 13 14 | 15 16 17 18 19 20");
	assert_true(now == first + 2 * SECOND);
	assert_int_equal(counters_of(host).answers_delayed, 2);
	igmp_host_free(host);
}

/* The change leaves at once, the answer goes on where it was. */
static void a_change_elsewhere_does_not_disturb_a_split_answer(void **state)
{
	(void)state;
	uint64_t now;
	struct igmp_host *host = open_in_the_middle(&now);
	set_user(host, 0, A, exclude(""), now);
	assert_string_equal(reports(host), "[TO_EX " A "]");
	assert_string_equal(
		all_said(host, IGMP_IS_IN, SSM, &now), "| 8 9 10 11 12 13 14 | 15 16 17 18 19 20");
	igmp_host_free(host);
}

/* What was told of the old filter is no part of the new one. */
static void a_change_of_the_group_begins_its_answer_anew(void **state)
{
	(void)state;
	uint64_t now;
	struct igmp_host *host = open_in_the_middle(&now);
	set_user(host, 0, SSM, sources(2, 22), now);
	assert_string_equal(
		reports(host), "[ALLOW " SSM " 10.0.0.21 10.0.0.22; BLOCK " SSM " 10.0.0.1]");
	assert_string_equal(all_said(host, IGMP_IS_IN, SSM, &now),
		"| 2 3 4 5 6 7 8 | 9 10 11 12 13 14 15 | 16 17 18 19 20 21 22");
	igmp_host_free(host);
}

/* A filter that is shorter now than what was told of the one before. */
static void an_answer_shrinks_with_its_group(void **state)
{
	(void)state;
	uint64_t now;
	struct igmp_host *host = open_in_the_middle(&now);
	set_user(host, 0, SSM, sources(19, 20), now);
	reports(host);
	assert_string_equal(all_said(host, IGMP_IS_IN, SSM, &now), "| 19 20");
	host = (igmp_host_free(host), open_in_the_middle(&now));
	set_user(host, 0, SSM, include(""), now);
	reports(host);
	assert_string_equal(all_said(host, IGMP_IS_IN, SSM, &now), "");
	igmp_host_free(host);
}

/* Split changes and split answers that are due at once: each whole, the change first. */
static void split_changes_come_before_split_answers(void **state)
{
	(void)state;
	struct igmp_host *host = open_host(&(struct igmp_host_settings){
		.mtu_bytes = IGMP_MTU_MIN_BYTES, .no_watch = true, .seed = 9});
	set_user(host, 0, A, exclude(""), 0);
	settle(host);
	set_user(host, 0, SSM, sources(1, 9), 100 * SECOND);
	reports(host);
	ask(host, "0.0.0.0", "", 100 * SECOND);
	igmp_host_advance(host, 110 * SECOND); /* repeat and answer */
	assert_string_equal(reports(host),
		"[ALLOW " SSM " 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7] "
		"[ALLOW " SSM " 10.0.0.8 10.0.0.9] "
		"[IS_EX " A "] " OF_1_TO_7 " [IS_IN " SSM " 10.0.0.8 10.0.0.9]");
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	igmp_host_free(host);
}

/* A split change between the packets of a split answer, repeats and all: both are complete. */
static void split_changes_between_split_answers_are_complete(void **state)
{
	(void)state;
	uint64_t now;
	struct igmp_host *host = open_small();
	set_user(host, 0, SSM, sources(1, 20), 0);
	set_user(host, 0, B, sources(1, 10), 0);
	settle(host);
	ask(host, SSM, "", 100 * SECOND);
	assert_string_equal(next_reports(host, &now), OF_1_TO_7);
	set_user(host, 0, B, sources(31, 40), now);
	assert_string_equal(reports(host),
		"[ALLOW " B " 10.0.0.31 10.0.0.32 10.0.0.33 10.0.0.34 10.0.0.35 10.0.0.36 "
		"10.0.0.37] "
		"[ALLOW " B " 10.0.0.38 10.0.0.39 10.0.0.40] "
		"[BLOCK " B " 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7] "
		"[BLOCK " B " 10.0.0.8 10.0.0.9 10.0.0.10]");
	char answers[128];
	snprintf(answers, sizeof answers, "%s", all_said(host, IGMP_IS_IN, SSM, &now));
	assert_string_equal(answers, "| 8 9 10 11 12 13 14 | 15 16 17 18 19 20");
	/* The repeats, which went between, were all of the change. */
	assert_int_equal(counters_of(host).state_change_records_sent, 2 * (3 + 2) + 2 * 4);
	igmp_host_free(host);
}

/* The general answer of many groups is in the middle: one goes, one comes, one changes. */
static void changes_within_a_general_answer(void **state)
{
	(void)state;
	static const char *const groups[] = {"239.3.0.0", "239.3.0.1", "239.3.0.2", "239.3.0.3",
		"239.3.0.4", "239.3.0.5", "239.3.0.6"};
	uint64_t now;
	struct igmp_host *host = open_small();
	for (unsigned i = 0; i < 7; i++)
		set_user(host, 0, groups[i], exclude(""), 0);
	settle(host);
	ask(host, "0.0.0.0", "", 100 * SECOND);
	assert_string_equal(next_reports(host, &now),
		"[IS_EX 239.3.0.0; IS_EX 239.3.0.1; IS_EX 239.3.0.2; IS_EX 239.3.0.3]");
	set_user(host, 0, groups[0], include("10.0.0.1"), now); /* told already: not again */
	set_user(host, 0, groups[4], include(""), now);
	set_user(host, 0, groups[5], include("10.0.0.1"), now);
	set_user(host, 0, "239.3.0.7", exclude(""), now); /* not there when it was due */
	assert_string_equal(reports(host),
		"[TO_IN 239.3.0.4; TO_IN 239.3.0.0 10.0.0.1; TO_IN 239.3.0.5 10.0.0.1] "
		"[TO_EX 239.3.0.7]");
	char answer[256] = "";
	while (!strstr(answer, "IS_") && strcmp(answer, "never"))
		snprintf(answer, sizeof answer, "%s", next_reports(host, &now));
	assert_string_equal(answer, "[IS_IN 239.3.0.5 10.0.0.1; IS_EX 239.3.0.6]");
	assert_string_equal(all_said(host, IGMP_IS_EX, "239.3.0.7", &now), "");
	igmp_host_free(host);
}

/* An answer to the first query is due, and the bucket is empty. */
static struct igmp_host *open_waiting(
	const char *group, struct igmp_filter filter, const char *asked, uint64_t *now)
{
	struct igmp_host *host = open_small();
	set_user(host, 0, group, filter, 0);
	set_user(host, 0, B, exclude(""), 0);
	settle(host);
	ask(host, B, "", 100 * SECOND);
	assert_string_equal(next_reports(host, now), "[IS_EX " B "]");
	ask(host, group, asked, *now);
	assert_string_equal(next_reports(host, now), "");
	assert_int_equal(counters_of(host).answers_delayed, 1);
	return host;
}

/* Rules 4 and 5, while the answer waits for a token: the sources are asked for together. */
static void a_waiting_answer_takes_further_sources(void **state)
{
	(void)state;
	uint64_t now;
	struct igmp_host *host = open_waiting(SSM, sources(1, 5), "10.0.0.4", &now);
	ask(host, SSM, "10.0.0.2 10.0.0.9", now);
	assert_string_equal(next_reports(host, &now), "[IS_IN " SSM " 10.0.0.2 10.0.0.4]");
	assert_string_equal(next_reports(host, &now), "never");
	/* Nothing of it is left over for the next query. */
	ask(host, SSM, "10.0.0.5", now + 10 * SECOND);
	assert_string_equal(next_reports(host, &now), "[IS_IN " SSM " 10.0.0.5]");
	igmp_host_free(host);
}

/* Rule 4: the whole group, whichever was asked for first. */
static void a_waiting_answer_of_the_group_stays_one(void **state)
{
	(void)state;
	uint64_t now;
	struct igmp_host *host = open_waiting(SSM, sources(1, 3), "", &now);
	ask(host, SSM, "10.0.0.2", now);
	assert_string_equal(next_reports(host, &now), "[IS_IN " SSM " 10.0.0.1 10.0.0.2 10.0.0.3]");
	assert_string_equal(next_reports(host, &now), "never");
	igmp_host_free(host);
	host = open_waiting(SSM, sources(1, 3), "10.0.0.2", &now);
	ask(host, SSM, "", now);
	assert_string_equal(next_reports(host, &now), "[IS_IN " SSM " 10.0.0.1 10.0.0.2 10.0.0.3]");
	assert_string_equal(next_reports(host, &now), "never");
	igmp_host_free(host);
}

/* The general answer is of the whole group; what was asked before it is answered in its time. */
static void a_waiting_general_answer_covers_what_is_asked_meanwhile(void **state)
{
	(void)state;
	uint64_t now;
	struct query slow = query_defaults();
	struct igmp_host *host = open_small();
	set_user(host, 0, SSM, sources(1, 3), 0);
	set_user(host, 0, B, exclude(""), 0);
	settle(host);
	ask(host, B, "", 100 * SECOND);
	assert_string_equal(next_reports(host, &now), "[IS_EX " B "]");
	slow.group = slow.destination = SSM;
	slow.sources = "10.0.0.3";
	slow.code = 255;
	hear(host, &slow, now);
	ask(host, "0.0.0.0", "", now);
	assert_string_equal(next_reports(host, &now), "");
	ask(host, SSM, "10.0.0.2", now);
	assert_string_equal(next_reports(host, &now),
		"[IS_IN " SSM " 10.0.0.1 10.0.0.2 10.0.0.3; IS_EX " B "]");
	assert_string_equal(next_reports(host, &now), "[IS_IN " SSM " 10.0.0.3]");
	assert_string_equal(next_reports(host, &now), "never");
	igmp_host_free(host);
}

/* What a querier was told before it asked is no answer: source 2 is told again. */
static void a_query_within_a_split_answer_is_answered(void **state)
{
	(void)state;
	uint64_t now;
	struct igmp_host *host = open_in_the_middle(&now);
	ask(host, SSM, "10.0.0.2", now);
	assert_string_equal(all_said(host, IGMP_IS_IN, SSM, &now),
		"| 1 2 3 4 5 6 7 | 8 9 10 11 12 13 14 | 15 16 17 18 19 20");
	igmp_host_free(host);
}

/* A general answer begins at the beginning, whatever was told before its query. */
static void a_general_query_within_a_split_answer_is_answered(void **state)
{
	(void)state;
	uint64_t now;
	struct igmp_host *host = open_in_the_middle(&now);
	ask(host, "0.0.0.0", "", now);
	now = igmp_host_deadline(host); /* the general answer's, before the next token */
	igmp_host_advance(host, now);
	assert_string_equal(all_said(host, IGMP_IS_IN, SSM, &now),
		"| 1 2 3 4 5 6 7 | 8 9 10 11 12 13 14 | 15 16 17 18 19 20");
	igmp_host_free(host);
}

/* An older querier ends the answer; the one after it is whole. */
static void an_older_querier_ends_a_split_answer(void **state)
{
	(void)state;
	uint64_t now;
	struct igmp_host *host = open_in_the_middle(&now);
	hear_version(host, 2, now);
	assert_string_equal(all_said(host, IGMP_IS_IN, SSM, &now), "");
	assert_int_equal(version_of(host), 3); /* it was not heard again */
	ask(host, SSM, "", now + 10 * SECOND);
	assert_string_equal(all_said(host, IGMP_IS_IN, SSM, &now),
		"| 1 2 3 4 5 6 7 | 8 9 10 11 12 13 14 | 15 16 17 18 19 20");
	igmp_host_free(host);
}

/* A list of 9 sources, of which the first packet of the answer has told 7. */
static struct igmp_host *open_in_a_list(uint64_t *now)
{
	struct igmp_host *host = open_small();
	set_user(host, 0, A, exclude("10.0.0.5"), 0);
	settle(host);
	ask(host, A,
		"10.0.0.11 10.0.0.12 10.0.0.13 10.0.0.14 10.0.0.15 10.0.0.16 10.0.0.17 10.0.0.18 "
		"10.0.0.19",
		100 * SECOND);
	assert_non_null(strstr(next_reports(host, now), "10.0.0.16 10.0.0.17]"));
	return host;
}

/* The further source stands before those that were told. */
static void a_list_that_is_half_told_grows(void **state)
{
	(void)state;
	uint64_t now;
	struct igmp_host *host = open_in_a_list(&now);
	ask(host, A, "10.0.0.1", now);
	assert_string_equal(
		all_said(host, IGMP_IS_IN, A, &now), "| 1 11 12 13 14 15 16 | 17 18 19");
	igmp_host_free(host);
}

/* The record of the whole group is shorter than what was told of the list. */
static void a_list_that_is_half_told_gives_way_to_the_group(void **state)
{
	(void)state;
	uint64_t now;
	struct igmp_host *host = open_in_a_list(&now);
	ask(host, A, "", now);
	assert_string_equal(all_said(host, IGMP_IS_EX, A, &now), "| 5");
	igmp_host_free(host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_split_answer_goes_on_token_by_token),
		cmocka_unit_test(a_change_elsewhere_does_not_disturb_a_split_answer),
		cmocka_unit_test(a_change_of_the_group_begins_its_answer_anew),
		cmocka_unit_test(an_answer_shrinks_with_its_group),
		cmocka_unit_test(split_changes_come_before_split_answers),
		cmocka_unit_test(split_changes_between_split_answers_are_complete),
		cmocka_unit_test(changes_within_a_general_answer),
		cmocka_unit_test(a_waiting_answer_takes_further_sources),
		cmocka_unit_test(a_waiting_answer_of_the_group_stays_one),
		cmocka_unit_test(a_waiting_general_answer_covers_what_is_asked_meanwhile),
		cmocka_unit_test(a_query_within_a_split_answer_is_answered),
		cmocka_unit_test(a_general_query_within_a_split_answer_is_answered),
		cmocka_unit_test(an_older_querier_ends_a_split_answer),
		cmocka_unit_test(a_list_that_is_half_told_grows),
		cmocka_unit_test(a_list_that_is_half_told_gives_way_to_the_group),
	};
	return cmocka_run_group_tests_name("igmp_interleave", tests, NULL, NULL);
}
