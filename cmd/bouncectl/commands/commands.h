/* commands.h: the table of subcommands, and the row of each, which is in the file of its name. */
#pragma once

#include "cmd/bouncectl/command.h"

/* All subcommands in the order of the help; ends with NULL. */
extern const struct command *const commands[];

extern const struct command command_inspect;
extern const struct command command_ingest;
extern const struct command command_list;
extern const struct command command_check;
extern const struct command command_explain;
extern const struct command command_add;
extern const struct command command_remove;
extern const struct command command_export;
extern const struct command command_report;
extern const struct command command_events;
extern const struct command command_message;
extern const struct command command_outbox;
extern const struct command command_return_path;
extern const struct command command_classify;
extern const struct command command_rules;
extern const struct command command_reclassify;
extern const struct command command_unclassified;
extern const struct command command_reload;
