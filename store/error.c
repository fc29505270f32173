#include "store/error.h"

/* clang-format off */
G_DEFINE_QUARK(store-error, store_error)
/* clang-format on */
