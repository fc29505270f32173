/* return_path.h: the addresses that reports are sent to, and what such an address tells: which stream the mail was of,
 * whom it went to, and whether the address is one that we made.
 *
 * Schemes, by what the local part holds:
 *   plain    nothing: any local part of the domain
 *   verp     LOCAL+USER=DOMAIN, the recipient (Bernstein's VERP)
 *   signed   LOCAL+USER=DOMAIN+MAC, the same with a keyed MAC: evidence that the report is about our mail
 *   batv     prvs=TAG=LOCAL (draft-levine-smtp-batv): TAG is not verified, LOCAL may be of verp's form
 *            (a prvs= before an address of scheme verp or signed is unwrapped as well)
 *   srs      SRS0=HHH=TT=DOMAIN=USER: the sender that was rewritten, not a recipient
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/report.h"

extern const char *const return_path_scheme_names[];

enum return_path_scheme {
    RETURN_PATH_PLAIN,
    RETURN_PATH_VERP,
    RETURN_PATH_SIGNED,
    RETURN_PATH_BATV,
    RETURN_PATH_SRS,
};

/* One address or domain that mail is accepted for. Plain data; all strings are owned. */
struct return_path {
    char *name;    /* the section's name in the config; "" for [feedback] */
    char *domain;  /* lower case, A-labels; any local part is accepted */
    char *address; /* instead of a domain: this one address, compared without regard to case */
    char *stream;  /* NULL when there is none */
    enum return_path_scheme scheme;
    GPtrArray *keys;          /* of char *, for RETURN_PATH_SIGNED: the first signs, all verify */
    bool unproven_suppresses; /* what a report may do that does not prove itself */
    char *forward;            /* whom mail goes on to that reports nothing; NULL: nobody */
};

void return_path_free(struct return_path *path);

/* What an address tells. `recipient` is owned by the caller (g_free), NULL when the address holds none. */
struct return_path_match {
    const struct return_path *path;
    enum report_evidence evidence;
    char *recipient;
};

/* True when one of `paths` (of struct return_path *) accepts `address` ("local@domain"). The first that does wins, but
 * an address wins over its domain, and a valid signature over all. A signed path accepts addresses without a valid MAC
 * too: they prove nothing. */
bool return_path_match(const GPtrArray *paths, const char *address, struct return_path_match *match);

/* The return path to send mail to `recipient` ("local@domain" as address_read() gives it) with, for a path of scheme
 * verp or signed: LOCAL+USER=DOMAIN[+MAC]@domain, the local part quoted when USER is. NULL when the local part would be
 * longer than the 64 octets that RFC 5321 section 4.5.3.1.1 allows. */
char *return_path_make(const struct return_path *path, const char *recipient);

typedef struct return_path ReturnPath;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReturnPath, return_path_free)
