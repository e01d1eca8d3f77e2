/* client/cmd_lineup: what the commands that open the line-up share. */
#pragma once

#include "channels/lineup.h"
#include "client/commands.h"

/* The exit code for a negative errno about a file. */
enum exit_code exit_code_of(int error);

/*
 * Opens the line-up of --db (NULL: the usual one). Where that fails, says so on standard error and
 * returns the exit code, else EXIT_OK.
 */
enum exit_code command_open_lineup(const char *db, enum lineup_mode mode, struct lineup **ret);

/* The same, reading everything into memory; the file is closed again when this returns. */
enum exit_code command_load_lineup(const char *db, struct channel_list **ret);
