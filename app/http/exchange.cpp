// The half of a loop that serves requests and turns their answers into bytes that are sent.
#include <sys/socket.h>

#include "app/base/clock.hpp"
#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/base/text.hpp"
#include "app/base/turn.hpp"
#include "app/http/loop.hpp"
#include "app/http/writer.hpp"
#include "app/web/json.hpp"
#include "app/web/status.hpp"

namespace app::http {
namespace {

constexpr int refusals_logged_a_second_max = 10;

web::Response refusal_response(const Refusal& refusal) {
    std::string text;
    web::JsonWriter(text)
        .begin_object()
        .field("error", base::to_lower_ascii(web::reason_phrase(refusal.status)))
        .field("message", refusal.reason)
        .end_object();
    auto response = web::json_response(std::move(text), refusal.status);
    if (refusal.status == 503) response.set("Retry-After", "1");
    return response;
}

// A response that cannot be written, for a header that would break out of its line, is an internal error.
void append(std::string& out, const web::Response& response, const WriteOptions& options, std::string_view id) {
    try {
        append_response(out, response, options);
    } catch (const base::Error& error) {
        base::log_error(error.what(), id);
        append_response(out, refusal_response({500, "internal server error"}), options);
    }
}

}  // namespace

// A request on its way through a worker: its own bytes, since the loop's buffers go on living.
struct Loop::Work {
    Loop& loop;
    const std::uint32_t place, generation;
    const std::string head, body, peer, id;
    const bool keep_alive;

    Work(Loop& of, const Connection& connection, std::string_view head_bytes, std::string_view body_bytes,
         std::string_view request_id, bool keep)
        : loop(of),
          place(connection.place),
          generation(connection.generation),
          head(head_bytes),
          body(body_bytes),
          peer(connection.peer),
          id(request_id),
          keep_alive(keep) {
        loop.engine_.counts.buffered_bytes += bytes();
    }
    ~Work() { loop.engine_.counts.buffered_bytes -= bytes(); }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

    std::int64_t bytes() const { return static_cast<std::int64_t>(head.size() + body.size()); }

    void run() {
        Head parsed;
        Refusal refusal;
        std::size_t searched = 0;
        parse_head(head, searched, loop.engine_.limits, parsed, refusal);
        web::Request request;
        request.method = parsed.method;
        request.target = parsed.target;
        request.headers = std::move(parsed.headers);
        request.body = body;
        request.peer = peer;
        request.scheme = loop.engine_.scheme();
        request.id = id;
        const web::Response response = loop.engine_.service.handle(request);
        Message message;
        message.place = place;
        message.generation = generation;
        message.keep_alive = keep_alive && !loop.engine_.draining;
        const std::string date = base::http_date(base::now());
        append(message.bytes, response,
               {.head_only = request.method == "HEAD",
                .keep_alive = message.keep_alive,
                .minor_version = parsed.minor_version,
                .date = date},
               id);
        loop.post(std::move(message));
    }
};

// Serves the request whose head is in head_: here, or by a worker.
void Loop::serve(Connection& connection, std::string_view head_bytes, std::string_view body) {
    connection.enter(Phase::idle, now_);
    const std::string id = engine_.id_prefix + std::to_string(engine_.request_count.fetch_add(1, std::memory_order_relaxed) + 1);
    request_.method = head_.method;
    request_.target = head_.target;
    request_.headers.swap(head_.headers);
    request_.body = body;
    request_.peer = connection.peer;
    request_.scheme = engine_.scheme();
    request_.id = id;
    if (engine_.service.may_wait(request_)) {
        give_to_worker(connection, head_bytes, body);
    } else {
        base::Turn turn(Clock::now() + std::chrono::milliseconds(engine_.loop_turn_ms));
        const web::Response response = engine_.service.handle(request_);
        if (turn.given_up()) {
            engine_.counts.turns_given_up.add();
            give_to_worker(connection, head_bytes, body);
        } else {
            answer(connection, response);
        }
    }
    request_.headers.swap(head_.headers);
}

void Loop::give_to_worker(Connection& connection, std::string_view head_bytes, std::string_view body) {
    auto work = std::make_shared<Work>(*this, connection, head_bytes, body, request_.id, head_.keep_alive);
    Workers::Job job = [work] { work->run(); };
    if (engine_.workers.try_run(job)) {
        connection.enter(Phase::working, now_);
    } else {
        engine_.counts.count_refusal(503);
        answer(connection, response_to({503, "the server has too much to do; try again"}, request_.target));
    }
}

void Loop::answer(Connection& connection, const web::Response& response) {
    const bool keep_alive = head_.keep_alive && !draining_;
    append(out_, response,
           {.head_only = head_.method == "HEAD", .keep_alive = keep_alive, .minor_version = head_.minor_version, .date = date()},
           request_.id);
    if (!keep_alive) connection.closing = true;
}

// Answers, at the next flush, and gives the connection up: nobody knows where its next request would begin.
void Loop::refuse(Connection& connection, Refusal refusal, std::string_view target) {
    engine_.counts.count_refusal(refusal.status);
    if (refusals_logged_ < refusals_logged_a_second_max) {
        ++refusals_logged_;
        base::log_info("refused " + std::to_string(refusal.status) + " " + refusal.reason + " peer=" + connection.peer);
    }
    append_response(out_, response_to(refusal, target), {.head_only = connection.is_head, .keep_alive = false, .date = date()});
    connection.closing = true;
}

web::Response Loop::response_to(const Refusal& refusal, std::string_view target) const {
    if (!target.empty()) {
        if (auto response = engine_.service.refuse(target, refusal)) return *std::move(response);
    }
    return refusal_response(refusal);
}

// For a socket that is not taken over. What it sent is read, as far as it came: else closing would reset it, and the answer be lost.
void Loop::turn_away(int socket, const char* reason) {
    if (!engine_.tls) {  // a handshake is just what the server has no room for
        std::string bytes;
        append_response(bytes, refusal_response({503, reason}), {.keep_alive = false, .date = date()});
        [[maybe_unused]] const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    ::shutdown(socket, SHUT_WR);
    [[maybe_unused]] const auto received = ::recv(socket, buffer_.data(), buffer_.size(), 0);
    ::close(socket);
}

// Sends what the turn made; what the socket does not take waits in the exchange for its next edge.
void Loop::flush(Connection& connection) {
    std::string_view bytes = out_;
    if (connection.has_output()) {
        connection.exchange->out += out_;
        bytes = std::string_view{connection.exchange->out}.substr(connection.exchange->sent);
    }
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const Transfer taken = send(connection, bytes.substr(sent));
        if (taken.outcome == Outcome::closed) {
            out_.clear();
            return close(connection);
        }
        if (taken.outcome == Outcome::again) break;
        sent += taken.bytes;
    }
    if (sent > 0 || !connection.has_output()) connection.stalled_since = now_;
    if (connection.has_output()) {
        connection.exchange->sent += sent;
        if (!connection.has_output()) {
            connection.exchange->out = {};
            connection.exchange->sent = 0;
        }
    } else if (sent < bytes.size()) {
        connection.make_exchange().out.assign(bytes.substr(sent));
        connection.exchange->sent = 0;
    }
    out_.clear();
    if (connection.has_output() || !connection.closing || connection.phase == Phase::lingering) return;
    if (finish_sending(connection) == Outcome::again) return;
    connection.enter(Phase::lingering, now_);
    connection.may_read = true;
}

// The Date of this second.
std::string_view Loop::date() {
    if (date_.empty() || now_ - date_since_ >= std::chrono::milliseconds(500)) {
        date_ = base::http_date(base::now());
        date_since_ = now_;
        refusals_logged_ = 0;
    }
    return date_;
}

}  // namespace app::http
