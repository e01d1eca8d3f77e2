/* Who asks for memberships: what a running player knows, or what our own link heard. */
#include <string.h>

#include "client/doctor/judge.h"

/* RFC 9776 section 8.2: routers ask every 125 s unless told otherwise. */
#define USUAL_INTERVAL_S 125

static void judge_querier(const struct doctor_facts *facts, const struct doctor_speaker *speaker,
	const char *topic, const struct doctor_querier *querier, GPtrArray *ret)
{
	char text[INET_ADDRSTRLEN];
	const char *who = querier->address.s_addr ? judge_address(querier->address, text)
						  : "a switch (0.0.0.0)";
	if (querier->version == 3) {
		judge_add(ret, DOCTOR_OK, topic,
			g_strdup_printf(
				"%s asks in IGMP version 3, every %.0f s, with robustness %u; "
				"last %.0f s ago",
				who, querier->interval_s, querier->robustness, querier->age_s),
			NULL);
		return;
	}
	char *asks = g_strdup_printf("%s asks", who);
	judge_older_version(facts, speaker, topic, asks, querier->version, ret);
	g_free(asks);
}

/* Section 4.1 has the option in every query: without it, some switches do not see them. */
static void judge_router_alert(
	const struct doctor_speaker *speaker, const char *topic, uint64_t without, GPtrArray *ret)
{
	bool required = speaker->raw && speaker->rules.require_router_alert;
	if (!without)
		return;
	judge_add(ret, required ? DOCTOR_ERROR : DOCTOR_WARNING, topic,
		g_strdup_printf("%" G_GUINT64_FORMAT " quer%s came without Router Alert%s", without,
			without == 1 ? "y" : "ies",
			required ? " and by igmp.require_router_alert=yes were not answered"
				 : ", against RFC 9776: other hosts may ignore them"),
		required ? g_strdup("igmp.require_router_alert=no")
			 : g_strdup("see to the router's IGMP settings"));
}

static void append(GString *list, const char *between, const char *text)
{
	g_string_append_printf(list, "%s%s", list->len ? between : "", text);
}

/* "4 ttl, 9 kernel"; NULL where nothing was dropped. Freed with g_free(). */
static char *list_causes(const GArray *drops)
{
	GString *causes = g_string_new(NULL);
	for (guint i = 0; i < drops->len; i++) {
		const struct doctor_counter *counter =
			&g_array_index(drops, struct doctor_counter, i);
		char *text =
			g_strdup_printf("%" G_GUINT64_FORMAT " %s", counter->value, counter->name);
		append(causes, ", ", text);
		g_free(text);
	}
	return g_string_free(causes, !drops->len);
}

/* ---- a player ---- */

/* Words of igmp for what is well again, or was no trouble. */
static bool is_good_news(const struct doctor_player *player, const char *type)
{
	static const char *const good[] = {"querier-back", "link-up", "interface-back",
		"multicast-on", "socket-back", "address-changed", "mtu-changed", NULL};
	if (!strcmp(type, "version-changed"))
		return player->host_version == 3;
	return g_strv_contains(good, type);
}

static bool is_said_again(const GArray *notices, guint index)
{
	const struct doctor_notice *notice = &g_array_index(notices, struct doctor_notice, index);
	for (guint i = index + 1; i < notices->len; i++)
		if (!strcmp(g_array_index(notices, struct doctor_notice, i).sentence,
			    notice->sentence))
			return true;
	return false;
}

static void judge_notices(const struct doctor_player *player, GPtrArray *ret)
{
	for (guint i = 0; i < player->notices->len; i++) {
		const struct doctor_notice *notice =
			&g_array_index(player->notices, struct doctor_notice, i);
		if (is_said_again(player->notices, i))
			continue;
		judge_add(ret, is_good_news(player, notice->type) ? DOCTOR_OK : DOCTOR_WARNING,
			"player",
			g_strdup_printf(
				"it noticed %.0f s ago: %s", notice->age_s, notice->sentence),
			NULL);
	}
}

/* What to do about a cause, NULL where there is nothing of its own. Freed with g_free(). */
static char *drop_remedy(const struct doctor_facts *facts, const char *cause)
{
	const char *iface = facts->player.iface;
	if (!strcmp(cause, "kernel"))
		return g_strdup("those of cause kernel found its receive buffer full: "
				"sysctl -w net.core.rmem_max=8388608");
	if (!strcmp(cause, "socket"))
		return g_strdup_printf("those of cause socket are IGMP packets that came faster "
				       "than they were looked at: find out who floods the line: "
				       "tcpdump -vni %s igmp",
			iface);
	if (strcmp(cause, "merged"))
		return NULL;
	/* Of a VLAN the interface below merges. */
	bool known = !g_strcmp0(iface, facts->iface.name) && *facts->iface.merging.name;
	char *command = judge_merging_remedy(known ? facts->iface.merging.name : iface);
	char *remedy = g_strdup_printf("those of cause merged were several in one: %s", command);
	g_free(command);
	return remedy;
}

static char *list_remedies(const struct doctor_facts *facts)
{
	const GArray *drops = facts->player.drops;
	GString *remedies = g_string_new(NULL);
	for (guint i = 0; i < drops->len; i++) {
		char *remedy =
			drop_remedy(facts, g_array_index(drops, struct doctor_counter, i).name);
		if (remedy)
			append(remedies, "; ", remedy);
		g_free(remedy);
	}
	if (!remedies->len)
		g_string_assign(remedies, "'zapper ctl igmp' and 'zapper ctl stats' count on: see "
					  "whether they grow");
	return g_string_free(remedies, FALSE);
}

static void judge_drops(const struct doctor_facts *facts, GPtrArray *ret)
{
	char *causes = list_causes(facts->player.drops);
	if (causes)
		judge_add(ret, DOCTOR_WARNING, "player",
			g_strdup_printf("it has dropped packets, by cause: %s", causes),
			list_remedies(facts));
	g_free(causes);
}

static void judge_players_querier(const struct doctor_facts *facts, GPtrArray *ret)
{
	const struct doctor_player *player = &facts->player;
	const struct doctor_speaker speaker = judge_player_speaks(player);
	if (!player->host_version)
		judge_add(ret, DOCTOR_OK, "player",
			g_strdup("with the kernel back end it does not know who asks for "
				 "memberships"),
			NULL);
	else if (!player->querier.version)
		judge_add(ret, DOCTOR_OK, "player",
			g_strdup_printf(
				"no router has asked it for memberships yet; most ask every "
				"%u s",
				USUAL_INTERVAL_S),
			NULL);
	else
		judge_querier(facts, &speaker, "player", &player->querier, ret);
	judge_router_alert(&speaker, "player", player->without_router_alert, ret);
}

static void judge_state(const struct doctor_facts *facts, GPtrArray *ret)
{
	const struct doctor_player *player = &facts->player;
	bool here = judge_player_is_here(facts);
	judge_add(ret, here ? DOCTOR_OK : DOCTOR_WARNING, "player",
		g_strdup_printf("a player runs on %s through %s, its state is %s", player->iface,
			player->backend, player->state),
		here ? NULL : g_strdup_printf("--iface %s looks at its interface", player->iface));
	if (player->reason)
		judge_add(ret, DOCTOR_WARNING, "player",
			g_strdup_printf("it says: %s", player->reason), NULL);
}

void judge_player(const struct doctor_facts *facts, GPtrArray *ret)
{
	const struct doctor_player *player = &facts->player;
	if (player->error)
		judge_add(ret, DOCTOR_WARNING, "player",
			g_strdup_printf("what listens at %s does not answer as a player: %s",
				player->path, g_strerror(-player->error)),
			g_strdup("--control SOCKET names the player's"));
	if (!player->runs)
		return;
	judge_state(facts, ret);
	judge_players_querier(facts, ret);
	judge_notices(player, ret);
	judge_drops(facts, ret);
}

/* ---- our own link ---- */

static void judge_silence(const struct doctor_heard *heard, GPtrArray *ret)
{
	bool long_enough = heard->wait_s > USUAL_INTERVAL_S;
	judge_add(ret, long_enough ? DOCTOR_WARNING : DOCTOR_OK, "querier",
		g_strdup_printf("no router asked for memberships within %u s%s", heard->wait_s,
			long_enough ? ": a switch that snoops may stop channels after some minutes"
				    : ""),
		long_enough ? g_strdup("have the router or switch of this line be an IGMP querier")
			    : g_strdup_printf("most ask every %u s: zapper doctor --wait %u",
				      USUAL_INTERVAL_S, USUAL_INTERVAL_S + 5));
}

/* One who asks after the other, or both by turns: the last word on it counts. */
static void judge_several(const struct doctor_heard *heard, GPtrArray *ret)
{
	const char *sentence = NULL;
	for (guint i = 0; i < heard->notices->len; i++) {
		const struct doctor_notice *notice =
			&g_array_index(heard->notices, struct doctor_notice, i);
		if (!strcmp(notice->type, "several-queriers") ||
			!strcmp(notice->type, "querier-changed"))
			sentence = notice->sentence;
	}
	if (sentence)
		judge_add(ret, DOCTOR_WARNING, "querier", g_strdup(sentence),
			g_strdup("one of them should ask, the one of the lowest address: see "
				 "which one does not hear the other"));
}

/* The last one's version is judged already. */
static void judge_mixed(
	const struct doctor_facts *facts, const struct doctor_speaker *speaker, GPtrArray *ret)
{
	const struct doctor_heard *heard = &facts->heard;
	unsigned oldest = heard->v1 ? 1 : heard->v2 ? 2 : 3;
	if (oldest < heard->last.version)
		judge_older_version(facts, speaker, "querier", "somebody else asks", oldest, ret);
}

static void judge_dropped_while_listening(const struct doctor_facts *facts, GPtrArray *ret)
{
	char *causes = list_causes(facts->heard.drops);
	if (causes)
		judge_add(ret, DOCTOR_WARNING, "querier",
			g_strdup_printf("listening dropped IGMP packets, by cause: %s", causes),
			g_strdup_printf("find out who sends them: tcpdump -vni %s igmp",
				facts->iface.name));
	g_free(causes);
}

void judge_heard(const struct doctor_facts *facts, GPtrArray *ret)
{
	const struct doctor_heard *heard = &facts->heard;
	const struct doctor_speaker speaker = judge_speaker(facts);
	if (!facts->iface.exists || (judge_player_is_here(facts) && !heard->wait_s))
		return;
	if (!heard->wait_s) {
		judge_add(ret, DOCTOR_OK, "querier",
			g_strdup("nobody listened for queries: who asks for memberships is not "
				 "known"),
			g_strdup_printf("zapper doctor --wait %u hears it", USUAL_INTERVAL_S + 5));
	} else if (heard->why_not) {
		judge_add(ret, DOCTOR_WARNING, "querier",
			g_strdup_printf(
				"listening for queries is not possible: %s", heard->why_not),
			NULL);
	} else if (!heard->last.version) {
		judge_silence(heard, ret);
	} else {
		judge_querier(facts, &speaker, "querier", &heard->last, ret);
		judge_mixed(facts, &speaker, ret);
		judge_several(heard, ret);
	}
	judge_router_alert(&speaker, "querier", heard->without_router_alert, ret);
	judge_dropped_while_listening(facts, ret);
}
