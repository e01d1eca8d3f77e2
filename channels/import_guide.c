#include "channels/import_guide.h"

#include "channels/guide.h"

/* Whether there is a guide to write to. */
static bool begin(struct import_guide *guide)
{
	if (guide->error || !guide->open)
		return false;
	if (guide->guide)
		return true;
	guide->error = guide->open(guide->ctx, &guide->guide);
	if (!guide->error)
		guide->error = guide_begin(guide->guide);
	return !guide->error;
}

void import_guide_channel(struct import_guide *guide, const struct xmltv_channel *channel)
{
	guide->channels++;
	if (begin(guide))
		guide->error = guide_put_channel(guide->guide, channel);
}

void import_guide_event(struct import_guide *guide, const struct xmltv_event *event)
{
	guide->events++;
	if (begin(guide))
		guide->error = guide_put_event(guide->guide, event);
}

int import_guide_end(struct import_guide *guide, int result)
{
	if (!result)
		result = guide->error;
	if (!guide->guide)
		return result;
	result = guide_end(guide->guide, result, guide->keep_from_utc_s);
	guide_close(guide->guide);
	guide->guide = NULL;
	return result;
}
