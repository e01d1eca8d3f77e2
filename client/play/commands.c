#include "client/play/commands.h"

/* Several seconds of the reference stream's access units (25 + 47 a second). */
#define COMMANDS_MAX 1024
/* What units leave for other commands. */
#define COMMANDS_ROOM 128

struct mailbox *commands_new(void)
{
	return mailbox_new(COMMANDS_MAX, sizeof(struct command), NULL, NULL);
}

void command_clear(struct command *command)
{
	if (command->type == COMMAND_UNIT)
		g_bytes_unref(command->unit.data);
	else if (command->type == COMMAND_TROUBLE)
		gst_message_unref(command->message);
}

static void clear_all(struct mailbox *commands)
{
	struct command command;
	while (mailbox_take(commands, &command))
		command_clear(&command);
}

void commands_free(struct mailbox *commands)
{
	if (!commands)
		return;
	clear_all(commands);
	mailbox_free(commands);
}

bool commands_put(struct mailbox *commands, const struct command *command)
{
	return mailbox_put(commands, command, command->type == COMMAND_UNIT ? COMMANDS_ROOM : 0);
}

/* Full of commands that are no units, the play thread hangs: start anew. */
void commands_put_surely(struct mailbox *commands, const struct command *command)
{
	while (!commands_put(commands, command))
		clear_all(commands);
}

static bool outlives_flush(void *message)
{
	struct command *command = message;
	bool outlives = command->type != COMMAND_UNIT && command->type != COMMAND_FLUSH &&
			command->type != COMMAND_EXPECT;
	if (!outlives)
		command_clear(command);
	return outlives;
}

void commands_put_flush(struct mailbox *commands, uint64_t n)
{
	mailbox_keep(commands, outlives_flush);
	commands_put_surely(commands, &(struct command){.type = COMMAND_FLUSH, .n = n});
}

static bool is_no_trouble(void *message)
{
	struct command *command = message;
	bool trouble = command->type == COMMAND_TROUBLE;
	if (trouble)
		command_clear(command);
	return !trouble;
}

void commands_drop_trouble(struct mailbox *commands)
{
	mailbox_keep(commands, is_no_trouble);
}
