/*
 * channels/json_list: channels as JSON: an array of objects, or an object that holds one somewhere.
 * Pure.
 *
 * Our own (what `zapper channels --format json` writes) have "sources", an array of objects with
 * "uri" and the members of channels/source_fields.h, beside "number", "name", "kind", "language",
 * "guide_id", "guide_name", "logo", "bouquets" and "bouquet_places" (which one in the line-up's
 * order each of these is, from 1); what is written comes in again the same. Operators' have an
 * address of their own: userChannelID or channelNumber, channelName, channelURL (several with '|'
 * between them), channelFECPort, ChannelFCCIP, ChannelFCCPort and channelLogoURL, in any case.
 * Members that zapper does not know are ignored. Diagnostics have the line where the object begins.
 * A list that breaks off or is no JSON before its end is an error, as with XML (channels/xml.h).
 */
#pragma once

#include "channels/parser.h"
#include "channels/writer.h"

extern const struct channel_parser_class json_parser_class;
/* "favourite" and "locked" are written too, and are not read: they are the viewer's. */
extern const struct channel_writer_class json_writer_class;
