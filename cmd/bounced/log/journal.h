/* journal.h: the log: one event a line, key=value fields. When stderr is the systemd journal the fields go there as
 * BOUNCED_KEY, beside MESSAGE and PRIORITY; else the line goes to stderr. A message's body is never logged; a
 * peer's words are freed of control characters and cut. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <syslog.h>

struct journal;
struct journal_entry;

struct journal *journal_new(void);
void journal_free(struct journal *journal);

/* Hashes in place of the addresses in all fields from now on (pseudonym.h), or the addresses themselves. */
void journal_hide_addresses(struct journal *journal, bool hide);
/* Of the hashes, NAME_KEY_SIZE octets; before it is known they say nothing. No other thread logs yet. */
void journal_set_key(struct journal *journal, const guint8 *key);

/* The name and priority of an event, in a table. */
struct journal_event {
    int priority;
    const char *name;
};

/* One event: begin with its name and a priority of syslog(3), add fields, send. Keys are lower case words. */
struct journal_entry *journal_begin(const struct journal *journal, int priority, const char *event);
/* A NULL value leaves the field out. */
void journal_text(struct journal_entry *entry, const char *key, const char *value);
/* The same of a place for an address: what stands there is hidden as a whole, whether or not it looks like one. */
void journal_address(struct journal_entry *entry, const char *key, const char *value);
void journal_number(struct journal_entry *entry, const char *key, gint64 value);
/* Writes it, and frees it. */
void journal_send(struct journal_entry *entry);

typedef struct journal Journal;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Journal, journal_free)
