#include "parser/return_path.h"

#include <string.h>

#include "parser/address.h"
#include "parser/paths/mac.h"
#include "parser/paths/path_pattern.h"
#include "parser/paths/verp.h"

enum { NAME_MAX_LENGTH = 64, SECONDS_A_DAY = 86400 };

const char *const return_path_scheme_names[] = {
    [RETURN_PATH_PLAIN] = "plain",
    [RETURN_PATH_VERP] = "verp",
    [RETURN_PATH_SIGNED] = "signed",
    [RETURN_PATH_BATV] = "batv",
    [RETURN_PATH_SRS] = "srs",
    [RETURN_PATH_SYMPA] = "sympa",
    [RETURN_PATH_MAILMAN] = "mailman",
    [RETURN_PATH_EZMLM] = "ezmlm",
    [RETURN_PATH_SENDGRID] = "sendgrid",
    [RETURN_PATH_MAILGUN] = "mailgun",
    [RETURN_PATH_KUMOMTA] = "kumomta",
    [RETURN_PATH_REGEX] = "regex",
    NULL,
};

/* --- what a local part tells, by scheme --------------------------------------------------------------------------- */

typedef void reader(const struct return_path *path, struct span local, gint64 now, struct return_path_match *match);
static reader read_verp, read_signed, read_pattern;

/* Marks of other software before USER=DOMAIN, and Sympa's whole form: "==a==" stands for the "@". */
#define SYMPA_MARK "==a=="
#define EZMLM_MARK "-return-[0-9]+-"
#define SENDGRID_START "bounces\\+[0-9]+-[0-9a-f]{4}-" /* the account's number, and what only SendGrid can read */
#define MAILGUN_START "bounce\\+(?<message>[0-9a-f]+\\.[0-9a-f]+)-"
#define RECIPIENT "(?<recipient>.+=[^=]+)"
/* Of an address of verp's form that other software made, what stands for USER is no user. */
#define OTHERS ".*" SYMPA_MARK ".*|.*" EZMLM_MARK ".*|" SENDGRID_START ".*|" MAILGUN_START ".*"

static const struct scheme {
    reader *read;        /* NULL: it tells nothing */
    const char *pattern; /* for read_pattern, what the local part is; for read_verp, what it must not be */
} schemes[] = {
    [RETURN_PATH_PLAIN] = {NULL, NULL},
    [RETURN_PATH_VERP] = {read_verp, OTHERS},
    [RETURN_PATH_SIGNED] = {read_signed, NULL},
    [RETURN_PATH_BATV] = {read_verp, OTHERS},
    [RETURN_PATH_SRS] = {NULL, NULL},
    [RETURN_PATH_SYMPA] = {read_pattern,
                           "[^+]+\\+(?<recipient>.+)" SYMPA_MARK "(?<domain>[^=]+)==(?<stream>[^=]+)(?:==[wr])?"},
    [RETURN_PATH_MAILMAN] = {read_pattern, "(?<stream>.+)-bounces\\+" RECIPIENT},
    [RETURN_PATH_EZMLM] = {read_pattern, "(?<stream>.+)-return-(?<message>[0-9]+)-" RECIPIENT},
    [RETURN_PATH_SENDGRID] = {read_pattern, SENDGRID_START RECIPIENT},
    [RETURN_PATH_MAILGUN] = {read_pattern, MAILGUN_START RECIPIENT},
    /* KumoMTA has no form of its own; this is the one that policies for it write */
    [RETURN_PATH_KUMOMTA] = {read_pattern, "(?<campaign>[^+]+)\\+" RECIPIENT},
    [RETURN_PATH_REGEX] = {read_pattern, NULL},
};

/* prvs=TAG=LOCAL and its older twin prvs=LOCAL/TAG (draft-levine-smtp-batv-01): LOCAL. */
static struct span without_batv(struct span local)
{
    struct span rest;
    const char *mark;

    if (!span_starts(local, "prvs="))
        return local;
    rest = span_skip(local, strlen("prvs="));
    if ((mark = span_find_char(rest, '/')) != NULL)
        return span_head(rest, (size_t)(mark - rest.at));
    if ((mark = span_find_char(rest, '=')) != NULL)
        return span_skip(rest, (size_t)(mark - rest.at) + 1);
    return local;
}

/* Only an address is a result; other decoded text gives none. */
static void set_recipient(struct return_path_match *match, const GString *decoded)
{
    g_autoptr(GString) address = g_string_new(NULL);

    if (address_read((struct span){decoded->str, decoded->len}, ADDRESS_ALONE, address))
        match->recipient = g_string_free(g_steal_pointer(&address), FALSE);
}

/* The same for what no signature covers, and other software may have made: a domain on the Internet has a dot, and a
 * "=" before the "@" is half of a mark. */
static void guess_recipient(struct return_path_match *match, const GString *decoded)
{
    const char *at = strrchr(decoded->str, '@');

    if (at != NULL && at > decoded->str && at[-1] != '=' && strchr(at, '.') != NULL)
        set_recipient(match, decoded);
}

/* The text behind the first `separator`; empty when there is none. */
static struct span behind(struct span local, char separator)
{
    const char *mark = span_find_char(local, separator);

    return mark == NULL ? (struct span){NULL, 0} : span_skip(span_from(local, mark), 1);
}

static void read_verp(const struct return_path *path, struct span local, gint64 now G_GNUC_UNUSED,
                      struct return_path_match *match)
{
    const char *separators = path->separators != NULL ? path->separators : "+=";
    g_autoptr(GString) decoded = g_string_new(NULL);
    struct path_groups groups;
    struct span rest;

    local = without_batv(local);
    rest = behind(local, separators[0]);
    if (path->compiled != NULL && path_pattern_match(path->compiled, local, &groups))
        return;
    /* Mailman's LIST-bounces+USER=DOMAIN is of this form with the separators "+=", and with no others */
    if (span_starts(rest, "bounces+") || span_find(rest, "-bounces+") != NULL)
        return;
    if (verp_decode(rest, separators[1], decoded))
        guess_recipient(match, decoded);
}

/* Not older than `lifetime`, and not of a day that is to come, but for tomorrow: clocks and zones differ. */
static bool is_in_time(const struct return_path *path, unsigned day, gint64 now)
{
    return now < return_path_end(path, day) && day <= now / SECONDS_A_DAY + 1;
}

/* LOCAL+USER=DOMAIN+DAYMAC */
static void read_signed(const struct return_path *path, struct span local, gint64 now, struct return_path_match *match)
{
    g_autoptr(GString) decoded = g_string_new(NULL);
    struct span covered;
    unsigned day;

    if (path->domain == NULL ||
        !mac_check(path->keys, path->domain, behind(without_batv(local), '+'), &covered, &day) ||
        !verp_decode(covered, '=', decoded))
        return;
    set_recipient(match, decoded);
    if (match->recipient == NULL || !is_in_time(path, day, now))
        return;
    match->evidence = REPORT_EVIDENCE_SIGNED;
    match->signed_day = day;
}

/* A name of letters, digits and "._-", as a config holds it; anyone may write what an address tells. */
static void set_name(char **name, struct span group)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    if (group.length == 0 || group.length > NAME_MAX_LENGTH)
        return;
    g_autofree char *text = g_strndup(group.at, group.length);
    if (text[strspn(text, allowed)] == '\0' && *name == NULL)
        *name = g_steal_pointer(&text);
}

static void read_pattern(const struct return_path *path, struct span local, gint64 now G_GNUC_UNUSED,
                         struct return_path_match *match)
{
    g_autoptr(GString) decoded = g_string_new(NULL);
    struct path_groups groups;

    if (path->compiled == NULL || !path_pattern_match(path->compiled, local, &groups))
        return;
    set_name(&match->stream, groups.stream);
    set_name(&match->campaign, groups.campaign);
    set_name(&match->message, groups.message);
    set_name(&match->tenant, groups.tenant);
    if (groups.domain.length > 0 && groups.recipient.length > 0) {
        verp_append_local(decoded, groups.recipient);
        g_string_append_c(decoded, '@');
        g_string_append_len(decoded, groups.domain.at, (gssize)groups.domain.length);
    } else if (span_find_char(groups.recipient, '@') != NULL) {
        g_string_append_len(decoded, groups.recipient.at, (gssize)groups.recipient.length);
    } else if (!verp_decode(groups.recipient, '=', decoded)) {
        return;
    }
    guess_recipient(match, decoded);
}

/* --- paths -------------------------------------------------------------------------------------------------------- */

bool return_path_prepare(struct return_path *path, GError **error)
{
    const char *pattern = path->scheme == RETURN_PATH_REGEX ? path->pattern : schemes[path->scheme].pattern;

    g_clear_pointer(&path->compiled, path_pattern_free);
    if (pattern != NULL)
        path->compiled = path_pattern_new(pattern, error);
    return pattern == NULL || path->compiled != NULL;
}

void return_path_free(struct return_path *path)
{
    if (path == NULL)
        return;
    g_free(path->name);
    if (path->trust != NULL)
        g_ptr_array_unref(path->trust);
    g_free(path->domain);
    g_free(path->address);
    g_free(path->stream);
    g_free(path->tenant);
    g_free(path->separators);
    g_free(path->pattern);
    g_free(path->provider);
    g_free(path->forward);
    if (path->keys != NULL)
        g_ptr_array_unref(path->keys);
    path_pattern_free(path->compiled);
    g_free(path);
}

void return_path_match_clear(struct return_path_match *match)
{
    g_free(match->recipient);
    g_free(match->stream);
    g_free(match->campaign);
    g_free(match->message);
    g_free(match->tenant);
    *match = (struct return_path_match){0};
}

bool return_path_is_feedback(const struct return_path *path)
{
    return path->feedback || path->address != NULL;
}

/* How closely a path is meant; the closest takes the mail. */
enum fit { FIT_NONE, FIT_DOMAIN, FIT_TAGGED, FIT_ADDRESS };

/* Is it `own` with "+" and something behind the local part, as mail providers call a tag? */
static bool is_tagged(const char *own, const char *address, const char *at)
{
    size_t length = strcspn(own, "@");

    return (size_t)(at - address) > length + 1 && address[length] == '+' &&
           g_ascii_strncasecmp(own, address, length) == 0 && g_ascii_strcasecmp(own + length, at) == 0;
}

static enum fit find_fit(const struct return_path *path, const char *address, const char *at)
{
    if (path->address != NULL && g_ascii_strcasecmp(path->address, address) == 0)
        return FIT_ADDRESS;
    if (path->address != NULL)
        return is_tagged(path->address, address, at) ? FIT_TAGGED : FIT_NONE;
    return path->domain != NULL && g_ascii_strcasecmp(path->domain, at + 1) == 0 ? FIT_DOMAIN : FIT_NONE;
}

static void read_address(const struct return_path *path, const char *address, const char *at, gint64 now,
                         struct return_path_match *match)
{
    g_autoptr(GString) local = verp_unquote((struct span){address, (size_t)(at - address)});

    *match = (struct return_path_match){
        .path = path, .evidence = REPORT_EVIDENCE_UNPROVEN, .stream = g_strdup(path->stream)};
    if (schemes[path->scheme].read != NULL)
        schemes[path->scheme].read(path, (struct span){local->str, local->len}, now, match);
}

bool return_path_match(const GPtrArray *paths, const char *address, gint64 now, struct return_path_match *match)
{
    const char *at = strrchr(address, '@');
    struct return_path_match best = {0};
    enum fit best_fit = FIT_NONE;

    for (guint i = 0; paths != NULL && at != NULL && i < paths->len; i++) {
        enum fit fit = find_fit(paths->pdata[i], address, at);
        struct return_path_match found, worse;

        if (fit == FIT_NONE)
            continue;
        read_address(paths->pdata[i], address, at, now, &found);
        worse = found;
        /* A valid signature wins over all, then the closest fit, then the first. */
        if (found.evidence > best.evidence || (found.evidence == best.evidence && fit > best_fit)) {
            worse = best;
            best = found;
            best_fit = fit;
        }
        return_path_match_clear(&worse);
    }
    *match = best;
    return best.path != NULL;
}

const struct return_path *return_path_find(const GPtrArray *paths, const char *address)
{
    const char *at = strrchr(address, '@');
    const struct return_path *best = NULL;
    enum fit best_fit = FIT_NONE;

    for (guint i = 0; paths != NULL && at != NULL && i < paths->len; i++) {
        enum fit fit = find_fit(paths->pdata[i], address, at);

        if (fit > best_fit) {
            best = paths->pdata[i];
            best_fit = fit;
        }
    }
    return best;
}

/* --- making ------------------------------------------------------------------------------------------------------- */

/* `local` before `encoded` at the path's domain; NULL when that is too long. */
static char *join(const struct return_path *path, const char *local, char separator, const char *encoded)
{
    g_autofree char *plain = g_strdup_printf("%s%c%s", local, separator, encoded);
    g_autoptr(GString) made = g_string_new(NULL);

    verp_append_local(made, span_of(plain));
    if (made->len > LOCAL_PART_MAX)
        return NULL;
    g_string_append_printf(made, "@%s", path->domain);
    return g_string_free(g_steal_pointer(&made), FALSE);
}

char *return_path_make(const struct return_path *path, const char *recipient, gint64 now)
{
    const char *at = strrchr(recipient, '@');
    const char *separators = path->separators != NULL ? path->separators : "+=";
    bool sign = path->scheme == RETURN_PATH_SIGNED;
    g_autofree char *encoded = NULL;
    char *made;

    if (at == NULL || path->domain == NULL || (path->scheme != RETURN_PATH_VERP && !sign))
        return NULL;
    if (sign && (path->keys == NULL || path->keys->len == 0))
        return NULL;
    g_autoptr(GString) local = verp_unquote((struct span){recipient, (size_t)(at - recipient)});
    if (sign) {
        g_string_append_printf(local, "=%s", at + 1);
        encoded = mac_sign(path->keys->pdata[0], path->domain, local->str, (unsigned)(now / SECONDS_A_DAY));
        separators = "+=";
    } else {
        encoded = g_strdup_printf("%s%c%s", local->str, separators[1], at + 1);
    }
    made = join(path, "bounces", separators[0], encoded);
    return made != NULL ? made : join(path, "b", separators[0], encoded);
}

gint64 return_path_end(const struct return_path *path, unsigned day)
{
    return ((gint64)day + 1) * SECONDS_A_DAY + path->lifetime;
}
