#include "cmd/config/config_error.h"

/* clang-format off: it would take the hyphens for minuses. */
G_DEFINE_QUARK(bounced - config - error, config_error)
/* clang-format on */
