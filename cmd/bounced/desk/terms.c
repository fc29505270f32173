#include "cmd/bounced/desk/terms.h"

struct terms terms_of(const struct listen_config *section)
{
    return (struct terms){codec_of(section->protocol), section->fail_open, g_strdup(section->stream_from),
                          g_hash_table_ref(section->streams)};
}

void terms_clear(struct terms *terms)
{
    g_clear_pointer(&terms->stream_from, g_free);
    g_clear_pointer(&terms->streams, g_hash_table_unref);
}

enum codec_state terms_take(const struct terms *terms, const char *bytes, size_t length, size_t *used,
                            struct codec_question *question)
{
    g_string_truncate(question->stream, 0);
    g_string_truncate(question->label, 0);
    question->domain = false;
    question->stream_from = terms->stream_from;
    enum codec_state state = terms->codec->take(bytes, length, used, question);
    if (question->stream->len == 0 && g_hash_table_size(terms->streams) > 0) {
        const char *stream = g_hash_table_lookup(terms->streams, question->label->str);
        g_string_assign(question->stream, stream != NULL ? stream : "");
    }
    return state;
}
