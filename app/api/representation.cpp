#include "app/api/representation.hpp"

#include "app/api/build_id.hpp"
#include "app/base/error.hpp"
#include "app/base/secret.hpp"
#include "app/web/conditional.hpp"
#include "app/web/negotiation.hpp"
#include "app/web/xml.hpp"

namespace app::api {
namespace {

constexpr std::string_view json_type = "application/json", xml_type = "application/xml";
constexpr std::string_view offers[] = {json_type, xml_type};

// Nothing when the request accepts neither. What nearly all clients send is not parsed.
std::optional<std::string_view> find_media_type(const web::Request& request) {
    const std::string accept = request.joined_header("Accept");
    if (accept.empty() || accept == "*/*" || accept == json_type) return json_type;
    return web::choose_media_type(accept, offers);
}

// A 304 has the Vary of the 200, whose length, and so whether it is compressed, nobody knows yet: it is named in any case.
std::string vary(const Context& ctx) {
    return ctx.config().compression.enabled ? "Accept, Authorization, Accept-Encoding" : "Accept, Authorization";
}

web::Response document(std::string_view name, std::string_view media_type, WriteDocument write, int status) {
    std::string text;
    web::JsonWriter json(text);
    write(json);
    if (media_type == json_type) return web::json_response(std::move(text), status);
    return web::xml_response(web::to_xml(web::parse_json(text), name), status);
}

}  // namespace

EntityTag::EntityTag(const Context& ctx) {
    constexpr std::size_t page_bytes = 2048;  // about what a page of posts takes
    state_.reserve(page_bytes);
    add(build_id());
    add(ctx.blueprint()->url_prefix);
}

// As they lie in memory: the same binary has them the same way on every machine.
void EntityTag::add_all(std::initializer_list<std::int64_t> numbers) {
    state_.append(reinterpret_cast<const char*>(numbers.begin()), numbers.size() * sizeof *numbers.begin());
}

EntityTag& EntityTag::add(std::int64_t number) {
    add_all({number});
    return *this;
}

// The length first, so that no two sequences of parts have the same bytes.
EntityTag& EntityTag::add(std::string_view text) {
    add_all({static_cast<std::int64_t>(text.size())});
    state_.append(text);
    return *this;
}

// With the times, since the versions of a database that was restored from a backup begin again where they were then.
EntityTag& EntityTag::add(const models::Post& post) {
    add_all({post.id, post.version, base::to_microseconds(post.updated_at), post.comment_count});
    return add(post.author_username);
}

EntityTag& EntityTag::add(const models::Comment& comment) {
    add_all({comment.id, comment.version, base::to_microseconds(comment.updated_at)});
    return add(comment.author_username);
}

EntityTag& EntityTag::add(const models::User& user) {
    add_all({user.id, user.version, base::to_microseconds(user.last_seen)});
    return add(user.username);
}

// Half of a SHA-256 is enough: nobody gains by two states of one resource with the same tag.
std::string EntityTag::text(std::string_view media_type) const {
    constexpr std::size_t digits = 32;
    std::string state = state_;
    state.append(media_type);
    return '"' + base::sha256_hex(state).substr(0, digits) + '"';
}

web::Response& add_cache_headers(const Context& ctx, web::Response& response) {
    return response.add("Cache-Control", "private, no-cache").add("Vary", vary(ctx));
}

web::Response respond(const Context& ctx, std::string_view name, const EntityTag& tag, WriteDocument write, int status) {
    const std::string_view media_type = find_media_type(ctx.request).value_or(json_type);
    std::string etag = tag.text(media_type);
    if (auto unchanged = web::not_modified(ctx.request, etag)) return add_cache_headers(ctx, *unchanged);
    web::Response response = document(name, media_type, write, status);
    response.add("ETag", std::move(etag));
    add_cache_headers(ctx, response);
    return response;
}

web::Response represent(const Context& ctx, std::string_view name, WriteDocument write, int status) {
    return document(name, find_media_type(ctx.request).value_or(json_type), write, status).add("Vary", "Accept");
}

std::optional<web::Response> require_acceptable(Context& ctx) {
    if (find_media_type(ctx.request)) return std::nullopt;
    throw base::Error(base::Code::not_acceptable, "Accept names neither application/json nor application/xml");
}

void require_match(const Context& ctx, const EntityTag& tag) {
    for (const std::string_view media_type : offers) {
        if (web::if_match_holds(ctx.request, tag.text(media_type))) return;
    }
    throw base::Error(base::Code::precondition, "the resource has changed: none of the tags of If-Match is its own");
}

}  // namespace app::api
