/* block.h: an event for people: who it is about on the first line, then its fields, one a line. */
#pragma once

#include <glib.h>

#include "cmd/bouncectl/display/output.h"
#include "store/event.h"

/* Appends the block, with a line end. */
void block_event(GString *out, const struct output *output, const struct event *event);
