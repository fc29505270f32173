/* mailbox.h: messages one by one out of whatever people keep them in: a file each, mbox files, directories and maildirs
 * of them (see walk.h), standard input.
 *
 * A file or an input that starts with "From ", perhaps behind a byte order mark or empty lines, is an mbox, whose
 * ">From " is unquoted as mboxrd does; any other is one message, and an empty one is none. Compressed files are read as
 * what they hold (input.h). Only one message is held at a time. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct mailbox;

#define MAILBOX_ERROR (mailbox_error_quark())
GQuark mailbox_error_quark(void);
enum mailbox_error { MAILBOX_ERROR_SIZE };

/* The largest message that bouncectl takes: more than any MTA lets through. */
#define MAILBOX_MAX_SIZE ((size_t)64 * 1024 * 1024)

/* `paths` (NULL-terminated) is borrowed. A message of more than `max_size` octets is left out. */
struct mailbox *mailbox_new(const char *const *paths, size_t max_size);
void mailbox_free(struct mailbox *mailbox);

/* Puts the next message into `bytes`, instead of what it holds; `*source` is the path of its file and lives until the
 * next call. False without an error at the end; false and an error for what could not be read: go on calling. */
bool mailbox_next(struct mailbox *mailbox, GString *bytes, const char **source, GError **error);

/* Does a message begin as mail does: not as a picture or a program? */
bool mailbox_is_mail(const GString *bytes);

typedef struct mailbox Mailbox;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mailbox, mailbox_free)
