/*
 * play/commands: what the loop and the bus ask of the play thread, in a bounded mailbox. Read with
 * mailbox_wait().
 */
#pragma once

#include <gst/gst.h>

#include "client/play/mailbox.h"
#include "client/play/play.h"

enum command_type {
	COMMAND_FLUSH,
	COMMAND_EXPECT,
	COMMAND_UNIT,
	COMMAND_TROUBLE, /* a message of the pipeline's bus */
	COMMAND_PLACE,
	COMMAND_REST,
	COMMAND_STOP,
};

struct command {
	enum command_type type;
	uint64_t n;
	union {
		struct play_expected expected;
		struct play_unit unit;
		GstMessage *message;
		struct {
			int width, height;
		} size;
		bool rest;
	};
};

struct mailbox *commands_new(void);
/* With what is still inside. Accepts NULL. */
void commands_free(struct mailbox *commands);

/* False when it is full: what the command holds is then the caller's still. */
bool commands_put(struct mailbox *commands, const struct command *command);
/* For what must not be lost. */
void commands_put_surely(struct mailbox *commands, const struct command *command);
/* A new zap: units, flushes and expectations before it have become pointless, and leave. */
void commands_put_flush(struct mailbox *commands, uint64_t n);

/* The pipeline is gone: what its bus told is about nothing any more. */
void commands_drop_trouble(struct mailbox *commands);

/* Releases what a command holds, when it is not carried out. */
void command_clear(struct command *command);
