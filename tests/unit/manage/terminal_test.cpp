#include "manage/terminal.hpp"

#include <doctest/doctest.h>

using manage::harmless;

TEST_CASE("what commands a terminal becomes a question mark, C1 controls too") {
    CHECK(harmless("a\x1b[2Jb\rc\x7f") == "a?[2Jb?c?");
    CHECK(harmless("title\xC2\x9d"
                   "0;x\xC2\x9c") == "title?0;x?");
}

TEST_CASE("tabs, line ends and letters beyond ASCII stay as they are") {
    CHECK(harmless("a\tb\n\xC3\xA9 \xE4\xBD\xA0\xC2\xA0") == "a\tb\n\xC3\xA9 \xE4\xBD\xA0\xC2\xA0");
}
