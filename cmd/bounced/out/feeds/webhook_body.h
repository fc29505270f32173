/* webhook_body.h: what a webhook's receiver is sent. Pure. */
#pragma once

#include <stdbool.h>

#include "cmd/bounced/out/feeds/outlet.h"

/* Appends the body of `items` in a format; `now` is of a batch. False: the receiver has no use for it. */
bool webhook_body_append(GString *out, enum feed_format format, const GPtrArray *items, gint64 now);
