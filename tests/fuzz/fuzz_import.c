/* Lists of addresses from anywhere: CSV, JSON and text, each as it looks and as what it is not. */
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd/lists/roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(const struct roster_settings *settings)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Roster) roster = roster_open(settings, &error);
    enum roster_result result = ROSTER_RESULT_FAILED;
    struct entry entry;
    guint64 line = 0;

    while (roster != NULL && (result = roster_next(roster, &entry, &error)) <= ROSTER_RESULT_REJECTED) {
        g_assert(roster_line(roster) >= line);
        line = roster_line(roster);
        g_assert(g_utf8_validate_len(roster_text(roster).at, roster_text(roster).length, NULL));
        if (result == ROSTER_RESULT_REJECTED) {
            g_assert(*roster_fault(roster) != '\0');
            continue;
        }
        g_assert(entry.row.verdict < VERDICT_UNSUBSCRIBE + 1 && entry.row.since <= settings->rules.now);
        g_assert(entry.row.who != NULL && *entry.row.subject != '\0');
    }
    g_assert((result == ROSTER_RESULT_FAILED) == (error != NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int file = memfd_create("list", MFD_CLOEXEC);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", file);
    struct roster_settings settings = {.path = path, .name = "list", .rules = {.who = "fuzz", .now = 1795339800}};

    g_assert(write(file, data, size) == (ssize_t)size);
    for (settings.format = 0; settings.format <= EXPORT_TEXT + 1; settings.format++)
        read_all(&settings);
    close(file);
    return 0;
}
