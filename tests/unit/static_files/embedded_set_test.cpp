#include "app/static_files/embedded_set.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

#include "app/base/secret.hpp"
#include "app/static_files/hashed_name.hpp"
#include "tests/decode.hpp"

using namespace app;
using namespace app::static_files;

namespace {

constexpr std::string_view hash = "3f2a9c1b00112233";
const std::string long_text = [] {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += ".rule" + std::to_string(i) + " { color: red; }\n";
    return text;
}();

}  // namespace

TEST_CASE("a hashed name has the hash before its ending") {
    CHECK(hashed_name("style.css", hash) == "style.3f2a9c1b.css");
    CHECK(hashed_name("app.min.js", hash) == "app.min.3f2a9c1b.js");
    CHECK(hashed_name("icons/a.svg", hash) == "icons/a.3f2a9c1b.svg");
    CHECK(hashed_name("README", hash) == "README.3f2a9c1b");
    CHECK(hashed_name("v1.2/README", hash) == "v1.2/README.3f2a9c1b");
}

TEST_CASE("a name carries the hash that stands before its ending, and no other") {
    for (const char* name : {"style.css", "app.min.js", "icons/a.svg"}) CHECK(carries_hash(hashed_name(name, hash), hash));
    for (const char* name : {"style.css", "style.3f2a9c1a.css", "style3f2a9c1b.css", "style.3f2a9c1bb.css", "style.3F2A9C1B.css",
                             "3f2a9c1b.css", "style.3f2a9c1b.css/x", ".3f2a9c1b", ""}) {
        CAPTURE(name);
        CHECK_FALSE(carries_hash(name, hash));
    }
    CHECK(looks_hashed("report.20260101.csv"));  // it may be a date: the content decides
    CHECK_FALSE(carries_hash("report.20260101.csv", hash));
}

TEST_CASE("a file is found by its plain and its hashed name, in its folder") {
    const base::EmbeddedFile files[] = {{"style.css", "a"}, {"icons/style.css", "b"}};
    const EmbeddedSet set{files};
    CHECK(set.find("style.css")->content() == "a");
    CHECK(set.find("icons/style.css")->content() == "b");
    CHECK(set.find(hashed_name("style.css", base::sha256_hex("a")))->content() == "a");
    CHECK(set.find(hashed_name("style.css", base::sha256_hex("b"))) == nullptr);
    for (const char* name : {"", "style", "Style.css", "icons", "icons/", "/style.css", "./style.css", "icons/../style.css"})
        CHECK(set.find(name) == nullptr);
}

TEST_CASE("a file is compressed once, by whoever asks first, and the others wait") {
    const base::EmbeddedFile files[] = {{"style.css", long_text}};
    const EmbeddedSet set{files};
    const EmbeddedFile& file = *set.find("style.css");
    CHECK_FALSE(file.is_encoded());
    std::vector<std::string_view> seen(4);
    {
        std::vector<std::jthread> threads;
        for (auto& view : seen) threads.emplace_back([&file, &view] { view = file.encoded(web::ContentCoding::brotli); });
    }
    CHECK(file.is_encoded());
    for (const auto view : seen) CHECK(view.data() == seen.front().data());
    CHECK((tests::decode(seen.front(), "br") == long_text));
    CHECK((tests::decode(file.encoded(web::ContentCoding::gzip), "gzip") == long_text));
    CHECK(file.encoded(web::ContentCoding::identity).empty());
}

TEST_CASE("what does not become shorter, or is compressed already, is not encoded") {
    const base::EmbeddedFile files[] = {{"short.css", "a{}"}, {"picture.png", long_text}};
    const EmbeddedSet set{files};
    for (const auto coding : {web::ContentCoding::gzip, web::ContentCoding::brotli}) {
        CHECK(set.find("short.css")->encoded(coding).empty());
        CHECK(set.find("picture.png")->encoded(coding).empty());
    }
}
