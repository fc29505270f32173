/* path.h: the reverse-path of MAIL and the forward-path of RCPT (RFC 5321 section 4.1.2, RFC 6531 section 3.3), read
 * into "local@domain". */
#pragma once

enum path_result {
    PATH_RESULT_OK,
    PATH_RESULT_BAD,       /* not of the grammar */
    PATH_RESULT_NON_ASCII, /* well-formed, but has UTF-8 where PATH_ALLOW_UTF8 is not allowed */
};

/* Forms that are allowed beside "<local@domain>"; a set of bits. */
enum path_allow {
    PATH_ALLOW_NULL = 1 << 0,       /* "<>": the address is "" */
    PATH_ALLOW_POSTMASTER = 1 << 1, /* "<Postmaster>": the address is "postmaster" */
    PATH_ALLOW_UTF8 = 1 << 2,       /* UTF-8 in local part and domain */
    PATH_ALLOW_DAEMON = 1 << 3,     /* "<MAILER-DAEMON>", in any case */
    PATH_ALLOW_LOCAL = 1 << 4,      /* any local part alone that has no "@" in quotes */
};

/* Reads the path that starts at `*at`. On PATH_RESULT_OK `*at` is behind its ">" and `*address` is the caller's
 * (g_free); else neither is touched. A source route is dropped (RFC 5321 section 4.1.1.3); a quoted local part that
 * needs no quotes loses them. */
enum path_result path_parse(const char **at, unsigned allow, char **address);
