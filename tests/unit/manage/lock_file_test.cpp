#include "manage/lock_file.hpp"

#include <doctest/doctest.h>

#include "app/base/error.hpp"
#include "tests/support/checks.hpp"

namespace {

using manage::Requirement;

const std::string sum(64, 'a');
const std::string whole = "[debian-12]\nopenssl==3.0.22  # libssl-dev 1:3.0.22-1~deb12u2 amd64 sha256:" + sum + "\n";

// What parsing it throws.
std::string refusal(const std::string& text) {
    try {
        manage::parse_lock(text, "x.lock");
    } catch (const app::base::Error& error) {
        CHECK(error.code() == app::base::Code::invalid);
        return error.message();
    }
    return "nothing";
}

}  // namespace

TEST_CASE("a lock file is sections with lines, comments and blank lines between them") {
    const auto sections =
        manage::parse_lock("# a comment\n\n" + whole + "\n[debian-13]\r\ng++==14.2  # g++\r\nzlib==1.3\n", "x.lock");
    REQUIRE(sections.size() == 2);
    CHECK(sections[0].distribution == "debian-12");
    REQUIRE(sections[0].requirements.size() == 1);
    CHECK(sections[0].requirements[0] == Requirement{"openssl", "3.0.22", "libssl-dev", "1:3.0.22-1~deb12u2", "amd64", sum});
    CHECK(sections[1].requirements == std::vector<Requirement>{{"g++", "14.2", "g++"}, {"zlib", "1.3"}});
}

TEST_CASE("a line that was read is written as it was") {
    const Requirement requirement = manage::parse_lock(whole, "x.lock")[0].requirements[0];
    CHECK("[debian-12]\n" + manage::long_line(requirement) + "\n" == whole);
    CHECK(manage::short_line(requirement) == "openssl==3.0.22");
    CHECK(manage::long_line({"zlib", "1.3"}) == "zlib==1.3");
}

TEST_CASE("what is no lock file is refused with what is wrong and where") {
    CHECK(refusal("") == "x.lock is no lock file: it is empty; scripts/lock writes one");
    CHECK(refusal(" \n\n") == "x.lock is no lock file: it is empty; scripts/lock writes one");
    CHECK(refusal("# only a comment\n") == "x.lock is no lock file: it has no section; scripts/lock writes one");
    CHECK(refusal(std::string("\x7f"
                              "ELF\0\1",
                              6)) == "x.lock is no lock file: it is not text");
    CHECK(refusal("\xff\xfe[debian-12]") == "x.lock is no lock file: it is not text");
    CHECK(refusal("zlib==1.3\n") == "x.lock:1: zlib stands before any section like [debian-12]");
    CHECK(refusal(whole + "[debian-12]\n") == "x.lock:3: there is a section [debian-12] already");
    CHECK(refusal(whole + "openssl==3\n") == "x.lock:3: openssl is in [debian-12] already");
}

TEST_CASE("a malformed line is refused with its number") {
    for (const std::string line :
         {"zlib", "zlib=1.3", "zlib>=1.3", "==1.3", "zlib==", "zlib==1 3", "z lib==1", "<html>", "[debian-12", "[]",
          "zlib==1.3  # a b c d", "zlib==1.3  # a b c sha256:12", "zlib==1.3  # a b c sha256:", "zlib==1.3  # a/b 1"}) {
        CAPTURE(line);
        CHECK(refusal(whole + line + "\n") ==
              "x.lock:3: is neither a section like [debian-12] nor a line like openssl==3.0.22  # libssl-dev 3.0.22-1");
    }
}
