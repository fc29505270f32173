#include "cmd/bouncectl/files/walk.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_DEPTH = 32 };

enum kind { KIND_FILE, KIND_DIRECTORY, KIND_LINK, KIND_SPECIAL };

struct entry {
    char *name;
    enum kind kind;
};

/* clang-format off */
G_DEFINE_QUARK(walk-error, walk_error)
/* clang-format on */

/* A directory that is being walked. */
struct level {
    GArray *entries; /* of struct entry */
    guint next;
    size_t path_length; /* of walk->path when this directory is named */
};

struct walk {
    const char *const *paths;
    GString *path;
    struct level levels[MAX_DEPTH];
    unsigned depth;
};

static void clear_entry(void *data)
{
    struct entry *entry = data;

    g_free(entry->name);
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

struct walk *walk_new(const char *const *paths)
{
    struct walk *walk = g_new0(struct walk, 1);

    walk->paths = paths;
    walk->path = g_string_new(NULL);
    return walk;
}

void walk_free(struct walk *walk)
{
    if (walk == NULL)
        return;
    while (walk->depth > 0)
        g_array_unref(walk->levels[--walk->depth].entries);
    g_string_free(walk->path, TRUE);
    g_free(walk);
}

static const char *fail(const char *path, int code, GError **error)
{
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "cannot read %s: %s", path, g_strerror(code));
    return NULL;
}

/* The kind of file behind a name in a directory; `path` is its whole path. The file system mostly says the type with
 * the name; else a stat must. A file that is gone meanwhile is one that cannot be read. */
static enum kind classify(const struct dirent *found, const char *path)
{
    unsigned type = found->d_type;
    struct stat status;

    if (type == DT_UNKNOWN)
        type = lstat(path, &status) == 0 ? IFTODT(status.st_mode) : DT_REG;
    switch (type) {
    case DT_REG:
        return KIND_FILE;
    case DT_DIR:
        return KIND_DIRECTORY;
    case DT_LNK:
        return KIND_LINK;
    default:
        return KIND_SPECIAL;
    }
}

static const struct entry *find(const GArray *entries, const char *name)
{
    for (guint i = 0; i < entries->len; i++) {
        const struct entry *entry = &g_array_index(entries, struct entry, i);
        if (strcmp(entry->name, name) == 0)
            return entry;
    }
    return NULL;
}

/* Beside its messages a maildir holds indexes, deliveries that are not complete, and other folders. */
static void keep_maildir(GArray *entries)
{
    const struct entry *cur = find(entries, "cur"), *new = find(entries, "new");

    if (cur == NULL || new == NULL || cur->kind != KIND_DIRECTORY || new->kind != KIND_DIRECTORY)
        return;
    for (guint i = entries->len; i-- > 0;) {
        const struct entry *entry = &g_array_index(entries, struct entry, i);
        if (strcmp(entry->name, "cur") != 0 && strcmp(entry->name, "new") != 0)
            g_array_remove_index(entries, i);
    }
}

static GArray *list(GString *path, GError **error)
{
    DIR *directory = opendir(path->str);
    size_t length = path->len;
    const struct dirent *found;

    if (directory == NULL) {
        fail(path->str, errno, error);
        return NULL;
    }
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
    g_array_set_clear_func(entries, clear_entry);
    while ((found = readdir(directory)) != NULL) {
        struct entry entry;
        if (found->d_name[0] == '.')
            continue;
        g_string_append(path, found->d_name);
        entry = (struct entry){g_strdup(found->d_name), classify(found, path->str)};
        g_array_append_val(entries, entry);
        g_string_truncate(path, length);
    }
    closedir(directory);
    g_array_sort(entries, compare);
    keep_maildir(entries);
    return entries;
}

/* Goes down into walk->path. */
static bool enter(struct walk *walk, GError **error)
{
    struct level *level = &walk->levels[walk->depth];

    if (walk->depth == MAX_DEPTH) {
        fail(walk->path->str, ELOOP, error);
        return false;
    }
    if (walk->path->str[walk->path->len - 1] != '/')
        g_string_append_c(walk->path, '/');
    level->entries = list(walk->path, error);
    if (level->entries == NULL)
        return false;
    level->next = 0;
    level->path_length = walk->path->len;
    walk->depth++;
    return true;
}

static const char *leave_out(const char *path, enum kind kind, GError **error)
{
    g_set_error(error, WALK_ERROR, WALK_ERROR_LEFT_OUT, "%s is left out: %s", path,
                kind == KIND_LINK ? "a symbolic link" : "no regular file");
    return NULL;
}

/* The next file below the directories that are open; NULL without an error when there is none. */
static const char *next_below(struct walk *walk, GError **error)
{
    while (walk->depth > 0) {
        struct level *level = &walk->levels[walk->depth - 1];

        g_string_truncate(walk->path, level->path_length);
        if (level->next == level->entries->len) {
            g_array_unref(level->entries);
            walk->depth--;
            continue;
        }
        const struct entry *entry = &g_array_index(level->entries, struct entry, level->next++);
        g_string_append(walk->path, entry->name);
        if (entry->kind == KIND_FILE)
            return walk->path->str;
        if (entry->kind != KIND_DIRECTORY)
            return leave_out(walk->path->str, entry->kind, error);
        if (!enter(walk, error))
            return NULL;
    }
    return NULL;
}

const char *walk_next(struct walk *walk, GError **error)
{
    GError *bad = NULL;
    struct stat status;

    for (;;) {
        const char *below = next_below(walk, &bad);
        if (bad != NULL) {
            g_propagate_error(error, bad);
            return NULL;
        }
        if (below != NULL || *walk->paths == NULL)
            return below;

        const char *path = *walk->paths++;
        if (strcmp(path, "-") == 0)
            return path;
        if (stat(path, &status) != 0)
            return fail(path, errno, error);
        if (!S_ISDIR(status.st_mode))
            return path;
        g_string_assign(walk->path, path);
        if (!enter(walk, error))
            return NULL;
    }
}

bool walk_found(const struct walk *walk)
{
    return walk->depth > 0;
}
