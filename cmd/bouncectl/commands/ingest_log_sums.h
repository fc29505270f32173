/* ingest_log_sums.h: what a run of `bouncectl ingest-log` read, and what became of it. */
#pragma once

#include "cmd/bouncectl/display/output.h"
#include "cmd/ingest/ingest_message.h"

/* Plain data. */
struct ingest_log_sums {
    guint64 lines, known;
    guint64 actions[REPORT_ACTION_EXPANDED + 1]; /* attempts, by what became of the mail */
    guint64 unusable;                            /* attempts whose recipient is no address */
    guint64 outcomes[INGEST_OUTCOME_FAILED + 1];
    guint64 cleared; /* addresses */
};

/* `batch` may be NULL. */
void ingest_log_sums_print(const struct ingest_log_sums *sums, const char *batch, const struct output *output);
