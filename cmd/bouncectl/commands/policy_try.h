/* policy_try.h: `bouncectl policy try`: what the policy would do with the events of a file, and when. */
#pragma once

#include "cmd/bouncectl/context.h"

/* `stream` is of events that name none; NULL: they have none. */
int policy_try(struct context *context, const char *file, const char *stream, GError **error);
