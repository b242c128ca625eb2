#include "app/static_files/blueprint.hpp"

#include <memory>
#include <optional>

#include "app/base/error.hpp"
#include "app/base/secret.hpp"
#include "app/base/turn.hpp"
#include "app/context/context.hpp"
#include "app/static_files/embedded_set.hpp"
#include "app/static_files/folder.hpp"
#include "app/static_files/hashed_name.hpp"
#include "app/static_files/routes.hpp"
#include "app/web/compression.hpp"
#include "app/web/conditional.hpp"
#include "app/web/content_type.hpp"
#include "app/web/range.hpp"

namespace app::static_files {
namespace {

struct Files {
    EmbeddedSet embedded{embedded_files()};
    std::optional<Folder> folder;
};

// What the headers of an answer say of a file.
struct State {
    std::string etag;
    std::string_view content_type;
    std::int64_t bytes;
    bool is_immutable;  // its name will never stand for anything else
};

void set_caching(web::Response& response, const State& state) {
    response.set("Cache-Control", state.is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (web::is_compressible(state.content_type)) web::add_vary(response, "Accept-Encoding");
}

// The file, a part of it, or that there is nothing new. `read(offset, bytes)` yields the content.
template <class Read>
web::Response answer(const web::Request& request, const State& state, Read read) {
    if (auto response = web::not_modified(request, state.etag)) {
        set_caching(*response, state);
        return std::move(*response);
    }
    web::RangeAnswer range{.bytes = state.bytes};
    if (request.method == "GET" && web::if_range_holds(request, state.etag)) {
        const web::RangeAnswer asked = web::parse_range(request.joined_header("Range"), state.bytes);
        if (asked.kind != web::RangeAnswer::Kind::whole) range = asked;
    }
    if (range.kind == web::RangeAnswer::Kind::unsatisfiable) {
        return web::text_response("the range begins behind the end\n", 416)
            .set("Content-Range", web::content_range(range, state.bytes));
    }
    web::Response response;
    response.set("Content-Type", std::string(state.content_type)).set("ETag", state.etag).set("Accept-Ranges", "bytes");
    if (range.kind == web::RangeAnswer::Kind::part) {
        response.status = 206;
        response.set("Content-Range", web::content_range(range, state.bytes));
    }
    set_caching(response, state);
    response.body = read(range.offset, range.bytes);
    return response;
}

// In place of a whole, plain body: the one that was compressed once for all.
void use_encoded(const web::Request& request, const EmbeddedFile& file, web::Response& response) {
    if (response.status != 200 || !web::is_compressible(file.content_type())) return;
    const auto coding = web::choose_coding(request.joined_header("Accept-Encoding"));
    if (coding == web::ContentCoding::identity) return;
    if (base::Turn* turn = base::Turn::current(); turn && !file.is_encoded()) return turn->give_up();
    const std::string_view encoded = file.encoded(coding);
    if (!encoded.empty()) web::set_encoded(response, coding, std::string(encoded));
}

web::Response serve_embedded(Context& ctx, const EmbeddedFile& file, std::string_view name) {
    const State state{.etag = "\"" + std::string(file.sha256_hex().substr(0, 32)) + "\"",
                      .content_type = file.content_type(),
                      .bytes = static_cast<std::int64_t>(file.content().size()),
                      .is_immutable = name != file.name()};
    web::Response response = answer(ctx.request, state, [&](std::int64_t offset, std::int64_t bytes) {
        return std::string(file.content().substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(bytes)));
    });
    if (ctx.config().compression.enabled) use_encoded(ctx.request, file, response);
    return response;
}

// Only a name that looks hashed costs reading the whole.
bool is_immutable(const FolderFile& file, std::string_view name) {
    return looks_hashed(name) && carries_hash(name, base::sha256_hex(file.read(0, file.bytes())));
}

web::Response serve_from_folder(Context& ctx, const FolderFile& file, std::string_view name) {
    const State state{.etag = file.etag(),
                      .content_type = web::content_type_of(name),
                      .bytes = file.bytes(),
                      .is_immutable = is_immutable(file, name)};
    return answer(ctx.request, state, [&](std::int64_t offset, std::int64_t bytes) { return file.read(offset, bytes); });
}

web::Response static_file(const Files& files, Context& ctx, std::string_view name) {
    if (files.folder) {
        if (base::Turn* turn = base::Turn::current()) {
            turn->give_up();  // a worker may wait for a disk, a loop may not
            return web::empty_response();
        }
        if (const auto file = files.folder->find(name)) return serve_from_folder(ctx, *file, name);
    }
    if (const EmbeddedFile* file = files.embedded.find(name)) return serve_embedded(ctx, *file, name);
    throw base::Error(base::Code::not_found, "not found");
}

std::optional<Folder> make_folder(const config::StaticFiles& settings) {
    if (settings.folder.empty()) return std::nullopt;
    return Folder{settings.folder, settings.file_bytes_max};
}

// "style_css" of "style.css": a dot in a template's name leads to a member.
std::string template_name(std::string_view file_name) {
    std::string name{file_name};
    for (char& c : name) {
        const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!fits) c = '_';
    }
    return name;
}

}  // namespace

web::Blueprint make(const config::StaticFiles& settings) {
    const auto files = std::make_shared<const Files>(Files{.folder = make_folder(settings)});
    web::Blueprint blueprint{"static"};
    blueprint.on<routes::static_file>([files](Context& ctx, std::string_view name) { return static_file(*files, ctx, name); });
    return blueprint;
}

web::Value::Object template_links(const web::Site& site, const config::StaticFiles& settings) {
    const auto folder = make_folder(settings);
    if (folder) folder->require();
    const EmbeddedSet embedded{embedded_files()};
    web::Value::Object links;
    for (const EmbeddedFile& file : embedded.files()) {
        const bool is_replaced = folder && folder->find(file.name());
        const std::string name = is_replaced ? std::string(file.name()) : hashed_name(file.name(), file.sha256_hex());
        links.emplace(template_name(file.name()), web::url_for<routes::static_file>(site, nullptr, "name"_a = name));
    }
    return links;
}

}  // namespace app::static_files
