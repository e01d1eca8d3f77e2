#include "client/app/remember_merge.h"

#include <glib.h>
#include <string.h>

#include "client/receive/ring.h"

/* What differs by less, of what varies with every GOP, is not worth a write. */
#define SAME_SHARE 0.25
#define SAME_SLACK_NS INT64_C(20000000)
/* The smallest slack counts; each reception that had more of it weighs so much against that. */
#define SLACK_FADES 8

static bool differs_much(double a, double b)
{
	return MAX(a - b, b - a) > MAX(a, b) * SAME_SHARE;
}

static bool slack_differs(int64_t a, int64_t b)
{
	if (a == RING_NO_SLACK || b == RING_NO_SLACK)
		return a != b;
	return MAX(a - b, b - a) > SAME_SLACK_NS;
}

static bool bytes_differ(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	return a_len != b_len || (a_len && memcmp(a, b, a_len) != 0);
}

bool remember_same_psi(const struct channel_memory *a, const struct channel_memory *b)
{
	return !bytes_differ(a->psi, a->psi_bytes, b->psi, b->psi_bytes);
}

bool remember_differs(const struct channel_memory *a, const struct channel_memory *b)
{
	return !remember_same_psi(a, b) ||
	       bytes_differ(
		       a->video_sets, a->video_sets_bytes, b->video_sets, b->video_sets_bytes) ||
	       a->video_pid != b->video_pid || a->audio_pid != b->audio_pid ||
	       differs_much((double)a->gop_ns, (double)b->gop_ns) ||
	       differs_much((double)a->rap_bytes, (double)b->rap_bytes) ||
	       differs_much((double)a->line_bps, (double)b->line_bps) ||
	       slack_differs(a->video_slack_ns, b->video_slack_ns) ||
	       slack_differs(a->audio_slack_ns, b->audio_slack_ns);
}

static int64_t merge_slack(int64_t now_ns, int64_t before_ns)
{
	if (now_ns == RING_NO_SLACK || before_ns == RING_NO_SLACK)
		return MIN(now_ns, before_ns);
	return now_ns < before_ns ? now_ns : before_ns + (now_ns - before_ns) / SLACK_FADES;
}

void remember_merge(struct channel_memory *now, const struct channel_memory *before)
{
	bool same_video = now->video_pid == before->video_pid &&
			  !strcmp(now->video_codec, before->video_codec);
	if (!now->video_sets_bytes && same_video) {
		now->video_sets = before->video_sets;
		now->video_sets_bytes = before->video_sets_bytes;
	}
	now->gop_ns = now->gop_ns ? now->gop_ns : before->gop_ns;
	now->rap_bytes = now->rap_bytes ? now->rap_bytes : before->rap_bytes;
	now->line_bps = now->line_bps ? now->line_bps : before->line_bps;
	now->video_slack_ns = merge_slack(now->video_slack_ns, before->video_slack_ns);
	now->audio_slack_ns = merge_slack(now->audio_slack_ns, before->audio_slack_ns);
}
