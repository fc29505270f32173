#include "store/error.h"

/* clang-format off: it would take the hyphen for a minus. */
G_DEFINE_QUARK(store - error, store_error)
/* clang-format on */
