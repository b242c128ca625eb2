// The mails that an application has queued, as their readers would see them.
#pragma once

#include <string>
#include <vector>

#include "app/db/database.hpp"
#include "app/mail/message.hpp"

namespace tests {

class Mailbox {
   public:
    // The database outlives it.
    explicit Mailbox(app::db::Database& database) : database_(database) {}

    // All, in the order in which they were queued.
    std::vector<app::mail::Message> mails() const;
    // Those to one address.
    std::vector<app::mail::Message> mails_to(const std::string& email) const;
    // The newest of these; fails the test when there is none.
    app::mail::Message newest_to(const std::string& email) const;

    std::size_t size() const { return mails().size(); }

   private:
    app::db::Database& database_;
};

// The link in a mail's text, which its HTML has too; fails the test when there is not exactly one.
std::string link_of(const app::mail::Message& mail);

// What stands behind "?token=" in it; fails the test when nothing does.
std::string token_of(const app::mail::Message& mail);

}  // namespace tests
