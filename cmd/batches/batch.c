#include "cmd/batches/batch.h"

#include <string.h>

enum { NAME_MAX_LENGTH = 64 };

char *batch_name(gint64 now)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(now);
    g_autofree char *text = g_date_time_format(time, "%Y%m%dT%H%M%SZ");

    return g_strdup_printf("%s-%04x", text, g_random_int_range(0, 0x10000));
}

bool batch_name_is_good(const char *name)
{
    size_t length = strspn(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.");

    return length > 0 && length <= NAME_MAX_LENGTH && name[length] == '\0';
}

char *batch_note_of_rollback(const char *run, const char *note)
{
    return run != NULL ? g_strdup_printf("rollback of %s: %s", run, note) : g_strdup_printf("rollback: %s", note);
}

char *batch_note_of_undoing(const char *undone, const char *note)
{
    return g_strdup_printf("undo of %s: %s", undone, note);
}
