/* config.h: the one INI file that both programs read (bounced.conf(5)). Its keys are one table: section, name, default
 * and what is expected; the manual is checked against it.
 *
 * Errors name the file, the line, the section, the key and what was expected. Unknown or repeated sections and keys are
 * errors. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/config/listen.h"
#include "cmd/config/network.h"
#include "cmd/config/smart_host.h"
#include "parser/return_path.h"

#define CONFIG_ERROR (config_error_quark())
GQuark config_error_quark(void);
enum config_error {
    CONFIG_ERROR_FILE, /* cannot be read */
    CONFIG_ERROR_BAD,  /* can be read and is wrong */
};

/* So many in so much time; a count of 0 is no limit. */
struct config_rate {
    gint64 count;
    gint64 period; /* seconds */
};

struct config {
    char *file; /* where it was read from; NULL: the defaults alone */
    char *text; /* what stood in it */

    char *store_path;
    bool store_path_default;   /* nobody chose it */
    gint64 store_retention;    /* of raw messages, seconds; 0: for good */
    gint64 store_busy_timeout; /* seconds to wait for another process's lock */

    char *tls_certificate; /* PEM files: the chain, and its key; both NULL without [tls] */
    char *tls_key;

    GPtrArray *listeners;               /* of struct listen_config *; never empty */
    char *hostname;                     /* in greetings; default: the machine's */
    gint64 message_size;                /* octets, announced by SIZE */
    gint64 memory;                      /* octets that messages may take, from DATA to the store */
    gint64 recipients;                  /* of one transaction */
    gint64 errors;                      /* 5xx replies that a session may get between two messages */
    gint64 connections;                 /* at one time, over all listeners */
    gint64 address_connections;         /* at one time, from one address */
    struct config_rate connection_rate; /* of one address; the next one of its network; then messages */
    struct config_rate network_connection_rate;
    struct config_rate message_rate;
    struct config_rate network_message_rate;
    struct networks *rate_exempt; /* have no rates, and are greeted at once */
    gint64 commands;              /* that a session may give between two messages */
    gint64 greeting_delay;        /* seconds */
    gint64 session_timeout;       /* seconds that a session may last after its last message, or without one */
    gint64 idle_timeout;          /* seconds, RFC 5321 section 4.5.3.2.7 */
    gint64 stop_timeout;          /* seconds that messages under way have at a stop */
    gint64 queue_size;            /* messages that wait for the store before sessions do */
    gint64 workers;               /* threads that parse; 0: one a core */

    GPtrArray *return_paths;       /* of struct return_path *: every [return-path NAME], then the [feedback] address */
    char *postmaster_forward;      /* whom mail for postmaster goes on to that reports nothing; NULL: nobody */
    struct smart_host *smart_host; /* NULL: there is none */
    gint64 parser_parts;           /* report_settings of parser/report.h */
    gint64 parser_depth;
    gint64 parser_recipients;
    gint64 parser_header_size;         /* octets */
    gint64 parser_text_size;           /* octets */
    gint64 ingest_unproven_recipients; /* a report that proves nothing and names more suppresses none of them */
    bool ingest_unproven_suppresses;   /* what `bouncectl ingest` reads and no return path accounts for */
    GPtrArray *policies;               /* of struct policy *: [policy] and every [policy STREAM] */
    char *classifier_rules;            /* a directory of the operator's *.rules; NULL: none */
};

/* Reads `file`; NULL reads the default file when there is one, else the defaults: SMTP and LMTP on loopback. */
struct config *config_load(const char *file, GError **error);
void config_free(struct config *config);

/* The [listen NAME] of that name, NULL when there is none. */
const struct listen_config *config_listener(const struct config *config, const char *name);

/* The line of a key, 0 when the file does not have it. */
unsigned config_line(const struct config *config, const char *section, const char *key);
/* "FILE:LINE: [SECTION] KEY", or without KEY when it is NULL, for an error that is found later. The caller frees. */
char *config_place(const struct config *config, const char *section, const char *key);

/* One row of the table. `set` parses `text` into the object of the section at `offset`; its error says what was wrong.
 */
struct config_key {
    const char *section; /* "listen", "return-path" and "policy" take a name after them */
    const char *name;    /* "REASON": any reason */
    const char *initial; /* the default as it would be written; NULL: none */
    const char *minimum; /* of a number, as it would be written, the maximum too; NULL: the key is no number */
    const char *maximum;
    const char *expected; /* the numbers' limits are said behind it */
    bool (*set)(void *object, const struct config_key *key, const char *name, const char *text, GError **error);
    size_t offset;
    const char *const *names; /* that it takes, NULL-terminated; NULL: other values */
};
/* Ends with a row whose section is NULL. */
extern const struct config_key config_keys[];

typedef struct config Config;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)
