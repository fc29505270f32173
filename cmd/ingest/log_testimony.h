/* log_testimony.h: what the log of the operator's own mail server tells, as a testimony: it needs no other proof. */
#pragma once

#include "cmd/ingest/testimony.h"
#include "parser/log_reader.h"

/* Whose word it is. */
#define LOG_TESTIMONY_WHO "mail server log"

/* Of one attempt, of the stream whose return path the sender is; `return_paths` (of struct return_path *) may be NULL.
 * The same line gives the same key whenever it is read. NULL if its recipient is no address. */
struct testimony *log_testimony_new(const struct log_attempt *attempt, const GPtrArray *return_paths);
