#include "channels/numbers.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>

#include "channels/lineup.h"

/*
 * `next` is a number further on behind which nobody looked yet: chains of taken numbers shorten as
 * they are followed, so that a list that repeats one number 100 000 times does not cost its square.
 */
struct slot {
	gint64 key;
	gint64 next;
	const char *owner;
};

struct numbers {
	GHashTable *slots; /* struct slot by its own key */
};

/* The main number is in the low half, which is the one that older GLib's g_int64_hash() looks at.
 */
static gint64 key_of(uint32_t number, uint32_t subnumber)
{
	return (gint64)subnumber << 32 | number;
}

static uint32_t number_of(gint64 key)
{
	return (uint32_t)key;
}

static uint32_t subnumber_of(gint64 key)
{
	return (uint32_t)(key >> 32);
}

static gint64 successor(gint64 key)
{
	uint32_t number = number_of(key), subnumber = subnumber_of(key);
	if (subnumber && subnumber < CHANNEL_NUMBER_MAX)
		return key_of(number, subnumber + 1);
	return key_of(number < CHANNEL_NUMBER_MAX ? number + 1 : 1, 0);
}

struct numbers *numbers_create(void)
{
	struct numbers *numbers = g_new(struct numbers, 1);
	numbers->slots = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	return numbers;
}

void numbers_destroy(struct numbers *numbers)
{
	g_hash_table_unref(numbers->slots);
	g_free(numbers);
}

bool numbers_take(struct numbers *numbers, uint32_t number, uint32_t subnumber, const char *owner)
{
	gint64 key = key_of(number, subnumber);
	if (g_hash_table_contains(numbers->slots, &key))
		return false;
	struct slot *slot = g_new(struct slot, 1);
	*slot = (struct slot){.key = key, .next = successor(key), .owner = owner};
	g_hash_table_add(numbers->slots, slot);
	return true;
}

const char *numbers_owner(const struct numbers *numbers, uint32_t number, uint32_t subnumber)
{
	gint64 key = key_of(number, subnumber);
	const struct slot *slot = g_hash_table_lookup(numbers->slots, &key);
	return slot ? slot->owner : NULL;
}

void numbers_next_free(struct numbers *numbers, uint32_t *number, uint32_t *subnumber)
{
	gint64 key = key_of(*number, *subnumber);
	struct slot *slot;
	while ((slot = g_hash_table_lookup(numbers->slots, &key))) {
		const struct slot *after = g_hash_table_lookup(numbers->slots, &slot->next);
		if (after)
			slot->next = after->next;
		key = slot->next;
	}
	*number = number_of(key);
	*subnumber = subnumber_of(key);
}

/* Reads digits and moves behind them. */
static int parse_part(const char **text, uint32_t *ret)
{
	const char *c = *text;
	uint64_t value = 0;
	for (; g_ascii_isdigit(*c); c++) {
		value = value * 10 + (uint64_t)(*c - '0');
		if (value > CHANNEL_NUMBER_MAX)
			return -EINVAL;
	}
	if (c == *text)
		return -EINVAL;
	*text = c;
	*ret = (uint32_t)value;
	return 0;
}

int channel_number_parse(const char *text, uint32_t *ret_number, uint32_t *ret_subnumber)
{
	uint32_t number, subnumber = 0;
	if (parse_part(&text, &number) || !number)
		return -EINVAL;
	if (*text == '.') {
		text++;
		if (parse_part(&text, &subnumber))
			return -EINVAL;
	}
	if (*text)
		return -EINVAL;
	*ret_number = number;
	*ret_subnumber = subnumber;
	return 0;
}

const char *channel_number_format(const struct channel *channel, char *buf)
{
	if (channel->subnumber)
		snprintf(buf, CHANNEL_NUMBER_BYTES, "%" PRIu32 ".%" PRIu32, channel->number,
			channel->subnumber);
	else
		snprintf(buf, CHANNEL_NUMBER_BYTES, "%" PRIu32, channel->number);
	return buf;
}
