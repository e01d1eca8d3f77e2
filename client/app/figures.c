#include "client/app/figures.h"

#include <glib.h>
#include <inttypes.h>

#include "client/app/record.h"

static void add(struct figures *figures, const char *label, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

static void add(struct figures *figures, const char *label, const char *format, ...)
{
	if (figures->count == UI_STAT_ROWS)
		return;
	char *value = figures->values[figures->count];
	va_list args;
	va_start(args, format);
	g_vsnprintf(value, FIGURE_BYTES, format, args);
	va_end(args);
	figures->list[figures->count++] = (struct ui_figure){label, value};
}

/* "12.3 ms", "not yet". */
static const char *reached(
	const struct zap_record *record, enum zap_milestone milestone, char text[FIGURE_BYTES])
{
	if (record->at_ns[milestone])
		g_snprintf(text, FIGURE_BYTES, "%.1f ms", record_ms(record, milestone));
	else
		g_strlcpy(text, "not yet", FIGURE_BYTES);
	return text;
}

static const char *report_of(const struct zap_record *record, char text[FIGURE_BYTES])
{
	if (record->at_ns[ZAP_REPORT])
		g_snprintf(text, FIGURE_BYTES, "%.2f ms", record_ms(record, ZAP_REPORT));
	else
		g_strlcpy(text, record->kind == ZAP_COLD ? "not yet" : "none was needed",
			FIGURE_BYTES);
	return text;
}

void figures_add_zap(struct figures *figures, const struct zap_record *record)
{
	static const char *const kinds[] = {[ZAP_COLD] = "cold",
		[ZAP_PARTIAL] = "partly received ahead",
		[ZAP_WARM] = "received ahead",
		[ZAP_SUPERSEDED] = "superseded"};
	char one[FIGURE_BYTES], other[FIGURE_BYTES];
	if (!record->n)
		return;
	add(figures, "Zap", "%" PRIu64 ", %s", record->n, kinds[record->kind]);
	add(figures, "IGMP report", "%s", report_of(record, one));
	add(figures, "First packet", "%s", reached(record, ZAP_FIRST_PACKET, one));
	add(figures, "Key picture received", "%s", reached(record, ZAP_RAP_COMPLETE, one));
	add(figures, "First picture", "%s", reached(record, ZAP_PICTURE, one));
	add(figures, "Motion; sound", "%s; %s", reached(record, ZAP_MOTION, one),
		reached(record, ZAP_AUDIO, other));
}

static void add_mdi(struct figures *figures, const char *label, const struct mdi_second *second)
{
	if (second->known)
		add(figures, label, "%.1f ms : %" PRIu64, (double)second->delay_ns / 1e6,
			(uint64_t)second->lost_ts);
	else
		add(figures, label, "not yet");
}

void figures_add_stream(struct figures *figures, const struct quality_report *quality,
	const struct stream_counters *counters)
{
	const struct tr101290_counters *found = &quality->tr101290;
	add(figures, "Rate; of the stream", "%.2f; %.2f Mbit/s", (double)quality->line_bps / 1e6,
		(double)quality->ts_bps / 1e6);
	add(figures, "Packets lost", "%" PRIu64 " of %" PRIu64, quality->lost,
		quality->received + quality->lost);
	add(figures, "Late order; twice", "%" PRIu64 "; %" PRIu64, quality->reordered,
		quality->duplicate);
	add(figures, "Jitter", "%.2f ms", (double)quality->jitter_ns / 1e6);
	add_mdi(figures, "MDI (delay : loss)", &quality->mdi);
	add_mdi(figures, "MDI, worst", &quality->mdi_worst);
	add(figures, "Sync: losses; bytes", "%" PRIu64 "; %" PRIu64, (uint64_t)found->sync_loss,
		(uint64_t)found->sync_byte);
	add(figures, "PAT; PMT; PID missing", "%" PRIu64 "; %" PRIu64 "; %" PRIu64,
		(uint64_t)found->pat, (uint64_t)found->pmt, (uint64_t)found->pid);
	add(figures, "Continuity; tables damaged", "%" PRIu64 "; %" PRIu64,
		(uint64_t)found->continuity, counters->psi_crc);
}

void figures_add_play(struct figures *figures, const struct play_counters *play)
{
	add(figures, "Pictures; dropped; damaged", "%" PRIu64 "; %" PRIu64 "; %" PRIu64,
		play->pictures, play->dropped, play->damaged);
}
