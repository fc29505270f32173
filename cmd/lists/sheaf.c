#include "cmd/lists/sheaf.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const struct sheaf_text sheaf_texts[SHEAF_TEXTS] = {
    {offsetof(struct suppression, subject), false}, {offsetof(struct suppression, diagnostic), false},
    {offsetof(struct suppression, scope), true},    {offsetof(struct suppression, stream), true},
    {offsetof(struct suppression, policy), true},   {offsetof(struct suppression, rule), true},
    {offsetof(struct suppression, who), true},      {offsetof(struct suppression, note), true},
    {offsetof(struct suppression, batch), true},
};

struct sheaf {
    FILE *file;
    guint left;
    struct {
        char *text;
        size_t room;
    } texts[SHEAF_TEXTS];
};

/* In front of the texts that an entry has, each with the NUL that ends it. */
struct record {
    gint64 since, until;
    guint16 reason, verdict, door;
    guint16 has; /* a bit for each text */
};

static bool fail(const char *doing, GError **error)
{
    int code = errno;

    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "cannot %s a temporary file: %s", doing,
                g_strerror(code));
    return false;
}

static const char *text_of(const struct suppression *entry, unsigned i)
{
    return G_STRUCT_MEMBER(const char *, entry, sheaf_texts[i].member);
}

static bool write_entry(FILE *file, const struct suppression *entry)
{
    struct record record = {.since = entry->since,
                            .until = entry->until,
                            .reason = (guint16)entry->reason,
                            .verdict = (guint16)entry->verdict,
                            .door = (guint16)entry->door};

    for (unsigned i = 0; i < SHEAF_TEXTS; i++)
        record.has |= (guint16)((text_of(entry, i) != NULL) << i);
    bool good = fwrite(&record, sizeof record, 1, file) == 1;
    for (unsigned i = 0; good && i < SHEAF_TEXTS; i++) {
        const char *text = text_of(entry, i);
        good = text == NULL || (fputs(text, file) != EOF && putc('\0', file) != EOF);
    }
    return good;
}

static FILE *open_file(GError **error)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("bounced-import-XXXXXX", &path, error);

    if (fd < 0)
        return NULL;
    g_unlink(path);
    FILE *file = fdopen(fd, "w+");
    if (file == NULL) {
        fail("open", error);
        close(fd);
    }
    return file;
}

struct sheaf *sheaf_new(const struct suppression *entries, guint n, GError **error)
{
    FILE *file = open_file(error);

    if (file == NULL)
        return NULL;
    struct sheaf *sheaf = g_new0(struct sheaf, 1);
    sheaf->file = file;
    sheaf->left = n;
    bool good = true;
    for (guint i = 0; good && i < n; i++)
        good = write_entry(file, &entries[i]);
    if (good && fflush(file) == 0 && fseek(file, 0, SEEK_SET) == 0)
        return sheaf;
    fail("write", error);
    sheaf_free(sheaf);
    return NULL;
}

void sheaf_free(struct sheaf *sheaf)
{
    if (sheaf == NULL)
        return;
    fclose(sheaf->file); /* nothing is kept of it */
    for (unsigned i = 0; i < SHEAF_TEXTS; i++)
        free(sheaf->texts[i].text);
    g_free(sheaf);
}

bool sheaf_next(struct sheaf *sheaf, struct suppression *entry, bool *found, GError **error)
{
    struct record record;

    *found = sheaf->left > 0;
    if (!*found)
        return true;
    if (fread(&record, sizeof record, 1, sheaf->file) != 1)
        return fail("read", error);
    *entry = (struct suppression){.since = record.since,
                                  .until = record.until,
                                  .reason = (enum reason)record.reason,
                                  .verdict = (enum verdict_kind)record.verdict,
                                  .door = (enum store_door)record.door};
    for (unsigned i = 0; i < SHEAF_TEXTS; i++) {
        if ((record.has >> i & 1) == 0)
            continue;
        if (getdelim(&sheaf->texts[i].text, &sheaf->texts[i].room, '\0', sheaf->file) < 0)
            return fail("read", error);
        G_STRUCT_MEMBER(const char *, entry, sheaf_texts[i].member) = sheaf->texts[i].text;
    }
    sheaf->left--;
    return true;
}
