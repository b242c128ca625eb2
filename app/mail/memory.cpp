#include "app/mail/memory.hpp"

#include <algorithm>

namespace app::mail {

namespace {

Delivery accepted() {
    return {.outcome = Delivery::Outcome::accepted, .stage = Stage::done, .words = {}, .recipient = {}, .steps = {}};
}

}  // namespace

Delivery MemoryMailer::send(const Message& message) {
    require_valid(message);
    const std::lock_guard lock(mutex_);
    Delivery answer = accepted();
    if (!answers_.empty()) {
        answer = std::move(answers_.back());
        answers_.pop_back();
    }
    if (answer.outcome == Delivery::Outcome::accepted) outbox_.push_back(message);
    return answer;
}

std::vector<Message> MemoryMailer::outbox() const {
    const std::lock_guard lock(mutex_);
    return outbox_;
}

void MemoryMailer::answer_next(std::vector<Delivery> answers) {
    std::ranges::reverse(answers);
    const std::lock_guard lock(mutex_);
    answers_ = std::move(answers);
}

Delivery SuppressedMailer::send(const Message& message) {
    require_valid(message);
    Delivery delivery = accepted();
    delivery.words = "nothing left: MAIL_SUPPRESS_SEND is on";
    return delivery;
}

}  // namespace app::mail
