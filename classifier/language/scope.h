/* scope.h: where a rule holds: hosts, dialects, SMTP commands, enhanced codes, replies. An empty scope holds
 * everywhere. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/report.h"

/* The facts of a failure besides its text. */
struct scope_facts {
    const char *remote_mta;
    const char *reporting_mta;
    const char *domain; /* the recipient's: it stands for the remote MTA where none is told */
    const char *dialect;
    const char *command;
    struct reply_status status;
    unsigned reply;
    bool about_sender; /* of report_recipient */
};

/* Codes from..to; SCOPE_ANY stands for x. */
enum { SCOPE_ANY = 1000 };
struct scope_status {
    unsigned class;
    unsigned subject;
    unsigned from;
    unsigned to;
};

struct scope_reply {
    unsigned from;
    unsigned to;
};

struct scope {
    GPtrArray *hosts;    /* of char *: the domain, or a domain above it */
    GPtrArray *dialects; /* of char * */
    GPtrArray *commands; /* of char *, upper case */
    GArray *statuses;    /* of struct scope_status */
    GArray *replies;     /* of struct scope_reply */
};

enum scope_kind {
    SCOPE_KIND_NONE,
    SCOPE_KIND_HOST,
    SCOPE_KIND_DIALECT,
    SCOPE_KIND_COMMAND,
    SCOPE_KIND_STATUS,
    SCOPE_KIND_REPLY
};

/* As a rule's text spells a kind; NULL for SCOPE_KIND_NONE. */
const char *scope_name(enum scope_kind kind);
/* SCOPE_KIND_NONE if no kind has that name. */
enum scope_kind scope_from_name(const char *name);

void scope_init(struct scope *scope);
void scope_clear(struct scope *scope);

/* Adds one value: "example.com", "qmail", "RCPT", "5.1.1" "x.7.20-29" "4.x.x", "550" "4xx". False when it is none. */
bool scope_add(struct scope *scope, enum scope_kind kind, const char *value);

bool scope_empty(const struct scope *scope);

/* The first that excludes `facts`; SCOPE_KIND_NONE if none does. */
enum scope_kind scope_excludes(const struct scope *scope, const struct scope_facts *facts);

/* Facts that the scope admits, from its first values; `status` and `reply` stay as they are. */
void scope_sample(const struct scope *scope, struct scope_facts *facts);
