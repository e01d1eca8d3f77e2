/* app/state: the running program, shared by app.c and commands.c alone. */
#pragma once

#include <uv.h>

#include "client/app/app.h"
#include "client/app/control.h"
#include "client/app/net.h"
#include "client/app/player.h"
#include "client/app/remote.h"
#include "client/app/screen.h"
#include "client/app/window.h"
#include "client/zap.h"

/* How many finished zaps `ctl zaps` remembers. */
#define APP_RECORDS_MAX 10000

/* A snapshot that somebody waits for. */
struct app_snapshot {
	uint64_t client;
	json_t *id;
};

struct app {
	const struct app_options *options;
	uv_loop_t loop;
	uv_signal_t sigint, sigterm;
	uv_timer_t zap_timer;

	struct zap *zap;
	struct net *net;
	struct window *window;
	struct player *player;
	struct screen *screen;
	struct remote *remote;
	struct control *control;

	GArray *records;       /* struct zap_record, oldest first */
	GHashTable *snapshots; /* by request number: struct app_snapshot */
	uint64_t next_snapshot;
	char *iface;
	char *error; /* why the current channel cannot be played, NULL while it can */
	bool stopping;
	int exit_code;
};

/* An event for zap; its effects are carried out before this returns. */
void app_event(struct app *app, const struct zap_event *event);
/* Ends the run: leaves the group, closes everything. More calls do nothing. */
void app_quit(struct app *app, int exit_code);
/* One sentence on standard error. */
void app_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* commands.c: the control socket's requests. */
json_t *app_command(void *ctx, uint64_t client, json_t *request, uint64_t at_ns);
void app_snapshot_done(struct app *app, uint64_t request, const char *error);
