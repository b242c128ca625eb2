#include "app/docs/blueprint.hpp"

#include <memory>
#include <mutex>

#include "app/base/error.hpp"
#include "app/base/secret.hpp"
#include "app/context/context.hpp"
#include "app/docs/routes.hpp"
#include "app/openapi/document.hpp"
#include "app/web/conditional.hpp"
#include "app/web/json.hpp"

namespace app::docs {
namespace {

using web::RegisteredBlueprint;

const RegisteredBlueprint& api_at(const web::Site& site, std::string_view prefix) {
    for (const RegisteredBlueprint* api : openapi::find_apis(site)) {
        if (api->url_prefix == prefix) return *api;
    }
    throw base::Error(base::Code::internal, "there is no API below " + std::string(prefix) + "/ to be described");
}

class Document {
   public:
    web::Response answer(const Context& ctx) {
        std::call_once(made_, [&] {
            text_ = web::to_json(openapi::document(ctx.site, api_at(ctx.site, ctx.blueprint()->url_prefix)));
            etag_ = '"' + base::sha256_hex(text_).substr(0, 32) + '"';
        });
        auto response = web::not_modified(ctx.request, etag_);
        if (!response) response = web::json_response(text_).set("ETag", etag_);
        response->set("Cache-Control", "public, max-age=300");
        return std::move(*response);
    }

   private:
    std::once_flag made_;
    std::string text_;
    std::string etag_;
};

openapi::Operation description() {
    const openapi::Schema object{{{"type", "object"}}};
    const openapi::Schema document = openapi::object({{"components", object},
                                                      {"info", object},
                                                      {"openapi", openapi::string()},
                                                      {"paths", object},
                                                      {"servers", openapi::array(object)},
                                                      {"tags", openapi::array(object)}});
    return {.summary = "Read this document",
            .tag = "description",
            .credentials = openapi::Credentials::none,
            .success = {.schema = document, .media_types = {"application/json"}},
            .has_etag = true};
}

// The script may ask this server, and nobody else; and what it writes into the page is never taken for a script or a style.
constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; "
    "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

web::Response docs(Context& ctx) {
    web::Value::List versions;
    for (const RegisteredBlueprint* api : openapi::find_apis(ctx.site)) {
        versions.insert(versions.begin(),
                        web::Value::Object{{"name", "v" + openapi::api_of(*api).version}, {"prefix", api->url_prefix}});
    }
    return ctx.render("docs.html", {{"title", "The API"}, {"versions", std::move(versions)}})
        .set("Content-Security-Policy", page_policy)
        .set("Cache-Control", "no-cache");
}

}  // namespace

web::Blueprint make_openapi(std::string name) {
    web::Blueprint blueprint{std::move(name)};
    const auto document = std::make_shared<Document>();
    blueprint.on<routes::get_openapi>([document](Context& ctx) { return document->answer(ctx); }, description());
    return blueprint;
}

web::Blueprint make_page() {
    web::Blueprint blueprint{"docs"};
    blueprint.on<routes::docs>(docs);
    return blueprint;
}

}  // namespace app::docs
