/* What is on and what time it is, as a stream says, and what is not to be believed of it. */
#include "tests/support/test.h"

#include "client/receive/si.h"
#include "client/receive/stream.h"
#include "tests/support/si_writer.h"
#include "tests/support/ts_writer.h"

#include <bitstream/mpeg/psi.h>
#include <string.h>

enum { EIT = 0x12, TDT = 0x14, SERVICE = 1 };
/* 2023-11-14 22:13:20 */
#define NOON INT64_C(1700000000)
#define MS UINT64_C(1000000)

struct fixture {
	struct si *si;
	struct ts_writer w;
	uint64_t now_ns;
	uint64_t serial;
	unsigned changes;
};

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->si = si_new();
	si_follow(f->si, SERVICE);
	ts_writer_init(&f->w);
	f->now_ns = 1000 * MS;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	si_free(f->si);
	ts_writer_clear(&f->w);
	g_free(f);
	return 0;
}

/* Counts when another serial is there, which is a larger one. */
static unsigned count_changes(struct fixture *f)
{
	uint64_t serial = si_serial(f->si);
	assert_true(serial >= f->serial);
	f->changes += serial != f->serial;
	f->serial = serial;
	return f->changes;
}

/* Takes the section, over as many packets as it needs. */
static void send(struct fixture *f, uint16_t pid, GByteArray *section)
{
	ts_writer_section(&f->w, pid, section->data, section->len);
	g_byte_array_unref(section);
	for (guint at = 0; at < f->w.ts->len; at += TS_PACKET_BYTES) {
		struct ts_packet packet;
		assert_int_equal(ts_parse(f->w.ts->data + at, &packet), 0);
		assert_true(si_has_pid(packet.pid));
		si_push(f->si, &packet, f->now_ns);
	}
	g_byte_array_set_size(f->w.ts, 0);
	count_changes(f);
}

static struct si_writer_event event_of(const char *title)
{
	return (struct si_writer_event){.id = (uint16_t)g_str_hash(title ? title : ""),
		.start_utc_s = NOON,
		.duration_s = 5400,
		.title = title,
		.text = "Kurz"};
}

static GByteArray *section_of(uint8_t version, uint8_t number, const struct si_writer_event *event)
{
	return si_writer_eit(&(struct si_writer_eit){
		.service = SERVICE, .version = version, .number = number, .event = event});
}

static void send_title(struct fixture *f, uint8_t version, uint8_t number, const char *title)
{
	struct si_writer_event event = event_of(title);
	send(f, EIT, section_of(version, number, &event));
}

static void expect_title(struct fixture *f, unsigned which, const char *expected)
{
	struct eit_event event = {0};
	bool known = si_event(f->si, which, NULL, &event);
	assert_int_equal(known, expected != NULL);
	if (known)
		assert_string_equal(event.title, expected);
	eit_event_clear(&event);
}

static void test_present_and_following(void **state)
{
	struct fixture *f = *state;
	struct eit_event event;
	assert_int_equal(si_serial(f->si), 0);
	expect_title(f, 0, NULL);
	send_title(f, 3, 0, "Jetzt");
	send_title(f, 3, 1, "Gleich");
	assert_int_equal(count_changes(f), 2);
	expect_title(f, 1, "Gleich");
	assert_true(si_event(f->si, 0, NULL, &event));
	assert_int_equal(event.id, (uint16_t)g_str_hash("Jetzt"));
	assert_true(event.is_timed);
	assert_int_equal(event.start_utc_s, NOON);
	assert_int_equal(event.duration_s, 5400);
	assert_string_equal(event.language, "deu");
	assert_string_equal(event.title, "Jetzt");
	assert_string_equal(event.description, "Kurz");
	assert_string_equal(event.subtitle, "");
	assert_string_equal(event.category, "");
	assert_string_equal(event.rating, "");
	eit_event_clear(&event);
	assert_null(event.title);
}

static void test_what_is_repeated_is_no_news(void **state)
{
	struct fixture *f = *state;
	send_title(f, 3, 0, "Jetzt");
	for (int i = 0; i < 3; i++)
		send_title(f, 3, 0, "Jetzt");
	assert_int_equal(count_changes(f), 1);
	/* Some change it without another version. */
	send_title(f, 3, 0, "Doch nicht");
	assert_int_equal(count_changes(f), 2);
	expect_title(f, 0, "Doch nicht");
}

/* When an event ends, the old following one must not stand beside the new present one. */
static void test_what_followed_is_on_and_follows_no_more(void **state)
{
	struct fixture *f = *state;
	send_title(f, 3, 0, "Jetzt");
	send_title(f, 3, 1, "Gleich");
	send_title(f, 4, 0, "Gleich");
	expect_title(f, 0, "Gleich");
	expect_title(f, 1, NULL);
	send(f, EIT, section_of(4, 1, NULL)); /* nothing follows */
	expect_title(f, 1, NULL);
	assert_int_equal(count_changes(f), 4);
}

/* As some multiplexers do it: neither throws the other one out at each repetition. */
static void test_versions_may_be_counted_apart(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 3; i++) {
		send_title(f, 4, 0, "Jetzt");
		send_title(f, 9, 1, "Gleich");
	}
	expect_title(f, 0, "Jetzt");
	expect_title(f, 1, "Gleich");
	assert_int_equal(count_changes(f), 2);
	/* Nor do empty ones, and one that says the same event twice. */
	for (int i = 0; i < 3; i++) {
		send(f, EIT, section_of(5, 0, NULL));
		send(f, EIT, section_of(5, 1, NULL));
	}
	assert_int_equal(count_changes(f), 4);
	for (int i = 0; i < 3; i++) {
		send_title(f, 6, 0, "Jetzt");
		send_title(f, 6, 1, "Jetzt");
	}
	assert_int_equal(count_changes(f), 5);
	expect_title(f, 0, "Jetzt");
	expect_title(f, 1, NULL);
}

static void test_a_later_stream_s_serial_is_larger(void **state)
{
	struct fixture *f = *state;
	send_title(f, 3, 0, "Jetzt");
	send_title(f, 3, 1, "Gleich");
	struct si *before = f->si;
	f->si = si_new();
	si_follow(f->si, SERVICE);
	f->now_ns += 1;
	f->serial = 0;
	send_title(f, 3, 0, "Anderes");
	send_title(f, 3, 1, "Gleich");
	assert_true(si_serial(f->si) > si_serial(before));
	si_free(before);
}

static void test_other_services_are_not_this_one(void **state)
{
	struct fixture *f = *state;
	struct si_writer_event event = event_of("Woanders");
	send(f, EIT,
		si_writer_eit(&(struct si_writer_eit){.service = SERVICE + 1, .event = &event}));
	assert_int_equal(si_serial(f->si), 0);
	send_title(f, 0, 0, "Hier");
	si_follow(f->si, SERVICE);
	expect_title(f, 0, "Hier");
	si_follow(f->si, SERVICE + 1);
	expect_title(f, 0, NULL);
	assert_int_equal(count_changes(f), 2);
	si_follow(f->si, 0);
	send_title(f, 0, 0, "Noch niemand");
	expect_title(f, 0, NULL);
}

/* A section whose table, number or validity is another; damaged ones, and ones that break off. */
static void test_what_is_not_to_be_believed(void **state)
{
	struct fixture *f = *state;
	struct si_writer_event event = event_of("Falsch");
	GByteArray *section = section_of(0, 0, &event);
	psi_set_tableid(section->data, 0x4f); /* of another stream */
	psi_set_crc(section->data);
	send(f, EIT, section);
	section = section_of(0, 0, &event);
	psi_set_tableid(section->data, 0x50); /* schedule */
	psi_set_crc(section->data);
	send(f, EIT, section);
	send(f, EIT, section_of(0, 2, &event));
	section = section_of(0, 0, &event);
	section->data[5] &= 0xfe; /* not yet */
	psi_set_crc(section->data);
	send(f, EIT, section);
	section = section_of(0, 0, &event);
	section->data[20] ^= 1;
	send(f, EIT, section);
	assert_int_equal(si_serial(f->si), 0);
	/* Its descriptors would go on behind its end. */
	section = section_of(0, 0, &event);
	section->data[14 + 11] += 1;
	psi_set_crc(section->data);
	send(f, EIT, section);
	expect_title(f, 0, NULL);
}

static void test_events_of_many_packets(void **state)
{
	struct fixture *f = *state;
	struct si_writer_event event = event_of("Lang");
	event.more = g_byte_array_new();
	char text[201] = {0};
	memset(text, 'x', 200);
	for (unsigned i = 0; i < 15; i++)
		si_writer_extended(event.more, i, 14, "deu", NULL, NULL, text);
	send(f, EIT, section_of(0, 0, &event));
	struct eit_event found;
	assert_true(si_event(f->si, 0, NULL, &found));
	assert_int_equal(strlen(found.description), 15 * 200);
	assert_string_equal(found.subtitle, "Kurz");
	eit_event_clear(&found);
	g_byte_array_unref(event.more);
}

static void read_with(
	const struct si_writer_event *event, const char *const *languages, struct eit_event *ret)
{
	GByteArray *section = section_of(0, 0, event);
	struct eit_section eit;
	assert_int_equal(eit_parse(section->data, section->len, &eit), 0);
	assert_true(eit_read_event(&eit, languages, ret));
	g_byte_array_unref(section);
}

static void test_items_category_and_rating(void **state)
{
	(void)state;
	struct si_writer_event event = event_of("Film\x8a"
						"Teil 2");
	GByteArray *more = event.more = g_byte_array_new();
	si_writer_extended(more, 0, 1, "deu", "Regie",
		"A. B\xc8"
		"oll",
		"Es war ");
	si_writer_extended(more, 1, 1, "deu", "", "1999", "einmal.");
	si_writer_descriptor(more, 0x54, "\x14\x00\x15\x00\x20\x00\xf0\x00", 8);
	si_writer_descriptor(more, 0x55,
		"FRA\x00"
		"DEU\x0d",
		8);
	struct eit_event found;
	read_with(&event, NULL, &found);
	assert_string_equal(found.title, "Film Teil 2");
	assert_string_equal(found.description, "Es war einmal.\nRegie: A. B\xc3\xb6ll\n1999");
	assert_string_equal(found.category, "Film, News");
	assert_string_equal(found.rating, "16+");
	eit_event_clear(&found);
	g_byte_array_unref(more);
}

static void test_the_language_that_is_wanted(void **state)
{
	(void)state;
	const char *const english[] = {"xxx", "eng", NULL}, *const french[] = {"fra", NULL};
	struct si_writer_event event = event_of("Nachrichten");
	GByteArray *more = event.more = g_byte_array_new();
	si_writer_short(more, "eng", "News", "Short");
	si_writer_extended(more, 0, 0, "deu", NULL, NULL, "Lang");
	si_writer_extended(more, 0, 0, "eng", NULL, NULL, "Long");
	struct eit_event found;
	read_with(&event, NULL, &found);
	assert_string_equal(found.title, "Nachrichten");
	assert_string_equal(found.description, "Lang");
	eit_event_clear(&found);
	read_with(&event, english, &found);
	assert_string_equal(found.title, "News");
	assert_string_equal(found.language, "eng");
	assert_string_equal(found.subtitle, "Short");
	assert_string_equal(found.description, "Long");
	eit_event_clear(&found);
	read_with(&event, french, &found);
	assert_string_equal(found.title, "Nachrichten");
	eit_event_clear(&found);
	g_byte_array_unref(more);
}

/* Lengths within a descriptor that do not fit it, one after the other; all in memory of its size.
 */
static void test_descriptors_that_lie(void **state)
{
	(void)state;
	struct si_writer_event event = event_of(NULL);
	for (unsigned tag = 0x4d; tag <= 0x55; tag++) {
		for (size_t len = 0; len < 12; len++) {
			uint8_t body[12];
			memset(body, 9, sizeof body);
			event.more = g_byte_array_new();
			si_writer_descriptor(event.more, (uint8_t)tag, body, len);
			struct eit_event found;
			read_with(&event, NULL, &found);
			assert_string_equal(found.title, "");
			eit_event_clear(&found);
			g_byte_array_unref(event.more);
		}
	}
}

static void test_times_that_are_none(void **state)
{
	(void)state;
	struct si_writer_event event = event_of("Irgendwann");
	struct eit_event found;
	event.start_utc_s = SI_WRITER_UNTIMED;
	read_with(&event, NULL, &found);
	assert_false(found.is_timed);
	assert_int_equal(found.start_utc_s, 0);
	eit_event_clear(&found);
	/* Days on both sides of a year's end, of a leap day, and of where 16 bits of a date end. */
	const int64_t days[] = {
		1703980799, 1703980800, 1709164800, 1709251200, 2155593599, 2155593600, 4102444799};
	for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
		event.start_utc_s = days[i];
		read_with(&event, NULL, &found);
		assert_true(found.is_timed);
		assert_int_equal(found.start_utc_s, days[i]);
		eit_event_clear(&found);
	}
}

static void test_how_long_may_not_be_known(void **state)
{
	(void)state;
	struct si_writer_event event = event_of("Bald");
	struct eit_event found;
	event.duration_s = SI_WRITER_ENDLESS;
	read_with(&event, NULL, &found);
	assert_true(found.is_timed);
	assert_int_equal(found.start_utc_s, event.start_utc_s);
	assert_int_equal(found.duration_s, 0);
	eit_event_clear(&found);
}

static void test_what_follows_ends_what_is_on(void **state)
{
	struct fixture *f = *state;
	struct si_writer_event present = event_of("Jetzt"), following = event_of("Gleich");
	struct eit_event found;
	present.duration_s = following.duration_s = SI_WRITER_ENDLESS;
	send(f, EIT, section_of(1, 0, &present));
	assert_true(si_event(f->si, 0, NULL, &found));
	assert_int_equal(found.duration_s, 0);
	eit_event_clear(&found);
	following.start_utc_s = NOON + 1800;
	send(f, EIT, section_of(1, 1, &following));
	assert_true(si_event(f->si, 0, NULL, &found));
	assert_int_equal(found.duration_s, 1800);
	eit_event_clear(&found);
	assert_true(si_event(f->si, 1, NULL, &found));
	assert_int_equal(found.duration_s, 0);
	eit_event_clear(&found);
	/* One that began before says nothing of that. */
	following.start_utc_s = NOON - 1800;
	send(f, EIT, section_of(2, 1, &following));
	assert_true(si_event(f->si, 0, NULL, &found));
	assert_int_equal(found.duration_s, 0);
	eit_event_clear(&found);
}

/* What goes on in another language is another text, be neither of them wanted. */
static void test_texts_of_two_languages_are_two(void **state)
{
	(void)state;
	const char *const french[] = {"fra", NULL};
	struct si_writer_event event = event_of("Zwei");
	GByteArray *more = event.more = g_byte_array_new();
	si_writer_extended(more, 0, 1, "deu", NULL, NULL, "Lang ");
	si_writer_extended(more, 1, 1, "deu", NULL, NULL, "und breit");
	si_writer_extended(more, 0, 1, "eng", NULL, NULL, "Long ");
	si_writer_extended(more, 1, 1, "eng", NULL, NULL, "and broad");
	struct eit_event found;
	read_with(&event, NULL, &found);
	assert_string_equal(found.description, "Lang und breit");
	eit_event_clear(&found);
	read_with(&event, french, &found);
	assert_string_equal(found.description, "Lang und breit");
	eit_event_clear(&found);
	g_byte_array_unref(more);
}

static void test_the_time(void **state)
{
	struct fixture *f = *state;
	int64_t utc_s;
	uint64_t arrival_ns;
	assert_false(si_time(f->si, &utc_s, &arrival_ns));
	send(f, TDT, si_writer_tdt(NOON));
	assert_true(si_time(f->si, &utc_s, &arrival_ns));
	assert_int_equal(utc_s, NOON);
	assert_int_equal(arrival_ns, f->now_ns);
	f->now_ns += 10000 * MS;
	send(f, TDT, si_writer_tot(NOON + 10));
	assert_true(si_time(f->si, &utc_s, &arrival_ns));
	assert_int_equal(utc_s, NOON + 10);
	assert_int_equal(arrival_ns, f->now_ns);
	/* Damaged ones, of which only one has a CRC; minutes of 61, and another table. */
	GByteArray *section = si_writer_tot(NOON + 20);
	section->data[7] ^= 1;
	send(f, TDT, section);
	section = si_writer_tdt(NOON + 20);
	section->data[6] = 0x61;
	send(f, TDT, section);
	section = si_writer_tdt(NOON + 20);
	section->data[7] = 0x0a;
	send(f, TDT, section);
	section = si_writer_tdt(NOON + 20);
	section->data[5] = 0x24;
	send(f, TDT, section);
	section = si_writer_tdt(NOON + 20);
	section->data[0] = 0x71;
	send(f, TDT, section);
	assert_true(si_time(f->si, &utc_s, &arrival_ns));
	assert_int_equal(utc_s, NOON + 10);
}

/* In a stream, whose programme is the service. */
static void test_a_stream_says_it(void **state)
{
	struct fixture *f = *state;
	struct stream *stream = stream_new();
	struct si_writer_event event = event_of("Jetzt");
	uint8_t payload[TS_WRITER_DATAGRAM_MAX];
	size_t len;
	for (int i = 0; i < 2; i++) {
		GByteArray *section = section_of(0, 0, &event);
		ts_writer_section(&f->w, EIT, section->data, section->len);
		g_byte_array_unref(section);
		ts_writer_pat(&f->w);
		ts_writer_pmt(&f->w);
		while ((len = ts_writer_take_rtp(&f->w, payload)) > 0)
			stream_receive(stream, payload, len, f->now_ns);
	}
	struct eit_event found;
	assert_true(si_event(stream_si(stream), 0, NULL, &found));
	assert_string_equal(found.title, "Jetzt");
	eit_event_clear(&found);
	struct stream_event passed;
	while (stream_next_event(stream, &passed))
		assert_int_equal(passed.type, STREAM_EVENT_PSI);
	stream_choose_programme(stream, 2);
	assert_false(si_event(stream_si(stream), 0, NULL, &found));
	stream_free(stream);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_present_and_following),
		TEST(test_what_is_repeated_is_no_news),
		TEST(test_what_followed_is_on_and_follows_no_more),
		TEST(test_versions_may_be_counted_apart),
		TEST(test_a_later_stream_s_serial_is_larger),
		TEST(test_other_services_are_not_this_one),
		TEST(test_what_is_not_to_be_believed),
		TEST(test_events_of_many_packets),
		TEST(test_items_category_and_rating),
		TEST(test_the_language_that_is_wanted),
		TEST(test_descriptors_that_lie),
		TEST(test_times_that_are_none),
		TEST(test_how_long_may_not_be_known),
		TEST(test_what_follows_ends_what_is_on),
		TEST(test_texts_of_two_languages_are_two),
		TEST(test_the_time),
		TEST(test_a_stream_says_it),
	};
	return cmocka_run_group_tests_name("receive_si", tests, NULL, NULL);
}
