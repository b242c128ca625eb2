// The documents of API v1.0: rows and pages of rows as JSON. Keys come sorted; links stay in the version that serves the request.
#pragma once

#include <string_view>

#include "app/api/representation.hpp"
#include "app/api/v1_0/routes.hpp"
#include "app/context/context.hpp"

namespace app::api::v1_0 {

// Each writes one object.
void write(web::JsonWriter& json, const Context& ctx, const models::Post& post);
void write(web::JsonWriter& json, const Context& ctx, const models::Comment& comment);
void write(web::JsonWriter& json, const Context& ctx, const models::User& user);

// One row as a whole response.
template <class Row>
web::Response document(const Context& ctx, const Row& row, int status = 200) {
    return respond(ctx, name_of(row), EntityTag(ctx).add(row), [&](web::JsonWriter& json) { write(json, ctx, row); }, status);
}

// A page as {"count", "next", ITEMS, "prev"}; `link` makes the list's own URL for a page number. ITEMS is "posts" or "comments",
// so that the keys come sorted with "comments" first.
template <class Row, class Link>
web::Response list_document(const Context& ctx, std::string_view items_name, const models::Page<Row>& page, Link link) {
    return respond(ctx, items_name, EntityTag(ctx).add(page), [&](web::JsonWriter& json) {
        json.reserve(1024 * (1 + page.items.size()));
        const auto write_items = [&] {
            json.key(items_name).begin_array();
            for (const Row& row : page.items) write(json, ctx, row);
            json.end_array();
        };
        const auto write_link = [&](std::string_view name, std::optional<std::int64_t> number) {
            json.key(name);
            if (number) {
                json.value(link(*number));
            } else {
                json.null();
            }
        };
        json.begin_object();
        if (items_name < "count") write_items();
        json.field("count", page.total);
        write_link("next", page.next());
        if (items_name > "next") write_items();
        write_link("prev", page.prev());
        json.end_object();
    });
}

// What ?page= asks for, with so many rows a page.
models::PageRequest page_request(const Context& ctx, int per_page);

}  // namespace app::api::v1_0
