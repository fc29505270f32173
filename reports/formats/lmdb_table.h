/* lmdb_table.h: LMDB files as Postfix and Exim read them: one file, no lock file, the main database, and neither key
 * nor value ends with a NUL (postmap(1) writes one, and Postfix finds both). */
#pragma once

#include "reports/formats/sink.h"

extern const struct sink lmdb_table;
