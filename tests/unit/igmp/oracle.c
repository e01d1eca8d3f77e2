#include "tests/unit/igmp/oracle.h"

#include <string.h>

#include "tests/support/test.h"

#define PRESENT (1u << 31)

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

bool oracle_is_speakable(const struct oracle *oracle, unsigned version)
{
	return version == 3 || !oracle->ssm || oracle->settings->v2_ssm;
}

bool oracle_is_done(const struct oracle *oracle)
{
	unsigned owed = oracle->mode_owed + oracle->leave_owed;
	for (unsigned i = 0; i < ROUTER_SOURCES; i++)
		owed += oracle->source_owed[i];
	return owed == 0 && wish_equal(&oracle->told, &oracle->wanted);
}

static void owe_nothing(struct oracle *oracle)
{
	oracle->mode_owed = 0;
	oracle->leave_owed = false;
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
	bool held = wish_is_empty(&oracle->told) && !wish_is_empty(&oracle->wanted);
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
}

/* The change since `told` becomes owed. */
static void begin(struct oracle *oracle)
{
	bool was = !wish_is_empty(&oracle->told), is = !wish_is_empty(&oracle->wanted);
	unsigned changed = wish_forwards(&oracle->told) ^ wish_forwards(&oracle->wanted);
	bool mode_changed = oracle->told.mode != oracle->wanted.mode;
	oracle->told = oracle->wanted;
	if (oracle->version < 3) {
		oracle->begun = was != is && oracle_is_speakable(oracle, oracle->version) &&
				(is || oracle->version == 2);
		oracle->leave_owed = oracle->begun && !is;
		return;
	}
	oracle->begun = true;
	if (mode_changed) {
		owe_nothing(oracle);
		oracle->mode_owed = oracle->settings->robustness;
		return;
	}
	for (unsigned i = 0; i < ROUTER_SOURCES; i++) {
		if (changed & 1u << i)
			oracle->source_owed[i] = oracle->settings->robustness;
	}
}

void oracle_open(struct oracle *oracle, unsigned version, const struct wish *wanted)
{
	memset(oracle->seen, 0, sizeof oracle->seen);
	oracle->begun = oracle->answered = oracle->may_announce = false;
	/* A batch either changes wishes or the version: there is an open between any two. */
	if (version != oracle->version)
		change_version(oracle, version);
	oracle->wanted = *wanted;
	bool joins = wish_is_empty(&oracle->told) && !wish_is_empty(&oracle->wanted);
	bool may_wait = joins && oracle->settings->gap && oracle_is_speakable(oracle, version);
	if (!wish_equal(&oracle->told, &oracle->wanted) && !may_wait)
		begin(oracle);
}

static unsigned mode_type(const struct wish *wish)
{
	return wish->mode == IGMP_INCLUDE ? IGMP_TO_IN : IGMP_TO_EX;
}

/* What the next report has to carry; it is counted as carried. */
static void expect(struct oracle *oracle)
{
	enum igmp_ssm_leave leave = oracle->settings->ssm_leave;
	const struct wish *wanted = &oracle->wanted;
	unsigned owed = 0;
	memset(oracle->expected, 0, sizeof oracle->expected);
	for (unsigned i = 0; i < ROUTER_SOURCES; i++) {
		owed |= oracle->source_owed[i] > 0 ? 1u << i : 0;
		oracle->source_owed[i] -= oracle->source_owed[i] > 0;
	}
	assert_true(oracle->mode_owed > 0 || owed); /* else it is one repeat too many */
	bool to_in = oracle->mode_owed == 0 && wish_is_empty(wanted);
	if (oracle->mode_owed > 0 || (to_in && leave != IGMP_SSM_LEAVE_BLOCK))
		oracle->expected[mode_type(wanted)] = PRESENT | wanted->sources;
	if (oracle->mode_owed == 0 && !(to_in && leave == IGMP_SSM_LEAVE_TO_IN)) {
		unsigned allow = owed & wish_forwards(wanted), block = owed & ~allow;
		oracle->expected[IGMP_ALLOW] = allow ? PRESENT | allow : 0;
		oracle->expected[IGMP_BLOCK] = block ? PRESENT | block : 0;
	}
	oracle->mode_owed -= oracle->mode_owed > 0;
}

/* Section 6.4 for a router with one host, which needs no query before it forgets. */
static void route(struct wish *routed, unsigned type, unsigned sources)
{
	bool adds = (type == IGMP_ALLOW) == (routed->mode == IGMP_INCLUDE);
	if (type == IGMP_IS_IN) /* asked for some sources only, or for all: those are wanted */
		return;
	if (type == IGMP_TO_IN)
		*routed = (struct wish){IGMP_INCLUDE, sources};
	else if (type == IGMP_IS_EX || type == IGMP_TO_EX)
		*routed = (struct wish){IGMP_EXCLUDE, sources};
	else
		routed->sources = adds ? routed->sources | sources : routed->sources & ~sources;
}

/* Whatever is said is true at that moment. */
static void assert_fresh(const struct oracle *oracle, unsigned type, unsigned sources)
{
	const struct wish *wanted = &oracle->wanted;
	unsigned forwarded = wish_forwards(wanted);
	assert_int_equal(oracle->version, 3);
	assert_false(oracle->ssm && (type == IGMP_IS_EX || type == IGMP_TO_EX));
	switch (type) {
	case IGMP_IS_IN: /* perhaps of the sources that were asked for */
		assert_int_not_equal(sources, 0);
		assert_int_equal(forwarded & sources, sources);
		return;
	case IGMP_ALLOW:
		assert_int_not_equal(sources, 0);
		assert_int_equal(forwarded & sources, sources);
		return;
	case IGMP_BLOCK:
		assert_int_not_equal(sources, 0);
		assert_int_equal(forwarded & sources, 0);
		return;
	case IGMP_TO_IN:
		assert_int_equal(wanted->mode, IGMP_INCLUDE);
		assert_int_equal(wanted->sources, sources);
		return;
	default:
		assert_true(type == IGMP_IS_EX || type == IGMP_TO_EX);
		assert_int_equal(wanted->mode, IGMP_EXCLUDE);
		assert_int_equal(wanted->sources, sources);
	}
}

static unsigned to_mask(const struct igmp_record *record)
{
	unsigned mask = 0;
	for (uint16_t i = 0; i < record->source_count; i++)
		mask |= 1u << (ntohl(igmp_source(record->sources, i).s_addr) -
				ntohl(router_source(0).s_addr));
	return mask;
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
	unsigned sources = to_mask(record);
	assert_in_range(record->type, IGMP_IS_IN, IGMP_BLOCK);
	assert_fresh(oracle, record->type, sources);
	if (record->type >= IGMP_TO_IN) {
		if (is_first(oracle)) {
			begin_what_was_not_expected(oracle);
			expect(oracle);
		}
		assert_int_equal(oracle->seen[record->type], 0);
		oracle->seen[record->type] = PRESENT | sources;
	}
	if (!lost)
		route(&oracle->routed, record->type, sources);
}

void oracle_older(struct oracle *oracle, enum igmp_type type)
{
	bool member = !wish_is_empty(&oracle->wanted);
	assert_true(oracle_is_speakable(oracle, oracle->version));
	if (type == IGMP_TYPE_V2_LEAVE) {
		assert_int_equal(oracle->version, 2);
		assert_false(member);
		assert_true(oracle->leave_owed);
		oracle->leave_owed = false;
	} else {
		assert_int_equal(
			type, oracle->version == 1 ? IGMP_TYPE_V1_REPORT : IGMP_TYPE_V2_REPORT);
		assert_true(member);
		begin_what_was_not_expected(oracle);
	}
	oracle->answered = true;
}

void oracle_close(struct oracle *oracle)
{
	if (oracle->version < 3) {
		assert_true(!oracle->begun || oracle->answered);
		assert_false(oracle->leave_owed);
		return;
	}
	if (is_first(oracle)) {
		assert_false(oracle->begun); /* what changed is said at once */
		return;
	}
	for (unsigned type = IGMP_TO_IN; type <= IGMP_BLOCK; type++)
		assert_int_equal(oracle->seen[type], oracle->expected[type]);
}
