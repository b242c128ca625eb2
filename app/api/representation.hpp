// How a resource is answered, the same in all versions: its entity tag, computed from the versions of its rows before anything is
// written, the answer 304 to who has that state already, and otherwise the document. A blueprint's handlers say what a document is
// made of and how it is written; what HTTP makes of that stands here.
//
//     EntityTag tag(ctx);
//     tag.add(post);
//     return respond(ctx, "post", tag, [&](web::JsonWriter& json) { write(json, ctx, post); });
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/function_ref.hpp"
#include "app/context/context.hpp"
#include "app/models/comment.hpp"
#include "app/models/pagination.hpp"
#include "app/models/post.hpp"
#include "app/web/json.hpp"

namespace app::api {

// What a document is made of, before it is made. Two documents of one URL with the same parts, added in the same order, are the
// same document: whatever can change one must be added. The API version, the binary's sources and the media type enter by
// themselves. For one thread.
class EntityTag {
   public:
    // Of a request that matched a route: the prefix of its blueprint is the API version.
    explicit EntityTag(const Context& ctx);

    EntityTag& add(std::int64_t number);
    EntityTag& add(std::string_view text);

    // A row: its id, its version, and what its version does not tell: the author's username, the number of comments.
    EntityTag& add(const models::Post& post);
    EntityTag& add(const models::Comment& comment);
    EntityTag& add(const models::User& user);

    // Rows in their order, and how many there are.
    template <class Row>
    EntityTag& add(const std::vector<Row>& rows) {
        add(static_cast<std::int64_t>(rows.size()));
        for (const Row& row : rows) add(row);
        return *this;
    }

    // A page with all that its document tells: its rows, its number and size, and the total.
    template <class Row>
    EntityTag& add(const models::Page<Row>& page) {
        return add(page.page).add(page.per_page).add(page.total).add(page.items);
    }

    template <class Row>
    EntityTag& add(const models::Slice<Row>& slice) {
        return add(slice.has_more).add(slice.total).add(slice.items);
    }

    // The tag of the document in that media type ("application/json"): strong, with its quotes. The same on every machine that
    // runs the same sources.
    std::string text(std::string_view media_type) const;

   private:
    void add_all(std::initializer_list<std::int64_t> numbers);

    std::string state_;
};

// What a row's document is called.
constexpr std::string_view name_of(const models::Post&) { return "post"; }
constexpr std::string_view name_of(const models::Comment&) { return "comment"; }
constexpr std::string_view name_of(const models::User&) { return "user"; }

// Writes one document; called at most once, before the function that takes it returns.
using WriteDocument = base::FunctionRef<void(web::JsonWriter&)>;

// The document of a resource in the media type that the request asks for: JSON, or XML when it prefers that, with `name` ("post",
// "posts", "user") as the root element. JSON also to who accepts neither; see require_acceptable. With its ETag,
// `Cache-Control: private, no-cache` (kept by the client alone, and asked for again each time) and Vary. To a GET or HEAD whose
// If-None-Match lists this state it is a 304, and `write` is not called. Also for what a POST or PUT made of the resource.
web::Response respond(const Context& ctx, std::string_view name, const EntityTag& tag, WriteDocument write, int status = 200);

// A document that is no resource's state: an error, a token. Negotiated likewise, with Vary, without ETag and Cache-Control.
web::Response represent(const Context& ctx, std::string_view name, WriteDocument write, int status = 200);

// What respond says of caches, for who answers a resource's state otherwise.
web::Response& add_cache_headers(const Context& ctx, web::Response& response);

// A before_request hook for the versions that rather refuse: throws not_acceptable when the request accepts neither JSON nor XML.
// Nothing has been done then.
std::optional<web::Response> require_acceptable(Context& ctx);

// If-Match (RFC 9110 section 13.1.1): throws precondition when the request has one that does not list the state `tag`, in any media
// type and coding. Weak tags never match, "*" always does. To be called inside the write, with the row as lock_post or its like
// returned it, so that nothing slips in between.
void require_match(const Context& ctx, const EntityTag& tag);

}  // namespace app::api
