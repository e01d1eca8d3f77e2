#include "client/receive/si.h"

#include <bitstream/dvb/si/eit.h>
#include <bitstream/dvb/si/tdt.h>
#include <string.h>

#include "client/receive/psi.h"

/* As long as a duration's six digits can say. */
#define DURATION_MAX_S (100 * 3600)

/* The sections of one PID. */
struct table {
	struct ts_continuity continuity;
	struct psi_sections sections;
};

struct si {
	uint16_t programme;
	/* NULL until the first packet: most streams do not have them. */
	struct table *events_table, *time_table;
	GBytes *events[2]; /* present and following: whole sections, or NULL */
	uint64_t serial;
	bool has_time;
	int64_t utc_s;
	uint64_t time_arrival_ns;
};

struct si *si_new(void)
{
	return g_new0(struct si, 1);
}

static void forget(struct si *si, unsigned which)
{
	g_clear_pointer(&si->events[which], g_bytes_unref);
}

void si_free(struct si *si)
{
	if (!si)
		return;
	forget(si, 0);
	forget(si, 1);
	g_free(si->events_table);
	g_free(si->time_table);
	g_free(si);
}

void si_follow(struct si *si, uint16_t programme)
{
	if (programme == si->programme)
		return;
	si->programme = programme;
	si->serial += si->events[0] || si->events[1];
	forget(si, 0);
	forget(si, 1);
}

bool si_has_pid(uint16_t pid)
{
	return pid == EIT_PID || pid == TDT_PID;
}

static bool is_same(GBytes *kept, const uint8_t *section, size_t len)
{
	gsize kept_len;
	const uint8_t *data = kept ? g_bytes_get_data(kept, &kept_len) : NULL;
	return data && kept_len == len && !memcmp(data, section, len);
}

/* Of the section's event; -1: it has none. */
static int event_id(const struct eit_section *eit)
{
	return eit->events_len >= EIT_EVENT_SIZE ? eitn_get_event_id(eit->events) : -1;
}

/* Does what is kept say the same event? */
static bool has_event(GBytes *kept, int id)
{
	struct eit_section eit;
	gsize len;
	const uint8_t *section = kept ? g_bytes_get_data(kept, &len) : NULL;
	return id >= 0 && section && eit_parse(section, len, &eit) == 0 && event_id(&eit) == id;
}

/*
 * Section 5.2.4. When an event ends, what followed it is on, and does not follow itself. By their
 * versions both sections belong together, but some count those of each apart.
 */
static void read_events(struct si *si, const uint8_t *section, size_t len, uint64_t arrival_ns)
{
	struct eit_section eit;
	if (!psi_section_valid(section, len))
		return;
	if (eit_parse(section, len, &eit) < 0 || !si->programme || eit.service != si->programme)
		return;
	if (is_same(si->events[eit.number], section, len))
		return;
	bool is_other_s = has_event(si->events[!eit.number], event_id(&eit));
	if (is_other_s && eit.number == 1)
		return;
	if (is_other_s)
		forget(si, 1);
	forget(si, eit.number);
	si->events[eit.number] = g_bytes_new(section, len);
	si->serial = MAX(si->serial + 1, arrival_ns);
}

static void read_time(struct si *si, const uint8_t *section, size_t len, uint64_t arrival_ns)
{
	int64_t utc_s;
	if (eit_parse_time(section, len, &utc_s) < 0)
		return;
	si->has_time = true;
	si->utc_s = utc_s;
	si->time_arrival_ns = arrival_ns;
}

void si_push(struct si *si, const struct ts_packet *packet, uint64_t arrival_ns)
{
	bool is_events = packet->pid == EIT_PID;
	struct table **table = is_events ? &si->events_table : &si->time_table;
	const uint8_t *section;
	size_t len;
	if (!*table)
		*table = g_new0(struct table, 1);
	enum ts_order order = ts_continuity_check(&(*table)->continuity, packet);
	if (order == TS_ORDER_DUPLICATE)
		return;
	psi_sections_push(&(*table)->sections, packet->payload, packet->len, packet->unit_start,
		order != TS_ORDER_NEXT);
	while (psi_sections_next(&(*table)->sections, &section, &len)) {
		if (is_events)
			read_events(si, section, len, arrival_ns);
		else
			read_time(si, section, len, arrival_ns);
	}
}

uint64_t si_serial(const struct si *si)
{
	return si->serial;
}

static bool read_event(
	const struct si *si, unsigned which, const char *const *languages, struct eit_event *ret)
{
	struct eit_section eit;
	gsize len;
	const uint8_t *section =
		si->events[which] ? g_bytes_get_data(si->events[which], &len) : NULL;
	return section && eit_parse(section, len, &eit) == 0 &&
	       eit_read_event(&eit, languages, ret);
}

static void end_with_following(const struct si *si, struct eit_event *present)
{
	struct eit_event following;
	if (!read_event(si, 1, NULL, &following))
		return;
	int64_t duration_s = following.start_utc_s - present->start_utc_s;
	if (following.is_timed && duration_s > 0 && duration_s < DURATION_MAX_S)
		present->duration_s = (uint32_t)duration_s;
	eit_event_clear(&following);
}

bool si_event(
	const struct si *si, unsigned which, const char *const *languages, struct eit_event *ret)
{
	if (!read_event(si, which, languages, ret))
		return false;
	if (which == 0 && ret->is_timed && !ret->duration_s)
		end_with_following(si, ret);
	return true;
}

bool si_time(const struct si *si, int64_t *ret_utc_s, uint64_t *ret_arrival_ns)
{
	if (!si->has_time)
		return false;
	*ret_utc_s = si->utc_s;
	*ret_arrival_ns = si->time_arrival_ns;
	return true;
}
