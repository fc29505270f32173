/* sqlite_table.h: an SQLite database with the table `suppressions`: the columns of the CSV, a row an entry, and the
 * reply to mail for it. Its key is the recipient, without regard to the case of ASCII letters, and the scope. */
#pragma once

#include "reports/formats/sink.h"

extern const struct sink sqlite_table;
