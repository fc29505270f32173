/* envelope.h: the envelope that files came with, when the caller knows it: the options that several subcommands share.
 * A command's struct starts with a struct envelope. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bouncectl/options.h"

struct envelope {
    char *mail_from; /* NULL: not known; "" is the null sender */
    char *rcpt_to;   /* likewise */
};

/* clang-format off */
#define ENVELOPE_MAIL_FROM {"mail-from", 0, OPTION_TEXT, offsetof(struct envelope, mail_from), "ADDRESS", "the sender of the envelope that the messages came with; '' is the null sender", NULL}
#define ENVELOPE_RCPT_TO {"rcpt-to", 0, OPTION_TEXT, offsetof(struct envelope, rcpt_to), "ADDRESS", "the recipient of that envelope, such as a return path of yours", NULL}
/* clang-format on */

/* False and an error when one of them is no address; a sender may be a local part alone, "MAILER-DAEMON". */
bool envelope_check(const struct envelope *envelope, GError **error);
