#include "channels/xmltv_text.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "channels/language.h"

#define MINUTE_S 60

/* XMLTV's own DTD has BST in its examples. Winter's names are not the summer's. */
static const struct {
	const char *name;
	int offset_min;
} zones[] = {
	{"Z", 0},
	{"UTC", 0},
	{"GMT", 0},
	{"WET", 0},
	{"BST", 60},
	{"WEST", 60},
	{"CET", 60},
	{"CEST", 120},
	{"EET", 120},
	{"EEST", 180},
	{"MSK", 180},
	{"EST", -300},
	{"EDT", -240},
	{"CST", -360},
	{"CDT", -300},
	{"MST", -420},
	{"MDT", -360},
	{"PST", -480},
	{"PDT", -420},
};

/* -1 where there are not so many digits. */
static int read_digits(const char *text, size_t count)
{
	int value = 0;
	for (size_t i = 0; i < count; i++) {
		if (!g_ascii_isdigit(text[i]))
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Of the proleptic Gregorian calendar, since 1970. */
static int64_t days_before(int year, int month, int day)
{
	int64_t before = year - 1;
	int64_t days = before * 365 + before / 4 - before / 100 + before / 400 - 719162;
	for (int i = 1; i < month; i++)
		days += days_of(year, i);
	return days + day - 1;
}

static int read_offset(const char *text, int *ret_min)
{
	int sign = *text == '-' ? -1 : 1;
	int hours = read_digits(text + 1, 2);
	const char *rest = hours < 0 ? text : text + 3;
	rest += hours >= 0 && *rest == ':';
	int minutes = hours >= 0 && *rest ? read_digits(rest, 2) : 0;
	if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59 || (*rest && rest[2]))
		return -EINVAL;
	*ret_min = sign * (hours * 60 + minutes);
	return 0;
}

static int read_zone(const char *text, int *ret_min)
{
	*ret_min = 0;
	text += strspn(text, " ");
	if (!*text)
		return 0;
	if (*text == '+' || *text == '-')
		return read_offset(text, ret_min);
	for (size_t i = 0; i < G_N_ELEMENTS(zones); i++) {
		if (g_ascii_strcasecmp(text, zones[i].name) != 0)
			continue;
		*ret_min = zones[i].offset_min;
		return 0;
	}
	return -EINVAL;
}

int xmltv_time_parse(const char *text, int64_t *ret)
{
	size_t digits = strspn(text, "0123456789");
	if (digits != 8 && digits != 10 && digits != 12 && digits != 14)
		return -EINVAL;
	int year = read_digits(text, 4), month = read_digits(text + 4, 2);
	int day = read_digits(text + 6, 2);
	int hour = digits >= 10 ? read_digits(text + 8, 2) : 0;
	int minute = digits >= 12 ? read_digits(text + 10, 2) : 0;
	int second = digits >= 14 ? read_digits(text + 12, 2) : 0;
	int offset_min;
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_of(year, month) ||
		hour > 24 || minute > 59 || second > 60 || (hour == 24 && (minute || second)) ||
		read_zone(text + digits, &offset_min))
		return -EINVAL;
	*ret = ((days_before(year, month, day) * 24 + hour) * 60 + minute - offset_min) * MINUTE_S +
	       second;
	return 0;
}

/* The number in front of '/' or '.', from 1 on, or 0; moves on behind the '.'. */
static guint64 next_part(const char **at)
{
	*at += strspn(*at, " ");
	guint64 value = 0;
	size_t digits = strspn(*at, "0123456789");
	if (digits && digits < 9)
		value = g_ascii_strtoull(*at, NULL, 10) + 1;
	*at += strcspn(*at, ".");
	*at += **at == '.';
	return value;
}

void xmltv_episode_format(const char *text, GString *ret)
{
	guint64 season = next_part(&text), episode = next_part(&text);
	g_string_truncate(ret, 0);
	if (season)
		g_string_append_printf(ret, "S%" G_GUINT64_FORMAT, season);
	if (episode)
		g_string_append_printf(ret, "%sE%" G_GUINT64_FORMAT, season ? " " : "", episode);
}

size_t xmltv_language_rank(const char *language, const char *const *wishes)
{
	size_t i = 0;
	while (wishes && wishes[i] && !channel_same_language(language, wishes[i]))
		i++;
	return i;
}
