/* config.h: what the one INI file says that both programs read (bounced.conf(5)), as plain data, and where it says so.
 * config_load.h reads it. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/config/feed_config.h"
#include "cmd/config/listen.h"
#include "cmd/config/network.h"
#include "cmd/config/settings.h"
#include "cmd/config/smart_host.h"
#include "parser/return_path.h"
#include "store/stored.h"

/* So many in so much time; a count of 0 is no limit. */
struct config_rate {
    gint64 count;
    gint64 period; /* seconds */
};

struct config_key;

/* A file that a key names, and that is still to be read. */
struct config_file {
    char *section; /* its whole header */
    const struct config_key *key;
    const char *name; /* the key's */
    void *object;     /* of the section; the config's */
    char *path;
};

/* Which raw messages the store keeps. In whichever case one stays for as long as it is needed: while it goes on to a
 * person, or its signatures wait to be verified. */
enum config_keep_raw {
    CONFIG_KEEP_RAW_NO,
    CONFIG_KEEP_RAW_UNPROVEN_ONLY, /* of which an event is not proven */
    CONFIG_KEEP_RAW_ALL,
};

struct config {
    char *file;                /* where it was read from; NULL: the defaults alone */
    char *text;                /* its content */
    bool empty;                /* no section is in it, or there is no file */
    struct settings *settings; /* what is below, as text, and which line says so */

    GPtrArray *files; /* of struct config_file *: see config_read_files() */

    char *store_path;
    bool store_path_default; /* it is the system's, chosen or not */
    enum config_keep_raw store_keep_raw;
    gint64 store_retention;   /* of raw messages, seconds; 0: for good */
    gint64 store_keep_events; /* seconds; 0: for good. As struct store_keeping says */
    gint64 store_keep_messages;
    gint64 store_keep_changes;
    gint64 store_keep_counters;
    gint64 store_max_size;     /* octets of the database; 0: as many as there are */
    gint64 store_min_free;     /* octets of its file system */
    gint64 store_busy_timeout; /* seconds to wait for another process's lock */

    bool log_hides_addresses; /* the daemon's log has hashes in their place: see pseudonym.h */

    char *tls_certificate; /* PEM files: the chain, and its key; both NULL without [tls] */
    char *tls_key;

    struct config_rate api_token_rate; /* requests of one token; the next: those of one address without a good one */
    struct config_rate api_refusal_rate;
    gint64 api_token_waits; /* requests of one token that wait or stream at one time */
    char *lookup_text;      /* what the sender of mail to a suppressed address is told; see wording.h */

    GPtrArray *listeners;               /* of struct listen_config *; never empty */
    char *hostname;                     /* in greetings; default: the machine's */
    gint64 message_size;                /* octets, announced by SIZE */
    gint64 memory;                      /* octets that messages may take, from DATA to the store */
    gint64 address_memory;              /* likewise, those of one address; 0: a quarter of it */
    gint64 min_data_rate;               /* octets a second; 0: none */
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

    GPtrArray *return_paths;       /* of struct return_path *: every [return-path NAME] and [feedback NAME] */
    char *postmaster_forward;      /* whom mail for postmaster goes on to that reports nothing; NULL: nobody */
    GPtrArray *feeds;              /* of struct feed_config * */
    struct smart_host *smart_host; /* NULL: there is none */
    gint64 parser_parts;           /* report_settings of parser/report.h */
    gint64 parser_depth;
    gint64 parser_recipients;
    gint64 parser_header_size;         /* octets */
    gint64 parser_text_size;           /* octets */
    gint64 ingest_unproven_recipients; /* a report that proves nothing and names more suppresses none of them */
    bool ingest_unproven_suppresses;   /* what `bouncectl ingest` reads and proves nothing */
    GPtrArray *policies;               /* of struct policy *: [policy] and every [policy STREAM] */
    GHashTable *tenants;               /* of a stream the tenant, as the sections [return-path NAME] say */
    struct wave_settings wave;
    bool dkim_verify;        /* signatures of complaints and of mail that unsubscribes */
    GPtrArray *authserv_ids; /* of char *: whose Authentication-Results are believed; NULL: nobody's */
    char *dns_servers;       /* as dns.h has them; NULL: those of resolv.conf */
    char *classifier_rules;  /* a directory of the operator's *.rules; NULL: none */
};

/* An empty one, for config_load() to fill. */
struct config *config_new(void);
void config_free(struct config *config);

/* The [listen NAME] of that name, NULL if there is none. */
const struct listen_config *config_listener(const struct config *config, const char *name);

/* The line of a key, or of the section itself if `key` is NULL; 0 if the file does not have it. The other one gives the
 * line where it stands a second time. */
unsigned config_line(const struct config *config, const char *section, const char *key);
unsigned config_second_line(const struct config *config, const char *section, const char *key);
/* "FILE:LINE: [SECTION] KEY", or without KEY if it is NULL, for an error that is found later. The caller frees. */
char *config_place(const struct config *config, const char *section, const char *key);
/* Sets CONFIG_ERROR_BAD: the place, and `what` is wrong there. Gives false, for the caller to return. */
bool config_fail(const struct config *config, const char *section, const char *key, const char *what, GError **error);

/* `tenants`, for a thread that reads it while the config goes. The caller unrefs it. */
GHashTable *config_copy_tenants(const struct config *config);

typedef struct config Config;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)
