// A mailer that delivers nothing and keeps what it was given, for tests to look at; and, as make_mailer gives it for suppressed mail,
// one that does not even keep it.
#pragma once

#include <mutex>
#include <vector>

#include "app/mail/mailer.hpp"

namespace app::mail {

class MemoryMailer : public Mailer {
   public:
    Delivery send(const Message& message) override;

    // What was accepted so far, in its order. Any thread.
    std::vector<Message> outbox() const;

    // What the next messages get instead of being accepted, one each; then all goes well again. Any thread.
    void answer_next(std::vector<Delivery> answers);

   private:
    mutable std::mutex mutex_;
    std::vector<Message> outbox_;
    std::vector<Delivery> answers_;  // the next one last
};

class SuppressedMailer : public Mailer {
   public:
    Delivery send(const Message& message) override;
};

}  // namespace app::mail
