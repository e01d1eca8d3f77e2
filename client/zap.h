/*
 * zap: a channel change from the key to the moving picture, as a pure function: an event and its
 * time go in, effects come out. It knows channels only by their index in the line-up.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZAP_NO_CHANNEL (-1)
#define ZAP_NEVER UINT64_MAX

/*
 * What a zap passes on its way, in the order of an undisturbed cold one. A warm one has passed all
 * up to ZAP_RAP_COMPLETE before the press, and needs no report.
 */
enum zap_milestone {
	ZAP_REPORT,	  /* the IGMP report that leaves and joins was sent */
	ZAP_FIRST_PACKET, /* kernel arrival stamp */
	ZAP_PSI,	  /* PAT and PMT known */
	ZAP_RAP,	  /* first byte of the first key access unit arrived */
	ZAP_RAP_COMPLETE, /* its last byte arrived */
	ZAP_DECODED,	  /* its picture left the decoder */
	ZAP_PICTURE,	  /* the presenter handed it to the sink */
	ZAP_MOTION,	  /* first later picture that is followed by 1 s without a gap */
	ZAP_AUDIO,	  /* first sound was due at the audio sink */
	ZAP_MILESTONES,
};

enum zap_kind {
	ZAP_COLD,	/* the new channel was not being received */
	ZAP_PARTIAL,	/* it was, but nothing of it that a decoder can begin with */
	ZAP_WARM,	/* a whole random access point was there at the press */
	ZAP_SUPERSEDED, /* another key came before its picture */
};
enum zap_result { ZAP_OK, ZAP_TIMEOUT, ZAP_ERROR };
enum zap_state {
	ZAP_STATE_IDLE,
	ZAP_STATE_TUNING,
	ZAP_STATE_PLAYING,
	ZAP_STATE_NO_SIGNAL,
	ZAP_STATE_ERROR
};

/* One channel change for the books. Times are CLOCK_MONOTONIC nanoseconds, 0: not reached. */
struct zap_record {
	uint64_t n;
	int from, to;
	enum zap_kind kind;
	enum zap_result result;
	uint64_t pressed_ns;
	uint64_t at_ns[ZAP_MILESTONES];
};

/* How the viewer came to a channel: it says where he may go next. */
enum zap_way { ZAP_BY_NUMBER, ZAP_BY_UP, ZAP_BY_DOWN, ZAP_BY_LAST, ZAP_BY_LIST };

enum zap_event_type {
	ZAP_EVENT_TUNE,	     /* a key asked for `channel`, in this `way` */
	ZAP_EVENT_MILESTONE, /* zap `n` reached `milestone` at `at_ns` (not PICTURE and MOTION) */
	ZAP_EVENT_RECEIVED,  /* zap `n` is of this `kind`: packets of its channel came by `at_ns` */
	ZAP_EVENT_PACKETS,   /* packets of zap `n` arrived at `at_ns` */
	ZAP_EVENT_GOP,	     /* `span_ns` lie between two random access points of zap `n` */
	ZAP_EVENT_PICTURE,   /* a picture (`position`) of zap `n`, shown for `span_ns`, reached the
				sink */
	ZAP_EVENT_ERROR,     /* zap `n` cannot be played */
	ZAP_EVENT_TIMER,     /* zap_deadline() has come */
	ZAP_EVENT_STOP,	     /* leave everything */
};

struct zap_event {
	enum zap_event_type type;
	uint64_t at_ns; /* for keys: when the key was pressed */
	uint64_t n;
	int channel;
	enum zap_way way;
	enum zap_milestone milestone;
	bool radio; /* ZAP_PSI: there is sound only, and no picture will come */
	enum zap_kind kind;
	uint64_t position; /* tells pictures apart: the same one may be shown again */
	uint64_t span_ns;
};

enum zap_effect_type {
	ZAP_EFFECT_MEMBERSHIP, /* leave `from` and join `to` in one report; answer with ZAP_REPORT
				  where one was needed */
	ZAP_EFFECT_RECEIVE,    /* from now on receive `to`, as zap `n`; answer with
				  ZAP_EVENT_RECEIVED where it was received before */
	ZAP_EFFECT_FLUSH,      /* stop playing, and play access units of zap `n`: first those that
				  were received before */
	ZAP_EFFECT_BANNER,     /* show which channel `to` is */
	ZAP_EFFECT_STATE,      /* the state changed to `state` */
	ZAP_EFFECT_REACHED,    /* the zap reached `milestone`; `record` as far as it is */
	ZAP_EFFECT_RECORD,     /* `record` is complete */
};

struct zap_effect {
	enum zap_effect_type type;
	uint64_t n;
	int from, to;
	uint64_t pressed_ns;
	enum zap_way way;     /* ZAP_EFFECT_MEMBERSHIP */
	enum zap_state state; /* ZAP_EFFECT_STATE */
	bool packets; /* no signal, although packets come: they hold no random access point */
	bool radio;   /* there is sound only: it is that which they do not hold */
	enum zap_milestone milestone; /* ZAP_EFFECT_REACHED */
	struct zap_record record;     /* ZAP_EFFECT_REACHED, ZAP_EFFECT_RECORD */
};

#define ZAP_EFFECTS_MAX 8
struct zap_effects {
	size_t count;
	struct zap_effect list[ZAP_EFFECTS_MAX];
};

struct zap_settings {
	uint64_t signal_timeout_ns; /* no packet for so long is no signal */
	uint64_t rap_timeout_ns; /* no RAP (radio: no sound) for so long, where no GOP is known */
	uint64_t patience_ns;	 /* no zap is given up sooner after its press */
};

struct zap;

/* `channels` of them, numbered from 0. NULL without memory. */
struct zap *zap_new(size_t channels, const struct zap_settings *settings);
void zap_free(struct zap *zap); /* accepts NULL */

/* How long a GOP of the channel was when it was last received. */
void zap_remember_gop(struct zap *zap, int channel, uint64_t gop_ns);
/* How long a GOP may be there; 0: unknown. */
uint64_t zap_gop(const struct zap *zap, int channel);

/*
 * The line-up is another one, of `channels`: channel i is to[i] from now on, or ZAP_NO_CHANNEL, it
 * is gone. The current one must not be. False without memory: nothing has changed.
 */
bool zap_move(struct zap *zap, const int *to, size_t channels);

/* What is to be done now, in the order of *ret. Stale events (of an earlier zap) do nothing. */
void zap_handle(struct zap *zap, const struct zap_event *event, struct zap_effects *ret);

/* When ZAP_EVENT_TIMER is wanted; ZAP_NEVER when never. */
uint64_t zap_deadline(const struct zap *zap);

enum zap_state zap_state(const struct zap *zap);
int zap_channel(const struct zap *zap);	    /* ZAP_NO_CHANNEL before the first */
uint64_t zap_number(const struct zap *zap); /* of the current zap, from 1 */

/*
 * The record of the current zap as far as it is; false where there is none whose picture is to
 * come. ZAP_EVENT_STOP leaves such a one out of the books: whoever wants it asks before.
 */
bool zap_unfinished(const struct zap *zap, struct zap_record *ret);
