/* sql_waves.h: rows of sql_texts: what waves are counted and kept by. For sql.c alone, which says them at its place. A
 * bucket has five minutes, a day 288 of them, an hour 12 (waves/surge.h). */

/* clang-format off */
    [SQL_TALLY] = {"read the tally", "SELECT id, first, wave FROM tallies WHERE receiver = ? AND rule = ?"},
    /* ?1 now, ?2 today, ?3 how many may be made in a day. */
    [SQL_TALLY_ROOM] = {"make a tally",
        "UPDATE tally_watch SET since = min(coalesce(since, ?1), ?1),"
        " made = CASE WHEN day = ?2 THEN made + 1 ELSE 1 END, day = ?2 WHERE day <> ?2 OR made < ?3"},
    [SQL_TALLY_MAKE] = {"make a tally", "INSERT INTO tallies (receiver, rule, first) VALUES (?, ?, ?)"},
    [SQL_TALLY_COUNT] = {"count the failure",
        "INSERT INTO tally_counts (tally, bucket, count) VALUES (?, ?, 1)"
        " ON CONFLICT DO UPDATE SET count = count + 1"},
    [SQL_TALLY_AROUND] = {"count failures",
        "SELECT bucket, count FROM tally_counts WHERE tally = ? AND bucket >= ? AND bucket <= ?"},
    [SQL_TALLY_RECALL] = {"look for the busiest hour", "SELECT busiest FROM tallies WHERE id = ? AND day = ?"},
    [SQL_TALLY_KEEP] = {"keep the busiest hour", "UPDATE tallies SET day = ?, busiest = ? WHERE id = ?"},
    /* ?3 today, ?4 the first day, ?5 the buckets of a day; those of the last days are not folded yet. */
    [SQL_TALLY_BUSIEST] = {"look for the busiest hour",
        "SELECT coalesce(max(n), 0) FROM (SELECT d.busiest AS n FROM tallies t JOIN tally_days d ON d.tally = t.id"
        " WHERE t.receiver = ?1 AND (?2 IS NULL OR t.rule = ?2) AND d.day >= ?4 AND d.day < ?3"
        " UNION ALL SELECT sum(c.count) OVER (PARTITION BY c.tally ORDER BY c.bucket RANGE BETWEEN 11 PRECEDING"
        " AND CURRENT ROW) FROM tallies t JOIN tally_counts c ON c.tally = t.id WHERE t.receiver = ?1"
        " AND (?2 IS NULL OR t.rule = ?2) AND c.bucket >= ?4 * ?5 AND c.bucket < ?3 * ?5)"},
    [SQL_TALLY_WATCHED] = {"look for the first failure", "SELECT since FROM tally_watch"},
    [SQL_TALLY_SET_WAVE] = {"begin or end the wave", "UPDATE tallies SET wave = ? WHERE id = ?"},
    [SQL_TALLY_TAKE] = {"end the wave", "DELETE FROM tally_counts WHERE tally = ? AND bucket >= ? AND bucket <= ?"},
#define TALLIES_TO_FOLD(bucket)                                                                                        \
    "tally IN (SELECT DISTINCT tally FROM tally_counts WHERE bucket < " bucket                                         \
    " AND tally NOT IN (SELECT id FROM tallies WHERE wave IS NOT NULL) LIMIT ?2)"
    [SQL_TALLY_FOLD] = {"fold tallies",
        "INSERT INTO tally_days (tally, day, busiest) SELECT tally, bucket / 288, max(hour) FROM ("
        "SELECT tally, bucket, sum(count) OVER (PARTITION BY tally ORDER BY bucket RANGE BETWEEN 11 PRECEDING"
        " AND CURRENT ROW) AS hour FROM tally_counts WHERE bucket < ?1 AND " TALLIES_TO_FOLD("?1 - 12") ")"
        " GROUP BY tally, bucket / 288 ON CONFLICT DO UPDATE SET busiest = max(busiest, excluded.busiest)"},
    [SQL_TALLY_DROP_FOLDED] = {"fold tallies", "DELETE FROM tally_counts WHERE bucket < ?1 AND " TALLIES_TO_FOLD("?1")},
    [SQL_TALLY_DROP_DAYS] = {"drop old tallies",
        "DELETE FROM tally_days WHERE (tally, day) IN (SELECT tally, day FROM tally_days WHERE day < ?1 LIMIT ?2)"},
    [SQL_TALLY_DROP] = {"drop old tallies",
        "DELETE FROM tallies WHERE id IN (SELECT t.id FROM tallies t WHERE t.id > 1 AND t.first < ?1 AND t.wave IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM tally_days d WHERE d.tally = t.id)"
        " AND NOT EXISTS (SELECT 1 FROM tally_counts c WHERE c.tally = t.id) LIMIT ?2)"},
    [SQL_TALLIES_OF_WAVES] = {"look for waves", "SELECT id, wave FROM tallies WHERE wave IS NOT NULL"},

    [SQL_WAVE_BEGIN] = {"begin a wave",
        "INSERT INTO waves (receiver, rule, first, began, raised, last, level, baseline, failures, confirmed, dropped,"
        " told) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)"},
    [SQL_WAVE_READ] = {"read the wave", "SELECT began, last, level, ended FROM waves WHERE id = ?"},
    [SQL_WAVE_GO_ON] = {"count the failure",
        "UPDATE waves SET last = max(last, ?1), first = min(first, ?2), failures = failures + 1 WHERE id = ?3"},
    [SQL_WAVE_END] = {"end the wave", "UPDATE waves SET ended = ? WHERE id = ?"},
    [SQL_WAVE_WAITED] = {"look for waves",
        "SELECT id FROM waves WHERE closed IS NULL AND ended <= ? ORDER BY ended LIMIT 1"},
    [SQL_WAVE_CLOSE] = {"close the wave", "UPDATE waves SET closed = ? WHERE id = ?"},
    [SQL_WAVE_CONFIRMED] = {"confirm the entry", "UPDATE waves SET confirmed = confirmed + 1 WHERE id = ?"},
    [SQL_WAVE_DROPPED] = {"drop the entry", "UPDATE waves SET dropped = dropped + 1 WHERE id = ?"},
    [SQL_EVENT_HOLD] = {"hold the entry", "UPDATE events SET effect = ?, wave = ? WHERE id = ?"},
    [SQL_EVENT_LET_GO] = {"confirm the entry", "UPDATE events SET effect = 'suppressed', wave = NULL WHERE id = ?"},
    /* What ?1 said by ?2 since ?3, and put new entries on the list. */
#define BEFORE_WAVE                                                                                                    \
    " FROM events e JOIN messages m ON m.id = e.message"                                                               \
    " JOIN suppressions s ON s.subject = lower(e.recipient) AND s.event = e.id WHERE e.receiver = ?1"                  \
    " AND e.rule = ?2 AND e.received >= ?3 AND e.counts = 1 AND e.verdict = 'hard' AND s.wave IS NULL"                 \
    " AND s.since >= ?3 AND (m.batch IS NULL OR e.occurred >= ?3)"
    [SQL_ENTRIES_BEFORE_WAVE] = {"look for entries to hold", "SELECT s.subject, s.scope, e.id" BEFORE_WAVE},
    /* When the first of them happened, if that was before what is known. */
    [SQL_WAVE_FIRST] = {"look for the first failure",
        "UPDATE waves SET first = min(first, coalesce((SELECT min(iif(m.batch IS NULL, e.received,"
        " min(e.occurred, e.received)))" BEFORE_WAVE "), first)) WHERE id = ?4"},
    [SQL_ENTRIES_OF_WAVE] = {"look for held entries",
        "SELECT subject, scope, event FROM suppressions WHERE wave = ? LIMIT ?"},
    [SQL_HELD_OF_RECIPIENT] = {"look for held entries",
        "SELECT subject, scope, wave FROM suppressions WHERE subject = lower(?1) AND wave IS NOT NULL AND ?2 IN ('', scope)"},
#define SELECT_WAVE                                                                                                    \
    "SELECT w.id, w.receiver, w.rule, coalesce(w.first, w.began), w.raised, w.ended, w.closed, w.level, w.baseline, w.failures,"          \
    " w.confirmed, w.dropped, (SELECT count(*) FROM suppressions s WHERE s.wave = w.id) FROM waves w "
    [SQL_WAVES] = {"read the waves", SELECT_WAVE "WHERE w.id < ?1 ORDER BY w.id DESC LIMIT ?2"},
    [SQL_WAVE] = {"read the wave", SELECT_WAVE "WHERE w.id = ?"},
    /* 0: nothing was told, 1: that it began, 2: that it ended. */
    [SQL_WAVES_NEWS] = {"look for news of waves",
        SELECT_WAVE "WHERE w.told < 2 AND (w.told = 0 OR w.ended IS NOT NULL) ORDER BY w.id LIMIT 100"},
    [SQL_WAVE_TOLD] = {"note what was told of the wave",
        "UPDATE waves SET told = max(told, 1 + ?2) WHERE id = ?1"},
    [SQL_COUNT_WAVES] = {"count waves", "SELECT count(*) FROM tallies WHERE wave IS NOT NULL"},
    /* clang-format on */
