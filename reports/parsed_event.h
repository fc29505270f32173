/* parsed_event.h: an event read from the JSON that tells of it: the fields of event_fields (store/event.h), as
 * `bouncectl events --json` and `inspect --json` print them. Other members of an object are left aside. */
#pragma once

#include <glib.h>

#include "store/event.h"

struct parsed_event;

#define PARSED_EVENT_ERROR (parsed_event_error_quark())
GQuark parsed_event_error_quark(void);

/* Of one object. Needed are kind and a time, "received" or "occurred"; of a bounce the reason. The verdict
 * is by default that of the reason, soft for a hard one with a 4.x.x status or a final_recipient; the evidence
 * "authenticated". NULL and an error if it is none. */
struct parsed_event *parsed_event_new(const char *json, size_t length, GError **error);
void parsed_event_free(struct parsed_event *parsed);

/* Lives as long as it. */
const struct event *parsed_event_event(const struct parsed_event *parsed);
/* When it was received; when it occurred where it does not say that. */
gint64 parsed_event_received(const struct parsed_event *parsed);

typedef struct parsed_event ParsedEvent;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ParsedEvent, parsed_event_free)
