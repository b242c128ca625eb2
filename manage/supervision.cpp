#include "manage/supervision.hpp"

#include <algorithm>
#include <utility>

#include "app/base/error.hpp"

namespace manage {

namespace {

using app::web::Value;

std::int64_t milliseconds(Supervision::Time time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

std::int64_t integer(const Value& object, std::string_view name) {
    if (const std::int64_t* value = object.find_integer(name)) return *value;
    throw app::base::Error(app::base::Code::invalid, "what the supervisor before saved has no \"" + std::string(name) + "\"");
}

Supervision::Time time(const Value& object, std::string_view name) {
    return Supervision::Time(std::chrono::milliseconds(integer(object, name)));
}

}  // namespace

Supervision::Supervision(Policy policy, const Value& saved) : policy_(policy), ever_ready_(true) {
    const Time ready_at = time(saved, "ready_at");
    current_ = Worker{static_cast<pid_t>(integer(saved, "worker")), ready_at, ready_at};
    if (const Value::List* leaving = saved.find_list("leaving")) {
        for (const Value& one : *leaving) {
            leaving_.push_back({static_cast<pid_t>(integer(one, "pid")), {}, time(one, "deadline")});
        }
    }
    failures_ = static_cast<int>(integer(saved, "failures"));
    restarts_ = static_cast<int>(integer(saved, "restarts"));
    swaps_ = static_cast<int>(integer(saved, "swaps"));
    const std::string* failure = saved.find_string("failure");
    failure_ = {failure ? *failure : "", app::base::from_microseconds(integer(saved, "failed_at"))};
}

Value Supervision::save() const {
    Value::List leaving;
    for (const Worker& worker : leaving_) {
        leaving.emplace_back(Value::Object{{"pid", worker.pid}, {"deadline", milliseconds(worker.deadline)}});
    }
    return Value::Object{{"worker", worker()},
                         {"ready_at", milliseconds(current_ && current_->ready_at ? *current_->ready_at : Time{})},
                         {"leaving", std::move(leaving)},
                         {"failures", failures_},
                         {"restarts", restarts_},
                         {"swaps", swaps_},
                         {"failure", failure_.reason},
                         {"failed_at", app::base::to_microseconds(failure_.at)}};
}

void Supervision::started(pid_t pid, Time now) {
    start_at_.reset();
    (current_ ? next_ : current_) = Worker{pid, {}, now + policy_.ready_timeout};
}

Supervision::Orders Supervision::not_started(const std::string& reason, Time now) {
    Orders orders;
    fail(reason);
    if (swapping_) end_swap(reason);
    if (!current_) restart(now, orders);
    settle(orders);
    return orders;
}

Supervision::Orders Supervision::ready(pid_t pid, Time now) {
    Orders orders;
    if (stopping_) return orders;
    if (next_ && next_->pid == pid) {
        orders.push_back({Act::hand_over, current_->pid});
        leave(*current_, now);
        current_ = std::exchange(next_, std::nullopt);
    }
    if (!current_ || current_->pid != pid || current_->ready_at) return orders;
    current_->ready_at = now;
    ever_ready_ = true;
    if (swapping_) {
        end_swap("");
        orders.push_back({Act::renew});
    }
    settle(orders);
    return orders;
}

Supervision::Orders Supervision::ended(pid_t pid, const std::string& reason, Time now) {
    Orders orders;
    if (next_ && next_->pid == pid) {
        fail(next_->late ? "worker " + std::to_string(pid) + " was not ready in time" : reason);
        next_.reset();
        end_swap(failure_.reason);
    } else if (current_ && current_->pid == pid) {
        const Worker worker = *std::exchange(current_, std::nullopt);
        if (!stopping_) {
            fail(worker.late ? "worker " + std::to_string(pid) + " was not ready in time" : reason);
            if (worker.ready_at && now - *worker.ready_at >= policy_.steady) failures_ = 0;
            if (swapping_ && !next_) end_swap(failure_.reason);
            current_ = std::exchange(next_, std::nullopt);  // the only one left
            if (!current_) restart(now, orders);
        }
    } else {
        std::erase_if(leaving_, [pid](const Worker& worker) { return worker.pid == pid; });
    }
    settle(orders);
    return orders;
}

Supervision::Orders Supervision::swap(Time) {
    Orders orders;
    if (stopping_) return orders;
    if (start_at_) {  // nobody serves: what is wanted is what is waited for
        swapping_ = true;
        start_at_.reset();
        orders.push_back({Act::start});
        return orders;
    }
    swap_wanted_ = true;
    settle(orders);
    return orders;
}

Supervision::Orders Supervision::stop(Time now) {
    Orders orders;
    at_once_ = stopping_;
    stopping_ = true;
    start_at_.reset();
    swap_wanted_ = false;
    if (swapping_) end_swap("the server was stopped meanwhile");
    for (auto* worker : {&current_, &next_}) {
        if (*worker) leave(*std::exchange(*worker, std::nullopt), now);
    }
    for (Worker& worker : leaving_) {
        orders.push_back({Act::stop, worker.pid});
        if (at_once_) worker.deadline = now + std::chrono::seconds(1);
    }
    settle(orders);
    return orders;
}

Supervision::Orders Supervision::tick(Time now) {
    Orders orders;
    if (start_at_ && now >= *start_at_) {
        start_at_.reset();
        orders.push_back({Act::start});
    }
    for (auto* worker : {&current_, &next_}) {
        if (!*worker || (*worker)->ready_at || (*worker)->late || now < (*worker)->deadline) continue;
        (*worker)->late = true;
        orders.push_back({Act::kill, (*worker)->pid});
    }
    for (Worker& worker : leaving_) {
        if (worker.late || now < worker.deadline) continue;
        worker.late = true;
        orders.push_back({Act::kill, worker.pid});
    }
    return orders;
}

std::optional<Supervision::Time> Supervision::deadline() const {
    std::optional<Time> first = start_at_;
    const auto consider = [&first](const Worker& worker) {
        if (!worker.late && (!first || worker.deadline < *first)) first = worker.deadline;
    };
    if (current_ && !current_->ready_at) consider(*current_);
    if (next_) consider(*next_);
    std::ranges::for_each(leaving_, consider);
    return first;
}

std::string_view Supervision::state() const {
    if (stopping_) return "stopping";
    if (swapping_) return "swapping";
    if (start_at_) return "waiting";
    return is_ready() ? "running" : "starting";
}

bool Supervision::is_worker(pid_t pid) const {
    const std::vector<pid_t> all = workers();
    return std::ranges::find(all, pid) != all.end();
}

std::vector<pid_t> Supervision::workers() const {
    std::vector<pid_t> all;
    if (current_) all.push_back(current_->pid);
    if (next_) all.push_back(next_->pid);
    for (const Worker& worker : leaving_) all.push_back(worker.pid);
    return all;
}

void Supervision::end_swap(std::string error) {
    swapping_ = false;
    ++swaps_;
    swap_error_ = std::move(error);
}

void Supervision::leave(Worker worker, Time now) {
    worker.deadline = now + policy_.leave_timeout;
    worker.late = false;
    leaving_.push_back(worker);
}

// Nobody serves: somebody has to, but not as fast as a machine can fail.
void Supervision::restart(Time now, Orders& orders) {
    ++failures_;
    if (!ever_ready_ || failures_ > policy_.restarts_max) {
        gave_up_ = ever_ready_;
        orders.push_back({Act::finish});
        return;
    }
    ++restarts_;
    if (failures_ == 1) {
        orders.push_back({Act::start});
        return;
    }
    Duration pause = policy_.restart_delay;
    for (int i = 2; i < failures_ && pause < policy_.restart_delay_max; ++i) pause *= 2;
    start_at_ = now + std::min(pause, policy_.restart_delay_max);
}

// What was put off, once its time has come.
void Supervision::settle(Orders& orders) {
    if (stopping_ && leaving_.empty()) orders.push_back({Act::finish});
    if (stopping_ || !swap_wanted_ || swapping_ || !is_ready()) return;
    swap_wanted_ = false;
    swapping_ = true;
    orders.push_back({Act::start});
}

void Supervision::fail(std::string reason) { failure_ = {std::move(reason), app::base::now()}; }

}  // namespace manage
