#include "cmd/bouncectl/commands/commands.h"

/* clang-format off */
const struct subcommand *const commands[] = {
    &subcommand_inspect,  &subcommand_ingest,      &subcommand_ingest_log,
    &subcommand_rollback,
    &subcommand_import,   &subcommand_waves,       &subcommand_list,
    &subcommand_check,    &subcommand_explain,     &subcommand_add,
    &subcommand_remove,   &subcommand_audit,       &subcommand_export,
    &subcommand_feeds,
    &subcommand_report,   &subcommand_events,      &subcommand_message,
    &subcommand_outbox,   &subcommand_return_path, &subcommand_classify,
    &subcommand_rules,    &subcommand_reclassify,  &subcommand_unclassified,
    &subcommand_delivered, &subcommand_review,
    &subcommand_policy,   &subcommand_config,      &subcommand_reload,
    &subcommand_backup,   &subcommand_restore,     &subcommand_check_store,
    &subcommand_export_subject,
    &subcommand_forget,   &subcommand_watch,       &subcommand_token,
    &subcommand_hash,
    &subcommand_complete, &subcommand_help,        NULL,
};
/* clang-format on */
