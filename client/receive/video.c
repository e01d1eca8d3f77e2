#include "client/receive/video.h"

void video_info_add(struct video_info *to, const struct video_info *part)
{
	to->sets |= part->sets;
	to->delimiter |= part->delimiter;
	to->header |= part->header;
	to->picture |= part->picture;
	to->field |= part->field;
	to->entry |= part->entry;
	to->inter |= part->inter;
	to->skipped |= part->skipped;
	if (part->recovery_pictures > to->recovery_pictures)
		to->recovery_pictures = part->recovery_pictures;
	to->group |= part->group;
	if (part->has_order && !to->has_order)
		to->order = part->order;
	to->has_order |= part->has_order;
	if (part->step_90khz > to->step_90khz)
		to->step_90khz = part->step_90khz;
}

bool video_part_begins(enum video_part part)
{
	return part == VIDEO_HEAD || part == VIDEO_PICTURE || part == VIDEO_SECOND_FIELD;
}
