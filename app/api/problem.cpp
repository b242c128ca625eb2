#include "app/api/problem.hpp"

#include "app/api/authentication.hpp"
#include "app/api/representation.hpp"
#include "app/web/status.hpp"

namespace app::api {
namespace {

std::string_view member_of(base::FieldPlace place) {
    switch (place) {
        case base::FieldPlace::document: return "pointer";
        case base::FieldPlace::query: return "parameter";
        case base::FieldPlace::header: return "header";
    }
    return "pointer";
}

// What dispatch says of any path, said of this one.
std::string detail_of(const Context& ctx, const base::Error& error) {
    if (ctx.match.kind == web::Match::Kind::method_not_allowed && error.code() == base::Code::method) {
        return "this resource does not have the method " + std::string(ctx.request.method) +
               "; the header Allow says which it has";
    }
    if (ctx.match.kind == web::Match::Kind::not_found && error.code() == base::Code::not_found)
        return "there is no such resource";
    return error.message();
}

void write(web::JsonWriter& json, const Context& ctx, const base::Error& error, int status) {
    json.begin_object().field("detail", detail_of(ctx, error));
    if (!error.fields().empty()) {
        json.key("errors").begin_array();
        for (const base::FieldError& field : error.fields()) {
            json.begin_object().field("detail", field.message).field(member_of(field.place), field.pointer).end_object();
        }
        json.end_array();
    }
    json.field("status", status).field("title", web::reason_phrase(status)).field("type", "about:blank").end_object();
}

// RFC 7617 and RFC 6750 section 3: a Bearer token that was given and is none of ours is told so.
void add_challenges(const Context& ctx, web::Response& response) {
    const bool has_bearer = parse_bearer(ctx.request.header("Authorization").value_or("")).has_value();
    response.add("WWW-Authenticate", "Basic realm=\"Authentication Required\"");
    response.add("WWW-Authenticate", has_bearer && !ctx.user ? "Bearer realm=\"Authentication Required\", error=\"invalid_token\""
                                                             : "Bearer realm=\"Authentication Required\"");
}

// RFC 9110 section 15.5.16, and for PATCH RFC 5789 section 2.2.
void add_accepted(const Context& ctx, web::Response& response) {
    if (ctx.request.header("Content-Encoding")) {
        response.set("Accept-Encoding", "identity");
    } else if (ctx.request.method == "PATCH") {
        response.set("Accept-Patch", "application/merge-patch+json, application/json, application/xml");
    } else {
        response.set(ctx.request.method == "POST" ? "Accept-Post" : "Accept", "application/json, application/xml");
    }
}

}  // namespace

web::Response problem(Context& ctx, const base::Error& error) {
    const int status = web::status_of(error.code());
    auto response = represent(ctx, "problem", [&](web::JsonWriter& json) { write(json, ctx, error, status); }, status);
    if (response.header("Content-Type") == "application/json") response.set("Content-Type", "application/problem+json");
    if (status == 401) add_challenges(ctx, response);
    if (status == 415) add_accepted(ctx, response);
    return response;
}

}  // namespace app::api
