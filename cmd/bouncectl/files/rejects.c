#include "cmd/bouncectl/files/rejects.h"

#include "reports/csv.h"
#include "reports/formats/replacement.h"
#include "reports/readable.h"

enum { TOLD = 20 };

struct rejects {
    const char *name;
    struct replacement *file; /* NULL: none */
    GString *line;
    guint64 n;
};

struct rejects *rejects_new(const char *name, const char *path, GError **error)
{
    struct replacement *file = path != NULL ? replacement_new(path, 0, 0, error) : NULL;

    if (path != NULL && file == NULL)
        return NULL;
    struct rejects *rejects = g_new0(struct rejects, 1);
    rejects->name = name;
    rejects->file = file;
    rejects->line = g_string_new(NULL);
    if (file != NULL)
        fputs("line,reason,text\r\n", replacement_stream(file));
    return rejects;
}

void rejects_free(struct rejects *rejects)
{
    if (rejects == NULL)
        return;
    replacement_free(rejects->file);
    g_string_free(rejects->line, TRUE);
    g_free(rejects);
}

static void tell(const struct rejects *rejects, guint64 line, const char *fault, const char *text)
{
    g_autofree char *shown = readable_dup(text);

    if (rejects->n <= TOLD)
        fprintf(stderr, "bouncectl: import: %s:%" G_GUINT64_FORMAT ": %s: %.200s\n", rejects->name, line, fault, shown);
    else if (rejects->n == TOLD + 1)
        fprintf(stderr, "bouncectl: import: more rows are rejected; %s\n",
                rejects->file != NULL ? "the file of --rejects has them all" : "--rejects FILE keeps them all");
}

void rejects_add(struct rejects *rejects, guint64 line, const char *fault, struct span text)
{
    GString *out = rejects->line;

    rejects->n++;
    if (rejects->file == NULL && rejects->n > TOLD + 1)
        return;
    g_autofree char *row = g_strndup(text.at, text.length);
    tell(rejects, line, fault, row);
    if (rejects->file == NULL)
        return;
    g_string_truncate(out, 0);
    csv_number(out, (gint64)line);
    csv_text(out, fault);
    csv_text(out, row);
    csv_end(out);
    fputs(out->str, replacement_stream(rejects->file));
}

guint64 rejects_count(const struct rejects *rejects)
{
    return rejects->n;
}

bool rejects_commit(struct rejects *rejects, GError **error)
{
    return rejects->file == NULL || replacement_commit(rejects->file, error);
}
