/* commands.h: the table of subcommands, and the row of each, which is in the file of its name. */
#pragma once

#include "cmd/bouncectl/subcommand.h"

/* All subcommands in the order of the help; ends with NULL. */
extern const struct subcommand *const commands[];

extern const struct subcommand subcommand_inspect;
extern const struct subcommand subcommand_ingest;
extern const struct subcommand subcommand_ingest_log;
extern const struct subcommand subcommand_import;
extern const struct subcommand subcommand_rollback;
extern const struct subcommand subcommand_waves;
extern const struct subcommand subcommand_list;
extern const struct subcommand subcommand_check;
extern const struct subcommand subcommand_explain;
extern const struct subcommand subcommand_add;
extern const struct subcommand subcommand_remove;
extern const struct subcommand subcommand_delivered;
extern const struct subcommand subcommand_review;
extern const struct subcommand subcommand_feeds;
extern const struct subcommand subcommand_audit;
extern const struct subcommand subcommand_export;
extern const struct subcommand subcommand_report;
extern const struct subcommand subcommand_events;
extern const struct subcommand subcommand_message;
extern const struct subcommand subcommand_outbox;
extern const struct subcommand subcommand_return_path;
extern const struct subcommand subcommand_classify;
extern const struct subcommand subcommand_rules;
extern const struct subcommand subcommand_reclassify;
extern const struct subcommand subcommand_unclassified;
extern const struct subcommand subcommand_watch;
extern const struct subcommand subcommand_policy;
extern const struct subcommand subcommand_config;
extern const struct subcommand subcommand_reload;
extern const struct subcommand subcommand_complete;
extern const struct subcommand subcommand_help;
extern const struct subcommand subcommand_backup;
extern const struct subcommand subcommand_restore;
extern const struct subcommand subcommand_check_store;
extern const struct subcommand subcommand_hash;
extern const struct subcommand subcommand_token;
extern const struct subcommand subcommand_forget;
extern const struct subcommand subcommand_export_subject;
