#include "tests/unit/client/findings.h"

#include <arpa/inet.h>
#include <string.h>

void add_channel(
	struct doctor_facts *facts, const char *number, const char *group, const char *source)
{
	struct doctor_source channel = {.name = g_strdup_printf("Name %s", number),
		.group.s_addr = inet_addr(group),
		.source.s_addr = source ? inet_addr(source) : 0};
	g_strlcpy(channel.number, number, sizeof channel.number);
	g_array_append_val(facts->lineup.sources, channel);
	facts->lineup.channels++;
}

static const struct doctor_format formats[] = {
	{"H.264", false, true, "gstreamer1.0-libav", true, true},
	{"AAC", true, true, "gstreamer1.0-libav", true, true},
};

int healthy_setup(void **state)
{
	struct doctor_facts *facts = g_new(struct doctor_facts, 1);
	doctor_facts_init(facts);
	g_free(facts->iface.name);
	facts->iface = (struct doctor_iface){.name = g_strdup("eth0"),
		.exists = true,
		.up = true,
		.carrier = true,
		.multicast = true,
		.address.s_addr = inet_addr("10.0.2.100"),
		.index = 2};
	facts->backend = (struct doctor_backend){.wanted = "auto",
		.opened = true,
		.raw = true,
		.why = g_strdup("raw: at once"),
		.raw_opens = true};
	facts->kernel.igmp.version = 3;
	facts->kernel.max_memberships = 20;
	facts->kernel.max_sources = 10;
	facts->kernel.rp_filter = 2;
	facts->kernel.receive_buffer_bytes = 8 << 20;
	facts->lineup.path = g_strdup("/l.db");
	add_channel(facts, "1", "239.1.1.1", NULL);
	add_channel(facts, "2", "232.1.1.2", "10.0.1.10");
	facts->media.formats = formats;
	facts->media.format_count = G_N_ELEMENTS(formats);
	facts->media.video_sink = g_strdup("xvimagesink");
	facts->media.audio_sink = g_strdup("alsasink");
	facts->media.display = "x11";
	*state = facts;
	return 0;
}

int healthy_teardown(void **state)
{
	doctor_facts_clear(*state);
	g_free(*state);
	return 0;
}

const struct doctor_finding *find_finding(GPtrArray *findings, const char *part)
{
	for (guint i = 0; i < findings->len; i++) {
		const struct doctor_finding *finding = g_ptr_array_index(findings, i);
		if (strstr(finding->sentence, part))
			return finding;
	}
	return NULL;
}

static void print_all(GPtrArray *findings)
{
	for (guint i = 0; i < findings->len; i++) {
		const struct doctor_finding *finding = g_ptr_array_index(findings, i);
		print_message("%s %s\n", doctor_level_name(finding->level), finding->sentence);
	}
}

void expect(const struct doctor_facts *facts, enum doctor_level level, const char *part,
	const char *remedy)
{
	GPtrArray *findings = doctor_findings(facts);
	const struct doctor_finding *finding = find_finding(findings, part);
	if (!finding || finding->level != level || doctor_worst(findings) != level) {
		print_all(findings);
		fail_msg("not said at level %s, or not the worst: %s", doctor_level_name(level),
			part);
	}
	if (remedy && (!finding->remedy || !strstr(finding->remedy, remedy)))
		fail_msg("the remedy is \"%s\", without \"%s\"", finding->remedy, remedy);
	g_ptr_array_unref(findings);
}

void expect_silence(const struct doctor_facts *facts, const char *part)
{
	GPtrArray *findings = doctor_findings(facts);
	const struct doctor_finding *finding = find_finding(findings, part);
	if (finding)
		fail_msg("said: %s", finding->sentence);
	g_ptr_array_unref(findings);
}

void hold(struct doctor_facts *facts, const char *group)
{
	const struct proc_group held = {{inet_addr(group)}, 1};
	g_array_append_val(facts->kernel.igmp.groups, held);
}

void run_player(struct doctor_facts *facts)
{
	facts->player.runs = true;
	facts->player.backend = g_strdup("raw");
	facts->player.iface = g_strdup("eth0");
	facts->player.state = g_strdup("playing");
	facts->player.why = g_strdup("raw: the player's");
	facts->player.rules.fallback = true;
	facts->player.host_version = 3;
}

void run_kernel_player(struct doctor_facts *facts)
{
	run_player(facts);
	g_free(facts->player.backend);
	g_free(facts->player.why);
	facts->player.backend = g_strdup("kernel");
	facts->player.why = g_strdup("kernel: the player's");
	facts->player.rules = (struct doctor_rules){0};
	facts->player.host_version = 0;
}
