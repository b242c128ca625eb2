#include "manage/source_text.hpp"

#include <doctest/doctest.h>

#include "app/base/error.hpp"
#include "tests/support/checks.hpp"

namespace {

using manage::SourceText;

constexpr std::string_view source = R"(#include "own.hpp"

#include <algorithm>
#include <string>

#include "app/a.hpp"
#include "app/c.hpp"

void first() {
    add(one);
    add(two,
        three);
    end();
}

void second() {
    add(one);
}
)";

// What the text is after a change of `source`.
template <class Change>
std::string changed(Change&& change, std::string_view text = source) {
    SourceText edited("x.cpp", text);
    change(edited);
    return edited.text();
}

// `source` with the text put before the first `place`.
std::string with(std::string_view text, std::string_view place) {
    std::string expected(source);
    return expected.insert(expected.find(place), text);
}

template <class Change>
std::string refusal(Change&& change) {
    const auto error = tests::error_of([&] { changed(change); });
    return error ? error->message() : "nothing";
}

}  // namespace

TEST_CASE("a text that nobody changes stays as it is") {
    CHECK(changed([](SourceText&) {}) == source);
}

TEST_CASE("an include stands among the others of its kind, in their order, once") {
    CHECK(changed([](SourceText& s) { s.add_include("app/b.hpp"); }) ==
          with("#include \"app/b.hpp\"\n", "#include \"app/c.hpp\""));
    CHECK(changed([](SourceText& s) { s.add_include("app/d.hpp"); }) == with("#include \"app/d.hpp\"\n", "\nvoid first"));
    CHECK(changed([](SourceText& s) { s.add_include("app/a.hpp"); }) == source);
    CHECK(changed([](SourceText& s) { s.add_system_include("cstdint"); }) == with("#include <cstdint>\n", "#include <string>"));
    CHECK(changed([](SourceText& s) { s.add_system_include("string"); }, "// What.\n#pragma once\n\n#include \"a.hpp\"\n") ==
          "// What.\n#pragma once\n\n#include <string>\n\n#include \"a.hpp\"\n");
}

TEST_CASE("a line is inserted before another, and behind a word of another") {
    CHECK(changed([](SourceText& s) { s.insert_before("void second", "int x;\n\n"); }) == with("int x;\n\n", "void second"));
    CHECK(changed([](SourceText& s) { s.insert_in_line("void second", "second(", "int x"); }) ==
          with("int x", ") {\n    add(one);\n}"));
}

TEST_CASE("a line is inserted after the last of its kind in a block, which is not cut in the middle of a statement") {
    CHECK(changed([](SourceText& s) { s.insert_after_last("void first", "}", "    add(", "    add(four);"); }) ==
          with("    add(four);\n", "    end();"));
    CHECK(changed([](SourceText& s) { s.insert_at_end("void first", "}", "    more();"); }) ==
          with("    more();\n", "}\n\nvoid second"));
}

TEST_CASE("what is appended stands after a blank line") {
    CHECK(changed([](SourceText& s) { s.append("int x;\n"); }) == std::string(source) + "\nint x;\n");
}

TEST_CASE("a place that is not there, or is there twice, is told with the file and what was looked for") {
    const auto expected = [](const std::string& what) {
        return "x.cpp was changed: this looks for " + what +
               ", once; nothing was written, so write by hand what docs/ARCHITECTURE.md says in \"Common changes\"";
    };
    CHECK(refusal([](SourceText& s) { s.insert_before("void third", "x"); }) == expected("a line that begins with void third"));
    CHECK(refusal([](SourceText& s) { s.insert_before("    add(one", "x"); }) == expected("a line that begins with     add(one"));
    CHECK(refusal([](SourceText& s) { s.insert_in_line("void first", "gone", "x"); }) ==
          expected("gone in the line that begins with void first"));
    CHECK(refusal([](SourceText& s) { s.insert_at_end("void first", "};", "x"); }) == expected("the line }; behind void first"));
    CHECK(refusal([](SourceText& s) { s.insert_after_last("void second", "}", "    remove(", "x"); }) ==
          expected("a line that begins with     remove( behind void second"));
    CHECK(tests::error_of([] { changed([](SourceText& s) { s.add_include("a.hpp"); }, "int x;\n"); }));
}
