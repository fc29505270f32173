/* return_path.h: the addresses that reports are sent to, and what such an address tells: which stream the mail was of,
 * whom it went to, and whether the address is one that we made.
 *
 * Schemes, by what the local part holds:
 *   plain    nothing: any local part of the domain
 *   verp     LOCAL+USER=DOMAIN, the recipient (Bernstein's VERP); `separators` are what stands in place of "+" and "="
 *   signed   LOCAL+USER=DOMAIN+DAYMAC, the same, dated and with a keyed MAC: evidence that the report is about our mail
 *   batv     prvs=TAG=LOCAL (draft-levine-smtp-batv): TAG is not verified, LOCAL may be of verp's form
 *            (a prvs= before an address of scheme verp or signed is unwrapped as well)
 *   srs      SRS0=HHH=TT=DOMAIN=USER: the sender that was rewritten, not a recipient
 *   sympa, mailman, ezmlm, sendgrid, mailgun, kumomta: what that software makes
 *   regex    what the section's own `pattern` says (path_pattern.h)
 * On a domain of scheme verp or batv, addresses that other software makes tell nothing.
 *
 * The signature, for a mailer that makes such addresses itself:
 *   LOCAL    anything without "+"; we write "bounces", or "b" where that gets too long
 *   USER, DOMAIN  the recipient's local part, without quotes, and its domain, in lower case and as A-labels
 *   DAY      4 hex digits: days since 1970-01-01 (UTC)
 *   MAC      the first 20 hex digits of HMAC-SHA256 with the first line of the key-file, without its line end, as the
 *            key, over: the return path's own domain (lower case, A-labels), one octet NUL, and "USER=DOMAIN+DAY" with
 *            its ASCII letters in lower case
 * With the key "0123456789abcdef", 2026-11-28 and anna@example.org, at bounces.example.com:
 *   bounces+anna=example.org+513175ce0a20dd652762b814@bounces.example.com */
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
    RETURN_PATH_SYMPA,
    RETURN_PATH_MAILMAN,
    RETURN_PATH_EZMLM,
    RETURN_PATH_SENDGRID,
    RETURN_PATH_MAILGUN,
    RETURN_PATH_KUMOMTA,
    RETURN_PATH_REGEX,
};

/* One address or domain that mail is accepted for. Plain data; all strings are owned. */
struct return_path {
    char *name;    /* the section's name in the config; "" for [feedback] without one */
    char *domain;  /* lower case, A-labels; any local part is accepted */
    char *address; /* instead of a domain: this one address, compared without regard to case, and with "+TAG" behind its
                      local part */
    bool feedback; /* complaints come to it, and no bounces; so is each with an address */
    char *provider; /* the name of whoever sends them; NULL: not told */
    char *stream;   /* NULL when there is none */
    char *tenant;   /* whose the stream is; NULL when not known */
    enum return_path_scheme scheme;
    char *separators;         /* for verp: two characters; NULL is "+=" */
    char *pattern;            /* for RETURN_PATH_REGEX: of the local part */
    GPtrArray *keys;          /* of char *, for RETURN_PATH_SIGNED: the first signs, all verify */
    gint64 lifetime;          /* for RETURN_PATH_SIGNED: seconds that a signature proves something after its day */
    bool unproven_suppresses; /* what a report may do that does not prove itself */
    GPtrArray *trust;         /* of char *: whose signed complaints are believed, beside the known; NULL: nobody's */
    char *forward;            /* whom mail goes on to that reports nothing; NULL: nobody */
    struct path_pattern *compiled;
};

/* Makes ready what the scheme needs; to be called when all is set. False and an error when `pattern` is no good. */
bool return_path_prepare(struct return_path *path, GError **error);
void return_path_free(struct return_path *path);

/* The facts that an address holds. Strings are owned, NULL when the address does not tell. */
struct return_path_match {
    const struct return_path *path;
    enum report_evidence
        evidence;        /* signed: the MAC is right, covers `recipient`, and is neither too old nor to come */
    unsigned signed_day; /* days since 1970-01-01 (UTC), when `evidence` is signed; else 0 */
    char *recipient;     /* as address_read() gives it */
    char *stream;        /* the section's, or what the address names where the section has none */
    char *campaign;
    char *message;
    char *tenant;
};

/* Is it for complaints, and not for bounces? */
bool return_path_is_feedback(const struct return_path *path);

/* True when one of `paths` (of struct return_path *) accepts `address` ("local@domain"). The first that does wins, but
 * an address wins over one with a tag behind it, that over its domain, and a valid signature over all. A signed path
 * accepts addresses without a valid MAC too: they prove nothing. `now` (seconds since 1970, UTC) is when the report
 * came. Clear `match` in both cases. */
bool return_path_match(const GPtrArray *paths, const char *address, gint64 now, struct return_path_match *match);
void return_path_match_clear(struct return_path_match *match);

/* The same, without a look at what the address tells; NULL when none accepts it. */
const struct return_path *return_path_find(const GPtrArray *paths, const char *address);

/* The return path to send mail to `recipient` ("local@domain" as address_read() gives it) with, for a path of scheme
 * verp or signed, made at `now`: LOCAL+USER=DOMAIN[+DAYMAC]@domain, the local part quoted when USER is. NULL when the
 * local part would be longer than the 64 octets that RFC 5321 section 4.5.3.1.1 allows. */
char *return_path_make(const struct return_path *path, const char *recipient, gint64 now);

/* When what was signed on `day` ends to prove anything: seconds since 1970 (UTC). */
gint64 return_path_end(const struct return_path *path, unsigned day);

typedef struct return_path ReturnPath;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReturnPath, return_path_free)
typedef struct return_path_match ReturnPathMatch;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReturnPathMatch, return_path_match_clear)
