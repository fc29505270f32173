#include "reports/formats/cdb_table.h"

#include <cdb.h>
#include <errno.h>
#include <string.h>

static bool fail(GError **error)
{
    int code = errno;

    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "cannot write the cdb file: %s",
                code == ENOMEM ? "it would have more than 4 GiB" : g_strerror(code));
    return false;
}

static void *open_cdb(const char *path G_GNUC_UNUSED, FILE *stream, GError **error)
{
    struct cdb_make *make = g_new0(struct cdb_make, 1);

    if (cdb_make_start(make, fileno(stream)) == 0)
        return make;
    fail(error);
    g_free(make);
    return NULL;
}

static bool put(void *state, const struct sink_row *row, GError **error)
{
    const GString *key = row->key;

    return cdb_make_add(state, key->str, (unsigned)key->len, row->value, (unsigned)strlen(row->value)) == 0 ||
           fail(error);
}

static bool finish(void *state, GError **error)
{
    bool good = cdb_make_finish(state) == 0 || fail(error);

    g_free(state);
    return good;
}

/* The library frees its memory when it finishes. */
static void abandon(void *state)
{
    finish(state, NULL);
}

const struct sink cdb_table = {open_cdb, put, finish, abandon};
