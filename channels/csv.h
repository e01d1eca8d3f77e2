/*
 * channels/csv: our own lists of comma-separated values (RFC 4180), of which nothing is lost on the
 * way out and in. Pure.
 *
 * The first row names the columns, which may stand in any order; all but `uri` may be missing:
 *
 *	number		"5" or "5.1"
 *	name		the same name again is an alternate source of the same channel
 *	kind		"tv" or "radio"
 *	language, guide_id, logo
 *	bouquets	with ';' between them; one of a name, and a '\', have a '\' in front
 *	uri		the address, in any form of channel_source_parse()
 *	programme, iface, fec, fcc, fcc_type, ret, http, label
 *			of the source, as channels/source_fields.h has them
 *	bouquet_places	which one in the line-up's order each of the bouquets is, from 1, with ';'
 *			between them
 *	guide_name
 *
 * Semicolons or tabs may stand in the place of commas, as spreadsheets have them.
 */
#pragma once

#include "channels/parser.h"
#include "channels/writer.h"

extern const struct channel_parser_class csv_parser_class;
/* A row for each source, with line feeds behind them; all columns unless some are chosen. */
extern const struct channel_writer_class csv_writer_class;
