/* context.h: what a subcommand works with: the config and the store, each opened when it is first asked for, where its
 * output goes, the time and the operator's name. */
#pragma once

#include <glib.h>

#include "cmd/bouncectl/display/output.h"
#include "cmd/config/config.h"
#include "store/store.h"

struct context {
    const char *config_file; /* NULL: the default one */
    struct output output;
    gint64 now; /* seconds since 1970 UTC, the same for the whole run */

    struct config *config; /* use context_config() */
    struct store *store;   /* use context_store() */
};

/* NULL and an error when the config is bad. Both live as long as the context. The first one has not read the files that
 * the config names, of keys and passwords, which a command should not need that does without; the second one has those
 * of sections of a kind (config_load.h). */
const struct config *context_config(struct context *context, GError **error);
const struct config *context_config_with(struct context *context, const char *kind, GError **error);

/* With STORE_MODE_READ a database that is not there is G_FILE_ERROR_NOENT. A command asks for one mode only. */
struct store *context_store(struct context *context, enum store_mode mode, GError **error);

/* The name of the operator, for the log of changes: `given` if it is not NULL, else the login name (the one before
 * sudo). The caller frees. */
char *context_who(const char *given);

/* Between two transactions, the first of which began at `began` (monotonic): waits as long as it took if a daemon runs,
 * which tries again after a while when the database is locked, and would hardly ever find it free. */
bool context_give_way(const struct context *context, gint64 began, GError **error);

void context_clear(struct context *context);
