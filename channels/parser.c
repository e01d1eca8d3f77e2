#include "channels/parser.h"

#include <string.h>

#include "channels/csv.h"
#include "channels/enigma2.h"
#include "channels/json_list.h"
#include "channels/m3u.h"
#include "channels/sdp.h"
#include "channels/sds.h"
#include "channels/txt.h"
#include "channels/xspf.h"

/* In the order in which they are asked whether a list is theirs: the pickiest first. */
static const struct channel_parser_class *const classes[] = {
	&json_parser_class,
	&sdp_parser_class,
	&xspf_parser_class,
	&sds_parser_class,
	&enigma2_parser_class,
	&csv_parser_class,
	&txt_parser_class,
	&m3u_parser_class,
};

const struct channel_parser_class *channel_parser_of(enum channel_format format)
{
	for (size_t i = 0; i < G_N_ELEMENTS(classes); i++)
		if (classes[i]->format == format)
			return classes[i];
	return NULL;
}

const struct channel_parser_class *channel_parser_detect(const char *head, size_t size)
{
	for (size_t i = 0; i < G_N_ELEMENTS(classes); i++)
		if (classes[i]->detect(head, size))
			return classes[i];
	return NULL;
}

const struct channel_parser_class *channel_parser_named(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(classes); i++)
		if (!strcmp(classes[i]->name, name))
			return classes[i];
	return NULL;
}

bool channel_format_named(const char *name, enum channel_format *ret)
{
	const struct channel_parser_class *class = channel_parser_named(name);
	if (class)
		*ret = class->format;
	else if (!strcmp(name, "xmltv"))
		*ret = CHANNEL_FORMAT_XMLTV;
	else if (!strcmp(name, "auto"))
		*ret = CHANNEL_FORMAT_AUTO;
	else
		return false;
	return true;
}
