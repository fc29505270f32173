/* config_list.h: values that are several words with commas between them: GPtrArray * of char *, NULL for "none". For
 * the table of keys (config_keys.c). */
#pragma once

#include "cmd/config/keys/config_value.h"

value_function list_words;   /* in lower case: what Authentication-Results call their server */
value_function list_trust;   /* domains and addresses, in lower case */
value_function list_streams; /* GHashTable *, from VALUE in lower case to STREAM: VALUE=STREAM */
value_function list_servers; /* char *: addresses, each perhaps with a port, as c-ares reads them */
