// The documents of API v1.1: rows and parts of lists as JSON. Keys come sorted; links stay in the version that serves the request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/api/representation.hpp"
#include "app/api/v1_1/list_request.hpp"
#include "app/context/context.hpp"

namespace app::api::v1_1 {

// Each writes one object.
void write(web::JsonWriter& json, const Context& ctx, const models::Post& post);
void write(web::JsonWriter& json, const Context& ctx, const models::Comment& comment);
void write(web::JsonWriter& json, const Context& ctx, const models::User& user);

// One row as a whole response.
template <class Row>
web::Response document(const Context& ctx, const Row& row, int status = 200) {
    return respond(ctx, name_of(row), EntityTag(ctx).add(row), [&](web::JsonWriter& json) { write(json, ctx, row); }, status);
}

// A part of a list, found by its page or by a cursor.
template <class Row>
struct Part {
    std::vector<Row> items;
    std::int64_t total = 0;  // of the whole list
    bool has_more = false;

    Part(models::Page<Row> page) : items(std::move(page.items)), total(page.total), has_more(page.next().has_value()) {}
    Part(models::Slice<Row> slice) : items(std::move(slice.items)), total(slice.total), has_more(slice.has_more) {}
};

// {"first", "last", "next", "prev", "self"}, null where there is none; a list that is read by a cursor has no `prev` and no `last`.
// `url` is the list's own; `last_id` that of the part's last item.
void write_links(web::JsonWriter& json, const std::string& url, const ListRequest& request, std::int64_t total, bool has_more,
                 std::int64_t last_id);

// The part as {"items", "links", "total"}; `name` is "posts", "comments" or "users".
template <class Row>
web::Response list_document(const Context& ctx, std::string_view name, const Part<Row>& part, const ListRequest& request,
                            const std::string& url) {
    const auto tag = EntityTag(ctx).add(part.total).add(part.has_more).add(part.items);
    return respond(ctx, name, tag, [&](web::JsonWriter& json) {
        json.reserve(1024 * (1 + part.items.size()));
        json.begin_object().key("items").begin_array();
        for (const Row& row : part.items) write(json, ctx, row);
        json.end_array().key("links");
        write_links(json, url, request, part.total, part.has_more, part.items.empty() ? 0 : part.items.back().id);
        json.field("total", part.total).end_object();
    });
}

}  // namespace app::api::v1_1
