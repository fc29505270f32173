/* feed_config.h: [feed NAME] of the config: what somebody is told of, and the way out. Plain data, counted: a feed that
 * works by it keeps it while a reload replaces the config. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

#include "reports/export.h"
#include "reports/interest.h"

extern const char *const feed_type_names[];
enum feed_type {
    FEED_TYPE_WEBHOOK,
    FEED_TYPE_FILE,
    FEED_TYPE_EXEC,
    FEED_TYPE_MAIL,
    FEED_TYPE_REDIS,
    FEED_TYPE_KAFKA,
};

/* The form of what a webhook's receiver is sent. */
extern const char *const feed_format_names[];
enum feed_format {
    FEED_FORMAT_STANDARD, /* Standard Webhooks */
    FEED_FORMAT_LISTMONK, /* its POST /webhooks/bounce */
    FEED_FORMAT_MAUTIC,   /* its API for contacts: do not contact */
    FEED_FORMAT_TEMPLATE, /* the operator's own */
};

/* The type of what a template makes. */
extern const char *const feed_content_names[];
enum feed_content {
    FEED_CONTENT_JSON,
    FEED_CONTENT_FORM,
    FEED_CONTENT_TEXT,
};

struct feed_config {
    char *name;
    enum feed_type type;
    enum feed_type format_type; /* which feeds the format is for */

    struct interest interest; /* what it tells */

    gint64 batch;   /* items of one delivery, at most */
    gint64 delay;   /* seconds that the first of a batch waits for others */
    gint64 retry;   /* seconds from the first failure to the next attempt */
    gint64 give_up; /* seconds from the first failure until the feed is dead */
    gint64 timeout; /* of one attempt, seconds */

    /* webhook */
    char *url;
    GPtrArray *secrets; /* of char *: the lines of secret-file; never NULL */
    char *user;         /* basic authentication; both NULL without */
    char *password;
    enum feed_format format;
    enum feed_content content;
    char *body;         /* the template; see reports/template.h */
    bool insecure;      /* http, too */
    bool allow_private; /* addresses that are not of the Internet, too */

    unsigned to; /* of mail: the author of the returned message; there is no other yet */

    /* file */
    char *path;
    enum export_format file_format;
    unsigned mode;
    gint64 every; /* seconds from one writing to the next, at least */
    char *stream; /* what applies to the mail of this stream, or of this tenant; both NULL: to all mail */
    char *tenant;

    /* exec */
    char **command; /* the path of the program, and its arguments; NULL at the end */

    /* mail */
    char *from;         /* an address, in the notice */
    GPtrArray *domains; /* of char *, A-labels, the last NULL: whose mailboxes may get one; NULL: none are given */
    gint64 daily;       /* notices that one author gets in a day, at most */

    /* redis; a user and a password as of a webhook, or a password alone */
    char *address;   /* "unix:/PATH", or "HOST:PORT" with an address of IP for HOST */
    char *redis_key; /* of the stream */
    gint64 length;   /* about so many entries are kept in it */

    /* kafka */
    char *brokers; /* HOST:PORT with commas between them */
    char *topic;
    GPtrArray *properties; /* of char *: "NAME=VALUE", as librdkafka has them; never NULL */
};

struct feed_config *feed_config_new(const char *name);
struct feed_config *feed_config_ref(struct feed_config *feed);
/* NULL is fine. */
void feed_config_unref(struct feed_config *feed);

extern const char *const feed_to_names[];

/* The rights of a file that is made, as `mode` names them. */
extern const char *const feed_mode_names[];
mode_t feed_mode(const struct feed_config *feed);

/* Is `key` of [feed NAME] one for feeds of this type? */
bool feed_knows(enum feed_type type, const char *key);
