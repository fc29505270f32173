/* addresses.h: the addresses that a command is given: as arguments, and one a line from files, of which "-" is standard
 * input. Lines that are empty say nothing; all others are addresses, for a local part may begin with "#". */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define ADDRESSES_ERROR (addresses_error_quark())
GQuark addresses_error_quark(void);
enum addresses_error {
    ADDRESSES_ERROR_BAD,  /* it is no address; the next may be */
    ADDRESSES_ERROR_MANY, /* more than there is room for */
};

struct addresses;

enum addresses_use {
    ADDRESSES_USE_ASK,    /* whatever the store may have of what reports said */
    ADDRESSES_USE_NEW,    /* mail can go to it: its local part is within RFC 5321's limit; or "@DOMAIN" or ".DOMAIN" */
    ADDRESSES_USE_WIDE,   /* as ADDRESSES_USE_NEW, of which "@com" is none; or a public suffix */
    ADDRESSES_USE_LISTED, /* as ADDRESSES_USE_ASK; or "@DOMAIN" or ".DOMAIN" (store/entry_key.h) */
};

/* Both are borrowed; `file` may be NULL. */
struct addresses *addresses_new(char *const *arguments, const char *file, enum addresses_use use);
void addresses_free(struct addresses *addresses);

/* The next address as the store writes it, until the next call. NULL: the end, or an error, which names the file and
 * the line; after ADDRESSES_ERROR_BAD the next is asked for as before. */
const char *addresses_next(struct addresses *addresses, GError **error);

/* Does any of them come from a file? */
bool addresses_listed(char *const *arguments, const char *file);

/* All of them, of char *; from files in the order of the list, each once. If one is bad, NULL: the first bad ones are
 * told on standard error, for `command`. */
GPtrArray *addresses_all(struct addresses *addresses, const char *command, GError **error);

typedef struct addresses Addresses;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Addresses, addresses_free)
