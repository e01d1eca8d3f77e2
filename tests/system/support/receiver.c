#include "tests/system/support/receiver.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tests/support/test.h"

enum {
	ZAPS = 8,
	HEARD_LIMIT_MS = 5000,
	COMMAND_LIMIT_MS = 30000,
	REPEAT_MS = 1000,    /* URI: the repeat comes within it (RFC 9776 section 6.1) */
	SLACK_MS = 500,	     /* beyond the last-member time */
	FAST_LEAVE_MS = 100, /* where nobody is asked */
	LOOK_US = 1000,
	NOT_INSTALLED = 69, /* `lab receiver` has not found the program */
};
#define MS_NS UINT64_C(1000000)

/* ---- how long it takes ---- */

bool receiver_is_campaign(void)
{
	return g_getenv("ZAPPER_ZAPS") != NULL;
}

/* A group that is still to be forgotten is not joined again: overlapping zaps end before. */
unsigned receiver_zap_count(const struct receiver *receiver)
{
	if (receiver_is_campaign())
		return (unsigned)atoi(g_getenv("ZAPPER_ZAPS"));
	return receiver->overlap ? (unsigned)strlen(receiver->channels) - 1 : ZAPS;
}

unsigned receiver_query_interval_ms(const struct receiver *receiver)
{
	return receiver_is_campaign() && receiver->last_member != LAST_MEMBER_NOT_ASKED ? 1000
											: 100;
}

/* The longest that any of them goes on asking, but for those whose zaps overlap. */
unsigned receiver_rejoin_ms(const struct receiver *receiver)
{
	return REPEAT_MS + 2 * receiver_query_interval_ms(receiver) + SLACK_MS;
}

unsigned receiver_limit_ms(const struct receiver *receiver)
{
	switch (receiver->last_member) {
	case LAST_MEMBER_NOT_ASKED:
		return FAST_LEAVE_MS;
	case LAST_MEMBER_TWO_QUERIES:
		return 2 * receiver_query_interval_ms(receiver) + SLACK_MS;
	case LAST_MEMBER_FROM_REPEAT:
		return REPEAT_MS + 2 * receiver_query_interval_ms(receiver) + SLACK_MS;
	case LAST_MEMBER_OWN:
		return receiver->own_ms + SLACK_MS;
	}
	return 0;
}

/* ---- channels ---- */

int receiver_channel(const struct receiver *receiver, unsigned n)
{
	return receiver->channels[n % strlen(receiver->channels)] - '0';
}

/* The last of the list; where zaps overlap, none of it: it may be forgotten too late. */
int receiver_start_channel(const struct receiver *receiver)
{
	char digit = '8';
	while (receiver->overlap && strchr(receiver->channels, digit))
		digit--;
	return receiver->overlap
		       ? digit - '0'
		       : receiver_channel(receiver, (unsigned)strlen(receiver->channels) - 1);
}

/* ---- the lab ---- */

/* The exit code of one of the lab's commands, whose last words may be NULL. */
static int use_lab(const struct stage *stage, const struct receiver *receiver, const char *verb,
	const char *what, const char *more, const char *most)
{
	g_autofree char *lab = g_build_filename(ZAPPER_SOURCE, "tests", "lab", "lab", NULL);
	g_autofree char *ms = g_strdup_printf("%u", receiver_query_interval_ms(receiver));
	const char *const argv[] = {lab, verb, "--last-member", ms, what, more, most, NULL};
	return lab_wait(lab_spawn(&stage->lab, "bridge", argv, NULL, NULL), COMMAND_LIMIT_MS);
}

static bool has_heard(struct stage *stage, const struct receiver *receiver)
{
	json_t *answer = player_ask(stage->player, "igmp", NULL);
	json_t *querier = json_object_get(answer, "querier");
	bool heard = json_integer_value(json_object_get(querier, "version")) ==
			     receiver->querier_version &&
		     json_integer_value(json_object_get(answer, "host_version")) ==
			     receiver->host_version;
	json_decref(answer);
	return heard;
}

static void fail_not_heard(struct stage *stage, const struct receiver *receiver)
{
	json_t *answer = player_ask(stage->player, "igmp", NULL);
	g_autofree char *text = json_dumps(answer, JSON_COMPACT);
	json_decref(answer);
	fail_msg("%s: no query of version %d, or the box does not speak %d: %s", receiver->name,
		receiver->querier_version, receiver->host_version, text);
}

static void await_query(struct stage *stage, const struct receiver *receiver)
{
	uint64_t deadline_ns = lab_now_ns() + HEARD_LIMIT_MS * MS_NS;
	while (!has_heard(stage, receiver)) {
		if (lab_now_ns() > deadline_ns)
			fail_not_heard(stage, receiver);
		g_usleep(LOOK_US);
	}
}

/* Also who has just begun knows then what the box receives. */
static void await_answer(struct stage *stage, const struct receiver *receiver, int channel)
{
	const uint32_t all = 0, group = lab_group(channel);
	uint64_t limit_ns = capture_now_ns() + HEARD_LIMIT_MS * MS_NS;
	struct captured packet;
	size_t index = 0;
	if (!capture_await(stage->capture, &index, limit_ns, capture_is_query, &all, &packet) ||
		!capture_await(stage->capture, &index, limit_ns, capture_is_join, &group, &packet))
		fail_msg("%s: its query was not answered", receiver->name);
}

void receiver_play(struct stage *stage, const struct receiver *receiver, int channel)
{
	const char *more[2 * RECEIVER_SETTINGS + 1] = {NULL};
	for (size_t i = 0; i < RECEIVER_SETTINGS && receiver->settings[i]; i++) {
		more[2 * i] = "-o";
		more[2 * i + 1] = receiver->settings[i];
	}
	stage_play_with(stage, channel, &(struct player_options){.more = more});
}

const char *receiver_put_up(struct stage *stage, const struct receiver *receiver)
{
	receiver_play(stage, receiver, receiver_start_channel(receiver));
	capture_clear(stage->capture);
	assert_int_equal(use_lab(stage, receiver, "bridge", receiver->version, receiver->leave,
				 receiver->querier),
		0);
	int code = use_lab(stage, receiver, "receiver", receiver->router, NULL, NULL);
	if (code == NOT_INSTALLED)
		return "the receiver's program is not installed (./check fetches it)";
	assert_int_equal(code, 0);
	await_query(stage, receiver);
	/* It takes half of 10 s, and overlapping zaps do not need it. */
	if (!receiver->overlap)
		await_answer(stage, receiver, receiver_start_channel(receiver));
	return NULL;
}
