#include "cmd/bouncectl/rehearsal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reports/json.h"
#include "reports/readable.h"
#include "store/backup.h"

struct rehearsal {
    char *directory;
    int alive;     /* a pipe that is closed when this program ends, however that is; -1: none */
    pid_t cleaner; /* a process that removes the directory then */
    char *path;
    struct store *store;
    gint64 sequence; /* of the last change before */
};

static bool copy(const char *from, const char *to, GError **error)
{
    g_autoptr(Backup) backup = backup_new(from, to, error);
    enum backup_state state = backup != NULL ? BACKUP_MORE : BACKUP_FAILED;
    double part;

    while (state == BACKUP_MORE)
        state = backup_step(backup, &part, error);
    return state == BACKUP_DONE;
}

/* The number of the last change there is. */
static bool find_last(struct rehearsal *rehearsal, GError **error)
{
    const struct store_filter filter = {0};
    GError *bad = NULL;
    g_autoptr(StoreCursor) cursor = store_changes(rehearsal->store, &filter, &bad);
    struct change row;

    while (cursor != NULL && store_next_change(cursor, &row, &bad))
        rehearsal->sequence = row.sequence;
    if (bad != NULL)
        g_propagate_error(error, bad);
    return bad == NULL;
}

static void remove_directory(const char *path)
{
    GDir *directory = g_dir_open(path, 0, NULL);
    const char *name;

    while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_remove(file);
    }
    g_clear_pointer(&directory, g_dir_close);
    g_rmdir(path);
}

/* Waits until the other end of the pipe is closed. */
static G_GNUC_NORETURN void clean(const char *directory, int alive)
{
    static const int ends[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    char octet;

    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
        signal(ends[i], SIG_IGN);
    while (read(alive, &octet, 1) < 0 && errno == EINTR)
        ;
    remove_directory(directory);
    _exit(EXIT_SUCCESS);
}

/* The copy holds every address, and must not be left by a program that a signal ends. */
static bool start_cleaner(struct rehearsal *rehearsal, GError **error)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) == 0) {
        rehearsal->cleaner = fork();
        if (rehearsal->cleaner == 0) {
            close(ends[1]);
            clean(rehearsal->directory, ends[0]);
        }
        close(ends[0]);
        rehearsal->alive = ends[1];
        if (rehearsal->cleaner > 0)
            return true;
    }
    int code = errno;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "cannot start a process: %s", g_strerror(code));
    return false;
}

static void stop_cleaner(struct rehearsal *rehearsal)
{
    if (rehearsal->alive >= 0)
        close(rehearsal->alive);
    if (rehearsal->cleaner <= 0 && rehearsal->directory != NULL)
        remove_directory(rehearsal->directory);
    while (rehearsal->cleaner > 0 && waitpid(rehearsal->cleaner, NULL, 0) < 0 && errno == EINTR)
        ;
}

/* Of the database at `original`; NULL: an empty one. */
static bool make(struct rehearsal *rehearsal, const struct config *config, const char *original, GError **error)
{
    const struct store_settings settings = {.path = rehearsal->path,
                                            .mode = STORE_MODE_WRITE,
                                            .policies = config->policies,
                                            .tenants = config->tenants,
                                            .busy_timeout = (unsigned)(config->store_busy_timeout * 1000)};

    if (original != NULL && !copy(original, rehearsal->path, error))
        return false;
    rehearsal->store = store_open(&settings, error);
    if (rehearsal->store != NULL)
        store_set_waves(rehearsal->store, &config->wave);
    return rehearsal->store != NULL && find_last(rehearsal, error);
}

static struct rehearsal *begin(const struct config *config, const char *original, GError **error)
{
    struct rehearsal *rehearsal = g_new0(struct rehearsal, 1);

    rehearsal->alive = -1;
    rehearsal->directory = g_dir_make_tmp("bouncectl-XXXXXX", error);
    if (rehearsal->directory != NULL) {
        rehearsal->path = g_build_filename(rehearsal->directory, "copy.db", NULL);
        if (start_cleaner(rehearsal, error) && make(rehearsal, config, original, error))
            return rehearsal;
    }
    rehearsal_free(rehearsal);
    return NULL;
}

struct rehearsal *rehearsal_new(const struct config *config, GError **error)
{
    bool there = g_file_test(config->store_path, G_FILE_TEST_EXISTS);

    return begin(config, there ? config->store_path : NULL, error);
}

struct rehearsal *rehearsal_new_empty(const struct config *config, GError **error)
{
    return begin(config, NULL, error);
}

void rehearsal_free(struct rehearsal *rehearsal)
{
    if (rehearsal == NULL)
        return;
    store_free(rehearsal->store);
    stop_cleaner(rehearsal);
    g_free(rehearsal->directory);
    g_free(rehearsal->path);
    g_free(rehearsal);
}

struct store *rehearsal_store(struct rehearsal *rehearsal)
{
    return rehearsal->store;
}

static void print_change(const struct output *output, const struct change *row)
{
    g_autoptr(GString) line = g_string_new(NULL);

    if (output->json) {
        json_change(line, row);
    } else {
        g_autofree char *recipient = readable_dup(row->subject);
        g_string_append_printf(line, "would %s %s: %s", row->change, recipient, reason_names[row->reason]);
    }
    output_line(output, line);
}

bool rehearsal_print(struct rehearsal *rehearsal, const struct output *output, GError **error)
{
    const struct store_filter filter = {.after = rehearsal->sequence};
    GError *bad = NULL;
    g_autoptr(StoreCursor) cursor = store_changes(rehearsal->store, &filter, &bad);
    struct change row;

    while (cursor != NULL && store_next_change(cursor, &row, &bad))
        print_change(output, &row);
    if (bad != NULL)
        g_propagate_error(error, bad);
    return bad == NULL;
}
