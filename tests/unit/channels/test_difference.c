/* What an import says that it did to each channel. */
#include "channels/difference.h"

#include <arpa/inet.h>
#include <string.h>

#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"

#define HEAD "#EXTM3U\n"

static void check_import(struct scratch *scratch, const char *m3u, enum import_mode mode)
{
	assert_int_equal(scratch_import(scratch, m3u, mode), 0);
}

static void check_changes(struct scratch *scratch, const char *expected)
{
	assert_string_equal(scratch->changes->str, expected);
}

static void test_added_and_the_same(void **state)
{
	struct scratch *scratch = *state;
	static const char m3u[] = HEAD "#EXTINF:-1 tvg-chno=\"2.1\",B\nrtp://239.1.1.2:1\n"
				       "#EXTINF:-1 tvg-chno=\"1\",A\nrtp://239.1.1.1:1\n";
	check_import(scratch, m3u, IMPORT_REPLACE);
	check_changes(scratch, "added 1 A\nadded 2.1 B\n");
	check_import(scratch, m3u, IMPORT_REPLACE);
	check_changes(scratch, "");
	check_import(scratch, m3u, IMPORT_MERGE);
	check_changes(scratch, "");
	check_import(scratch, HEAD "#EXTINF:-1,C\nrtp://239.1.1.3:1\n", IMPORT_MERGE);
	check_changes(scratch, "added 2 C\n");
}

static void test_removed_stands_before_who_has_its_number_now(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch,
		HEAD "#EXTINF:-1 tvg-chno=\"1\",A\nrtp://239.1.1.1:1\n"
		     "#EXTINF:-1 tvg-chno=\"5\",B\nrtp://239.1.1.2:1\n"
		     "#EXTINF:-1 tvg-chno=\"7\",C\nrtp://239.1.1.3:1\n",
		IMPORT_REPLACE);
	check_import(scratch,
		HEAD "#EXTINF:-1 tvg-chno=\"7\",New\nrtp://239.1.1.4:1\n"
		     "#EXTINF:-1 tvg-chno=\"1\",B\nrtp://239.1.1.2:1\n",
		IMPORT_REPLACE);
	check_changes(scratch, "removed 1 A\nrenumbered 5 B: number 5 -> 1\n"
			       "removed 7 C\nadded 7 New\n");
}

static void test_renumbered_and_more(void **state)
{
	struct scratch *scratch = *state;
	check_import(
		scratch, HEAD "#EXTINF:-1 tvg-chno=\"5\",A\nrtp://239.1.1.1:1\n", IMPORT_REPLACE);
	check_import(scratch,
		HEAD "#EXTINF:-1 tvg-chno=\"7\",A\nrtp://239.1.1.1:1\n"
		     "#EXTINF:-1,A\nrtp://239.1.1.2:1\n#EXTINF:-1,A\nrtp://239.1.1.3:1\n",
		IMPORT_REPLACE);
	check_changes(scratch, "renumbered 5 A: number 5 -> 7, 2 addresses added\n");
}

static void test_each_detail_is_said(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch,
		HEAD "#EXTINF:-1 tvg-id=\"a\" tvg-logo=\"a.png\" group-title=\"X;Y\",A\n"
		     "rtp://239.1.1.1:1\n",
		IMPORT_REPLACE);
	check_import(scratch,
		HEAD "#EXTINF:-1 tvg-id=\"b\" tvg-name=\"B_1\" radio=\"1\" group-title=\"Y;Z\",B\n"
		     "rtp://239.1.1.1:1?fec=5\n",
		IMPORT_REPLACE);
	check_changes(scratch,
		"changed 1 A: name A -> B, tv -> radio, guide id a -> b, guide name B_1, no logo "
		"a.png, "
		"in bouquet Z, not in bouquet X, 1 address with other details\n");
}

static void test_addresses_are_compared_one_by_one(void **state)
{
	struct scratch *scratch = *state;
	static const char two[] = HEAD "#EXTINF:-1,A\nrtp://239.1.1.1:1\n"
				       "#EXTINF:-1,A\nrtp://239.1.1.2:1\n";
	check_import(scratch, two, IMPORT_REPLACE);
	check_import(scratch,
		HEAD "#EXTINF:-1,A\nrtp://239.1.1.2:1\n#EXTINF:-1,A\nrtp://239.1.1.1:1\n",
		IMPORT_REPLACE);
	check_changes(scratch, "changed 1 A: addresses in another order\n");
	check_import(scratch,
		HEAD "#EXTINF:-1,A\nudp://239.1.1.2:1\n#EXTINF:-1,A\nrtp://239.1.1.1:1$HD\n",
		IMPORT_REPLACE);
	check_changes(scratch, "changed 1 A: 1 address added, 1 address removed, 1 address with "
			       "other details\n");
}

static void test_a_merge_only_adds(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch,
		HEAD "#EXTINF:-1 tvg-chno=\"3\" tvg-id=\"a\",A\nrtp://239.1.1.1:1?fec=5$SD\n"
		     "#EXTINF:-1,B\nrtp://239.1.1.2:1\n",
		IMPORT_REPLACE);
	check_import(scratch,
		HEAD "#EXTINF:-1 tvg-chno=\"9\" tvg-logo=\"a.png\" group-title=\"X\",A\n"
		     "rtp://239.1.1.1:1?ret=10.0.0.1:7$HD\n#EXTINF:-1,A\nrtp://239.1.1.9:1\n",
		IMPORT_MERGE);
	check_changes(scratch, "changed 3 A: logo a.png, in bouquet X, 1 address added, "
			       "1 address with other details\n");
	char *dump = scratch_dump_content(scratch);
	assert_string_equal(dump,
		"3 A tv a a.png [X] rtp://239.1.1.1:1 (fec 5) (ret 10.0.0.1:7) "
		"(label HD) rtp://239.1.1.9:1\n4 B tv - - [] rtp://239.1.1.2:1\n");
	g_free(dump);
}

/* Of the same address again in one list nothing is lost, and the first one goes before. */
static void test_an_address_again_says_more_of_it(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch,
		HEAD "#EXTINF:-1,A\nrtp://239.1.1.1:1?fcc=10.0.0.1:2&fcc-type=telecom$SD\n"
		     "#EXTINF:-1,A\nrtp://239.1.1.1:1?fec=5&fcc=10.0.0.9:2&fcc-type=huawei$HD\n"
		     "#EXTINF:-1,A\nrtp://239.1.1.1:1$again\n",
		IMPORT_REPLACE);
	assert_string_equal(scratch->diagnostics->str,
		"list:5: warning: \"A\" has the address rtp://239.1.1.1:1 already; what this one "
		"says more of it is added\n"
		"list:7: warning: \"A\" has the address rtp://239.1.1.1:1 already; it is "
		"ignored\n"
		"list:5: warning: 1 address comes with forward error correction, of which this is "
		"the first; that is kept in the line-up, but zapper does not use it yet\n"
		"list:3: warning: 2 addresses come with a server of fast channel change, of which "
		"this is the first; that is kept in the line-up, but zapper does not use it "
		"yet\n");
	assert_int_equal(scratch->summary.ignored, 1);
	char *dump = scratch_dump_content(scratch);
	assert_string_equal(dump, "1 A tv - - [] rtp://239.1.1.1:1 (fec 5) (fcc 10.0.0.1:2) "
				  "(fcc-type telecom) (label SD)\n");
	g_free(dump);
}

static void test_a_server_is_not_given_the_protocol_of_another(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch,
		HEAD "#EXTINF:-1,A\nrtp://239.1.1.1:1?fcc=10.0.0.1:2\n"
		     "#EXTINF:-1,A\nrtp://239.1.1.1:1?fcc=10.0.0.9:2&fcc-type=huawei\n"
		     "#EXTINF:-1,B\nrtp://239.1.1.2:1?fcc=10.0.0.1:2\n"
		     "#EXTINF:-1,B\nrtp://239.1.1.2:1?fcc=10.0.0.1:2&fcc-type=huawei\n",
		IMPORT_REPLACE);
	char *dump = scratch_dump_content(scratch);
	assert_string_equal(dump, "1 A tv - - [] rtp://239.1.1.1:1 (fcc 10.0.0.1:2)\n"
				  "2 B tv - - [] rtp://239.1.1.2:1 (fcc 10.0.0.1:2) (fcc-type "
				  "huawei)\n");
	g_free(dump);
}

static const char *const no_bouquets[] = {NULL};

static struct channel_source some_source(void)
{
	struct channel_address address = {.port = 1};
	inet_pton(AF_INET, "239.1.1.1", &address.group);
	return channel_source_of(&address);
}

/* Whatever differs, it is a difference. */
static void test_no_field_is_overlooked(void **state)
{
	(void)state;
	const struct channel_source plain = some_source();
	const struct channel before = {.id = 1,
		.number = 1,
		.name = "A",
		.language = "",
		.guide_id = "",
		.guide_name = "",
		.logo = "",
		.bouquets = no_bouquets,
		.sources = &plain,
		.source_count = 1};
	struct channel_source sources[8];
	for (int i = 0; i < 8; i++)
		sources[i] = plain;
	sources[0].iface = "eth1";
	sources[1].fec.port = 5;
	sources[2].fcc.port = 5;
	sources[3].fcc_type = "telecom";
	sources[4].retransmission.port = 5;
	sources[5].http = "http://x/";
	sources[6].label = "HD";
	sources[7].address.programme = 3;
	for (int i = 0; i < 8; i++) {
		struct channel after = before;
		after.sources = &sources[i];
		assert_int_equal(difference_between(&before, &after), IMPORT_CHANGED);
	}
	struct channel after = before;
	assert_int_equal(difference_between(&before, &after), IMPORT_SAME);
	after.guide_name = "A_1";
	assert_int_equal(difference_between(&before, &after), IMPORT_CHANGED);
	after = before;
	after.language = "de";
	assert_int_equal(difference_between(&before, &after), IMPORT_CHANGED);
	after.subnumber = 1;
	assert_int_equal(difference_between(&before, &after), IMPORT_RENUMBERED);
	assert_int_equal(difference_between(NULL, &after), IMPORT_ADDED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_added_and_the_same),
		TEST(test_removed_stands_before_who_has_its_number_now),
		TEST(test_renumbered_and_more),
		TEST(test_each_detail_is_said),
		TEST(test_addresses_are_compared_one_by_one),
		TEST(test_a_merge_only_adds),
		TEST(test_an_address_again_says_more_of_it),
		TEST(test_a_server_is_not_given_the_protocol_of_another),
		cmocka_unit_test(test_no_field_is_overlooked),
	};
	return cmocka_run_group_tests_name("channels_difference", tests, NULL, NULL);
}
