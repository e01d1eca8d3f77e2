/* app/state: the running program, shared by the files that app.c opens it with. */
#pragma once

#include <uv.h>

#include "client/app/ahead.h"
#include "client/app/app.h"
#include "client/app/control.h"
#include "client/app/desk.h"
#include "client/app/driver.h"
#include "client/app/failover.h"
#include "client/app/faults.h"
#include "client/app/guide_store.h"
#include "client/app/logos.h"
#include "client/app/net.h"
#include "client/app/on_air.h"
#include "client/app/panels.h"
#include "client/app/player.h"
#include "client/app/remember.h"
#include "client/app/roster.h"
#include "client/app/takeover.h"
#include "client/app/window.h"
#include "client/zap.h"
#include "ui/sources.h"

/* How many finished zaps `ctl zaps` remembers. */
#define APP_RECORDS_MAX 1000

/* SIGINT, SIGTERM, SIGHUP and SIGQUIT end the run; SIGCONT takes the terminal again. */
#define APP_SIGNALS 5

/* A snapshot that somebody waits for. */
struct app_snapshot {
	uint64_t client;
	json_t *id;
};

struct app {
	const struct app_options *options;
	const struct app_driver *driver;
	void *driver_ctx;
	uv_loop_t loop;
	uv_signal_t signals[APP_SIGNALS];
	uv_timer_t zap_timer;
	uv_timer_t unreported_timer; /* runs out at once: in the next turn of the loop */
	uv_timer_t faults_timer;
	uv_timer_t source_timer; /* nothing came of the watched channel's source for long */
	uv_timer_t listen_timer;
	uv_timer_t lineup_timer; /* another line-up waits for the end of a zap */
	uv_timer_t second_timer; /* of what is told of the time */

	const struct channel_list *channels; /* the line-up of now */
	struct takeover *takeover;	     /* that it is from; NULL: that of the options */
	struct channel_list *fresh;	     /* the one that waits, or NULL */
	struct zap *zap;
	struct failover *failover;
	struct on_air *on_air;
	struct net *net;
	struct ahead *ahead;
	struct remember *remember; /* NULL: nothing is */
	struct window *window;
	struct player *player;
	struct desk *desk;
	struct panels *panels;
	bool hides_panels;
	struct logos *logos;
	struct guide_store *guide; /* NULL: there is none */
	struct roster *roster;
	struct ui_sources *keys;
	struct control *control; /* NULL: nobody gives commands */

	json_t *zaps; /* as record_json(), oldest first: a line-up may change behind them */
	GHashTable *snapshots; /* by request number: struct app_snapshot */
	uint64_t next_snapshot;
	char **languages; /* of play.languages */
	char *iface;
	bool is_only_heard;	  /* no picture is decoded: every channel is as good as radio */
	char *error;		  /* why the current channel cannot be played, NULL while it can */
	enum ui_signal trouble;	  /* of which kind that is */
	bool is_silent;		  /* there is no signal: nothing comes at all ... */
	bool is_radio;		  /* ... else no sound, or no picture */
	uint64_t scrambled_n;	  /* the zap whose channel is scrambled */
	uint64_t warned_n;	  /* the zap that a warning was logged of */
	struct faults faults;	  /* those of its stream that were said */
	uint64_t unreported_n;	  /* the zap that failed because its group cannot be asked for */
	struct zap_record record; /* of the current zap, as far as it is */
	struct ui_clock clock;	  /* as it was told */
	bool has_figures;	  /* the screen shows them */
	int64_t watched_id;	  /* the channel of which it was kept last that it was watched */
	char typed[UI_TYPED_BYTES];
	bool is_unknown;		   /* there is no channel of the number that was typed */
	int picture_width, picture_height; /* 0: none was seen */
	enum play_aspect aspect;
	bool is_full_screen;
	uint16_t volume_percent;
	bool is_muted;
	bool is_open; /* the pipeline was */
	bool begun;   /* everything is open */
	bool stopping, closed;
	int exit_code;
};

/* app.c: runs until it is told to quit; returns an exit code. */
int app_drive(const struct app_options *options, const struct app_driver *driver, void *driver_ctx);

/*
 * stage.c: what is seen and pressed: the desk and what is joined to it. Exit codes. Keys come from
 * the window and from requests; where sources are opened, also from the terminal and from devices.
 */
int app_open_stage(struct app *app);
int app_open_remote(struct app *app, bool opens_sources);
void app_close_stage(struct app *app);
/* The picture or the window has another size. */
void app_place_panels(struct app *app);

/* wishes.c: as desk_options.effect; ctx is the app. */
void app_carry_out_wish(void *ctx, const struct ui_effect *wish);

/*
 * facts.c: tells the model: the line-up (channel i of the one before is to[i]; NULL: it is the
 * first), how it goes on the watched channel, its tracks, its picture; and from now on the time.
 */
void app_tell_lineup(struct app *app, const int *to);
void app_tell_state(struct app *app);
void app_tell_tracks(struct app *app);
void app_tell_picture(struct app *app);
void app_keep_time(struct app *app);
/*
 * Why the watched channel is not seen, or heard, as the end of a sentence, freed with g_free();
 * NULL: there is no more to say.
 */
char *app_reason(const struct app *app);
/* Behind each input: what was typed, and what was watched. */
void app_follow_viewer(struct app *app, const struct ui_view *view);
/* As ui_guide_find_fn; ctx is the app. */
bool app_find_event(void *ctx, uint32_t channel, int64_t time_s, struct ui_guide_event *ret);

/* effects.c: an event for zap; its effects are carried out before this returns. */
void app_event(struct app *app, const struct zap_event *event);
/* Zap n cannot be played, for this kind of trouble; `why` is the end of a sentence. */
void app_fail_zap(struct app *app, uint64_t n, enum ui_signal trouble, const char *why);
/*
 * Why nothing can come at all: the interface is down, or gone; as the end of a sentence, freed with
 * g_free(). NULL where it is up.
 */
char *app_line_trouble(const struct app *app);
/* Where the screen says that nothing comes, says it anew: the line may be another reason now. */
void app_show_silence(struct app *app);
/* The stream of zap n is scrambled from here on, or no longer. */
void app_scrambled(struct app *app, uint64_t n, bool scrambled);
/* One sentence on standard error. */
void app_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * sources.c: which of its sources each channel is received from. The channel (ZAP_NO_CHANNEL: none)
 * is watched from at_ns on: one that is silent gives way to the next one.
 */
void app_watch_source(struct app *app, int channel, uint64_t at_ns);
void app_heard(struct app *app, uint64_t at_ns);
/* As net_options.choose; ctx is the app. */
size_t app_choose_source(void *ctx, int channel);
/* {"uri":"rtp://...","number":1,"count":2}: number is null where the line-up no longer has it. */
json_t *app_source_json(const struct app *app, int channel);

/*
 * lineup.c: the file has another line-up, which is taken over, and taken in, when no zap is under
 * way; ctx is the app.
 */
void app_lineup_loaded(void *ctx, struct channel_list *list);
/* A channel was left: one that is gone from the line-up goes for good. */
void app_lineup_left(struct app *app);
/* Index of the channel with this number, or -1. */
ptrdiff_t app_find_channel(const struct app *app, uint32_t number, uint32_t subnumber);
void app_lineup_clear(struct app *app);

/*
 * listen.c: from now on hears what the streams say is on. What the guide answers is taken over; ctx
 * is the app. What is on of the watched channel goes into `answer` as "now" and "next", objects or
 * null; of the streams' clock there is {"offset_ms":12.0,"used":false}, or null.
 */
void app_listen(struct app *app);
void app_guide_answered(void *ctx, struct guide_page *page);
void app_add_on_air(const struct app *app, json_t *answer);
json_t *app_clock_json(const struct app *app);
struct on_air_clocks app_clocks(void);
/* Unix time in milliseconds, by this machine or, where it does not know, by the streams. */
int64_t app_time_ms(const struct app *app, const struct on_air_clocks *clocks);

/*
 * recall.c: what is remembered, for net_options.recall, for what the current zap plays, and when it
 * has just been read; ctx is the app.
 */
void app_recall(void *ctx, int channel, struct net_recalled *ret);
void app_expect(struct app *app);
void app_remembered(void *ctx);

/*
 * unreported.c: why the channel's group cannot be asked for, as the end of a sentence (freed with
 * g_free()): the network speaks an IGMP version without sources (RFC 4607 section 8). NULL where it
 * can, and for ZAP_NO_CHANNEL.
 */
char *app_unreported(const struct app *app, int channel);
/* Where that is so, fails zap n with it; whether it is. */
bool app_fail_unreported(struct app *app, int channel, uint64_t n);
/* What igmp noticed: tells those who subscribed, and looks at the channel again. ctx is the app. */
void app_noticed(void *ctx, const struct igmp_said *said);

/* complain.c: from now on says what is wrong with what is watched. */
void app_watch_faults(struct app *app);

/* quit.c: ends the run: leaves the group, closes everything. More calls do nothing. */
void app_quit(struct app *app, int exit_code);

/* commands.c: the control socket's requests; ctx is the app. */
json_t *app_command(void *ctx, uint64_t client, json_t *request, uint64_t at_ns);
void app_snapshot_done(struct app *app, uint64_t request, const char *error);
