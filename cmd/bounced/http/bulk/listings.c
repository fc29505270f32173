#include "cmd/bounced/http/bulk/listings.h"

enum { LISTINGS_SHOWN = 1000 };

GString *listings_next(struct listings *listings)
{
    if (listings->n++ >= LISTINGS_SHOWN)
        return NULL;
    if (listings->text->len > 0)
        g_string_append_c(listings->text, ',');
    return listings->text;
}

void listings_append(const struct listings *listings, GString *out)
{
    guint left_out = listings->n > LISTINGS_SHOWN ? listings->n - LISTINGS_SHOWN : 0;

    g_string_append_printf(out, ",\"entries\":[%s],\"entries_left_out\":%u", listings->text->str, left_out);
}
