/* client/commands: one function per sub-command; each gets the arguments after the program's name.
 */
#pragma once

/* Exit codes that others script against (sysexits.h's numbers where it has them). */
enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 64,
	EXIT_BAD_DATA = 65,
	EXIT_NO_INPUT = 66,
	EXIT_NO_PERMISSION = 77,
};

/* argv[0] is the sub-command's name. Return an exit code. */
int command_import(int argc, char **argv);
int command_channels(int argc, char **argv);
int command_guide(int argc, char **argv);
int command_play(int argc, char **argv);
int command_ctl(int argc, char **argv);
int command_bench(int argc, char **argv);
int command_doctor(int argc, char **argv);
