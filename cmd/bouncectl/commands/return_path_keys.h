/* return_path_keys.h: `bouncectl return-path keys`: the file of keys that signs return paths. */
#pragma once

#include "cmd/bouncectl/context.h"

/* `arguments`: what is to be done. `stream` says of which return path, and may be NULL where there is one. */
int return_path_keys(struct context *context, const char *stream, char **arguments, GError **error);
