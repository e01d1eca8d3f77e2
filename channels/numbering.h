/*
 * channels/numbering: which channel gets which number at an import. Pure.
 *
 * The first channel that asks for a number gets it; where merging finds a channel in the line-up,
 * it keeps the number that it has there. A channel without number, and one that asks for a number
 * that is taken, keeps the number it has in the line-up if that is free, else gets the next free
 * one: behind the channel before it in the lists, or behind the number it asked for. So importing
 * the same lists again changes nothing.
 */
#pragma once

#include "channels/draft.h"
#include "channels/import.h"

/*
 * Sets the drafts' numbers; `old` of each draft is known. Each draft that does not get the number
 * it asks for is reported. Returns how many these are.
 */
size_t number_drafts(const GPtrArray *drafts, const struct channel_list *old, enum import_mode mode,
	const struct channel_report *report);
