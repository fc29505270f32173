#include "reports/clusters.h"

#include <string.h>

#include "classifier/diagnostic.h"
#include "parser/report.h"
#include "reports/readable.h"

enum {
    MAX_TEXT = 400,   /* of a masked text, octets: what differs only after that is the same */
    MAX_PATTERN = 80, /* of a draft's pattern, octets */
    MIN_PATTERN = 6,
    MIN_ID = 8, /* shorter mixtures of letters and digits may be a code that means something */
};

/* --- one word ----------------------------------------------------------------------------------------------------- */

/* Marks that may stand around words. */
static bool is_punctuation(char c)
{
    return c != '\0' && strchr(" <>()[]{}\"'`,;:.!?*=|", c) != NULL;
}

static struct span strip(struct span word)
{
    while (word.length > 0 && is_punctuation(*word.at))
        word = span_skip(word, 1);
    while (word.length > 0 && is_punctuation(word.at[word.length - 1]))
        word.length--;
    return word;
}

struct census {
    size_t digits, letters, dots, colons, others;
};

static struct census count_characters(struct span word)
{
    struct census census = {0};

    for (size_t i = 0; i < word.length; i++) {
        char c = word.at[i];
        if (g_ascii_isdigit(c))
            census.digits++;
        else if (g_ascii_isalpha(c) || (unsigned char)c >= 0x80)
            census.letters++;
        else if (c == '.')
            census.dots++;
        else if (c == ':')
            census.colons++;
        else if (c != '-' && c != '_')
            census.others++;
    }
    return census;
}

static bool is_address(struct span word, const struct census *census)
{
    (void)census;
    return span_find_char(word, '@') != NULL;
}

static bool is_url(struct span word, const struct census *census)
{
    (void)census;
    return span_find(word, "://") != NULL;
}

/* "550", "5.1.1", "550-5.1.1": they are part of what is said. */
static bool is_code(struct span word, const struct census *census)
{
    bool reply = word.length >= 3 && strchr("245", *word.at) != NULL && g_ascii_isdigit(word.at[1]) &&
                 g_ascii_isdigit(word.at[2]);

    if (census->letters > 0 || census->others > 0 || census->colons > 0)
        return false;
    if (reply && (word.length == 3 || (word.length > 4 && word.at[3] == '-' && reply_is_status(span_skip(word, 4)))))
        return true;
    return reply_is_status(word);
}

static bool is_ip(struct span word, const struct census *census)
{
    bool v6 = census->colons >= 5 || span_find(word, "::") != NULL; /* a time has two */

    return census->others == 0 && census->digits > 0 && (v6 || (census->letters == 0 && census->dots == 3));
}

static bool is_number(struct span word, const struct census *census)
{
    (void)word;
    return census->digits > 0 && census->letters == 0;
}

static bool is_host(struct span word, const struct census *census)
{
    const char *last = memrchr(word.at, '.', word.length);
    size_t top = last == NULL ? 0 : (size_t)(word.at + word.length - last - 1);

    return census->others == 0 && census->colons == 0 && top >= 2 && g_ascii_isalpha(last[1]);
}

static bool is_id(struct span word, const struct census *census)
{
    return word.length >= MIN_ID && census->digits > 0 && census->letters > 0;
}

/* The first that holds; a mask of NULL leaves the word as it is. */
static const struct {
    bool (*holds)(struct span word, const struct census *census);
    const char *mask;
} masks[] = {
    {is_address, "<address>"}, {is_url, "<url>"},   {is_code, NULL}, {is_ip, "<ip>"},
    {is_number, "<number>"},   {is_host, "<host>"}, {is_id, "<id>"},
};

/* How a word is shown; NULL: as it is. */
static const char *mask_of(struct span word, bool *code)
{
    struct census census = count_characters(word);

    *code = false;
    for (size_t i = 0; i < G_N_ELEMENTS(masks); i++) {
        if (word.length > 0 && masks[i].holds(word, &census)) {
            *code = masks[i].mask == NULL;
            return masks[i].mask;
        }
    }
    return NULL;
}

/* --- a text ------------------------------------------------------------------------------------------------------- */

char *clusters_mask(const char *diagnostic)
{
    size_t length;
    g_autofree char *normal = diagnostic_normalise(diagnostic, &length);
    struct span text = {normal, length}, word;
    GString *out = g_string_new(NULL);

    while (out->len < MAX_TEXT && span_word(&text, &word)) {
        bool code;
        struct span core = strip(word);
        const char *mask = mask_of(core, &code);

        if (out->len > 0)
            g_string_append_c(out, ' ');
        g_string_append(out, mask != NULL ? mask : "");
        if (mask == NULL)
            g_string_append_len(out, word.at, (gssize)word.length);
    }
    return g_string_free(out, FALSE);
}

static bool ends_local_part(char c)
{
    return (unsigned char)c <= ' ' || strchr("<>()[],;:\"'", c) != NULL;
}

/* A person's address is no example. */
static char *anonymise(const char *diagnostic)
{
    GString *out = g_string_new(NULL);

    for (const char *at = diagnostic; *at != '\0'; at++) {
        if (*at == '@') {
            size_t start = out->len;
            while (start > 0 && !ends_local_part(out->str[start - 1]))
                start--;
            g_string_truncate(out, start);
            g_string_append(out, "user");
        }
        g_string_append_c(out, *at);
    }
    return g_string_free(out, FALSE);
}

/* --- the clusters ------------------------------------------------------------------------------------------------- */

struct clusters {
    GHashTable *by_key; /* of struct cluster *, which `sorted` owns */
    GPtrArray *sorted;
    guint most;
    guint64 others;
    bool in_order;
};

static void free_cluster(void *data)
{
    struct cluster *cluster = data;

    g_free(cluster->text);
    g_free(cluster->example);
    g_free(cluster->host);
    g_free(cluster->status);
    g_free(cluster->dialect);
    g_free(cluster);
}

struct clusters *clusters_new(guint most)
{
    struct clusters *clusters = g_new0(struct clusters, 1);

    clusters->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    clusters->sorted = g_ptr_array_new_with_free_func(free_cluster);
    clusters->most = most;
    return clusters;
}

void clusters_free(struct clusters *clusters)
{
    if (clusters == NULL)
        return;
    g_hash_table_unref(clusters->by_key);
    g_ptr_array_unref(clusters->sorted);
    g_free(clusters);
}

static struct cluster *new_cluster(const struct event *event, char *text)
{
    struct cluster *cluster = g_new0(struct cluster, 1);

    cluster->text = text;
    g_autofree char *example = *text != '\0' ? anonymise(event->diagnostic) : NULL;
    cluster->example = readable_dup(example);
    cluster->host = g_strdup(event->remote_mta != NULL ? event->remote_mta : event->reporting_mta);
    cluster->status = g_strdup(event->status);
    cluster->dialect = g_strdup(event->dialect);
    return cluster;
}

void clusters_add(struct clusters *clusters, const struct stored_event *row)
{
    const struct event *event = &row->event;
    g_autofree char *text = clusters_mask(event->diagnostic);
    /* without words it is the code and the format that are alike */
    g_autofree char *key = *text != '\0' ? g_strdup(text) : g_strdup_printf("\n%s\n%s", event->status, event->dialect);
    struct cluster *cluster = g_hash_table_lookup(clusters->by_key, key);

    if (cluster == NULL && clusters->sorted->len >= clusters->most) {
        clusters->others++;
        return;
    }
    if (cluster == NULL) {
        cluster = new_cluster(event, g_steal_pointer(&text));
        g_ptr_array_add(clusters->sorted, cluster);
        g_hash_table_insert(clusters->by_key, g_steal_pointer(&key), cluster);
    }
    cluster->count++;
    cluster->last = MAX(cluster->last, row->received);
    clusters->in_order = false;
}

static int compare(gconstpointer a, gconstpointer b)
{
    const struct cluster *one = *(const struct cluster *const *)a, *other = *(const struct cluster *const *)b;

    if (one->count != other->count)
        return one->count < other->count ? 1 : -1;
    return strcmp(one->text, other->text);
}

const struct cluster *clusters_at(struct clusters *clusters, guint n)
{
    if (!clusters->in_order)
        g_ptr_array_sort(clusters->sorted, compare);
    clusters->in_order = true;
    return n < clusters->sorted->len ? clusters->sorted->pdata[n] : NULL;
}

guint64 clusters_others(const struct clusters *clusters)
{
    return clusters->others;
}

/* --- a draft ------------------------------------------------------------------------------------------------------ */

/* The longest run of words that are no codes, and that nothing is masked in; cut after a word. */
static struct span longest_run(struct span text)
{
    struct span best = {text.at, 0}, run = best, word;

    while (span_word(&text, &word)) {
        bool code;
        const char *mask = mask_of(strip(word), &code);
        size_t grown = (size_t)(word.at + word.length - run.at);

        if (mask != NULL || code) {
            run = (struct span){text.at, 0};
            continue;
        }
        if (grown <= MAX_PATTERN)
            run.length = grown;
        if (run.length > best.length)
            best = run;
    }
    return strip(best);
}

static void append_escaped(GString *out, struct span text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (strchr("\\^$.|?*+()[]{}", text.at[i]) != NULL)
            g_string_append_c(out, '\\');
        g_string_append_c(out, text.at[i]);
    }
}

static void append_id(GString *out, guint number, struct span run)
{
    g_string_append_printf(out, "rule draft-%u", number);
    for (size_t i = 0, from = out->len; i < run.length && out->len - from < 40; i++) {
        char c = run.at[i];
        if (g_ascii_isalnum(c))
            g_string_append_c(out, c);
        else if (out->str[out->len - 1] != '-' && i > 0)
            g_string_append_c(out, '-');
        if (i == 0)
            g_string_insert_c(out, (gssize)from, '-');
    }
    while (out->str[out->len - 1] == '-')
        g_string_truncate(out, out->len - 1);
    g_string_append(out, "\n    reason  undefined\n");
}

static char *rule_by_code(const struct cluster *cluster, guint number)
{
    GString *out = g_string_new(NULL);

    append_id(out, number, (struct span){"", 0});
    if (cluster->dialect != NULL)
        g_string_append_printf(out, "    dialect %s\n", cluster->dialect);
    g_string_append_printf(out, "    status  %s\n    example %s", cluster->status, cluster->status);
    if (cluster->example != NULL)
        g_string_append_printf(out, " %s", cluster->example);
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}

char *cluster_rule(const struct cluster *cluster, guint number)
{
    size_t length;
    g_autofree char *normal = diagnostic_normalise(cluster->example, &length);
    struct span run = longest_run((struct span){normal, length});
    GString *out;

    if (run.length < MIN_PATTERN)
        return cluster->status != NULL ? rule_by_code(cluster, number) : NULL;
    out = g_string_new(NULL);
    append_id(out, number, run);
    g_string_append(out, "    match   ");
    append_escaped(out, run);
    g_string_append_printf(out, "\n    example %s\n", cluster->example);
    return g_string_free(out, FALSE);
}
