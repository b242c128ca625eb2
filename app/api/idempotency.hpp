// A request that its client may send again without knowing what became of it (draft-ietf-httpapi-idempotency-key-header): a POST with
// an Idempotency-Key writes once, and for 24 hours the same request with the same key is given the first answer, by any instance and
// after a restart. A key belongs to one account. What was refused is not kept: the next try is a first one.
//
//     if (auto answer = find_first_answer(ctx)) return *std::move(answer);
//     ... look at the request ...
//     return write_once(ctx, add, answer);
#pragma once

#include <optional>
#include <string_view>

#include "app/base/function_ref.hpp"
#include "app/context/context.hpp"

namespace app::api {

// The request's key, or nothing. Throws invalid when it is empty, longer than 255 bytes, not printable ASCII, or there are several.
std::optional<std::string_view> idempotency_key(const web::Request& request);

// What this request was answered before, with `Idempotency-Replayed: true`; nothing when it has no key, or a new one. Throws
// unprocessable when the key came with another request (method, path or body), and what idempotency_key throws.
std::optional<web::Response> find_first_answer(const Context& ctx);

// For write_once: `make` writes and says what is answered, in the transaction that keeps the answer. It may run more than once.
web::Response write_with_key(const Context& ctx, std::string_view key, base::FunctionRef<web::Response(db::Connection&)> make);

// `add` writes something, a db::Connection& given, and returns it; `answer` makes of that the response. With a key in the request both
// are done in one transaction with keeping the answer, unless another request with that key was first: then it gets that answer.
template <class Add, class Answer>
web::Response write_once(const Context& ctx, Add add, Answer answer) {
    const auto key = idempotency_key(ctx.request);
    if (!key) return answer(ctx.db().write(add));
    return write_with_key(ctx, *key, [&](db::Connection& c) { return answer(add(c)); });
}

}  // namespace app::api
