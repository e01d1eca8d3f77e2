#include "client/app/record.h"

static const char *const milestone_names[ZAP_MILESTONES] = {
	[ZAP_REPORT] = "report",
	[ZAP_FIRST_PACKET] = "first_packet",
	[ZAP_PSI] = "psi",
	[ZAP_RAP] = "rap",
	[ZAP_RAP_COMPLETE] = "rap_complete",
	[ZAP_DECODED] = "decoded",
	[ZAP_PICTURE] = "picture",
	[ZAP_MOTION] = "motion",
	[ZAP_AUDIO] = "audio",
};

static const char *const kind_names[] = {
	[ZAP_COLD] = "cold",
	[ZAP_PARTIAL] = "partial",
	[ZAP_WARM] = "warm",
	[ZAP_SUPERSEDED] = "superseded",
};

static const char *const result_names[] = {
	[ZAP_OK] = "ok",
	[ZAP_TIMEOUT] = "timeout",
	[ZAP_ERROR] = "error",
};

static const char *const state_names[] = {
	[ZAP_STATE_IDLE] = "idle",
	[ZAP_STATE_TUNING] = "tuning",
	[ZAP_STATE_PLAYING] = "playing",
	[ZAP_STATE_NO_SIGNAL] = "no-signal",
	[ZAP_STATE_ERROR] = "error",
};

const char *record_milestone_name(enum zap_milestone milestone)
{
	return milestone_names[milestone];
}

const char *record_state_name(enum zap_state state)
{
	return state_names[state];
}

double record_ms(const struct zap_record *record, enum zap_milestone milestone)
{
	uint64_t at_ns = record->at_ns[milestone];
	return at_ns > record->pressed_ns ? (double)(at_ns - record->pressed_ns) / 1e6 : 0;
}

static void append_number(GString *line, const struct channel_list *channels, int index)
{
	char number[CHANNEL_NUMBER_BYTES];
	g_string_append(line, index == ZAP_NO_CHANNEL
				      ? "-"
				      : channel_number_format(&channels->channels[index], number));
}

static void append_milestones(GString *line, const struct zap_record *record)
{
	gsize before = line->len;
	for (int i = 0; i < ZAP_MILESTONES; i++)
		if (record->at_ns[i])
			g_string_append_printf(
				line, ", %s %.2f", milestone_names[i], record_ms(record, i));
	if (record->at_ns[ZAP_PICTURE] && record->at_ns[ZAP_RAP_COMPLETE])
		g_string_append_printf(line, ", overhead %.2f",
			record_ms(record, ZAP_PICTURE) - record_ms(record, ZAP_RAP_COMPLETE));
	if (line->len > before)
		g_string_append(line, " ms");
}

char *record_line(const struct zap_record *record, const struct channel_list *channels)
{
	GString *line = g_string_new(NULL);
	g_string_append_printf(line, "zap %" G_GUINT64_FORMAT ": ", record->n);
	append_number(line, channels, record->from);
	g_string_append(line, " -> ");
	append_number(line, channels, record->to);
	g_string_append_printf(
		line, " %s %s", kind_names[record->kind], result_names[record->result]);
	append_milestones(line, record);
	return g_string_free(line, FALSE);
}

json_t *record_channel(const struct channel_list *channels, int index)
{
	if (index == ZAP_NO_CHANNEL)
		return json_null();
	const struct channel *channel = &channels->channels[index];
	char number[CHANNEL_NUMBER_BYTES];
	return channel->subnumber ? json_string(channel_number_format(channel, number))
				  : json_integer(channel->number);
}

json_t *record_json(const struct zap_record *record, const struct channel_list *channels)
{
	json_t *ms = json_object();
	for (int i = 0; i < ZAP_MILESTONES; i++)
		json_object_set_new(ms, milestone_names[i],
			record->at_ns[i] ? json_real(record_ms(record, i)) : json_null());
	return json_pack("{s:I, s:o, s:o, s:s, s:s, s:o}", "n", (json_int_t)record->n, "from",
		record_channel(channels, record->from), "to", record_channel(channels, record->to),
		"kind", kind_names[record->kind], "result", result_names[record->result], "ms", ms);
}
