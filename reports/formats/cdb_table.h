/* cdb_table.h: constant data bases (D. J. Bernstein), as Postfix and Exim read them: neither key nor value ends with a
 * NUL. Such a file has 4 GiB at most, and 8 octets of memory for each key while it is written. */
#pragma once

#include "reports/formats/sink.h"

extern const struct sink cdb_table;
