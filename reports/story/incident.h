/* incident.h: one event of a story: what was reported, by whom, what it means, what it did and what it lacked to do
 * more.
 */
#pragma once

#include <glib.h>

#include "reports/story/lines.h"
#include "store/store.h"

void incident_tell(GString *out, const struct lines_style *style, const struct stored_event *row);

/* The mail of ours that it is about, in words: "November", from news@example.com, Message-ID ...; NULL if nothing is
 * known of it. The caller frees. */
char *incident_mail(const struct event *event);
