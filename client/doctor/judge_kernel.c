/* What other programs hold, and what the kernel has heard and allows. */
#include <string.h>

#include "client/doctor/judge.h"

#define BUFFER_ENOUGH_BYTES (2 * 1024 * 1024)

/* A player with the kernel back end holds its groups there itself. */
static bool is_the_players(const struct doctor_facts *facts, struct in_addr group)
{
	const struct doctor_player *player = &facts->player;
	if (!judge_player_is_here(facts) || !judge_player_speaks(player).kernel)
		return false;
	for (guint i = 0; i < player->groups->len; i++)
		if (g_array_index(player->groups, struct in_addr, i).s_addr == group.s_addr)
			return true;
	return false;
}

static const struct doctor_source *channel_of(
	const struct doctor_facts *facts, struct in_addr group)
{
	for (guint i = 0; i < facts->lineup.sources->len; i++) {
		const struct doctor_source *source =
			&g_array_index(facts->lineup.sources, struct doctor_source, i);
		if (source->group.s_addr == group.s_addr)
			return source;
	}
	return NULL;
}

/* " from 10.0.1.10, 10.0.1.11", or nothing. */
static void append_sources(
	GString *sentence, const struct doctor_facts *facts, struct in_addr group)
{
	const char *before = " from ";
	char text[INET_ADDRSTRLEN];
	for (guint i = 0; i < facts->kernel.filters->len; i++) {
		const struct proc_filter *filter =
			&g_array_index(facts->kernel.filters, struct proc_filter, i);
		if (filter->group.s_addr != group.s_addr || !filter->includes)
			continue;
		g_string_append_printf(
			sentence, "%s%s", before, judge_address(filter->source, text));
		before = ", ";
	}
}

/* The kernel merges what its own programs want; our raw host would speak for itself alone. */
static void judge_held_channel(const struct doctor_facts *facts, struct in_addr group,
	const struct doctor_source *channel, GPtrArray *ret)
{
	char text[INET_ADDRSTRLEN];
	GString *sentence = g_string_new("another program of this box holds ");
	g_string_append(sentence, judge_address(group, text));
	append_sources(sentence, facts, group);
	g_string_append_printf(sentence, ", channel %s (%s)", channel->number, channel->name);
	if (!judge_speaker(facts).raw) {
		judge_add(ret, DOCTOR_OK, "groups", g_string_free(sentence, FALSE), NULL);
		return;
	}
	g_string_append(sentence, ": when zapper leaves it, that program may be cut off");
	judge_add(ret, DOCTOR_WARNING, "groups", g_string_free(sentence, FALSE),
		g_strdup_printf("end that program ('ss -uanp | grep %s' may name it), or use "
				"--membership kernel, which keeps the group for both",
			text));
}

void judge_groups(const struct doctor_facts *facts, GPtrArray *ret)
{
	GString *others = g_string_new(NULL);
	char text[INET_ADDRSTRLEN];
	bool held = false;
	for (guint i = 0; i < facts->kernel.igmp.groups->len; i++) {
		struct in_addr group =
			g_array_index(facts->kernel.igmp.groups, struct proc_group, i).group;
		const struct doctor_source *channel = channel_of(facts, group);
		if (is_the_players(facts, group))
			continue;
		held = held || channel;
		if (channel)
			judge_held_channel(facts, group, channel, ret);
		else
			g_string_append_printf(others, "%s%s", others->len ? ", " : "",
				judge_address(group, text));
	}
	if (facts->iface.exists && !held)
		judge_add(ret, DOCTOR_OK, "groups",
			g_strdup_printf("no other program of this box holds a channel of the "
					"line-up on %s%s%s",
				facts->iface.name, others->len ? "; others hold " : "",
				others->str),
			NULL);
	g_string_free(others, TRUE);
}

void judge_older_version(const struct doctor_facts *facts, const struct doctor_speaker *speaker,
	const char *topic, const char *who, unsigned version, GPtrArray *ret)
{
	unsigned channels = judge_ssm_channels(facts);
	if (speaker->raw && !speaker->rules.fallback)
		judge_add(ret, DOCTOR_OK, topic,
			g_strdup_printf("%s in IGMP version %u, and is answered in version 3 "
					"(igmp.fallback=no)",
				who, version),
			NULL);
	else if (channels && speaker->raw && !speaker->rules.v2_ssm)
		judge_add(ret, DOCTOR_ERROR, topic,
			g_strdup_printf("%s in IGMP version %u, which knows no sources: %u "
					"channel%s of source-specific multicast cannot be played",
				who, version, channels, channels == 1 ? "" : "s"),
			g_strdup("have the router or switch ask in version 3; or igmp.v2_ssm=yes "
				 "joins them from any source, igmp.fallback=no speaks version 3 "
				 "whoever asks"));
	else
		judge_add(ret, DOCTOR_WARNING, topic,
			g_strdup_printf("%s in IGMP version %u, which knows no sources%s", who,
				version,
				channels ? ": source-specific channels are asked for from any "
					   "source"
					 : ", and takes two packets to change the channel"),
			g_strdup("have the router or switch ask in version 3"));
}

/* A player, or our own listening, names who asks so. */
static bool is_judged_elsewhere(const struct doctor_facts *facts)
{
	const struct doctor_heard *heard = &facts->heard;
	unsigned version = judge_player_is_here(facts) ? facts->player.querier.version : 0;
	return version == 1 || version == 2 || heard->v1 || heard->v2;
}

static void judge_version(const struct doctor_facts *facts, GPtrArray *ret)
{
	const struct doctor_kernel *kernel = &facts->kernel;
	const struct doctor_speaker speaker = judge_speaker(facts);
	if (kernel->force_igmp_version == 1 || kernel->force_igmp_version == 2) {
		if (speaker.raw)
			return; /* it forces the kernel's host alone */
		char *who = g_strdup("by force_igmp_version the kernel speaks");
		judge_older_version(
			facts, &speaker, "kernel", who, (unsigned)kernel->force_igmp_version, ret);
		g_free(who);
		return;
	}
	if (kernel->igmp.version == 1 || kernel->igmp.version == 2) {
		if (is_judged_elsewhere(facts))
			return;
		char *who = g_strdup_printf(
			"the kernel has lately heard a querier on %s", facts->iface.name);
		judge_older_version(facts, &speaker, "kernel", who, kernel->igmp.version, ret);
		g_free(who);
	} else if (kernel->igmp.version == 3) {
		judge_add(ret, DOCTOR_OK, "kernel",
			g_strdup_printf("the kernel has lately heard no querier of version 1 or 2 "
					"on %s",
				facts->iface.name),
			NULL);
	}
}

/* What limits the kernel's memberships, and drops their data: raw has no part in it. */
static void judge_kernel_limits(const struct doctor_facts *facts, GPtrArray *ret)
{
	const struct doctor_kernel *kernel = &facts->kernel;
	if (kernel->max_memberships == 0)
		judge_add(ret, DOCTOR_ERROR, "kernel",
			g_strdup("igmp_max_memberships is 0: the kernel joins no group"),
			g_strdup("sysctl -w net.ipv4.igmp_max_memberships=20"));
	if (kernel->max_sources == 0 && judge_ssm_channels(facts))
		judge_add(ret, DOCTOR_ERROR, "kernel",
			g_strdup("igmp_max_msf is 0: the kernel joins no source"),
			g_strdup("sysctl -w net.ipv4.igmp_max_msf=10"));
	if (kernel->rp_filter == 1)
		judge_add(ret, DOCTOR_WARNING, "kernel",
			g_strdup_printf("rp_filter is strict: the kernel drops channels of senders "
					"that are not routed through %s",
				facts->iface.name),
			g_strdup_printf("sysctl -w net.ipv4.conf.all.rp_filter=0 "
					"net.ipv4.conf.%s.rp_filter=2",
				facts->iface.name));
}

static void judge_buffer(const struct doctor_kernel *kernel, GPtrArray *ret)
{
	long bytes = kernel->receive_buffer_bytes;
	if (bytes < 0 || bytes >= BUFFER_ENOUGH_BYTES)
		return;
	GString *sentence = g_string_new(NULL);
	g_string_append_printf(
		sentence, "a socket's receive buffer is cut to %ld KiB", bytes / 1024);
	if (kernel->rmem_max >= 0)
		g_string_append_printf(sentence, " (net.core.rmem_max is %ld)", kernel->rmem_max);
	g_string_append_printf(sentence,
		", less than %ld ms of a channel of 8 Mb/s: packets may be lost while the box is "
		"busy",
		bytes / 1000 + 1);
	judge_add(ret, DOCTOR_WARNING, "kernel", g_string_free(sentence, FALSE),
		g_strdup("sysctl -w net.core.rmem_max=8388608, or give zapper CAP_NET_ADMIN"));
}

void judge_kernel(const struct doctor_facts *facts, GPtrArray *ret)
{
	if (facts->iface.exists)
		judge_version(facts, ret);
	if (facts->iface.exists && judge_speaker(facts).kernel)
		judge_kernel_limits(facts, ret);
	judge_buffer(&facts->kernel, ret);
}
