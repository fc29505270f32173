/* sql.h: every SQL text of the store by its name, in one table for all back ends. Internal to store/. */
#pragma once

enum sql {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ROLLBACK,

    SQL_FOREIGN_KEYS,
    SQL_NO_FOREIGN_KEYS,
    SQL_RECURSIVE_TRIGGERS,
    SQL_SYNCHRONOUS,
    SQL_CACHE_SIZE,
    SQL_CHECKPOINT_PAGES,
    SQL_JOURNAL_SIZE,
    SQL_AUTO_VACUUM,
    SQL_JOURNAL_MODE,
    SQL_VERSION,
    SQL_APPLICATION,
    SQL_TABLE_COUNT,

    SQL_ADD_MESSAGE,
    SQL_SET_LEFT_OUT,
    SQL_ADD_RAW,
    SQL_ADD_EVENT,
    SQL_COUNT_EVENT,
    SQL_UNCOUNT_EVENT,
    SQL_DROP_COUNTER,
    SQL_LAST_EVENT,
    SQL_FAILURES,
    SQL_REPEATED,
    SQL_FORGIVE_COUNTED,
    SQL_FORGIVE,

    SQL_ADD_PROOF,
    SQL_ADD_CLAIM,
    SQL_CLAIMS_DUE,
    SQL_CLAIM_PUT_OFF,
    SQL_CLAIM_NEXT,
    SQL_CLAIMS_RESUME,
    SQL_CLAIM,
    SQL_CLAIMED_EVENTS,
    SQL_RAISE_EVIDENCE,
    SQL_PROVE,
    SQL_DROP_PROOFS,
    SQL_SETTLE_PROOFS,
    SQL_DROP_CLAIM,

    SQL_HISTORY,
    SQL_EVENT,
    SQL_REVISE,
    SQL_SET_OUTCOME,

    SQL_LIST_READ,
    SQL_LIST_PUT,
    SQL_LIST_PROLONG,
    SQL_LIST_REMOVE,
    SQL_LOG,
    SQL_LOG_LAPSED,

    SQL_SUPPRESSION,
    SQL_SUPPRESSIONS,
    SQL_EVENTS,
    SQL_EVENTS_OF_RECIPIENT,
    SQL_NEWEST_EVENTS,
    SQL_NEWEST_EVENTS_OF_RECIPIENT,
    SQL_COUNT_OF_RECIPIENT,
    SQL_CHANGES,
    SQL_CHANGES_OF_RECIPIENT,
    SQL_COUNTERS,
    SQL_DIGESTS,
    SQL_RAW,

    SQL_OUTBOX_GOING,
    SQL_OUTBOX_GOING_OF_SENDER,
    SQL_OUTBOX_ADD,
    SQL_OUTBOX_NEXT,
    SQL_OUTBOX_MARK,
    SQL_OUTBOX_RETRY,
    SQL_OUTBOX,

    SQL_LOG_EXPIRED,
    SQL_EXPIRE,
    SQL_DROP_RAWS,
    SQL_FIRST_EVENT,
    SQL_DROP_OLD_PROOFS,
    SQL_DROP_OLD_EVENTS,
    SQL_FIRST_CHANGE,
    SQL_SET_LOG_END,
    SQL_DROP_OLD_CHANGES,
    SQL_FIRST_MESSAGE,
    SQL_DROP_OLD_OUTBOX,
    SQL_DROP_OLD_MESSAGES,
    SQL_FOLD_COUNTERS,
    SQL_DROP_FOLDED_COUNTERS,
    SQL_PAGE_SIZE,
    SQL_PAGES,
    SQL_FREE_PAGES,
    SQL_VACUUM_PAGES,
    SQL_TEXTS
};

/* A column a back end holds what only that one understands; `text` is for all of them. */
struct sql_text {
    const char *doing; /* for messages: "cannot DOING: ..." */
    const char *text;  /* NULL: each has its own */
    const char *sqlite;
};

extern const struct sql_text sql_texts[SQL_TEXTS];

/* The text for SQLite. */
const char *sql_of_sqlite(enum sql sql);
