/* client/output: what the commands that print lists and tables share. */
#pragma once

#include <glib.h>

#include "client/commands.h"

/* The columns of the terminal that standard output is; 0 where it is none. */
size_t output_terminal_columns(void);

/* Prints the text; output_finish() says whether that worked. */
void output_text(const GString *text);

/* EXIT_OK when all that was printed is out; else says so on standard error. */
enum exit_code output_finish(void);
