#include "store/adding/proving.h"

#include <string.h>

#include "store/ledger/list.h"
#include "store/ledger/raw.h"
#include "store/replaying/correction.h"

/* Claims at one time: a flood of signed mail must not fill the database, and strangers, who may have as many domains
 * and slow name servers as they like, must leave room for the feedback loops. */
enum { CLAIMS_MAX = 10000, CLAIMS_OF_STRANGERS = 5000 };

/* Seconds to wait after each attempt. */
static const gint64 waits[] = {60, 300, 1800, 7200, 21600};

/* --- what comes --------------------------------------------------------------------------------------------------- */

bool proving_add(struct store *store, const struct event *event, gint64 event_id, gint64 message_id, GError **error)
{
    if (event->proof == NULL && event->signers == NULL)
        return true;
    struct query query = query_new(store->connection, SQL_ADD_PROOF);
    query_number(&query, event_id);
    query_number(&query, message_id);
    query_text(&query, event->signers);
    query_text(&query, event->proof);
    return query_run(&query, error);
}

static bool run_on(struct store *store, enum sql sql, gint64 message, GError **error)
{
    struct query query = query_new(store->connection, sql);

    query_number(&query, message);
    return query_run(&query, error);
}

/* Is it one of the words? */
static bool among(const char *words, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = words; (at = strstr(at, word)) != NULL; at += length) {
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    }
    return false;
}

static void join(GString *all, const char *signers)
{
    g_auto(GStrv) words = g_strsplit(signers, " ", -1);

    for (char **word = words; *word != NULL; word++) {
        if (!among(all->str, *word))
            g_string_append_printf(all, "%s%s", all->len > 0 ? " " : "", *word);
    }
}

bool proving_claim(struct store *store, const struct event *events, size_t n, gint64 message_id, gint64 now,
                   GError **error)
{
    g_autoptr(GString) signers = g_string_new(NULL);
    bool known = false;

    for (size_t i = 0; i < n; i++) {
        if (events[i].signers != NULL)
            join(signers, events[i].signers);
        known = known || events[i].signers_known;
    }
    if (signers->len == 0)
        return true;
    struct query query = query_new(store->connection, SQL_ADD_CLAIM);
    query_number(&query, message_id);
    query_text(&query, signers->str);
    query_number(&query, now);
    query_number(&query, known ? CLAIMS_MAX : CLAIMS_OF_STRANGERS);
    if (!query_run(&query, error))
        return false;
    return connection_changes(store->connection) == 1 || run_on(store, SQL_DROP_PROOFS, message_id, error);
}

/* --- taking ------------------------------------------------------------------------------------------------------- */

static bool read_due(struct store *store, gint64 now, unsigned limit, GPtrArray *claims, GArray *ids, GError **error)
{
    struct query query = query_new(store->connection, SQL_CLAIMS_DUE);
    bool row = true;

    query_number(&query, now);
    query_number(&query, limit);
    while (row) {
        if (!query_step(&query, &row, error))
            return false;
        if (!row)
            break;
        struct claim *claim = g_new0(struct claim, 1);
        gint64 id = query_number_at(&query, 0);
        claim->digest = g_strdup(query_text_at(&query, 1));
        claim->signers = g_strdup(query_text_at(&query, 2));
        claim->attempts = (unsigned)query_number_at(&query, 3) + 1;
        claim->last = claim->attempts > G_N_ELEMENTS(waits);
        g_ptr_array_add(claims, claim);
        g_array_append_val(ids, id);
    }
    return true;
}

/* The last attempt is made again when it did not come to its end: whoever died of it is tried once more, not for ever.
 */
static bool put_off(struct store *store, gint64 id, const struct claim *claim, gint64 now, GError **error)
{
    struct query query = query_new(store->connection, SQL_CLAIM_PUT_OFF);

    query_number(&query, claim->attempts);
    query_number(&query, now + waits[MIN(claim->attempts, G_N_ELEMENTS(waits)) - 1]);
    query_number(&query, id);
    return query_run(&query, error);
}

static bool read_next(struct store *store, gint64 *next, GError **error)
{
    struct query query = query_new(store->connection, SQL_CLAIM_NEXT);
    bool row;

    *next = 0;
    if (!query_step(&query, &row, error))
        return false;
    if (row) {
        *next = query_number_at(&query, 0);
        query_end(&query);
    }
    return true;
}

bool proving_take(struct store *store, gint64 now, unsigned limit, GPtrArray *claims, gint64 *next, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    guint before = claims->len;

    if (!read_due(store, now, limit, claims, ids, error))
        return false;
    for (guint i = 0; i < ids->len; i++) {
        if (!put_off(store, g_array_index(ids, gint64, i), claims->pdata[before + i], now, error))
            return false;
    }
    return read_next(store, next, error);
}

bool proving_resume(struct store *store, gint64 now, GError **error)
{
    struct query query = query_new(store->connection, SQL_CLAIMS_RESUME);

    query_number(&query, now);
    return query_run(&query, error);
}

/* --- settling ----------------------------------------------------------------------------------------------------- */

static const char *find_proof(const char *signers, const struct claim_outcome *outcome)
{
    for (guint i = 0; i < outcome->n; i++) {
        if (among(signers, outcome->proofs[i].signer))
            return outcome->proofs[i].text;
    }
    return NULL;
}

/* Sorted by recipient and id. The strings go into `strings`. */
static bool read_proven(struct store *store, gint64 message, const struct claim_outcome *outcome, GArray *proven,
                        GStringChunk *strings, GError **error)
{
    struct query query = query_new(store->connection, SQL_CLAIMED_EVENTS);
    bool row = true;

    query_number(&query, message);
    while (row) {
        if (!query_step(&query, &row, error))
            return false;
        const char *text = row ? find_proof(query_text_at(&query, 2), outcome) : NULL;
        if (text == NULL)
            continue;
        const struct revised one = {
            .id = query_number_at(&query, 0),
            .recipient = g_string_chunk_insert_const(strings, query_text_at(&query, 1)),
            .proof = text,
        };
        g_array_append_val(proven, one);
    }
    return true;
}

static bool find_message(struct store *store, const char *digest, gint64 *id, GError **error)
{
    struct query query = query_new(store->connection, SQL_CLAIM);
    guint8 bytes[STORE_DIGEST_SIZE];
    bool row;

    *id = 0;
    if (!raw_digest_bytes(digest, bytes, error))
        return false;
    query_blob(&query, bytes, STORE_DIGEST_SIZE);
    if (!query_step(&query, &row, error))
        return false;
    if (row) {
        *id = query_number_at(&query, 0);
        query_end(&query);
    }
    return true;
}

/* All of one recipient at a time. */
static bool raise_evidence(struct store *store, const GArray *proven, gint64 now, GError **error)
{
    const struct revision_order order = {.who = LIST_POLICY, .now = now};
    const struct revised *all = (const struct revised *)(const void *)proven->data;

    for (guint done = 0; done < proven->len;) {
        struct correction correction = {store, &order, &all[done], 1, now, 0};

        while (done + correction.n < proven->len &&
               g_ascii_strcasecmp(all[done].recipient, all[done + correction.n].recipient) == 0)
            correction.n++;
        if (!correction_run(&correction, NULL, NULL, error))
            return false;
        done += correction.n;
    }
    return true;
}

bool proving_settle(struct store *store, const struct claim_outcome *outcome, unsigned *proven, GError **error)
{
    g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(struct revised));
    g_autoptr(GStringChunk) strings = g_string_chunk_new(256);
    gint64 message;

    if (!find_message(store, outcome->digest, &message, error) ||
        !read_proven(store, message, outcome, events, strings, error) ||
        !raise_evidence(store, events, outcome->now, error))
        return false;
    *proven = events->len;
    if (outcome->drops_raw && !run_on(store, SQL_DROP_PROVEN_RAW, message, error))
        return false;
    return run_on(store, SQL_DROP_PROOFS, message, error) && run_on(store, SQL_SETTLE_PROOFS, message, error) &&
           run_on(store, SQL_DROP_CLAIM, message, error);
}
