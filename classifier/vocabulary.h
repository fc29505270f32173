/* vocabulary.h: our reasons in the words of other programs: Sisimai, PowerMTA, SparkPost, Amazon SES. */
#pragma once

#include "classifier/reason.h"

enum vocabulary {
    VOCABULARY_SISIMAI,
    VOCABULARY_POWERMTA,  /* the bounce category */
    VOCABULARY_SPARKPOST, /* the bounce classification code */
    VOCABULARY_SES,       /* bounceType/bounceSubType */
    VOCABULARY_COUNT      /* of the values above */
};

/* Indexed by the enum, NULL-terminated. */
extern const char *const vocabulary_names[];

/* The other program's word; "" where it has none. A constant. */
const char *vocabulary_word(enum vocabulary vocabulary, enum reason reason);
