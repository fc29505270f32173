/* commit_mark.h: whether anybody committed anything to a database, without a system call: the header of the wal-index,
 * which every process that has the database open shares, and which each commit changes before it returns
 * (https://sqlite.org/walformat.html, section 2.1). Internal to store/. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum { COMMIT_MARK_OCTETS = 48 };

struct commit_mark {
    guint8 header[COMMIT_MARK_OCTETS];
};

/* `database` is a sqlite3 * that is in WAL mode and was read from. False: there is none to be had now, as while another
 * process writes it. */
bool commit_mark_read(void *database, struct commit_mark *mark);
/* Of two: nothing was committed between them. */
bool commit_mark_same(const struct commit_mark *one, const struct commit_mark *other);
