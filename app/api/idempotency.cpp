#include "app/api/idempotency.hpp"

#include <algorithm>

#include "app/api/representation.hpp"
#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/models/idempotency.hpp"

namespace app::api {
namespace {

using base::Code;
using base::Error;

constexpr std::string_view header_name = "Idempotency-Key";

[[noreturn]] void refuse(Code code, const std::string& what) {
    throw Error(code, "the " + std::string(header_name) + " " + what, {},
                {{std::string(header_name), what, base::FieldPlace::header}});
}

std::string fingerprint(const web::Request& request) {
    return models::request_fingerprint(request.method, request.path(), request.body);
}

models::StoredAnswer to_stored(const Context& ctx, const web::Response& response) {
    const auto header = [&](std::string_view name) { return std::string(response.header(name).value_or("")); };
    return {.fingerprint = fingerprint(ctx.request),
            .status = response.status,
            .location = header("Location"),
            .etag = header("ETag"),
            .media_type = header("Content-Type"),
            .body = response.body};
}

web::Response to_response(const Context& ctx, models::StoredAnswer answer) {
    web::Response response = web::empty_response(answer.status);
    add_cache_headers(ctx, response)
        .add("Content-Type", std::move(answer.media_type))
        .add("ETag", std::move(answer.etag))
        .add("Location", std::move(answer.location))
        .add("Idempotency-Replayed", "true");
    response.body = std::move(answer.body);
    return response;
}

std::optional<web::Response> find_answer(const Context& ctx, db::Connection& c, std::string_view key) {
    auto stored = models::find_stored_answer(c, ctx.user->id, key);
    if (!stored) return std::nullopt;
    if (stored->fingerprint != fingerprint(ctx.request)) refuse(Code::unprocessable, "was used for another request");
    return to_response(ctx, *std::move(stored));
}

}  // namespace

std::optional<std::string_view> idempotency_key(const web::Request& request) {
    const auto key = request.header(header_name);
    if (!key) return std::nullopt;
    const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
    if (key->empty() || key->size() > models::idempotency_key_bytes_max || !std::ranges::all_of(*key, is_printable)) {
        refuse(Code::invalid, "is not 1 to 255 printable ASCII characters");
    }
    const auto is_one = [](const web::Header& header) { return base::equal_ignoring_case(header.name, header_name); };
    if (std::ranges::count_if(request.headers, is_one) > 1) refuse(Code::invalid, "occurs twice");
    return key;
}

std::optional<web::Response> find_first_answer(const Context& ctx) {
    const auto key = idempotency_key(ctx.request);
    if (!key) return std::nullopt;
    return ctx.db().read([&](db::Connection& c) { return find_answer(ctx, c, *key); });
}

web::Response write_with_key(const Context& ctx, std::string_view key, base::FunctionRef<web::Response(db::Connection&)> make) {
    try {
        return ctx.db().write([&](db::Connection& c) {
            if (auto first = find_answer(ctx, c, key)) return *std::move(first);
            web::Response response = make(c);
            models::store_answer(c, ctx.user->id, key, to_stored(ctx, response));
            return response;
        });
    } catch (const Error& error) {
        if (error.code() != Code::conflict) throw;
        // Another instance was first, and has committed by now: what was written here is undone.
        if (auto first = find_first_answer(ctx)) return *std::move(first);
        throw;
    }
}

}  // namespace app::api
