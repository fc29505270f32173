/* search.h: questions that SQL texts ask of a program about texts and messages, as the functions holds(TEXT) and
 * holds_message(BYTES, SIZE). Internal to store/. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct sqlite3;

/* `data` is handed on. A message is compressed; SIZE are its octets without that. */
struct search {
    const void *data;
    bool (*in_text)(const void *data, const char *text, size_t length);
    bool (*in_message)(const void *data, const void *bytes, size_t length, size_t size);
};

/* `search` is borrowed for as long as such texts run; NULL: it is not to be used any more. */
bool search_define(struct sqlite3 *database, const struct search *search, GError **error);
