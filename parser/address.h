/* address.h: mail addresses as reports write them, and whether such an address is a redaction. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/text/domain.h"
#include "parser/text/span.h"

enum { LOCAL_PART_MAX = 64 }; /* octets of a local part that mail can go to: RFC 5321 section 4.5.3.1.1 */

enum address_form {
    ADDRESS_PLAIN,
    ADDRESS_XTEXT,  /* as in Original-Recipient: RFC 3461 xtext may be left in it */
    ADDRESS_ALONE,  /* as a person gives it: the value is the address, perhaps in brackets, and nothing else */
    ADDRESS_TRIED,  /* as an MTA tried it: the domain may be one that cannot be, "#example.net" */
    ADDRESS_LISTED, /* as ADDRESS_ALONE, with such a domain: what the list may hold, and a person asks for */
};

/* Puts the address that `value` is into `address` (whatever it held): "local@domain", the domain in lower case and as
 * A-labels, quotes only where they are needed. Takes an address type ("rfc822;"), brackets, a display name, comments,
 * a source route, "mailto:" and a closing dot away; of what stands alone only brackets and the dot: its "'" belongs to
 * the local part, and what was read once reads the same again. False when it is no address, also when it holds a
 * control or format character or a blank of Unicode (U+009B, U+200B, U+2028, U+00A0, ...), or a domain that does not
 * fit into DNS. */
bool address_read(struct span value, enum address_form form, GString *address);
/* The same, for one who reads many: `memory` holds the last domain that was not ASCII. */
bool address_read_next(struct span value, enum address_form form, struct domain_memory *memory, GString *address);

/* Takes the next address off a list such as that of a To field; false when there is none left. */
bool address_next(struct span *list, GString *address);

/* Does it stand in for an address that the reporter does not tell: "redacted@...", "...@....invalid"? */
bool address_redacted(const char *address);
/* Does its local part look like the hash or mask of one: hex digits, RFC 6590 base64, nothing but "x"? */
bool address_hashed(const char *address);
