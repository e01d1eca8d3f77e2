#include "tests/unit/igmp/oracle.h"

#include <string.h>

#include "tests/support/test.h"

#define PRESENT (1u << 31)

#define IP_AND_REPORT_BYTES 32
#define RECORD_BYTES 8
/* RFC 2236 section 3: once or twice. */
#define OLDER_REPEATS 2

bool wish_is_empty(const struct wish *wish)
{
	return wish->mode == IGMP_INCLUDE && wish->sources == 0;
}

bool wish_equal(const struct wish *a, const struct wish *b)
{
	return a->mode == b->mode && a->sources == b->sources;
}

unsigned wish_forwards(const struct wish *wish)
{
	if (wish->mode == IGMP_INCLUDE)
		return wish->sources;
	return (ROUTER_ALL_SOURCES & ~wish->sources) | 1u << ROUTER_SOURCES;
}

struct wish wish_cut(const struct wish *wish, size_t mtu_bytes)
{
	struct wish cut = {wish->mode, 0};
	size_t room = (mtu_bytes - IP_AND_REPORT_BYTES - RECORD_BYTES) / 4;
	for (unsigned left = wish->sources; left && room > 0; left &= left - 1, room--)
		cut.sources |= left & -left;
	return cut;
}

bool oracle_is_speakable(const struct oracle *oracle, unsigned version)
{
	return version == 3 || !oracle->ssm || oracle->context->v2_ssm;
}

bool oracle_is_told(const struct oracle *oracle)
{
	return !wish_is_empty(&oracle->wanted) &&
	       oracle_is_speakable(oracle, oracle->context->version);
}

bool oracle_is_held(const struct oracle *oracle)
{
	return wish_is_empty(&oracle->told) && !wish_is_empty(&oracle->wanted);
}

bool oracle_is_routed(const struct oracle *oracle)
{
	const struct wish *routed = &oracle->routed, *wanted = &oracle->wanted;
	if (oracle->routed_is_cut && routed->mode == IGMP_EXCLUDE)
		return wanted->mode == IGMP_EXCLUDE && !(routed->sources & ~wanted->sources);
	return wish_equal(routed, wanted);
}

static unsigned owed(const struct oracle *oracle)
{
	unsigned most = oracle->mode_owed;
	for (unsigned i = 0; i < ROUTER_SOURCES; i++)
		most = oracle->source_owed[i] > most ? oracle->source_owed[i] : most;
	return most;
}

bool oracle_is_done(const struct oracle *oracle)
{
	return owed(oracle) == 0 && !oracle->leave_owed &&
	       wish_equal(&oracle->told, &oracle->wanted);
}

static void owe_nothing(struct oracle *oracle)
{
	oracle->mode_owed = 0;
	oracle->leave_owed = false;
	oracle->older_min = oracle->older_max = 0;
	memset(oracle->source_owed, 0, sizeof oracle->source_owed);
}

/* Section 7.2.1: repeats are cancelled; a leave not repeated yet goes out in version 2. */
static void change_version(struct oracle *oracle, unsigned version)
{
	const struct wish nothing = {IGMP_INCLUDE, 0};
	bool newer = version > oracle->version;
	bool was_speakable = oracle_is_speakable(oracle, oracle->version);
	bool speakable = oracle_is_speakable(oracle, version);
	bool pending = !oracle_is_done(oracle);
	bool left = wish_is_empty(&oracle->wanted) && wish_is_empty(&oracle->told);
	bool held = oracle_is_held(oracle);
	owe_nothing(oracle);
	oracle->version = version;
	if (left) {
		oracle->leave_owed = pending && version == 2 && speakable;
		oracle->begun = oracle->leave_owed;
		oracle->routed = nothing;
		return;
	}
	oracle->may_announce = newer && speakable;
	oracle->told = oracle->wanted;
	if (speakable && ((newer && !was_speakable) || held))
		oracle->told = nothing;
	oracle->routed = oracle->told;
	oracle->routed_is_cut = false;
}

static unsigned older_repeats(const struct oracle *oracle)
{
	unsigned repeats = oracle->context->robustness - 1;
	return repeats < OLDER_REPEATS ? repeats : OLDER_REPEATS;
}

static uint64_t largest_gap_ns(const struct oracle *oracle)
{
	if (oracle->version == 3)
		return oracle->context->unsolicited_ns;
	return oracle->context->older_unsolicited_ns / older_repeats(oracle);
}

static void begin_older(struct oracle *oracle, bool was, bool is)
{
	bool speakable = oracle_is_speakable(oracle, oracle->version);
	if (was == is && speakable)
		return;
	owe_nothing(oracle);
	oracle->begun = was != is && speakable && (is || oracle->version == 2);
	oracle->leave_owed = oracle->begun && !is;
	if (oracle->begun && is)
		oracle->older_min = oracle->older_max = 1 + older_repeats(oracle);
}

/* The change since `told` becomes owed. */
static void begin(struct oracle *oracle)
{
	bool was = !wish_is_empty(&oracle->told), is = !wish_is_empty(&oracle->wanted);
	unsigned changed = wish_forwards(&oracle->told) ^ wish_forwards(&oracle->wanted);
	bool mode_changed = oracle->told.mode != oracle->wanted.mode;
	oracle->told = oracle->wanted;
	if (oracle->version < 3) {
		begin_older(oracle, was, is);
		return;
	}
	oracle->begun = true;
	if (mode_changed) {
		owe_nothing(oracle);
		oracle->mode_owed = oracle->context->robustness;
		return;
	}
	for (unsigned i = 0; i < ROUTER_SOURCES; i++) {
		if (changed & 1u << i)
			oracle->source_owed[i] = oracle->context->robustness;
	}
}

void oracle_touch(struct oracle *oracle)
{
	oracle->join_by_ns = oracle->context->now_ns + oracle->context->gap_ns;
	/* A join that was held and is given up puts the repeats of its leave off. */
	if (oracle->context->gap && wish_is_empty(&oracle->told))
		oracle->repeat_by_ns = oracle->context->now_ns + largest_gap_ns(oracle);
}

/*
 * Routers are taken to have forgotten the group, and with it what was blocked, or else to be where
 * they were: a mode that was not said often enough is said.
 */
void oracle_announce(struct oracle *oracle)
{
	bool says_mode = oracle->version == 3 && oracle->mode_owed > 0 &&
			 oracle->wanted.mode == IGMP_INCLUDE;
	if (wish_is_empty(&oracle->wanted))
		return;
	owe_nothing(oracle);
	oracle->told = (struct wish){says_mode ? IGMP_EXCLUDE : IGMP_INCLUDE, 0};
	if (oracle->routed.mode == IGMP_INCLUDE)
		oracle->routed.sources = 0;
	oracle->must_join = true;
}

void oracle_suppress(struct oracle *oracle)
{
	if (oracle->version < 3 && !wish_is_empty(&oracle->wanted) && !oracle_is_held(oracle))
		owe_nothing(oracle);
}

static void owe_once(struct oracle *oracle)
{
	oracle->mode_owed = oracle->mode_owed > 0;
	for (unsigned i = 0; i < ROUTER_SOURCES; i++)
		oracle->source_owed[i] = oracle->source_owed[i] > 0;
	oracle->begun |= owed(oracle) > 0;
}

void oracle_open(struct oracle *oracle, const struct wish *wanted, bool last)
{
	const struct oracle_context *context = oracle->context;
	memset(oracle->seen, 0, sizeof oracle->seen);
	oracle->begun = oracle->answered = oracle->lost = oracle->may_announce = false;
	/* A batch either changes wishes or the version: there is an open between any two. */
	if (context->version != oracle->version)
		change_version(oracle, context->version);
	oracle->wanted = *wanted;
	bool may_wait = oracle_is_held(oracle) && context->gap && !oracle->must_join &&
			oracle_is_speakable(oracle, oracle->version);
	oracle->must_join = false;
	if (!wish_equal(&oracle->told, &oracle->wanted) && !may_wait)
		begin(oracle);
	if (last)
		owe_once(oracle);
}

static unsigned mode_type(const struct wish *wish)
{
	return wish->mode == IGMP_INCLUDE ? IGMP_TO_IN : IGMP_TO_EX;
}

/* What the next report has to carry; it is counted as carried. */
static void expect(struct oracle *oracle)
{
	enum igmp_ssm_leave leave = oracle->context->ssm_leave;
	const struct wish *wanted = &oracle->wanted;
	const struct wish mode = wanted->mode == IGMP_INCLUDE
					 ? *wanted
					 : wish_cut(wanted, oracle->context->mtu_bytes);
	unsigned sources = 0;
	memset(oracle->expected, 0, sizeof oracle->expected);
	for (unsigned i = 0; i < ROUTER_SOURCES; i++) {
		sources |= oracle->source_owed[i] > 0 ? 1u << i : 0;
		oracle->source_owed[i] -= oracle->source_owed[i] > 0;
	}
	assert_true(oracle->mode_owed > 0 || sources); /* else it is one repeat too many */
	bool to_in = oracle->mode_owed == 0 && wish_is_empty(wanted);
	if (oracle->mode_owed > 0 || (to_in && leave != IGMP_SSM_LEAVE_BLOCK))
		oracle->expected[mode_type(wanted)] = PRESENT | mode.sources;
	if (oracle->mode_owed == 0 && !(to_in && leave == IGMP_SSM_LEAVE_TO_IN)) {
		unsigned allow = sources & wish_forwards(wanted), block = sources & ~allow;
		oracle->expected[IGMP_ALLOW] = allow ? PRESENT | allow : 0;
		oracle->expected[IGMP_BLOCK] = block ? PRESENT | block : 0;
	}
	oracle->mode_owed -= oracle->mode_owed > 0;
}

/* Section 6.4 for a router with one host, which needs no query before it forgets. */
static void route(struct oracle *oracle, unsigned type, unsigned sources)
{
	struct wish *routed = &oracle->routed;
	bool adds = (type == IGMP_ALLOW) == (routed->mode == IGMP_INCLUDE);
	if (type == IGMP_TO_IN || type == IGMP_IS_EX || type == IGMP_TO_EX) {
		routed->mode = type == IGMP_TO_IN ? IGMP_INCLUDE : IGMP_EXCLUDE;
		routed->sources = sources;
		oracle->routed_is_cut = sources != oracle->wanted.sources;
		return;
	}
	routed->sources = adds ? routed->sources | sources : routed->sources & ~sources;
}

/* Whatever is said is true at that moment, and of EXCLUDE it is as much as fits. */
static void assert_fresh(const struct oracle *oracle, unsigned type, unsigned sources)
{
	const struct wish *wanted = &oracle->wanted;
	unsigned forwarded = wish_forwards(wanted);
	assert_int_equal(oracle->version, 3);
	assert_false(oracle->ssm && (type == IGMP_IS_EX || type == IGMP_TO_EX));
	switch (type) {
	case IGMP_IS_IN: /* perhaps of the sources that were asked for */
	case IGMP_ALLOW:
		assert_int_equal(forwarded & sources, sources);
		return;
	case IGMP_BLOCK:
		assert_int_equal(forwarded & sources, 0);
		return;
	case IGMP_TO_IN: /* perhaps a part */
		assert_int_equal(wanted->mode, IGMP_INCLUDE);
		assert_int_equal(wanted->sources & sources, sources);
		return;
	default:
		assert_true(type == IGMP_IS_EX || type == IGMP_TO_EX);
		assert_int_equal(wanted->mode, IGMP_EXCLUDE);
		assert_int_equal(wish_cut(wanted, oracle->context->mtu_bytes).sources, sources);
	}
}

/* Sources that no wish names are told of where all but a few are wanted, and asked for. */
static void assert_sources(const struct oracle *oracle, const struct igmp_record *record)
{
	unsigned mask = router_mask(record);
	bool names_others = (unsigned)__builtin_popcount(mask) != record->source_count;
	bool may_be_empty = record->type >= IGMP_IS_EX && record->type <= IGMP_TO_EX;
	if (names_others) {
		assert_int_equal(record->type, IGMP_IS_IN);
		assert_int_equal(oracle->wanted.mode, IGMP_EXCLUDE);
	}
	assert_true(record->source_count > 0 || may_be_empty);
}

static bool is_first(const struct oracle *oracle)
{
	for (unsigned type = IGMP_TO_IN; type <= IGMP_BLOCK; type++) {
		if (oracle->seen[type])
			return false;
	}
	return true;
}

/* What the host may do of itself: a join that was held, one said anew in a newer version. */
static void begin_what_was_not_expected(struct oracle *oracle)
{
	const struct wish nothing = {IGMP_INCLUDE, 0};
	if (wish_equal(&oracle->told, &oracle->wanted) && oracle->may_announce)
		oracle->told = nothing;
	oracle->may_announce = false;
	if (!wish_equal(&oracle->told, &oracle->wanted))
		begin(oracle);
}

void oracle_record(struct oracle *oracle, const struct igmp_record *record, bool lost)
{
	unsigned sources = router_mask(record);
	assert_in_range(record->type, IGMP_IS_IN, IGMP_BLOCK);
	assert_sources(oracle, record);
	assert_fresh(oracle, record->type, sources);
	if (record->type == IGMP_IS_EX && !lost)
		route(oracle, record->type, sources);
	if (record->type < IGMP_TO_IN)
		return;
	if (is_first(oracle)) {
		begin_what_was_not_expected(oracle);
		expect(oracle);
		oracle->repeat_by_ns = oracle->context->now_ns + largest_gap_ns(oracle);
	}
	/* The parts of one that was split; a list that is truncated is one record. */
	assert_int_equal(oracle->seen[record->type] & sources, 0);
	assert_false(record->type == IGMP_TO_EX && oracle->seen[IGMP_TO_EX]);
	oracle->seen[record->type] |= PRESENT | sources;
	oracle->lost |= lost;
}

bool oracle_older(struct oracle *oracle, enum igmp_type type, bool asked)
{
	bool member = !wish_is_empty(&oracle->wanted), owed_one;
	assert_true(oracle_is_speakable(oracle, oracle->version));
	oracle->answered = true;
	if (type == IGMP_TYPE_V2_LEAVE) {
		assert_int_equal(oracle->version, 2);
		assert_false(member);
		assert_true(oracle->leave_owed);
		oracle->leave_owed = false;
		return true;
	}
	assert_int_equal(type, oracle->version == 1 ? IGMP_TYPE_V1_REPORT : IGMP_TYPE_V2_REPORT);
	assert_true(member);
	begin_what_was_not_expected(oracle);
	owed_one = oracle->older_max > 0;
	assert_true(owed_one || asked); /* else it is one repeat too many */
	oracle->older_min -= oracle->older_min > 0;
	oracle->older_max -= owed_one && !asked;
	oracle->repeat_by_ns = oracle->context->now_ns + largest_gap_ns(oracle);
	return owed_one;
}

static void close_round(struct oracle *oracle)
{
	for (unsigned type = IGMP_TO_IN; type <= IGMP_BLOCK; type++) {
		assert_int_equal(oracle->seen[type], oracle->expected[type]);
		if (oracle->seen[type] && !oracle->lost)
			route(oracle, type, oracle->seen[type] & ~PRESENT);
	}
}

/* Neither a repeat nor a join that was held is late. */
static void assert_nothing_is_late(const struct oracle *oracle)
{
	uint64_t now_ns = oracle->context->now_ns;
	if (oracle_is_held(oracle))
		assert_true(now_ns < oracle->join_by_ns);
	else if (owed(oracle) > 0 || oracle->older_min > 0)
		assert_true(now_ns < oracle->repeat_by_ns);
}

void oracle_close(struct oracle *oracle)
{
	if (oracle->version < 3) {
		assert_true(!oracle->begun || oracle->answered);
		assert_false(oracle->leave_owed);
	} else if (is_first(oracle)) {
		assert_false(oracle->begun); /* what changed is said at once */
	} else {
		close_round(oracle);
	}
	assert_nothing_is_late(oracle);
}
