#include "client/doctor/findings.h"

#include <arpa/inet.h>

#include "client/doctor/judge.h"

static const char *const level_names[] = {
	[DOCTOR_OK] = "ok", [DOCTOR_WARNING] = "warning", [DOCTOR_ERROR] = "error"};

const char *doctor_level_name(enum doctor_level level)
{
	return level_names[level];
}

static void finding_free(gpointer data)
{
	struct doctor_finding *finding = data;
	g_free(finding->sentence);
	g_free(finding->remedy);
	g_free(finding);
}

void judge_add(GPtrArray *findings, enum doctor_level level, const char *topic, char *sentence,
	char *remedy)
{
	struct doctor_finding *finding = g_new(struct doctor_finding, 1);
	*finding = (struct doctor_finding){level, topic, sentence, remedy};
	g_ptr_array_add(findings, finding);
}

bool judge_is_ssm(struct in_addr group)
{
	return ntohl(group.s_addr) >> 24 == 232;
}

const char *judge_address(struct in_addr address, char ret[INET_ADDRSTRLEN])
{
	return inet_ntop(AF_INET, &address, ret, INET_ADDRSTRLEN);
}

bool judge_player_is_here(const struct doctor_facts *facts)
{
	return facts->player.runs && !g_strcmp0(facts->player.iface, facts->iface.name);
}

struct doctor_speaker judge_player_speaks(const struct doctor_player *player)
{
	bool raw = !g_strcmp0(player->backend, "raw");
	return (struct doctor_speaker){raw, !raw, player->why, player->rules};
}

struct doctor_speaker judge_speaker(const struct doctor_facts *facts)
{
	const struct doctor_backend *backend = &facts->backend;
	if (judge_player_is_here(facts))
		return judge_player_speaks(&facts->player);
	return (struct doctor_speaker){backend->opened && backend->raw,
		backend->opened && !backend->raw, backend->why, facts->rules};
}

char *judge_merging_remedy(const char *iface)
{
	return g_strdup_printf("ethtool -K %s rx-udp-gro-forwarding off rx-gro-list off", iface);
}

unsigned judge_ssm_channels(const struct doctor_facts *facts)
{
	unsigned count = 0;
	for (guint i = 0; i < facts->lineup.sources->len; i++) {
		const struct doctor_source *source =
			&g_array_index(facts->lineup.sources, struct doctor_source, i);
		count += !source->alternate && judge_is_ssm(source->group);
	}
	return count;
}

GPtrArray *doctor_findings(const struct doctor_facts *facts)
{
	static void (*const judges[])(const struct doctor_facts *, GPtrArray *) = {judge_settings,
		judge_interface, judge_membership, judge_groups, judge_kernel, judge_player,
		judge_heard, judge_lineup, judge_media};
	GPtrArray *findings = g_ptr_array_new_with_free_func(finding_free);
	for (size_t i = 0; i < G_N_ELEMENTS(judges); i++)
		judges[i](facts, findings);
	return findings;
}

enum doctor_level doctor_worst(const GPtrArray *findings)
{
	enum doctor_level worst = DOCTOR_OK;
	for (guint i = 0; i < findings->len; i++) {
		const struct doctor_finding *finding = g_ptr_array_index(findings, i);
		worst = MAX(worst, finding->level);
	}
	return worst;
}
