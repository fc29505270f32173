#include "cmd/config/rule_files.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "cmd/config/text_file.h"

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *rule_files_list(const struct config *config, GError **error)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    const char *directory = config->classifier_rules;
    DIR *dir = directory != NULL ? opendir(directory) : NULL;
    const struct dirent *entry;

    if (directory != NULL && dir == NULL) {
        text_file_fail(directory, errno, error);
        return NULL;
    }
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (g_str_has_suffix(entry->d_name, ".rules"))
            g_ptr_array_add(paths, g_build_filename(directory, entry->d_name, NULL));
    }
    if (dir != NULL)
        closedir(dir);
    g_ptr_array_sort(paths, compare_names);
    g_ptr_array_add(paths, NULL);
    return g_steal_pointer(&paths);
}

static void clear_source(void *data)
{
    struct classifier_source *source = data;

    g_free((char *)source->name);
    g_free((char *)source->text);
}

GArray *rule_files_read(char *const *files, GError **error)
{
    g_autoptr(GArray) sources = g_array_new(FALSE, FALSE, sizeof(struct classifier_source));

    g_array_set_clear_func(sources, clear_source);
    for (; *files != NULL; files++) {
        struct classifier_source source = {.name = NULL};
        char *text = NULL;

        if (!text_file_read(*files, &text, &source.length, error))
            return NULL;
        source.name = g_strdup(*files);
        source.text = text;
        g_array_append_val(sources, source);
    }
    return g_steal_pointer(&sources);
}

static struct classifier *load(const struct config *config, GError **error)
{
    g_autoptr(GPtrArray) files = rule_files_list(config, error);
    g_autoptr(GArray) sources = files != NULL ? rule_files_read((char **)files->pdata, error) : NULL;

    if (sources == NULL)
        return NULL;
    return classifier_new((const struct classifier_source *)(const void *)sources->data, sources->len, error);
}

struct classifier *rule_files_classifier(const struct config *config, GError **error)
{
    g_autoptr(GError) bad = NULL;
    struct classifier *classifier = load(config, &bad);

    if (classifier == NULL && bad != NULL) {
        g_autofree char *what = g_strdup_printf("= %s; expected a directory of good *.rules", bad->message);
        config_fail(config, "classifier", "rules", what, error);
    }
    return classifier;
}
