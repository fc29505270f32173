#include "parser/prose/footer.h"

#include "parser/prose/dialect.h"

/* At the start of a line behind what it is decorated with. Each has its example in tests/unit/parser_footer.c. */
static const char *const footer_beginnings[] = {
    "This email has been scanned",
    "This e-mail has been scanned",
    "This message has been scanned",
    "This email was scanned",
    "This e-mail was scanned",
    "This mail was scanned",
    "Scanned by ",
    "Virus checked by",
    "No virus found in",
    "This footnote",
    "This email and any",
    "This e-mail and any",
    "This message and any",
    "This e-mail message and",
    "This email message and",
    "This email is confidential",
    "This e-mail is confidential",
    "This message is confidential",
    "This email is intended",
    "This e-mail is intended",
    "This message is intended only",
    "This communication is",
    "The information contained in",
    "The information in this e",
    "The contents of this e",
    "Confidentiality",
    "Confidential:",
    "Disclaimer",
    "Please consider the environment",
    "Diese E-Mail enthält vertrauliche",
    "Diese Nachricht ist vertraulich",
    "Ce message et",
    "Este mensaje y",
    "Esta mensagem e",
    "Questo messaggio e",
    NULL,
};

bool footer_begins(struct span line)
{
    struct span tail;

    return dialect_starts_any(footer_beginnings, dialect_bare(line), &tail);
}
