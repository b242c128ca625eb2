#include "app/openapi/document.hpp"

#include <doctest/doctest.h>

#include "app/base/error.hpp"
#include "app/web/json.hpp"

using namespace app::web;
using namespace app::openapi;

namespace {

constexpr route<GET, "get_things", "/things/", "page"> get_things;
constexpr route<GET, "get_thing", "/things/<int:id>"> get_thing;
constexpr route<POST, "new_thing", "/things/"> new_thing;
constexpr route<GET | POST, "thing_form", "/form"> thing_form;
constexpr route<GET, "get_shared", "/shared"> get_shared;

Response all(app::Context&) { return text_response("all"); }
Response one(app::Context&, std::int64_t) { return text_response("one"); }

Schema thing() { return named("Thing", object({{"name", string()}, {"size", integer(0), Presence::optional}})); }

Operation read(Schema schema) {
    return {.summary = "Read", .tag = "things", .success = {.schema = std::move(schema)}, .has_etag = true};
}

Api description() {
    return {.title = "Things",
            .version = "1.0",
            .tags = {{"things", "All of them"}},
            .parameters = {{"id", {"Which one", integer(1)}}, {"page", {"Which page", integer(1)}}},
            .security = {{"basic", "basic", "With a password", true}, {"bearer", "bearer", "With a token"}},
            .error = named("Error", object({{"error", string()}})),
            .common_errors = {.account = {401}, .variables = {404}, .request_body = {400}}};
}

Blueprint version_1() {
    Blueprint api{"v1"};
    api.describe(description());
    api.on<get_things>(all, read(array(thing())));
    api.on<get_thing>(one, read(thing()));
    api.on<new_thing>(all, Operation{.summary = "Make one",
                                     .tag = "things",
                                     .credentials = Credentials::password,
                                     .permission = "WRITE",
                                     .request = Request{thing()},
                                     .success = {.status = 201, .schema = thing()},
                                     .errors = {{409, "There is one of that name"}}});
    return api;
}

Value document_of(const Blueprint& blueprint, const std::string& public_url = {}) {
    Site site{public_url};
    site.register_blueprint(blueprint, "/api");
    return document(site, *find_apis(site).at(0));
}

// What stands at a path of member names, as JSON: at(document, {"info", "title"}).
std::string at(const Value& document, std::initializer_list<std::string_view> names) {
    const Value* value = &document;
    for (const auto name : names) {
        value = value->find(name);
        if (!value) return "nothing";
    }
    return to_json(*value);
}

std::string refusal_of(const Blueprint& blueprint) {
    try {
        document_of(blueprint);
    } catch (const app::base::Error& error) {
        return error.message();
    }
    return "no refusal";
}

}  // namespace

TEST_CASE("paths are below the server, and variables stand in braces") {
    const Value made = document_of(version_1());
    CHECK(at(made, {"servers"}) == R"([{"url":"/api"}])");
    CHECK(at(document_of(version_1(), "https://blog.example"), {"servers"}) == R"([{"url":"https://blog.example/api"}])");
    CHECK(made.find("paths")->object()->size() == 2);
    CHECK(at(made, {"paths", "/things/{id}", "get", "operationId"}) == R"("get_thing")");
    CHECK(at(made, {"paths", "/things/{id}", "get", "parameters"}) ==
          R"([{"description":"Which one","in":"path","name":"id","required":true,)"
          R"("schema":{"format":"int64","minimum":1,"type":"integer"}},)"
          R"({"description":"Entity tags that the client has: if one fits, the answer is 304 without a body","in":"header",)"
          R"("name":"If-None-Match","schema":{"type":"string"}}])");
}

TEST_CASE("a named schema stands once, under components") {
    const Value made = document_of(version_1());
    CHECK(at(made, {"components", "schemas", "Thing"}) ==
          R"({"properties":{"name":{"type":"string"},"size":{"format":"int64","minimum":0,"type":"integer"}},)"
          R"("required":["name"],"type":"object"})");
    CHECK(at(made, {"paths", "/things/", "post", "requestBody"}) ==
          R"({"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Thing"}}},"required":true})");
}

TEST_CASE("errors that all operations of a kind answer come from the API, an operation's own beside them") {
    const Value made = document_of(version_1());
    const auto statuses = [&](std::string_view path, std::string_view method) {
        std::string list;
        for (const auto& [status, response] : *made.find("paths")->find(path)->find(method)->find("responses")->object()) {
            list += status + " ";
        }
        return list;
    };
    CHECK(statuses("/things/", "get") == "200 304 401 default ");
    CHECK(statuses("/things/{id}", "get") == "200 304 401 404 default ");
    CHECK(statuses("/things/", "post") == "201 400 401 409 default ");
    CHECK(at(made, {"paths", "/things/", "post", "responses", "400"}) == R"({"$ref":"#/components/responses/BadRequest"})");
    CHECK(at(made, {"paths", "/things/", "post", "responses", "409", "description"}) == R"("There is one of that name")");
}

TEST_CASE("an operation names the schemes that give it its credentials") {
    const Value made = document_of(version_1());
    CHECK(at(made, {"paths", "/things/", "get", "security"}) == R"([{"basic":[]},{"bearer":[]}])");
    CHECK(at(made, {"paths", "/things/", "post", "security"}) == R"([{"basic":[]}])");
    CHECK(at(made, {"components", "securitySchemes", "bearer", "scheme"}) == R"("bearer")");
}

TEST_CASE("extend inherits descriptions, replace brings its own") {
    static constexpr route<GET, "get_all_things", "/things/", "page"> get_all_things;
    Blueprint next{"v2"};
    next.extend(version_1());
    next.replace<get_things, get_all_things>(all, Operation{.summary = "Read all", .tag = "things"});
    const Value made = document_of(next);
    CHECK(at(made, {"info", "title"}) == R"("Things")");
    CHECK(at(made, {"paths", "/things/", "get", "summary"}) == R"("Read all")");
    CHECK(at(made, {"paths", "/things/", "post", "summary"}) == R"("Make one")");
}

TEST_CASE("what other blueprints serve below the prefix is in the document") {
    Site site;
    site.register_blueprint(version_1(), "/api");
    Blueprint other{"other"};
    other.on<get_shared>(all, Operation{.summary = "Shared", .tag = "things", .credentials = Credentials::none});
    site.register_blueprint(other, "/api");
    const Value made = document(site, *find_apis(site).at(0));
    CHECK(at(made, {"paths", "/shared", "get", "security"}) == "[]");
}

TEST_CASE("a rule without a description is refused by name") {
    CHECK(refusal_of(version_1().on<get_shared>(all)).starts_with("v1.get_shared (/api/shared) is not described"));
}

TEST_CASE("a rule with two methods, a foreign tag and an unexplained parameter are refused") {
    const Operation described{.summary = "Read", .tag = "things"};
    CHECK(refusal_of(version_1().on<thing_form>(all, described)) == "v1.thing_form has several methods; an API's route has one");
    CHECK(refusal_of(version_1().on<get_shared>(all, Operation{.summary = "Read", .tag = "posts"})) ==
          "v1.get_shared: the tag \"posts\" is not one of its API's");
    static constexpr route<GET, "find_things", "/found/", "words"> find_things;
    CHECK(refusal_of(version_1().on<find_things>(all, described)) == "v1.find_things: nothing is said about the parameter words");
}

TEST_CASE("two different schemas of one name are refused") {
    const Operation other{.summary = "Read", .tag = "things", .success = {.schema = named("Thing", string())}};
    CHECK(refusal_of(version_1().on<get_shared>(all, other)) == "v1.get_shared: two different schemas are called Thing");
}
