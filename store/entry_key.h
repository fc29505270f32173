/* entry_key.h: the key of an entry of the list: whom it is about, and for which mail of ours it holds. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The subject: an address, "@example.org" for all addresses of a domain, or ".example.org" for those of its
 * sub-domains, at any depth, but not for its own. */
enum entry_subject_kind {
    ENTRY_SUBJECT_ADDRESS,
    ENTRY_SUBJECT_DOMAIN,
    ENTRY_SUBJECT_SUB_DOMAINS,
};

/* Puts the subject that `text` is into `subject` (whatever it held): an address as ADDRESS_LISTED reads it
 * (parser/address.h), a domain in lower case and as A-labels. A subject that was read reads the same again. False when
 * it is none. */
bool entry_subject_read(const char *text, GString *subject);

/* Puts one that was read into `folded`, with ASCII letters in lower case: by this it is compared. */
void entry_subject_fold(const GString *subject, GString *folded);

/* Of one that was read. */
enum entry_subject_kind entry_subject_kind(const char *subject);

/* Of one that was read: does it stand for all addresses of a public suffix, such as com? That is nobody's domain, and
 * mostly what is left of an address that was cut off. */
bool entry_subject_is_suffix(const char *subject);

/* The scope: "all", the mail of a tenant ("tenant=NAME") or of a sending stream ("stream=NAME"). A stream belongs to
 * one tenant at most. */
extern const char *const entry_scope_kind_names[];
enum entry_scope_kind {
    ENTRY_SCOPE_ALL,
    ENTRY_SCOPE_TENANT,
    ENTRY_SCOPE_STREAM,
};

struct entry_scope {
    enum entry_scope_kind kind;
    const char *name; /* the tenant's or the stream's; NULL of ENTRY_SCOPE_ALL */
};

/* `scope->name` is the end of `text`. False when it is none: a name is text (UTF-8) without control characters, of 255
 * octets at most. NULL and "" are all. */
bool entry_scope_parse(const char *text, struct entry_scope *scope);

/* The caller frees. */
char *entry_scope_format(const struct entry_scope *scope);

/* As the database has it: "" for all. Of a text that entry_scope_parse() takes. */
const char *entry_scope_key(const char *text);
/* The other way: "all" for "". */
const char *entry_scope_text(const char *key);
