#include "app/web/dispatch.hpp"

#include <ranges>

#include "app/base/text.hpp"
#include "app/web/status.hpp"
#include "app/web/target.hpp"

namespace app::web {
namespace {

using base::Code;
using base::Error;

// The error as a client may see it.
Error without_detail(const Error& error) {
    if (error.code() == Code::internal) return Error(Code::internal, "internal server error");
    return Error(error.code(), error.message(), {}, error.fields()).set_retry_after(error.retry_after());
}

Error as_error(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const Error& error) {
        return error;
    } catch (const std::exception& foreign) {
        return Error(Code::internal, "internal server error", foreign.what());
    } catch (...) {
        return Error(Code::internal, "internal server error", "something that is no std::exception was thrown");
    }
}

class Dispatch {
   public:
    Dispatch(RequestContext& request_context, Context& context)
        : request_context_(request_context), request_(request_context.request), site_(request_context.site), context_(context) {}

    Response run() {
        Response response = guarded([&] { return answer(); });
        for (const Hooks* hooks : innermost_first()) {
            for (const auto& hook : hooks->after | std::views::reverse) {
                response = guarded([&] {
                    hook.run(context_, response);
                    return std::move(response);
                });
            }
        }
        teardown();
        finish(response);
        return response;
    }

    std::optional<Response> refuse(const Error& error) {
        const RegisteredBlueprint* owner = site_.owner_of(request_.path());
        if (!owner || !(owner->hooks.by_status.contains(status_of(error.code())) || owner->hooks.any_error)) return std::nullopt;
        Response response = handle_error(error);
        finish(response);
        return response;
    }

   private:
    Response answer() {
        check_target(request_);
        request_context_.match = find_match(site_.router(), request_);
        if (request_.method == "OPTIONS" && request_context_.match.kind == Match::Kind::method_not_allowed)
            return empty_response(204);
        if (request_context_.match.kind == Match::Kind::found) check_content_coding();
        for (const Hooks* outer : innermost_first() | std::views::reverse) {
            for (const auto& hook : outer->before) {
                if (auto response = hook.run(context_)) return std::move(*response);
            }
        }
        const Match& match = request_context_.match;
        switch (match.kind) {
            case Match::Kind::found: return match.rule->handler(context_, match.captures);
            case Match::Kind::redirect: return redirect(with_slash(request_), 308);
            case Match::Kind::method_not_allowed: throw Error(Code::method, "method not allowed");
            case Match::Kind::not_found: break;
        }
        throw Error(Code::not_found, "not found");
    }

    // RFC 9110 section 8.4: 415 when a body comes in a coding that is not read here; none is.
    void check_content_coding() const {
        for (const Header& header : request_.headers) {
            if (!base::equal_ignoring_case(header.name, "Content-Encoding")) continue;
            if (base::equal_ignoring_case(header.value, "identity")) continue;
            throw Error(Code::unsupported, "a request body with a Content-Encoding is not read here; send it as it is");
        }
    }

    template <class Make>
    Response guarded(Make make) {
        try {
            return make();
        } catch (...) {
            return handle_error(as_error(std::current_exception()));
        }
    }

    Response handle_error(const Error& error) {
        request_context_.error = error;
        const Error shown = without_detail(error);
        const int status = status_of(error.code());
        try {
            const ErrorHandler* handler = find_handler(status);
            if (handler) return (*handler)(context_, shown);
        } catch (...) {
            request_context_.error = as_error(std::current_exception());
            return text_response("internal server error\n", 500);
        }
        return text_response(shown.message() + "\n", status);
    }

    const ErrorHandler* find_handler(int status) const {
        const RegisteredBlueprint* blueprint = request_context_.blueprint();
        const auto levels = site_.levels(blueprint ? blueprint : site_.owner_of(request_.path()));
        for (const Hooks* hooks : levels) {
            if (const auto found = hooks->by_status.find(status); found != hooks->by_status.end()) return &found->second;
        }
        for (const Hooks* hooks : levels) {
            if (hooks->any_error) return &hooks->any_error;
        }
        return nullptr;
    }

    void teardown() {
        for (const Hooks* hooks : innermost_first()) {
            for (const auto& hook : hooks->teardown | std::views::reverse) {
                try {
                    hook.run(context_, request_context_.error ? &*request_context_.error : nullptr);
                } catch (...) {
                    request_context_.error = as_error(std::current_exception());  // too late for the client, not for the log
                }
            }
        }
    }

    void finish(Response& response) const {
        const Methods allowed = request_context_.match.allowed;
        const bool is_options = request_.method == "OPTIONS" && response.status == 204;
        if ((response.status == 405 || is_options) && !allowed.empty() && !response.header("Allow")) {
            response.set("Allow", to_string(allowed | OPTIONS));
        }
        if ((response.status == 503 || response.status == 429) && !response.header("Retry-After")) {
            const auto& error = request_context_.error;
            response.set("Retry-After", std::to_string(error ? error->retry_after().count() : 1));
        }
        if (request_.method != "HEAD") return;
        const bool may_have_length = response.status != 204 && response.status != 304;  // RFC 9110 section 8.6
        if (may_have_length) response.set("Content-Length", std::to_string(response.body.size()));
        response.body.clear();
    }

    std::span<const Hooks* const> innermost_first() const { return site_.levels(request_context_.blueprint()); }

    RequestContext& request_context_;
    const Request& request_;
    const Site& site_;
    Context& context_;
};

}  // namespace

Response dispatch(RequestContext& request_context, Context& context) { return Dispatch{request_context, context}.run(); }

std::optional<Response> refuse(RequestContext& request_context, Context& context, const base::Error& error) {
    return Dispatch{request_context, context}.refuse(error);
}

}  // namespace app::web
