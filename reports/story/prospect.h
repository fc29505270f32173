/* prospect.h: what would happen next, in sentences: to an entry of the list, and to an address whose failures count. */
#pragma once

#include "store/outlook.h"

/* "It comes off by itself on 2026-12-03 09:30."; the caller frees. */
char *prospect_of_entry(const struct suppression *entry);

/* "2 more failures for mailbox_full on other days before 2026-12-03 put it on the list for 90d: ..."; the caller frees.
 */
char *prospect_of_failures(const struct outlook *outlook);
