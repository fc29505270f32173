# Writes FILES, one after the other, as C source for OUT:
#   const char SYMBOL[];                the bytes of all of them
#   const size_t SYMBOL_ends[];         where each ends, and
#   const char *const SYMBOL_names[];   its name; NULL-terminated
#   const char SYMBOL_digest[];         a SHA-256 of the bytes, in hex digits
set(bytes "")
set(names "")
set(ends "")
set(end 0)
foreach(file ${FILES})
    file(READ ${file} hex HEX)
    string(LENGTH "${hex}" digits)
    math(EXPR end "${end} + ${digits} / 2")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," hex "${hex}")
    get_filename_component(name ${file} NAME)
    string(APPEND bytes "${hex}\n")
    string(APPEND ends "${end}, ")
    string(APPEND names "\"${name}\", ")
endforeach()
string(SHA256 digest "${bytes}")
file(WRITE ${OUT} "#include <stddef.h>
extern const char ${SYMBOL}[];
extern const size_t ${SYMBOL}_ends[];
extern const char *const ${SYMBOL}_names[];
extern const char ${SYMBOL}_digest[];
const char ${SYMBOL}[] = {\n${bytes}0};
const size_t ${SYMBOL}_ends[] = {${ends}0};
const char *const ${SYMBOL}_names[] = {${names}NULL};
const char ${SYMBOL}_digest[] = \"${digest}\";
")
