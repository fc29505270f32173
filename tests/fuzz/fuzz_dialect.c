/* A text, read by one row of dialects.c, which the first byte chooses: what it finds is pieces of the text. */
#include <stdint.h>
#include <string.h>

#include "parser/prose/dialect_walk.h"
#include "parser/prose/dialects.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_piece(struct span piece, struct span text)
{
    if (piece.at != NULL && piece.length > 0)
        g_assert(piece.at >= text.at && piece.length <= (size_t)(text.at + text.length - piece.at));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct findings findings;
    struct span text, intro, returned;
    const struct dialect *dialect;

    if (size == 0)
        return 0;
    dialect = &dialects[data[0] % n_dialects];
    text = (struct span){(const char *)data + 1, size - 1};
    findings_init(&findings, 10);
    dialect_walk(dialect, text, &findings, &intro, &returned);
    g_assert(findings.items->len <= 10);
    check_piece(intro, text);
    check_piece(returned, text);
    for (guint i = 0; i < findings.items->len; i++) {
        const struct finding *finding = findings_at(&findings, i);
        check_piece(finding->address, text);
        check_piece(finding->origin, text);
        check_piece(finding->host, text);
        /* of a dialogue, the reply is put together */
        if ((dialect->flags & DIALECT_TRANSCRIPT) == 0)
            check_piece(finding->diagnostic, text);
        g_assert(finding->kind != REPORT_KIND_OTHER);
    }
    findings_clear(&findings);
    return 0;
}
