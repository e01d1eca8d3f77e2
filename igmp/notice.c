#include "igmp/notice.h"

#include <arpa/inet.h>
#include <stdio.h>

static const char *const words[IGMP_NOTICE_TYPES] = {
	[IGMP_NOTICE_NO_QUERIER] = "no-querier",
	[IGMP_NOTICE_QUERIER_BACK] = "querier-back",
	[IGMP_NOTICE_QUERIER_CHANGED] = "querier-changed",
	[IGMP_NOTICE_SEVERAL_QUERIERS] = "several-queriers",
	[IGMP_NOTICE_V1_QUERY] = "v1-query",
	[IGMP_NOTICE_V2_QUERY] = "v2-query",
	[IGMP_NOTICE_V2_SSM_QUERY] = "v2-ssm-query",
	[IGMP_NOTICE_VERSION_CHANGED] = "version-changed",
	[IGMP_NOTICE_SSM_UNREPORTED] = "ssm-unreported",
	[IGMP_NOTICE_SOURCE_OUTSIDE_SSM] = "source-outside-ssm",
};

/* @q is the querier, @o the other one, @g the group, @v the version. */
static const char *const sentences[IGMP_NOTICE_TYPES] = {
	[IGMP_NOTICE_NO_QUERIER] =
		"no router asks for memberships any more; they are refreshed without being asked",
	[IGMP_NOTICE_QUERIER_BACK] = "@q asks for memberships again",
	[IGMP_NOTICE_QUERIER_CHANGED] = "@q asks for memberships now, no longer @o",
	[IGMP_NOTICE_SEVERAL_QUERIERS] = "@q and @o ask for memberships by turns: one of them "
					 "does not hear the other",
	[IGMP_NOTICE_V1_QUERY] = "@q asks in IGMP version 1, which knows neither leaves nor "
				 "sources",
	[IGMP_NOTICE_V2_QUERY] = "@q asks in IGMP version 2, which knows no sources",
	[IGMP_NOTICE_V2_SSM_QUERY] = "@q asks in IGMP version 2 for @g, a group of "
				     "source-specific multicast",
	[IGMP_NOTICE_VERSION_CHANGED] = "speaking IGMP version @v now",
	[IGMP_NOTICE_SSM_UNREPORTED] =
		"@g cannot be joined: the network asks in IGMP version @v, which knows no "
		"sources (v2_ssm would join it with any source)",
	[IGMP_NOTICE_SOURCE_OUTSIDE_SSM] =
		"@g is joined with single sources, but lies outside 232/8: routers may forward "
		"any source",
};

const char *igmp_notice_word(enum igmp_notice_type type)
{
	return words[type];
}

static void put_address(struct in_addr address, char *ret, size_t size)
{
	inet_ntop(AF_INET, &address, ret, (socklen_t)size);
}

static void put_word(const struct igmp_notice *notice, char letter, char *ret, size_t size)
{
	if (letter == 'v')
		snprintf(ret, size, "%u", notice->version);
	else
		put_address(letter == 'q'   ? notice->querier
			    : letter == 'o' ? notice->other
					    : notice->group,
			ret, size);
}

void igmp_notice_sentence(const struct igmp_notice *notice, char *ret, size_t size)
{
	size_t used = 0;
	for (const char *at = sentences[notice->type]; *at && used + 1 < size; at++) {
		char word[INET_ADDRSTRLEN] = {*at};
		if (*at == '@')
			put_word(notice, *++at, word, sizeof word);
		used += (size_t)snprintf(ret + used, size - used, "%s", word);
	}
}
