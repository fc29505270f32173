/* terms.h: on which terms a listener answers those who ask: their protocol, and what [listen] says of their questions.
 * They outlive the config. */
#pragma once

#include "cmd/bounced/lookup/codec.h"
#include "cmd/config/listen.h"

struct terms {
    const struct codec *codec;
    bool fail_open;
    char *stream_from;
    GHashTable *streams;
};

struct terms terms_of(const struct listen_config *section);
void terms_clear(struct terms *terms);

/* As the codec's `take`. A question that names no stream gets the one that the listener finds for it. */
enum codec_state terms_take(const struct terms *terms, const char *bytes, size_t length, size_t *used,
                            struct codec_question *question);
