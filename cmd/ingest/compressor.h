/* compressor.h: raw messages as the store keeps them, compressed by zstd. For many threads at once. */
#pragma once

#include <glib.h>

struct compressor;

struct compressor *compressor_new(void);
void compressor_free(struct compressor *compressor);

GBytes *compressor_run(struct compressor *compressor, const GString *bytes);
