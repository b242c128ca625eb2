#include "app/mail/message.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "app/base/text.hpp"
#include "tests/support/checks.hpp"

using namespace app::mail;
using tests::error_of;

namespace {

Message message() {
    return {.from = {.name = "Dewar", .email = "blog@dewar.example"},
            .to = {{.email = "ada@dewar.example"}},
            .subject = "Hello",
            .text = "Hello",
            .html = "<p>Hello</p>",
            .message_id = "1@dewar.example",
            .date = app::base::from_microseconds(1795337946000000)};
}

std::string header(const Message& message, std::string_view name) {
    for (const std::string& line : header_lines(message)) {
        if (line.starts_with(std::string(name) + ": ")) return line.substr(name.size() + 2);
    }
    return "none";
}

// The text of encoded words, by RFC 2047 section 6.2: blanks between two of them do not count.
std::string decoded(std::string_view words) {
    std::string text;
    for (const std::string_view line : app::base::split(words, '\n')) {
        const std::string_view word = app::base::trim(line);
        REQUIRE(word.starts_with("=?UTF-8?B?"));
        REQUIRE(word.ends_with("?="));
        const auto part = app::base::base64_decode(word.substr(10, word.size() - 12));
        REQUIRE(part);
        CHECK(app::base::is_utf8(*part));  // no character is cut
        text += *part;
    }
    return text;
}

std::size_t longest_line(const std::string& text) {
    std::size_t longest = 0;
    for (const std::string_view line : app::base::split(text, '\n'))
        longest = std::max(longest, app::base::trim(line).size() + 1);
    return longest;
}

}  // namespace

TEST_CASE("a plain message has plain headers") {
    CHECK(header_lines(message()) == std::vector<std::string>{"From: Dewar <blog@dewar.example>", "To: ada@dewar.example",
                                                              "Subject: Hello", "Date: Sun, 22 Nov 2026 08:59:06 +0000",
                                                              "Message-ID: <1@dewar.example>", "Auto-Submitted: auto-generated"});
}

TEST_CASE("a Chinese subject is in encoded words of whole characters, folded at 76") {
    Message mail = message();
    for (int i = 0; i < 20; ++i) mail.subject += "你好，戴瓦 🍵";
    const std::string subject = header(mail, "Subject");
    CHECK(decoded(subject) == mail.subject);
    CHECK(longest_line("Subject: " + subject) <= 76);
    mail.subject = "测试";
    CHECK(header(mail, "Subject") == "=?UTF-8?B?5rWL6K+V?=");
}

TEST_CASE("a long subject is folded at its blanks; one with a word that is too long, or that looks encoded, is encoded") {
    Message mail = message();
    mail.subject = "";
    for (int i = 0; i < 30; ++i) mail.subject += "word ";
    mail.subject += "end";
    const std::string subject = header(mail, "Subject");
    CHECK(longest_line("Subject: " + subject) <= 76);
    std::string joined = subject;
    for (auto at = joined.find("\r\n "); at != std::string::npos; at = joined.find("\r\n ")) joined.replace(at, 3, " ");
    CHECK(joined == mail.subject);
    mail.subject = std::string(100, 'x');
    CHECK(decoded(header(mail, "Subject")) == mail.subject);
    mail.subject = "=?UTF-8?B?eA==?=";
    CHECK(decoded(header(mail, "Subject")) == mail.subject);
    mail.subject = "two  blanks";
    CHECK(decoded(header(mail, "Subject")) == mail.subject);
}

TEST_CASE("a name is quoted if it must be, encoded if it is not ASCII") {
    Message mail = message();
    mail.from.name = "Lovelace, \"Ada\"";
    CHECK(header(mail, "From") == R"("Lovelace, \"Ada\"" <blog@dewar.example>)");
    mail.from.name = "戴瓦";
    CHECK(header(mail, "From") == "=?UTF-8?B?5oi055Om?= <blog@dewar.example>");
    mail.from.email = "blog@münchen.example";
    CHECK(header(mail, "From") == "=?UTF-8?B?5oi055Om?= <blog@xn--mnchen-3ya.example>");
    mail.from.name = "";
    for (int i = 0; i < 30; ++i) mail.from.name += "很长的名字";
    CHECK(longest_line("From: " + header(mail, "From")) <= 76);
}

TEST_CASE("many recipients are one to a line") {
    Message mail = message();
    mail.to = {{.name = "陈", .email = "chen@dewar.example"}, {.email = "bob@dewar.example"}};
    CHECK(header(mail, "To") == "=?UTF-8?B?6ZmI?= <chen@dewar.example>,\r\n bob@dewar.example");
}

TEST_CASE("line ends and control characters are refused wherever they would reach a header") {
    const auto refused = [](auto change) {
        Message mail = message();
        change(mail);
        return error_of([&] { header_lines(mail); }).has_value();
    };
    CHECK(refused([](Message& mail) { mail.subject = "Hello\r\nBcc: eve@dewar.example"; }));
    CHECK(refused([](Message& mail) { mail.subject = "Hello\nX"; }));
    CHECK(refused([](Message& mail) { mail.subject = std::string("Hel\0lo", 6); }));
    CHECK(refused([](Message& mail) { mail.subject = "\xff"; }));
    CHECK(refused([](Message& mail) { mail.to[0].email = "ada@dewar.example\r\nX: y"; }));
    CHECK(refused([](Message& mail) { mail.from.name = "Dewar\r\nX: y"; }));
    CHECK(refused([](Message& mail) { mail.message_id = "1>\r\nX: y"; }));
    CHECK(refused([](Message& mail) { mail.message_id = ""; }));
    CHECK(refused([](Message& mail) { mail.text = "\xff"; }));
    CHECK(refused([](Message& mail) { mail.to.clear(); }));
    CHECK_FALSE(refused([](Message& mail) { mail.text = "two\r\nlines\n"; }));
}

TEST_CASE("a Message-ID is new each time, on the sender's domain") {
    const std::string one = new_message_id({.email = "blog@münchen.example"});
    CHECK(one.ends_with("@xn--mnchen-3ya.example"));
    CHECK(one.size() > 40);
    CHECK(one != new_message_id({.email = "blog@münchen.example"}));
}
