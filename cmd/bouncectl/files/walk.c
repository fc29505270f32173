#include "cmd/bouncectl/files/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_DEPTH = 32 };

struct entry {
    char *name;
    bool directory;
};

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

/* Whether to take a name of a directory; `path` is its whole path. The file system mostly says the type with the name;
 * else a stat must. */
static bool classify(const struct dirent *found, const char *path, bool *directory)
{
    struct stat status;

    *directory = found->d_type == DT_DIR;
    if (found->d_type == DT_DIR || found->d_type == DT_REG)
        return true;
    if (found->d_type == DT_UNKNOWN && lstat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        *directory = true;
        return true;
    }
    return (found->d_type == DT_UNKNOWN || found->d_type == DT_LNK) && stat(path, &status) == 0 &&
           S_ISREG(status.st_mode);
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

    if (cur == NULL || new == NULL || !cur->directory || !new->directory)
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
        struct entry entry = {NULL, false};
        if (found->d_name[0] == '.')
            continue;
        g_string_append(path, found->d_name);
        if (classify(found, path->str, &entry.directory)) {
            entry.name = g_strdup(found->d_name);
            g_array_append_val(entries, entry);
        }
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
        if (!entry->directory)
            return walk->path->str;
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
