#include "cmd/bounced/desk/directory.h"

#include "cmd/bounced/log/seldom.h"
#include "reports/wording.h"
#include "store/entry_key.h"
#include "store/store.h"

enum {
    BUSY_TIMEOUT = 200, /* milliseconds */
    TENDED_ROWS = 4000, /* some milliseconds, in which nobody is answered */
};

struct directory {
    const struct journal *journal;
    char *path;
    struct store *store; /* NULL: it is opened when it is asked */
    gint64 again;        /* not before then; monotonic microseconds */
    bool fails;          /* the last question had no answer */
    struct seldom alert;
};

struct directory *directory_new(const char *path, const struct journal *journal)
{
    struct directory *directory = g_new0(struct directory, 1);

    directory->path = g_strdup(path);
    directory->journal = journal;
    directory->alert.period = SELDOM_MINUTE;
    return directory;
}

void directory_free(struct directory *directory)
{
    if (directory == NULL)
        return;
    store_free(directory->store);
    g_free(directory->path);
    g_free(directory);
}

static void say(struct directory *directory, int priority, const char *event, const char *error)
{
    struct journal_entry *entry = journal_begin(directory->journal, priority, event);

    journal_text(entry, "error", error);
    journal_send(entry);
}

/* A database that is locked may be read in a moment; of any other trouble a new connection is the cure. */
static enum codec_answer fail(struct directory *directory, const GError *error)
{
    gint64 now = g_get_monotonic_time();

    if (!g_error_matches(error, STORE_ERROR, STORE_ERROR_BUSY)) {
        g_clear_pointer(&directory->store, store_free);
        directory->again = now + G_TIME_SPAN_SECOND;
    }
    if (seldom_due(&directory->alert, now))
        say(directory, LOG_ALERT, "lookup-failed", error->message);
    directory->fails = true;
    return CODEC_ANSWER_FAILED;
}

/* False between two attempts to open it, and with an error if one fails. */
static bool open_store(struct directory *directory, GError **error)
{
    const struct store_settings settings = {
        .path = directory->path, .mode = STORE_MODE_ASK, .busy_timeout = BUSY_TIMEOUT};

    if (directory->store != NULL && store_moved(directory->store))
        g_clear_pointer(&directory->store, store_free);
    if (directory->store == NULL && g_get_monotonic_time() >= directory->again)
        directory->store = store_open(&settings, error);
    return directory->store != NULL;
}

static void describe(const struct suppression *entry, const char *wording, GString *text)
{
    const struct wording_facts facts = wording_facts_of(entry);

    g_string_truncate(text, 0);
    wording_append(text, wording, &facts);
}

void directory_begin(struct directory *directory)
{
    g_autoptr(GError) error = NULL;

    if ((!open_store(directory, &error) || !store_freeze(directory->store, &error)) && error != NULL)
        fail(directory, error);
}

void directory_end(struct directory *directory)
{
    if (directory->store != NULL)
        store_thaw(directory->store);
}

bool directory_tend(struct directory *directory)
{
    bool more = false;

    /* A failure here is told when somebody asks. */
    return directory->store != NULL && store_tend(directory->store, TENDED_ROWS, &more, NULL) && more;
}

/* The decisive entry; of a question about a domain that of it or one above, which holds for every address there. NULL:
 * none is in force. */
static const struct suppression *decisive(const struct codec_question *question, const struct store_answer *answer)
{
    for (guint i = 0; answer->suppressed && i < answer->n; i++) {
        const struct suppression *entry = &answer->entries[i];

        if (entry->wave == 0 && (!question->domain || entry_subject_kind(entry->subject) != ENTRY_SUBJECT_ADDRESS))
            return entry;
    }
    return NULL;
}

enum codec_answer directory_ask(struct directory *directory, const struct codec_question *question, GHashTable *tenants,
                                const char *wording, GString *text)
{
    const char *stream = question->stream->len > 0 ? question->stream->str : NULL;
    const struct store_asker asker = {stream, stream != NULL ? g_hash_table_lookup(tenants, stream) : NULL};
    const char *name = question->address->str;
    g_autofree char *any = question->domain ? g_strconcat(*name == '@' ? "x" : "x@", name, NULL) : NULL;
    g_autoptr(GError) error = NULL;
    struct store_answer answer;

    if (directory->store == NULL)
        return CODEC_ANSWER_FAILED;
    if (!store_look_up(directory->store, any != NULL ? any : name, &asker, g_get_real_time() / G_USEC_PER_SEC, &answer,
                       &error)) {
        if (g_error_matches(error, STORE_ERROR, STORE_ERROR_ADDRESS))
            return CODEC_ANSWER_NOT_SUPPRESSED;
        return fail(directory, error);
    }
    if (directory->fails)
        say(directory, LOG_NOTICE, "lookup-works", NULL);
    directory->fails = false;
    const struct suppression *entry = decisive(question, &answer);
    if (entry == NULL)
        return CODEC_ANSWER_NOT_SUPPRESSED;
    describe(entry, wording, text);
    return CODEC_ANSWER_SUPPRESSED;
}
