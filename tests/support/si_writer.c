#include "tests/support/si_writer.h"

#include <bitstream/dvb/si/datetime.h>
#include <bitstream/dvb/si/eit.h>
#include <bitstream/dvb/si/tdt.h>
#include <bitstream/dvb/si/tot.h>
#include <string.h>

static void put(GByteArray *to, const void *data, size_t len)
{
	g_byte_array_append(to, data, (guint)len);
}

static void put_text(GByteArray *to, const char *text)
{
	uint8_t len = (uint8_t)strlen(text);
	put(to, &len, 1);
	put(to, text, len);
}

static GByteArray *zeroed(size_t len)
{
	GByteArray *section = g_byte_array_new();
	g_byte_array_set_size(section, (guint)len);
	memset(section->data, 0, len);
	return section;
}

void si_writer_descriptor(GByteArray *to, uint8_t tag, const void *body, size_t len)
{
	uint8_t header[] = {tag, (uint8_t)len};
	put(to, header, sizeof header);
	put(to, body, len);
}

void si_writer_short(GByteArray *to, const char *language, const char *title, const char *text)
{
	GByteArray *body = g_byte_array_new();
	put(body, language, 3);
	put_text(body, title);
	put_text(body, text);
	si_writer_descriptor(to, 0x4d, body->data, body->len);
	g_byte_array_unref(body);
}

void si_writer_extended(GByteArray *to, unsigned number, unsigned last, const char *language,
	const char *item, const char *value, const char *text)
{
	GByteArray *body = g_byte_array_new(), *items = g_byte_array_new();
	uint8_t numbers = (uint8_t)(number << 4 | last);
	if (item) {
		put_text(items, item);
		put_text(items, value);
	}
	uint8_t len = (uint8_t)items->len;
	put(body, &numbers, 1);
	put(body, language, 3);
	put(body, &len, 1);
	put(body, items->data, len);
	put_text(body, text);
	si_writer_descriptor(to, 0x4e, body->data, body->len);
	g_byte_array_unref(items);
	g_byte_array_unref(body);
}

static void put_event(GByteArray *section, const struct si_writer_event *event)
{
	uint8_t header[EIT_EVENT_SIZE] = {0};
	GByteArray *descriptors = g_byte_array_new();
	if (event->title)
		si_writer_short(descriptors, event->language ? event->language : "deu",
			event->title, event->text ? event->text : "");
	if (event->more)
		put(descriptors, event->more->data, event->more->len);
	eitn_set_event_id(header, event->id);
	eitn_set_start_time(header, event->start_utc_s == SI_WRITER_UNTIMED
					    ? UINT64_C(0xffffffffff)
					    : dvb_time_encode_UTC(event->start_utc_s));
	eitn_set_duration_bcd(header, event->duration_s == SI_WRITER_ENDLESS
					      ? 0xffffff
					      : dvb_time_encode_duration(event->duration_s));
	eitn_set_running(header, 4);
	eitn_set_desclength(header, (uint16_t)descriptors->len);
	put(section, header, sizeof header);
	put(section, descriptors->data, descriptors->len);
	g_byte_array_unref(descriptors);
}

GByteArray *si_writer_eit(const struct si_writer_eit *eit)
{
	GByteArray *section = zeroed(EIT_HEADER_SIZE);
	eit_init(section->data, true);
	if (eit->event)
		put_event(section, eit->event);
	g_byte_array_set_size(section, section->len + PSI_CRC_SIZE);
	psi_set_length(section->data, (uint16_t)(section->len - PSI_HEADER_SIZE));
	eit_set_sid(section->data, eit->service);
	psi_set_section(section->data, eit->number);
	psi_set_lastsection(section->data, 1);
	psi_set_version(section->data, eit->version);
	psi_set_current(section->data);
	psi_set_crc(section->data);
	return section;
}

GByteArray *si_writer_tdt(int64_t utc_s)
{
	GByteArray *section = zeroed(TDT_HEADER_SIZE);
	tdt_init(section->data);
	tdt_set_utc(section->data, dvb_time_encode_UTC(utc_s));
	return section;
}

GByteArray *si_writer_tot(int64_t utc_s)
{
	GByteArray *section = zeroed(TOT_HEADER_SIZE + PSI_CRC_SIZE);
	tot_init(section->data);
	tot_set_length(section->data, 0);
	tot_set_utc(section->data, dvb_time_encode_UTC(utc_s));
	tot_set_desclength(section->data, 0);
	psi_set_crc(section->data);
	return section;
}
