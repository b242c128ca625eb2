// What the parser's tests share: one head parsed at once, and the same bytes in every possible way of arriving.
#pragma once

#include <doctest/doctest.h>

#include <cctype>
#include <cstdio>
#include <string>
#include <string_view>

#include "app/http/parser.hpp"

// Bytes as a test's message can show them.
inline std::string printable(std::string_view bytes) {
    std::string text;
    for (const char c : bytes.substr(0, 200)) {
        char escape[8];
        std::snprintf(escape, sizeof escape, "\\x%02X", static_cast<unsigned char>(c));
        if (c == '\r')
            text += "\\r";
        else if (c == '\n')
            text += "\\n";
        else if (std::isprint(static_cast<unsigned char>(c)))
            text += c;
        else
            text += escape;
    }
    return text;
}

struct Verdict {
    app::http::Parsed parsed = app::http::Parsed::incomplete;
    int status = 0;  // of a refusal
    app::http::Head head;

    std::string_view header(std::string_view name) const {
        for (const auto& [key, value] : head.headers)
            if (key == name) return value;
        return "(none)";
    }
};

inline Verdict parse(std::string_view bytes, const app::http::Limits& limits = {}) {
    Verdict verdict;
    app::http::Refusal refusal;
    std::size_t searched = 0;
    verdict.parsed = parse_head(bytes, searched, limits, verdict.head, refusal);
    if (verdict.parsed == app::http::Parsed::refused) {
        verdict.status = refusal.status;
        CHECK_FALSE(std::string_view{refusal.reason}.empty());
    }
    return verdict;
}

// As parse, but the bytes come one by one, and the buffer moves each time: nothing may be read outside of it or kept from before.
inline Verdict parse_dribbled(std::string_view bytes, std::string& buffer, const app::http::Limits& limits = {}) {
    Verdict verdict;
    app::http::Refusal refusal;
    std::size_t searched = 0;
    for (std::size_t size = 1; size <= bytes.size() && verdict.parsed == app::http::Parsed::incomplete; ++size) {
        buffer = std::string(bytes.substr(0, size));
        buffer.shrink_to_fit();
        verdict.parsed = parse_head(buffer, searched, limits, verdict.head, refusal);
    }
    if (verdict.parsed == app::http::Parsed::refused) verdict.status = refusal.status;
    return verdict;
}

// In two pieces, cut at every place.
inline void check_all_splits(std::string_view bytes, const Verdict& whole, const app::http::Limits& limits = {}) {
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        Verdict verdict;
        app::http::Refusal refusal;
        std::size_t searched = 0;
        const std::string first{bytes.substr(0, cut)};
        verdict.parsed = parse_head(first, searched, limits, verdict.head, refusal);
        if (verdict.parsed == app::http::Parsed::incomplete)
            verdict.parsed = parse_head(bytes, searched, limits, verdict.head, refusal);
        REQUIRE(verdict.parsed == whole.parsed);
        if (whole.parsed == app::http::Parsed::refused) REQUIRE(refusal.status == whole.status);
        if (whole.parsed == app::http::Parsed::complete) {
            REQUIRE(verdict.head.bytes == whole.head.bytes);
            REQUIRE(verdict.head.headers.size() == whole.head.headers.size());
        }
    }
}
