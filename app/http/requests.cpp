// The half of a loop that turns bytes into requests.
#include <algorithm>

#include "app/http/loop.hpp"

namespace app::http {
namespace {

constexpr std::size_t flush_bytes = 256 * 1024;

// Told from its first bytes, since a refusal may come before there is a whole head.
bool is_head_request(std::string_view bytes) {
    return bytes.substr(std::min(bytes.find_first_not_of("\r\n"), bytes.size())).starts_with("HEAD ");
}

}  // namespace

// Serves the requests in `bytes`, behind what was kept before, and keeps what is no whole request yet.
void Loop::consume(Connection& connection, std::string_view bytes) {
    const bool kept = connection.exchange && !connection.exchange->in.empty();
    searched_ = kept ? connection.exchange->searched : 0;
    if (kept) {
        connection.exchange->in.append(bytes);
        bytes = connection.exchange->in;
    }
    std::size_t used = 0;
    while (used < bytes.size() && !connection.closing && connection.phase != Phase::working) {
        std::size_t step = 0;
        const bool more = next_request(connection, bytes.substr(used), step);
        used += step;
        if (!more || turn_is_over(connection)) break;
        if (out_.size() < flush_bytes) continue;
        flush(connection);
        if (!connection.open()) return;
        if (connection.has_output()) break;
    }
    if (connection.closing) used = bytes.size();
    if (kept) {
        connection.exchange->in.erase(0, used);
    } else if (used < bytes.size()) {
        connection.make_exchange().in.assign(bytes.substr(used));
    }
    if (connection.exchange) connection.exchange->searched = searched_;
    flush(connection);
}

// After an answer came from elsewhere, or the socket took more: sends, then serves what was kept, then reads on.
void Loop::go_on(Connection& connection) {
    flush(connection);
    if (!connection.open()) return;
    const bool free = connection.phase != Phase::working && !connection.has_output() && !connection.closing;
    if (free && connection.exchange && !connection.exchange->in.empty()) consume(connection, {});
    if (connection.open()) read(connection);
}

// Whether a request was served and another one may stand behind it; `used` bytes are done with either way.
bool Loop::next_request(Connection& connection, std::string_view bytes, std::size_t& used) {
    if (connection.phase == Phase::body) return continue_body(connection, bytes, used);
    connection.is_head = is_head_request(bytes);
    Refusal refusal;
    switch (parse_head(bytes, searched_, engine_.limits, head_, refusal)) {
        case Parsed::incomplete:
            if (connection.phase == Phase::idle) connection.enter(Phase::head, now_);
            return false;
        case Parsed::refused:
            refuse(connection, refusal, refusal.status == 413 ? head_.target : std::string_view{});
            return false;
        case Parsed::complete: break;
    }
    searched_ = 0;
    const std::string_view rest = bytes.substr(head_.bytes);
    const bool whole = head_.framing == Framing::none ||
                       (head_.framing == Framing::length && static_cast<std::int64_t>(rest.size()) >= head_.content_length);
    if (!whole) return begin_body(connection, bytes, used);
    const std::size_t body_bytes = head_.framing == Framing::none ? 0 : static_cast<std::size_t>(head_.content_length);
    used = head_.bytes + body_bytes;
    serve(connection, bytes.substr(0, head_.bytes), rest.substr(0, body_bytes));
    return true;
}

bool Loop::begin_body(Connection& connection, std::string_view bytes, std::size_t& used) {
    if (head_.expects_continue && bytes.size() == head_.bytes) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
    const std::size_t head_bytes = head_.bytes;
    Exchange& exchange = connection.make_exchange();
    exchange.head.assign(bytes.substr(0, head_bytes));
    exchange.body.clear();
    exchange.framing = head_.framing;
    exchange.content_length = head_.content_length;
    exchange.body_bytes_max = head_.body_bytes_max;
    exchange.chunked.reset();
    connection.enter(Phase::body, now_);
    const bool more = continue_body(connection, bytes.substr(head_bytes), used);
    used += head_bytes;
    return more;
}

bool Loop::continue_body(Connection& connection, std::string_view bytes, std::size_t& used) {
    Exchange& exchange = *connection.exchange;
    Refusal refusal;
    Parsed parsed = Parsed::incomplete;
    if (exchange.framing == Framing::chunked) {
        Limits limits = engine_.limits;
        limits.body_bytes_max = exchange.body_bytes_max;
        parsed = exchange.chunked.decode(bytes, used, exchange.body, limits, refusal);
    } else {
        used = std::min(bytes.size(), static_cast<std::size_t>(exchange.content_length) - exchange.body.size());
        exchange.body.append(bytes.substr(0, used));
        if (static_cast<std::int64_t>(exchange.body.size()) == exchange.content_length) parsed = Parsed::complete;
    }
    account(connection);
    if (parsed != Parsed::refused && engine_.counts.buffered_bytes > engine_.limits.buffered_bytes_max) {
        refusal = {503, "the server holds too many unfinished requests"};
        parsed = Parsed::refused;
    }
    if (parsed == Parsed::incomplete) return false;
    const std::string head = std::move(exchange.head), body = std::move(exchange.body);
    exchange.head.clear();
    exchange.body.clear();
    std::size_t searched = 0;
    Refusal none;
    parse_head(head, searched, engine_.limits, head_, none);
    if (parsed == Parsed::refused) {
        refuse(connection, refusal, head_.target);
        return false;
    }
    serve(connection, head, body);
    return true;
}

}  // namespace app::http
