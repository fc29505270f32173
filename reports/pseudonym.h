/* pseudonym.h: a keyed hash in place of a mail address, for logs: the same address has the same one, and who does not
 * have the key can neither read it nor try addresses out. */
#pragma once

#include <glib.h>

/* "addr:" and 16 hex digits, by a key of store_name_key() (store/privacy.h); without one, NULL, "addr:hidden".
 * Addresses that the list takes for the same have the same. The caller frees. */
char *pseudonym_of(const guint8 *key, const char *address);

/* Appends `text` with one in place of each word that holds an address or may, by "@" or by what stands for it in a URL,
 * a return path or an xtext ("%40", "=40", "+40"): rather one too many. Without a key, NULL, they are "addr:hidden". */
void pseudonym_append(GString *out, const guint8 *key, const char *text);
