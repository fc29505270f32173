/* Reads a log, line by line, as bouncectl ingest-log does, and does nothing with what it tells; see tests/bench/log. */
#include <stdio.h>
#include <stdlib.h>

#include "parser/log_reader.h"

int main(int argc, char **argv)
{
    const struct log_settings settings = {.newest = 1796083200, .queue_octets = (size_t)64 << 20};
    g_autoptr(LogReader) reader = log_reader_new(&settings);
    FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
    unsigned long lines = 0, attempts = 0;
    char *line = NULL;
    size_t room = 0;
    ssize_t length;

    if (file == NULL) {
        fprintf(stderr, "usage: bench_log FILE\n");
        return 1;
    }
    while ((length = getline(&line, &room, file)) > 0) {
        log_reader_line(reader, (struct span){line, (size_t)length - (line[length - 1] == '\n')});
        lines++;
        while (log_reader_next(reader) != NULL)
            attempts++;
    }
    printf("%lu lines, %lu attempts\n", lines, attempts);
    free(line);
    fclose(file);
    return 0;
}
