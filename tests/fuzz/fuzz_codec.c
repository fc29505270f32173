/* The questions of mail servers, by the protocol of the first octet: all in turn, with their replies. */
#include <stdint.h>

#include "cmd/bounced/lookup/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_all(const struct codec *codec, const char *bytes, size_t length)
{
    g_autoptr(GString) address = g_string_new(NULL), stream = g_string_new(NULL), label = g_string_new(NULL),
                       replies = g_string_new(NULL);
    struct codec_question question = {address, stream, label, false, "sender_domain"};

    for (size_t at = 0; at < length;) {
        size_t used = 0;
        enum codec_state state = codec->take(bytes + at, length - at, &used, &question);

        if (state == CODEC_STATE_MORE || state == CODEC_STATE_BROKEN)
            break;
        g_assert(used > 0 && used <= length - at);
        at += used;
        codec->reply(replies, state == CODEC_STATE_UNKNOWN ? CODEC_ANSWER_REFUSED : CODEC_ANSWER_SUPPRESSED, "text");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct codec *codec = size > 0 ? codec_of(data[0]) : NULL;

    if (codec != NULL)
        take_all(codec, (const char *)data + 1, size - 1);
    return 0;
}
