#include "cmd/bouncectl/files/addresses.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "parser/address.h"
#include "reports/readable.h"
#include "store/entry_key.h"

enum {
    LINE_MAX_OCTETS = 1000, /* far more than an address may have */
    BAD_TOLD = 20,          /* so many bad lines are told one by one */
    MOST = 10000000,        /* addresses that are held in memory */
};

struct addresses {
    char *const *arguments; /* those that are left */
    const char *file;       /* it is still to be read; NULL: it was, or there is none */
    enum addresses_use use;
    FILE *stream;     /* the one that is read now; NULL: none */
    const char *name; /* its name */
    guint64 number;   /* of the last line */
    GString *line;
    GString *address;
};

/* clang-format off */
G_DEFINE_QUARK(addresses-error, addresses_error)
/* clang-format on */

static bool is_standard_input(const char *name)
{
    return strcmp(name, "-") == 0;
}

struct addresses *addresses_new(char *const *arguments, const char *file, enum addresses_use use)
{
    struct addresses *addresses = g_new0(struct addresses, 1);

    addresses->arguments = arguments;
    addresses->file = file;
    addresses->use = use;
    addresses->line = g_string_new(NULL);
    addresses->address = g_string_new(NULL);
    return addresses;
}

static void close_stream(struct addresses *addresses)
{
    if (addresses->stream != NULL && addresses->stream != stdin)
        fclose(addresses->stream);
    addresses->stream = NULL;
}

void addresses_free(struct addresses *addresses)
{
    if (addresses == NULL)
        return;
    close_stream(addresses);
    g_string_free(addresses->line, TRUE);
    g_string_free(addresses->address, TRUE);
    g_free(addresses);
}

bool addresses_listed(char *const *arguments, const char *file)
{
    return file != NULL || g_strv_contains((const char *const *)arguments, "-");
}

static bool open_stream(struct addresses *addresses, const char *name, GError **error)
{
    addresses->name = is_standard_input(name) ? "standard input" : name;
    addresses->number = 0;
    addresses->stream = is_standard_input(name) ? stdin : fopen(name, "re");
    if (addresses->stream != NULL)
        return true;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot open %s: %s", name, g_strerror(errno));
    return false;
}

/* Without its line end; of one that is too long the first octets. False at the end. */
static bool read_line(struct addresses *addresses, bool *too_long)
{
    GString *line = addresses->line;
    int c;

    g_string_truncate(line, 0);
    *too_long = false;
    while ((c = getc_unlocked(addresses->stream)) != EOF && c != '\n') {
        *too_long = line->len >= LINE_MAX_OCTETS;
        if (!*too_long)
            g_string_append_c(line, (char)c);
    }
    addresses->number++;
    if (addresses->number == 1 && g_str_has_prefix(line->str, "\xef\xbb\xbf")) /* a byte order mark */
        g_string_erase(line, 0, 3);
    return c != EOF || line->len > 0;
}

static bool is_asked(const struct addresses *addresses)
{
    return addresses->use == ADDRESSES_USE_ASK || addresses->use == ADDRESSES_USE_LISTED;
}

/* "@DOMAIN" or ".DOMAIN", where that may be. */
static bool take_domain(struct addresses *addresses, const char *text, size_t length)
{
    return addresses->use != ADDRESSES_USE_ASK && (*text == '@' || *text == '.') && strlen(text) == length &&
           entry_subject_read(text, addresses->address);
}

static const char *find_fault(const struct addresses *addresses)
{
    if (addresses->use == ADDRESSES_USE_NEW && entry_subject_is_suffix(addresses->address->str))
        return "is a public suffix, and nobody's domain; --force takes it all the same";
    return NULL;
}

/* NULL if it is an address. */
static const char *take_address(struct addresses *addresses, struct span text)
{
    bool asked = is_asked(addresses);

    if (!address_read(text, asked ? ADDRESS_LISTED : ADDRESS_ALONE, addresses->address))
        return "is not a mail address";
    if (!asked && strrchr(addresses->address->str, '@') - addresses->address->str > LOCAL_PART_MAX)
        return "has a local part of more than the 64 octets that RFC 5321 allows";
    return NULL;
}

static const char *take(struct addresses *addresses, const char *place, struct span text, GError **error)
{
    g_autofree char *whole = g_strndup(text.at, text.length);
    const char *fault =
        take_domain(addresses, whole, text.length) ? find_fault(addresses) : take_address(addresses, text);

    if (fault == NULL)
        return addresses->address->str;
    g_autofree char *shown = readable_dup(whole);
    g_set_error(error, ADDRESSES_ERROR, ADDRESSES_ERROR_BAD, "%s\"%s\" %s", place, shown, fault);
    return NULL;
}

/* NULL without an error at the end of the file. */
static const char *next_of_stream(struct addresses *addresses, GError **error)
{
    bool too_long;

    while (read_line(addresses, &too_long)) {
        g_autofree char *place = g_strdup_printf("%s:%" G_GUINT64_FORMAT ": ", addresses->name, addresses->number);
        struct span text = span_trim((struct span){addresses->line->str, addresses->line->len});

        if (text.length == 0)
            continue;
        if (!too_long)
            return take(addresses, place, text, error);
        g_set_error(error, ADDRESSES_ERROR, ADDRESSES_ERROR_BAD, "%sa line of more than %d octets is not an address",
                    place, LINE_MAX_OCTETS);
        return NULL;
    }
    if (ferror(addresses->stream) != 0)
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot read %s: %s", addresses->name,
                    g_strerror(errno));
    close_stream(addresses);
    return NULL;
}

/* The next argument, or the file when there is none left; NULL at the end. */
static const char *next_source(struct addresses *addresses)
{
    const char *source = *addresses->arguments;

    if (source != NULL)
        addresses->arguments++;
    else
        source = g_steal_pointer(&addresses->file);
    return source;
}

const char *addresses_next(struct addresses *addresses, GError **error)
{
    GError *bad = NULL;

    for (;;) {
        const char *address = addresses->stream != NULL ? next_of_stream(addresses, &bad) : NULL;
        if (bad != NULL)
            g_propagate_error(error, bad);
        if (address != NULL || bad != NULL)
            return address;
        bool argument = *addresses->arguments != NULL;
        const char *source = next_source(addresses);
        if (source == NULL)
            return NULL;
        if (argument && !is_standard_input(source))
            return take(addresses, "", span_of(source), error);
        if (!open_stream(addresses, source, error))
            return NULL;
    }
}

/* --- all at once -------------------------------------------------------------------------------------------------- */

static int compare(gconstpointer a, gconstpointer b)
{
    return g_ascii_strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

/* Entries that stand together on the list stand together here: the store then touches each page once. */
static void sort(GPtrArray *all)
{
    guint kept = 0;

    g_ptr_array_sort(all, compare);
    for (guint i = 0; i < all->len; i++) {
        char *address = all->pdata[i];

        if (kept > 0 && g_ascii_strcasecmp(address, all->pdata[kept - 1]) == 0)
            g_free(address);
        else
            all->pdata[kept++] = address;
    }
    for (guint i = kept; i < all->len; i++)
        all->pdata[i] = NULL;
    g_ptr_array_set_size(all, (int)kept);
}

/* Of the arguments one is enough: the user sees them all. False: that is the end. */
static bool tell(const char *command, const GError *bad, bool listed, guint64 count, GError **error)
{
    if (!listed)
        g_set_error(error, ADDRESSES_ERROR, ADDRESSES_ERROR_BAD, "%s: %s; nothing was done", command, bad->message);
    else if (count <= BAD_TOLD)
        fprintf(stderr, "bouncectl: %s: %s\n", command, bad->message);
    return listed;
}

/* `bad` of them were no addresses. */
static bool finish(const char *command, guint64 bad, guint all, GError **error)
{
    if (all > MOST)
        g_set_error(error, ADDRESSES_ERROR, ADDRESSES_ERROR_MANY,
                    "%s: more than %d addresses; give them in parts. Nothing was done", command, MOST);
    else if (bad > 0)
        g_set_error(error, ADDRESSES_ERROR, ADDRESSES_ERROR_BAD,
                    "%s: %" G_GUINT64_FORMAT " %s not a mail address; nothing was done", command, bad,
                    bad == 1 ? "is" : "are");
    return all <= MOST && bad == 0;
}

GPtrArray *addresses_all(struct addresses *addresses, const char *command, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    bool listed = addresses_listed(addresses->arguments, addresses->file), told = true;
    guint64 bad = 0;

    while (told && all->len <= MOST) {
        g_autoptr(GError) failure = NULL;
        const char *address = addresses_next(addresses, &failure);

        if (address != NULL) {
            g_ptr_array_add(all, g_strdup(address));
        } else if (failure == NULL) {
            break;
        } else if (failure->domain == ADDRESSES_ERROR) {
            told = tell(command, failure, listed, ++bad, error);
        } else {
            g_propagate_prefixed_error(error, g_steal_pointer(&failure), "%s: ", command);
            told = false;
        }
    }
    if (!told || !finish(command, bad, all->len, error))
        return NULL;
    if (listed)
        sort(all);
    return g_steal_pointer(&all);
}
