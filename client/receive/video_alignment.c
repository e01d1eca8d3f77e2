#include "client/receive/video_alignment.h"

enum {
	/* Bounded PES packets end at 65535 bytes: one so long may be there for its bound only. */
	BOUNDED_DOUBTFUL_BYTES = 60000,
	/* Longer than any GOP: after so many PES packets in order, cutting them was an accident. */
	ALIGNED_AGAIN = 1000,
};

bool video_alignment_learn(
	struct video_alignment *alignment, const struct pes_packet *pes, bool begins_well)
{
	if (pes->damaged || pes->after_loss)
		return false;
	alignment->packets = begins_well ? alignment->packets + 1 : 0;
	if (begins_well) {
		alignment->aligned |= alignment->packets >= ALIGNED_AGAIN;
		return false;
	}
	bool cut = alignment->aligned && alignment->out_at_end;
	alignment->aligned = false;
	return cut;
}

bool video_alignment_ends(
	const struct video_alignment *alignment, const struct pes_packet *pes, size_t len)
{
	bool doubtful = pes->bounded && len >= (size_t)BOUNDED_DOUBTFUL_BYTES;
	return alignment->aligned && !doubtful;
}
