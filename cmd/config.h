/* config.h: the one INI file that both programs read (bounced.conf(5)). The keys are one table: section, name, type,
 * default and what is expected; the manual is checked against it.
 *
 * Errors name the file, the line, the section, the key and what was expected. Unknown sections and keys are errors. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/return_path.h"

enum listen_protocol { LISTEN_SMTP, LISTEN_LMTP };
extern const char *const listen_protocol_names[];

/* One [listen NAME]. */
struct listen_config {
    char *name;
    enum listen_protocol protocol;
    char *address; /* "host:port", "[v6]:port" or "unix:/path" */
};

struct config {
    char *file; /* where it was read from; NULL: the defaults alone */

    char *store_path;
    gint64 store_retention;    /* of raw messages, seconds; 0: for good */
    gint64 store_busy_timeout; /* milliseconds */

    GPtrArray *listeners; /* of struct listen_config * */
    char *hostname;       /* in greetings; default: the machine's */
    gint64 message_size;  /* octets, announced by SIZE */
    gint64 recipients;    /* of one transaction */
    gint64 connections;   /* at one time, over all listeners */
    gint64 idle_timeout;  /* seconds, RFC 5321 section 4.5.3.2.7 */
    gint64 stop_timeout;  /* seconds that running transactions have at a stop */
    gint64 queue_size;    /* messages that wait for the writer before sessions do */
    gint64 workers;       /* threads that parse; 0: one a core */

    GPtrArray *return_paths; /* of struct return_path *: every [return-path NAME], then the [feedback] address */
    GPtrArray *policies;     /* of struct policy *: [policy] and every [policy STREAM] */
    char *classifier_rules;  /* a directory of the operator's *.rules; NULL: none */
};

/* Reads `file`; NULL reads the default file when there is one, else the defaults. */
struct config *config_load(const char *file, GError **error);
void config_free(struct config *config);

/* One row of the table: for the manual's test and `--help`. */
struct config_key {
    const char *section; /* "listen", "return-path" and "policy" take a name after them */
    const char *name;
    const char *initial; /* the default as it would be written; NULL: none */
    const char *expected;
};
/* Ends with a row whose section is NULL. */
extern const struct config_key config_keys[];

typedef struct config Config;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)
