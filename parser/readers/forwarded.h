/* forwarded.h: a report that somebody's mail program forwarded within a text, to the address that it had come to or to
 * a return path of ours: that is where bounces belong, and who sends one there reports it. To anybody else it is a
 * question. */
#pragma once

#include "parser/draft/reader.h"

reader_function forwarded_read;
