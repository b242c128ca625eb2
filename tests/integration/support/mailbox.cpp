#include "tests/integration/support/mailbox.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "app/models/outbox.hpp"

namespace tests {

using app::mail::Message;

std::vector<Message> Mailbox::mails() const {
    constexpr int many = 1000;
    return database_.read([](app::db::Connection& c) {
        std::vector<Message> found;
        for (const auto& mail : app::models::list_mails(c, {}, {}, many))
            found.push_back(app::models::get_mail(c, mail.id).message);
        std::ranges::reverse(found);
        return found;
    });
}

std::vector<Message> Mailbox::mails_to(const std::string& email) const {
    std::vector<Message> found = mails();
    std::erase_if(found, [&](const Message& mail) { return mail.to.front().email != email; });
    return found;
}

Message Mailbox::newest_to(const std::string& email) const {
    auto found = mails_to(email);
    INFO("a mail to ", email);
    REQUIRE_FALSE(found.empty());
    return found.back();
}

std::string link_of(const Message& mail) {
    std::vector<std::string> links;
    for (auto at = mail.text.find("\nhttp"); at != std::string::npos; at = mail.text.find("\nhttp", at + 1)) {
        std::string line = mail.text.substr(at + 1, mail.text.find('\n', at + 1) - at - 1);
        if (line.find("/auth/") != std::string::npos) links.push_back(std::move(line));
    }
    INFO(mail.text);
    REQUIRE(links.size() == 1);
    CHECK(mail.html.find("<a href=\"" + links.front() + "\">") != std::string::npos);
    return links.front();
}

std::string token_of(const Message& mail) {
    const std::string link = link_of(mail);
    const auto at = link.find("?token=");
    INFO(link);
    REQUIRE(at != std::string::npos);
    return link.substr(at + std::string("?token=").size());
}

}  // namespace tests
