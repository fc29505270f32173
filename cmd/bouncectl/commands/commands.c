#include "cmd/bouncectl/commands/commands.h"

const struct command *const commands[] = {
    &command_inspect,
    &command_ingest,
    &command_list,
    &command_check,
    &command_explain,
    &command_add,
    &command_remove,
    &command_export,
    &command_report,
    &command_events,
    &command_message,
    &command_outbox,
    &command_return_path,
    &command_classify,
    &command_rules,
    &command_reclassify,
    &command_unclassified,
    &command_reload,
    NULL,
};
