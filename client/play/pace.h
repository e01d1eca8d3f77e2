/*
 * play/pace: when each picture and each piece of sound is presented. Pure: due times (the PTS on
 * the sender's recovered clock) and the time now go in, presentation times come out.
 *
 * The delay of a picture or sound is its presentation time minus its due time. Sound keeps one
 * delay, so that it is continuous; pictures have one of their own that moves towards the sound's by
 * stretching: a picture that is ahead is shown up to half as long again, one that is behind up to
 * half as long. So pictures begin at once, far ahead of their due times where the stream sends
 * them long before, and meet the sound without a jump.
 *
 *   cold zap: the first picture at once, delay = now - due (about -0.7 s); sound as soon as its
 *             data allows (due - arrival is its slack); the pictures' delay grows to meet it.
 *   warm zap: the first picture at once, and where it was due before that (delay > the sound's),
 * the sound takes its delay, so both go on from there; or both then catch up.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PACE_MS_NS INT64_C(1000000)

/*
 * What the pictures' spacing is stretched by on their way to the sound: 1.5 times 40 ms is three
 * refreshes of 50 Hz for each picture instead of two, so even motion; and it is well below two.
 */
#define PACE_STRETCH 0.5
/* Catching up with live: so much faster is heard as a quicker speaker, not as another voice. */
#define PACE_CATCH_UP 0.125
/* Between a sound's arrival and its presentation, beside the margin: decoding and the sink's lead.
 */
#define PACE_SOUND_READY_NS (60 * PACE_MS_NS)
/* So much before its due time sound is played at most: pictures may have little slack. */
#define PACE_EARLY_MAX_NS (100 * PACE_MS_NS)
/* A time that is farther away than this is an error of the stream's clock. */
#define PACE_FAR_NS (1500 * PACE_MS_NS)
/* What is known of earlier times makes sound begin so much later at most: it may be wrong. */
#define PACE_EXPECTED_MAX_NS (200 * PACE_MS_NS)
#define PACE_NO_SLACK INT64_MAX

/* So far behind what they shall meet pictures are too many for the decoder, until they are so near.
 */
#define PACE_HURRY_NS (500 * PACE_MS_NS)
#define PACE_HURRIED_NS (100 * PACE_MS_NS)
/* What it then leaves out behind each that is shown: more than it reorders. */
#define PACE_LEFT_OUT_NS (240 * PACE_MS_NS)

enum pace_kind { PACE_PICTURE, PACE_SOUND, PACE_KINDS };

struct pace_config {
	uint64_t margin_ns; /* room for the network's jitter */
	bool catch_up;	    /* a warm zap's delay shrinks to what a cold one has */
};

struct pace_kind_state {
	bool arrived;	  /* a unit came */
	int64_t slack_ns; /* the smallest due - arrival since the zap, or since times jumped */
	int64_t expected_slack_ns; /* PACE_NO_SLACK: none */
	unsigned odd;		   /* so many units in a row were far from where they should be */
	bool begun;		   /* something was presented: */
	uint64_t due_ns;	   /* the last of it ... */
	int64_t delay_ns;	   /* ... with this delay (sound: what all of it has from now on) */
};

struct pace {
	struct pace_config config;
	struct pace_kind_state kinds[PACE_KINDS];
	int64_t first_delay_ns; /* of the first picture; less while it catches up */
	uint64_t key_seen_ns;	/* when the first key unit was given in; 0: none was */
	unsigned late;		/* so many pieces of sound in a row were too late */
	bool hurries;		/* the decoder shall leave pictures out */
	unsigned shifts;	/* how often the sound's delay had to jump since the zap */
};

enum pace_verdict {
	PACE_AT,   /* present it at at_ns (which has passed: at once) */
	PACE_ASK,  /* not known yet: ask again at at_ns, or after the next change */
	PACE_DROP, /* its time has passed, or it has none that makes sense */
};
struct pace_answer {
	enum pace_verdict verdict;
	uint64_t at_ns;
};

void pace_init(struct pace *pace, const struct pace_config *config);
/* A new zap: nothing is known. */
void pace_begin(struct pace *pace);

/*
 * The smallest slack of this kind at an earlier time; PACE_NO_SLACK: no news. What comes first
 * may have more: sound then begins so that what comes later is in time without a jump. Where it
 * never comes, sound stays as late as that, or catches up.
 */
void pace_expect(struct pace *pace, enum pace_kind kind, int64_t slack_ns);

/*
 * A unit came that was received at arrival_ns, before it is decoded. `key`: pictures can begin
 * with it. Returns true when presentation times have changed: ask again for what waits.
 */
bool pace_unit(struct pace *pace, enum pace_kind kind, bool key, uint64_t due_ns,
	uint64_t arrival_ns, uint64_t now_ns);

/*
 * When the picture that is next is to be shown. It may be asked again while the answer is waited
 * for; pace_shown() then says when it was shown. The first one, and one that comes late: at once.
 */
uint64_t pace_picture(const struct pace *pace, uint64_t due_ns, uint64_t now_ns);
void pace_shown(struct pace *pace, uint64_t due_ns, uint64_t at_ns);

/* The same for a piece of sound; PACE_DROP needs no second call. */
struct pace_answer pace_sound(struct pace *pace, uint64_t due_ns, uint64_t now_ns);
void pace_sounded(struct pace *pace, uint64_t due_ns, uint64_t at_ns, uint64_t duration_ns);

/* How much faster than the stream sound is to be played now: 1, or more while catching up. */
double pace_speed(const struct pace *pace);
