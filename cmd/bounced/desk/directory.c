#include "cmd/bounced/desk/directory.h"

#include "cmd/bounced/log/seldom.h"
#include "cmd/bounced/setup/readable_store.h"
#include "reports/wording.h"
#include "store/entry_key.h"
#include "store/store.h"

enum { TENDED_ROWS = 4000 }; /* some milliseconds, in which nobody is answered */

struct directory {
    const struct journal *journal;
    struct readable_store *readable;
    bool fails; /* the last question had no answer */
    struct seldom alert;
};

struct directory *directory_new(const char *path, const struct journal *journal)
{
    struct directory *directory = g_new0(struct directory, 1);

    directory->readable = readable_store_new(path);
    directory->journal = journal;
    directory->alert.period = SELDOM_MINUTE;
    return directory;
}

void directory_free(struct directory *directory)
{
    if (directory == NULL)
        return;
    readable_store_free(directory->readable);
    g_free(directory);
}

static void say(struct directory *directory, int priority, const char *event, const char *error)
{
    struct journal_entry *entry = journal_begin(directory->journal, priority, event);

    journal_text(entry, "error", error);
    journal_send(entry);
}

static enum codec_answer fail(struct directory *directory, const GError *error)
{
    readable_store_failed(directory->readable, error);
    if (seldom_due(&directory->alert, g_get_monotonic_time()))
        say(directory, LOG_ALERT, "lookup-failed", error->message);
    directory->fails = true;
    return CODEC_ANSWER_FAILED;
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
    struct store *store = readable_store_get(directory->readable, &error);

    if ((store == NULL || !store_freeze(store, &error)) && error != NULL)
        fail(directory, error);
}

void directory_end(struct directory *directory)
{
    struct store *store = readable_store_open(directory->readable);

    if (store != NULL)
        store_thaw(store);
}

bool directory_tend(struct directory *directory)
{
    struct store *store = readable_store_open(directory->readable);
    bool more = false;

    /* A failure here is told when somebody asks. */
    return store != NULL && store_tend(store, TENDED_ROWS, &more, NULL) && more;
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
    struct store *store = readable_store_open(directory->readable);
    struct store_answer answer;

    if (store == NULL)
        return CODEC_ANSWER_FAILED;
    if (!store_look_up(store, any != NULL ? any : name, &asker, g_get_real_time() / G_USEC_PER_SEC, &answer, &error)) {
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
