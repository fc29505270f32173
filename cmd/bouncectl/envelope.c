#include "cmd/bouncectl/envelope.h"

#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/subcommand.h"
#include "parser/address.h"

static bool is_address(const char *text)
{
    g_autoptr(GString) address = g_string_new(NULL);

    return address_read(span_of(text), ADDRESS_ALONE, address);
}

/* A local part alone is an address when a domain stands behind it. */
static bool is_sender(const char *text)
{
    g_autofree char *whole = strchr(text, '@') != NULL ? g_strdup(text) : g_strconcat(text, "@localhost", NULL);

    return *text == '\0' || is_address(whole);
}

bool envelope_check(const struct envelope *envelope, GError **error)
{
    const char *wrong = NULL;

    if (envelope->mail_from != NULL && !is_sender(envelope->mail_from))
        wrong = envelope->mail_from;
    else if (envelope->rcpt_to != NULL && !is_address(envelope->rcpt_to))
        wrong = envelope->rcpt_to;
    if (wrong != NULL)
        g_set_error(error, SUBCOMMAND_ERROR, EX_USAGE, "%s: \"%s\" is not a mail address",
                    wrong == envelope->mail_from ? "--mail-from" : "--rcpt-to", wrong);
    return wrong == NULL;
}
