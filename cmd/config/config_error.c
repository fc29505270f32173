#include "cmd/config/config_error.h"

/* clang-format off */
G_DEFINE_QUARK(bounced-config-error, config_error)
/* clang-format on */
