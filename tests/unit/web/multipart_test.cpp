#include "app/web/multipart.hpp"

#include <doctest/doctest.h>

#include <string>

#include "app/base/error.hpp"

namespace {

using app::base::Code;
using app::web::find_boundary;
using app::web::parse_multipart;
using namespace std::string_literals;

std::string part(const std::string& head, const std::string& content) { return "--b\r\n" + head + "\r\n\r\n" + content + "\r\n"; }

std::string field(const std::string& name, const std::string& content) {
    return part("Content-Disposition: form-data; name=\"" + name + "\"", content);
}

Code refusal(const std::string& body) {
    CAPTURE(body);
    try {
        parse_multipart(body, "b");
    } catch (const app::base::Error& error) {
        return error.code();
    }
    FAIL_CHECK("accepted");
    return Code::internal;
}

}  // namespace

TEST_CASE("fields and files are read in their order, their content byte for byte") {
    const std::string bytes = "\r\n--\0\xFF\r\n--a\r\n"s;
    const std::string body =
        field("title", "") +
        part("content-disposition: Form-Data; filename=\"x y.bin\"; name=file\r\nContent-Type: image/png", bytes) + "--b--\r\n";
    const auto parts = parse_multipart(body, "b");
    REQUIRE(parts.size() == 2);
    CHECK(parts[0].name == "title");
    CHECK(parts[0].filename == std::nullopt);
    CHECK(parts[0].content_type == "");
    CHECK(parts[0].content == "");
    CHECK(parts[1].name == "file");
    CHECK(parts[1].filename == "x y.bin");
    CHECK(parts[1].content_type == "image/png");
    CHECK(parts[1].content == bytes);
    CHECK(parse_multipart("--b--", "b").empty());
}

TEST_CASE("a backslash in a name escapes a quote and itself only") {
    const auto parts =
        parse_multipart(part(R"(Content-Disposition: form-data; name="a\"b"; filename="C:\\x\y.txt")", "") + "--b--", "b");
    CHECK(parts.at(0).name == "a\"b");
    CHECK(parts.at(0).filename == R"(C:\x\y.txt)");
}

TEST_CASE("what is no multipart form is invalid") {
    const std::string good = field("a", "1");
    for (const std::string& body :
         {""s,
          "--"s,
          "--c--"s,
          "x\r\n"s + good + "--b--",
          "\r\n" + good + "--b--",
          good,
          good + "--b",
          good + "--b--x",
          good + "--b--\r\nbye",
          good + "--b \r\n" + good + "--b--",
          good + "--bc\r\n--b--",
          "--b\n" + good + "--b--",
          "--b\r\n\r\nx\r\n--b--"s,
          part("X: y", "1") + "--b--",
          part("Content-Disposition: form-data", "1") + "--b--",
          part("Content-Disposition: attachment; name=a", "1") + "--b--",
          part("Content-Disposition: form-data; name=\"a", "1") + "--b--",
          part("Content-Disposition: form-data; name=a; name=b", "1") + "--b--",
          part("Content-Disposition: form-data; name=a b", "1") + "--b--",
          part("Content-Disposition: form-data name=a", "1") + "--b--",
          part("Content-Disposition: form-data;\r\n name=a", "1") + "--b--",
          part("Content-Disposition : form-data; name=a", "1") + "--b--",
          part("Content-Disposition: form-data; name=\"\xFF\"", "1") + "--b--",
          part("Content-Disposition: form-data; name=\"a\tb\"", "1") + "--b--",
          part("Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b", "1") + "--b--",
          part("Content-Disposition: form-data; name=a\r\nContent-Type: a/b\r\nContent-Type: a/b", "1") + "--b--",
          part("Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64", "1") + "--b--",
          part("Content-Disposition: form-data; name=a\r\nX: a\nb", "1") + "--b--",
          part("Content-Disposition: form-data; name=a\r\nX: " + std::string(9000, 'x'), "1") + "--b--"})
        CHECK(refusal(body) == Code::invalid);
    CHECK(parse_multipart(good + "--b--", "b").size() == 1);
}

TEST_CASE("a multipart form of more than a hundred parts is too large") {
    std::string body;
    for (int count = 0; count < 100; ++count) body += field("a", "1");
    CHECK(parse_multipart(body + "--b--", "b").size() == 100);
    CHECK(refusal(body + field("a", "1") + "--b--") == Code::too_large);
}

TEST_CASE("the boundary is read from the Content-Type") {
    CHECK(find_boundary("multipart/form-data; boundary=----WebKitFormBoundary7MA4") == "----WebKitFormBoundary7MA4");
    CHECK(find_boundary("Multipart/Form-Data; charset=utf-8; BOUNDARY=\"a b:c\"") == "a b:c");
    CHECK(find_boundary("multipart/form-data;boundary=" + std::string(70, 'x')).has_value());
    for (const std::string& type :
         {"multipart/form-data"s, "multipart/mixed; boundary=b"s, "text/plain; boundary=b"s, "multipart/form-data; boundary="s,
          "multipart/form-data; boundary=\"\""s, "multipart/form-data; boundary=a; boundary=b"s,
          "multipart/form-data; boundary=\"a \""s, "multipart/form-data; boundary=\"a\r\nb\""s,
          "multipart/form-data; boundary=\"a"s, "multipart/form-data; boundary=a b"s,
          "multipart/form-data; boundary=" + std::string(71, 'x'), ""s}) {
        CAPTURE(type);
        CHECK(find_boundary(type) == std::nullopt);
    }
}
