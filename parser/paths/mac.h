/* mac.h: what makes an address of ours one that nobody else can make: "USER=DOMAIN+DAYMAC". */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/text/span.h"

/* "USER=DOMAIN+DAYMAC" for "USER=DOMAIN", as return_path.h tells; the caller frees. `domain` is where mail returns to.
 */
char *mac_sign(const char *key, const char *domain, const char *encoded, unsigned day);

/* Did one of `keys` (of char *) sign it? Then `covered` is its "USER=DOMAIN", and `day` when it was signed. In constant
 * time for each key. */
bool mac_check(const GPtrArray *keys, const char *domain, struct span text, struct span *covered, unsigned *day);
