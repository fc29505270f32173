#include "parser/paths/path_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stddef.h>
#include <string.h>

/* RFC 5321 allows an address 64 + 1 + 255 octets. The patterns that come with the program take less than 500 steps for
 * so many; a pattern that tries all ways stops after some tenths of a millisecond. */
enum { MAX_LOCAL = 320, MATCH_LIMIT = 10000, DEPTH_LIMIT = 1000, HEAP_LIMIT_KIB = 256 };

struct path_pattern {
    pcre2_code *code;
    pcre2_match_context *limits;
};

static const struct {
    const char *name;
    size_t offset;
} group_names[] = {
    {"recipient", offsetof(struct path_groups, recipient)}, {"domain", offsetof(struct path_groups, domain)},
    {"stream", offsetof(struct path_groups, stream)},       {"campaign", offsetof(struct path_groups, campaign)},
    {"message", offsetof(struct path_groups, message)},     {"tenant", offsetof(struct path_groups, tenant)},
};

static GQuark error_quark(void)
{
    return g_quark_from_static_string("bounced-path-pattern");
}

/* An entry of PCRE2's table of names: the group's number in two octets, then its name; NULL when there is none left. */
static const char *name_at(const pcre2_code *code, uint32_t i, uint32_t *number)
{
    uint32_t count = 0, size = 0;
    PCRE2_SPTR table = NULL;

    if (pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count) != 0 || i >= count ||
        pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size) != 0 ||
        pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, (void *)&table) != 0)
        return NULL;
    table += (size_t)i * size;
    *number = (uint32_t)table[0] << 8 | table[1];
    return (const char *)table + 2;
}

/* Where the group's text goes; NULL for an unknown name. */
static struct span *find_group(struct path_groups *groups, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(group_names); i++) {
        if (strcmp(group_names[i].name, name) == 0)
            return (struct span *)(void *)((char *)groups + group_names[i].offset);
    }
    return NULL;
}

static bool check_names(const struct path_pattern *pattern, GError **error)
{
    struct path_groups groups;
    const char *name;
    uint32_t number;

    for (uint32_t i = 0; (name = name_at(pattern->code, i, &number)) != NULL; i++) {
        if (find_group(&groups, name) != NULL)
            continue;
        g_set_error(error, error_quark(), 0,
                    "the group %s is none of recipient, domain, stream, campaign, message and tenant", name);
        return false;
    }
    return true;
}

struct path_pattern *path_pattern_new(const char *source, GError **error)
{
    struct path_pattern *pattern = g_new0(struct path_pattern, 1);
    PCRE2_SIZE offset = 0;
    int code = 0;

    pattern->limits = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(pattern->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(pattern->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(pattern->limits, HEAP_LIMIT_KIB);
    pattern->code = pcre2_compile((PCRE2_SPTR)source, PCRE2_ZERO_TERMINATED,
                                  PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_CASELESS | PCRE2_NEVER_UTF |
                                      PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C,
                                  &code, &offset, NULL);
    if (pattern->code == NULL) {
        PCRE2_UCHAR message[128] = "";
        (void)pcre2_get_error_message(code, message, sizeof(message)); /* an unknown code leaves it empty */
        g_set_error(error, error_quark(), 0, "%s at character %zu", (const char *)message, offset + 1);
        path_pattern_free(pattern);
        return NULL;
    }
    if (!check_names(pattern, error)) {
        path_pattern_free(pattern);
        return NULL;
    }
    /* where there is no JIT, or it may not make code, the interpreter gives the same answers */
    (void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
    return pattern;
}

void path_pattern_free(struct path_pattern *pattern)
{
    if (pattern == NULL)
        return;
    pcre2_code_free(pattern->code);
    pcre2_match_context_free(pattern->limits);
    g_free(pattern);
}

static void take_groups(const struct path_pattern *pattern, const PCRE2_SIZE *places, struct span local,
                        struct path_groups *groups)
{
    const char *name;
    uint32_t number;

    for (uint32_t i = 0; (name = name_at(pattern->code, i, &number)) != NULL; i++) {
        const PCRE2_SIZE *place = places + 2 * (size_t)number;
        struct span *group = find_group(groups, name);

        /* \K and look-around may put the end before the start */
        if (group != NULL && place[0] != PCRE2_UNSET && place[0] < place[1] && place[1] <= local.length)
            *group = (struct span){local.at + place[0], place[1] - place[0]};
    }
}

bool path_pattern_match(const struct path_pattern *pattern, struct span local, struct path_groups *groups)
{
    pcre2_match_data *data;
    bool good;

    *groups = (struct path_groups){0};
    if (local.length == 0 || local.length > MAX_LOCAL)
        return false;
    data = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    good = pcre2_match(pattern->code, (PCRE2_SPTR)local.at, local.length, 0, 0, data, pattern->limits) > 0;
    if (good)
        take_groups(pattern, pcre2_get_ovector_pointer(data), local, groups);
    pcre2_match_data_free(data);
    return good;
}
