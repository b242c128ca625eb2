#include "app/http/chunked.hpp"

#include <algorithm>
#include <limits>

#include "app/http/characters.hpp"

namespace app::http {
namespace {

// As many as any size has; more would only be leading zeros.
constexpr int size_digits_max = 16;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

Parsed ChunkedDecoder::decode(std::string_view bytes, std::size_t& consumed, std::string& body, const Limits& limits,
                              Refusal& refusal) {
    consumed = 0;
    while (state_ != State::done && consumed < bytes.size()) {
        if (state_ == State::data) {
            const std::string_view data = bytes.substr(consumed, static_cast<std::size_t>(remaining_));
            body.append(data);
            consumed += data.size();
            remaining_ -= static_cast<std::int64_t>(data.size());
            if (remaining_ == 0) state_ = State::data_end;
            continue;
        }
        if (const Refusal found = step(bytes[consumed], limits); found.status != 0) {
            refusal = found;
            return Parsed::refused;
        }
        ++consumed;
    }
    return state_ == State::done ? Parsed::complete : Parsed::incomplete;
}

Refusal ChunkedDecoder::step(char c, const Limits& limits) {
    switch (state_) {
        case State::size:
        case State::extension: return step_in_size(c, limits);
        case State::size_line_end: {
            const Refusal refusal = expect(c, '\n', remaining_ > 0 ? State::data : State::trailer_start);
            total_ += remaining_;
            size_digits_ = 0;
            return refusal;
        }
        case State::data_end: return expect(c, '\r', State::data_line_end);
        case State::data_line_end: return expect(c, '\n', State::size);
        case State::trailer_start:
        case State::trailer_name:
        case State::trailer_value: return step_in_trailer(c, limits);
        case State::trailer_line_end: return expect(c, '\n', State::trailer_start);
        case State::last_line_end: return expect(c, '\n', State::done);
        case State::data:
        case State::done: break;
    }
    return {};
}

Refusal ChunkedDecoder::step_in_size(char c, const Limits& limits) {
    if (c == '\r' && size_digits_ > 0) {
        state_ = State::size_line_end;
        return {};
    }
    if (state_ == State::extension) {
        if (is_control(c)) return {400, "a control character in a chunk's extension"};
        if (++overhead_bytes_ > limits.head_bytes_max) return {413, "the chunks' extensions are too large"};
        return {};
    }
    const int digit = hex_digit(c);
    if (digit >= 0) {
        if (++size_digits_ > size_digits_max) return {400, "a chunk's size has too many digits"};
        if (remaining_ > std::numeric_limits<std::int64_t>::max() >> 4) return {413, "the body is too large"};
        remaining_ = remaining_ * 16 + digit;
        if (remaining_ > limits.body_bytes_max - total_) return {413, "the body is too large"};
        return {};
    }
    // No blank before the ';', which RFC 9112 section 7.1.1 has for old senders only: "5 " was read in different ways.
    if (c != ';' || size_digits_ == 0) return {400, "a chunk's size is no hexadecimal number"};
    state_ = State::extension;
    return {};
}

Refusal ChunkedDecoder::step_in_trailer(char c, const Limits& limits) {
    if (state_ == State::trailer_start && c == '\r') {
        state_ = State::last_line_end;
        return {};
    }
    if (++overhead_bytes_ > limits.head_bytes_max) return {431, "the trailer is too large"};
    if (state_ == State::trailer_value) {
        if (c == '\r') {
            state_ = State::trailer_line_end;
            return {};
        }
        return is_control(c) ? Refusal{400, "a control character in the trailer"} : Refusal{};
    }
    if (state_ == State::trailer_name && c == ':') {
        state_ = State::trailer_value;
        return {};
    }
    if (!is_in(character_classes::token, c)) return {400, "a trailer line has no proper name"};
    if (state_ == State::trailer_start && ++trailer_fields_ > limits.fields_max) return {431, "too many trailer fields"};
    state_ = State::trailer_name;
    return {};
}

Refusal ChunkedDecoder::expect(char c, char expected, State next) {
    if (c != expected) return {400, "a line of the chunked body does not end with CR LF where it must"};
    state_ = next;
    return {};
}

}  // namespace app::http
