/* json.h: the JSON that every outlet prints: an event, a suppression, a change, one object a line. The fields of an
 * event are those of event_fields; absent fields are left out. */
#pragma once

#include <glib.h>

#include "store/store.h"
#include "store/wave.h"

/* Appends a string with its quotes. */
void json_text(GString *out, const char *text);
/* Each appends one object, without a line end. */
void json_event(GString *out, const struct event *event);
void json_stored_event(GString *out, const struct stored_event *event);
void json_suppression(GString *out, const struct suppression *suppression);
/* Of what a wave is of, with how many it holds. */
void json_wave(GString *out, const struct wave *wave);
void json_change(GString *out, const struct change *change);
