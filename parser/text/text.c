#include "parser/text/text.h"

#include <errno.h>
#include <gmime/gmime.h>
#include <string.h>

static void append_latin1(GString *out, unsigned char c)
{
    g_string_append_unichar(out, c < 0xa0 ? 0xfffd : c);
}

static void append_as_utf8(GString *out, struct span bytes)
{
    while (bytes.length > 0) {
        const char *end;

        /* a NUL is no error here, but GLib stops at it */
        g_utf8_validate_len(bytes.at, bytes.length, &end);
        g_string_append_len(out, bytes.at, end - bytes.at);
        bytes = span_from(bytes, end);
        if (bytes.length == 0)
            break;
        if (bytes.at[0] == '\0')
            g_string_append_c(out, '\0');
        else
            append_latin1(out, (unsigned char)bytes.at[0]);
        bytes = span_skip(bytes, 1);
    }
}

static void append_converted(GString *out, struct span bytes, iconv_t cd)
{
    char *in = (char *)bytes.at;
    size_t in_left = bytes.length;

    while (in_left > 0) {
        char buffer[4096];
        char *to = buffer;
        size_t to_left = sizeof buffer;
        size_t done = iconv(cd, &in, &in_left, &to, &to_left);
        int reason = errno;

        g_string_append_len(out, buffer, to - buffer);
        if (done != (size_t)-1 || reason == E2BIG)
            continue;
        g_string_append_unichar(out, 0xfffd);
        in++;
        in_left--;
    }
}

static bool is_charset(const char *charset, const char *name)
{
    return g_ascii_strcasecmp(charset, name) == 0;
}

/* NULL for UTF-8, and for what is taken for it. Japanese mail says ISO-2022-JP by its escapes alone when it says
 * nothing, or us-ascii, in its header. */
static const char *real_charset(struct span bytes, const char *charset)
{
    if (charset != NULL && is_charset(charset, "utf-8"))
        return NULL;
    if (charset != NULL && !is_charset(charset, "us-ascii"))
        return charset;
    return bytes.length > 0 && memmem(bytes.at, bytes.length, "\033$", 2) != NULL ? "iso-2022-jp" : NULL;
}

bool text_is_utf8(struct span bytes, const char *charset)
{
    return real_charset(bytes, charset) == NULL && g_utf8_validate_len(bytes.at, bytes.length, NULL);
}

void text_append_utf8(GString *out, struct span bytes, const char *charset)
{
    size_t before = out->len;
    iconv_t cd;

    charset = real_charset(bytes, charset);
    if (charset == NULL) {
        append_as_utf8(out, bytes);
        return;
    }
    cd = g_mime_iconv_open("UTF-8", charset);
    if ((size_t)cd == (size_t)-1) { /* iconv_open(3) */
        append_as_utf8(out, bytes);
        return;
    }
    append_converted(out, bytes, cd);
    g_mime_iconv_close(cd);
    /* Not every converter of iconv() keeps to what UTF-8 allows. */
    if (!g_utf8_validate_len(out->str + before, out->len - before, NULL)) {
        g_autofree char *valid = g_utf8_make_valid(out->str + before, (gssize)(out->len - before));
        g_string_truncate(out, before);
        g_string_append(out, valid);
    }
}

static bool is_gap(gunichar c)
{
    return c <= ' ' || (c >= 0x7f && c < 0xa1) || c == 0x2028 || c == 0x2029 || c == 0xfeff;
}

void text_append_line(GString *out, struct span utf8, size_t max)
{
    size_t start = out->len;
    bool gap = false;
    const char *at = utf8.at;
    const char *end = utf8.at + utf8.length;

    while (at < end) {
        const char *next = g_utf8_next_char(at);
        if (is_gap(g_utf8_get_char(at))) {
            gap = out->len > start;
        } else {
            if (out->len - start + (size_t)(next - at) + gap > max)
                break;
            if (gap)
                g_string_append_c(out, ' ');
            gap = false;
            g_string_append_len(out, at, next - at);
        }
        at = next;
    }
}

void text_append_clean(GString *out, struct span bytes, size_t max)
{
    g_autoptr(GString) utf8 = NULL;

    bytes = span_head(bytes, max);
    if (bytes.length == 0)
        return;
    if (!g_utf8_validate_len(bytes.at, bytes.length, NULL)) {
        utf8 = g_string_sized_new(bytes.length + 1);
        text_append_utf8(utf8, bytes, NULL);
        bytes = (struct span){utf8->str, utf8->len};
    }
    text_append_line(out, bytes, max);
}

void text_start_gmime(void)
{
    static size_t started;

    if (g_once_init_enter(&started)) {
        g_mime_init();
        g_once_init_leave(&started, 1);
    }
}

void text_append_words(GString *out, struct span value, size_t max)
{
    g_autoptr(GString) raw = NULL;
    g_autofree char *decoded = NULL;

    if (value.length == 0 || memmem(value.at, value.length, "=?", 2) == NULL) {
        text_append_clean(out, value, max);
        return;
    }
    raw = g_string_new_len(value.at, (gssize)MIN(value.length, max));
    g_string_replace(raw, "=?eucgb2312_cn?", "=?gb2312?", 0); /* Coremail's name of it, at 163.com */
    text_start_gmime();
    decoded = g_mime_utils_header_decode_text(NULL, raw->str);
    text_append_clean(out, span_of(decoded), max);
}

/* Takes the accents of Latin letters off a decomposed text. */
static void drop_accents(char *text)
{
    char *to = text;
    bool latin = false;

    for (const char *at = text; *at != '\0';) {
        const char *next = g_utf8_next_char(at);
        gunichar c = g_utf8_get_char(at);
        bool accent = c >= 0x300 && c <= 0x36f;
        if (!accent)
            latin = g_ascii_isalpha(*at);
        if (!accent || !latin)
            to = (char *)memmove(to, at, (size_t)(next - at)) + (next - at);
        at = next;
    }
    *to = '\0';
}

char *text_fold(const char *text)
{
    g_autofree char *lower = NULL, *apart = NULL;
    char *composed;

    if (g_str_is_ascii(text))
        return g_ascii_strdown(text, -1);
    lower = g_utf8_casefold(text, -1);
    apart = g_utf8_normalize(lower, -1, G_NORMALIZE_DEFAULT);
    if (apart == NULL)
        return g_steal_pointer(&lower);
    drop_accents(apart);
    composed = g_utf8_normalize(apart, -1, G_NORMALIZE_DEFAULT_COMPOSE);
    return composed != NULL ? composed : g_steal_pointer(&apart);
}
