#include "cmd/bounced/log/journal.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The place in the source that sd_journal_sendv() would add says nothing: it is always this one. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "reports/pseudonym.h"
#include "reports/readable.h"
#include "store/privacy.h"

/* The longest value: what a peer said is told in part. */
enum { VALUE_MAX = 400 };

struct journal {
    bool native; /* stderr is the systemd journal */
    gint hides;  /* addresses; atomic, since several threads log */
    bool keyed;
    guint8 key[NAME_KEY_SIZE];
};

struct journal_entry {
    const struct journal *journal;
    int priority;
    GString *line;
    GPtrArray *fields; /* of char *: "BOUNCED_KEY=value"; NULL when not native */
};

static const char *const priority_names[] = {
    [LOG_EMERG] = "emerg",     [LOG_ALERT] = "alert",   [LOG_CRIT] = "crit", [LOG_ERR] = "err",
    [LOG_WARNING] = "warning", [LOG_NOTICE] = "notice", [LOG_INFO] = "info", [LOG_DEBUG] = "debug",
};

/* systemd.exec(5): JOURNAL_STREAM holds the device and the inode of the stream; a daemon whose stderr was sent
 * elsewhere inherits the variable all the same. */
static bool stderr_is_journal(void)
{
    const char *stream = g_getenv("JOURNAL_STREAM");
    g_autofree char *own = NULL;
    struct stat status;

    if (stream == NULL || fstat(STDERR_FILENO, &status) != 0)
        return false;
    own = g_strdup_printf("%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    return strcmp(stream, own) == 0;
}

struct journal *journal_new(void)
{
    struct journal *journal = g_new0(struct journal, 1);

    journal->native = stderr_is_journal();
    return journal;
}

void journal_free(struct journal *journal)
{
    g_free(journal);
}

void journal_hide_addresses(struct journal *journal, bool hide)
{
    g_atomic_int_set(&journal->hides, hide);
}

void journal_set_key(struct journal *journal, const guint8 *key)
{
    memcpy(journal->key, key, NAME_KEY_SIZE);
    journal->keyed = true;
}

struct journal_entry *journal_begin(const struct journal *journal, int priority, const char *event)
{
    struct journal_entry *entry = g_new0(struct journal_entry, 1);

    entry->journal = journal;
    entry->priority = priority;
    entry->line = g_string_sized_new(512);
    if (journal->native)
        entry->fields = g_ptr_array_new_with_free_func(g_free);
    else
        journal_text(entry, "priority", priority_names[priority]);
    journal_text(entry, "event", event);
    return entry;
}

/* Appends one line of valid UTF-8 without quotes, so that it can stand between them. */
static void append_clean(GString *out, const char *value)
{
    g_autofree char *cut = strlen(value) > VALUE_MAX ? g_strndup(value, VALUE_MAX) : NULL;
    const char *text = cut != NULL ? cut : value;
    size_t start = out->len;

    readable_append(out, text);
    for (char *at = out->str + start; *at != '\0'; at++)
        *at = *at == '"' ? '\'' : *at;
}

/* All that is logged comes through here: no field holds an address in another way. */
static void append_field(struct journal_entry *entry, const char *key, const char *value)
{
    bool quoted;
    size_t start;

    if (entry->line->len > 0)
        g_string_append_c(entry->line, ' ');
    g_string_append(entry->line, key);
    g_string_append_c(entry->line, '=');
    quoted = *value == '\0' || strpbrk(value, " =") != NULL;
    if (quoted)
        g_string_append_c(entry->line, '"');
    start = entry->line->len;
    append_clean(entry->line, value);
    if (entry->fields != NULL) {
        g_autofree char *name = g_ascii_strup(key, -1);

        g_ptr_array_add(entry->fields, g_strdup_printf("BOUNCED_%s=%s", name, entry->line->str + start));
    }
    if (quoted)
        g_string_append_c(entry->line, '"');
}

void journal_text(struct journal_entry *entry, const char *key, const char *value)
{
    const struct journal *journal = entry->journal;

    if (value == NULL)
        return;
    g_autoptr(GString) hidden = g_atomic_int_get(&journal->hides) != 0 ? g_string_new(NULL) : NULL;
    if (hidden != NULL)
        pseudonym_append(hidden, journal->keyed ? journal->key : NULL, value);
    append_field(entry, key, hidden != NULL ? hidden->str : value);
}

void journal_address(struct journal_entry *entry, const char *key, const char *value)
{
    const struct journal *journal = entry->journal;

    if (value == NULL)
        return;
    /* the null sender is nobody's */
    bool hides = *value != '\0' && g_atomic_int_get(&journal->hides) != 0;
    g_autofree char *hidden = hides ? pseudonym_of(journal->keyed ? journal->key : NULL, value) : NULL;
    append_field(entry, key, hides ? hidden : value);
}

void journal_number(struct journal_entry *entry, const char *key, gint64 value)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);

    journal_text(entry, key, text);
}

static void send_native(struct journal_entry *entry)
{
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(struct iovec));

    g_ptr_array_add(entry->fields, g_strdup_printf("MESSAGE=%s", entry->line->str));
    g_ptr_array_add(entry->fields, g_strdup_printf("PRIORITY=%d", entry->priority));
    for (guint i = 0; i < entry->fields->len; i++) {
        struct iovec part = {entry->fields->pdata[i], strlen(entry->fields->pdata[i])};

        g_array_append_val(parts, part);
    }
    /* When the log cannot be written there is no place to say so. */
    (void)sd_journal_sendv((const struct iovec *)(void *)parts->data, (int)parts->len);
}

/* One write a line, so that lines of several processes do not mix. */
static void send_line(struct journal_entry *entry)
{
    ssize_t unused;

    g_string_append_c(entry->line, '\n');
    unused = write(STDERR_FILENO, entry->line->str, entry->line->len);
    (void)unused;
}

void journal_send(struct journal_entry *entry)
{
    if (entry->fields != NULL) {
        send_native(entry);
        g_ptr_array_unref(entry->fields);
    } else {
        send_line(entry);
    }
    g_string_free(entry->line, TRUE);
    g_free(entry);
}
