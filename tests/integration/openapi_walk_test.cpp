// Each version's OpenAPI document, walked over HTTP: every operation is called, every status that it documents is provoked, and every
// answer is held against what the document says of it. A new operation is covered without an edit here, or fails.
// backends: sqlite mysql
#include <algorithm>
#include <cctype>
#include <functional>
#include <set>

#include "app/base/text.hpp"
#include "app/models/account_tokens.hpp"
#include "app/openapi/document.hpp"
#include "app/web/json.hpp"
#include "app/web/xml.hpp"
#include "tests/integration/support/live_app.hpp"
#include "tests/integration/support/schema_check.hpp"

using app::web::to_json;
using app::web::Value;
using tests::Answer;
using tests::Client;
using tests::Headers;
using tests::LiveApp;
using tests::resolved;

namespace {

// What no single request provokes: a conflict of two at a time, limits (see below), and trouble of our own.
const std::set<std::string> not_provoked{"409", "429", "500", "503", "default"};

std::string replaced(std::string text, const std::string& part, const std::string& by) {
    if (const auto at = text.find(part); at != std::string::npos) text.replace(at, part.size(), by);
    return text;
}

std::string upper_case(std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(c));
    return text;
}

std::string base_type(const std::string& content_type) { return content_type.substr(0, content_type.find(';')); }

bool is_json(const std::string& media_type) { return media_type.ends_with("json"); }

// The members of an object, or none.
const Value::Object& members(const Value* value) {
    static const Value::Object none;
    return value ? *value->object() : none;
}

// Who calls, and on what.
struct World {
    explicit World(const std::function<void(config::Config&)>& change = {})
        : live([&](config::Config& config) {
              config.server.public_url = "https://blog.example";
              if (change) change(config);
          }) {}

    LiveApp live;
    tests::Account admin = live.add_user("admin", {.role = "Administrator"});
    tests::Account unconfirmed = live.add_user("unconfirmed", {.confirmed = false});
    tests::Account powerless = add_powerless();

    tests::Account add_powerless() {
        live.add_role("Powerless", 0);
        return live.add_user("powerless", {.role = "Powerless"});
    }

    // A path whose {id} is that of something made for this call, or of nothing at all.
    std::string target(const std::string& path, bool is_there = true) {
        if (path.find('{') == std::string::npos) return path;
        if (!is_there) return replaced(path, "{id}", "987654321");
        const std::string kind = path.substr(1, path.find('/', 1) - 1);
        std::int64_t id = 0;
        if (kind == "posts") {
            id = live.add_post(admin).id;
        } else if (kind == "comments") {
            id = live.add_comment(live.add_post(admin), admin).id;
        } else if (kind == "users") {
            id = live.add_user("user" + std::to_string(++users_)).id();
        } else {
            FAIL("nobody knows what {id} is in " << path);
        }
        return replaced(path, "{id}", std::to_string(id));
    }

    // That a mail would bring, for what is done at that path.
    std::string mailed_token(const std::string& path) {
        const auto user = live.add_user("owner" + std::to_string(++users_), {.confirmed = path != "/confirmations/"}).user;
        const auto& signer = live.app().services().signer;
        const auto now = app::base::now();
        if (path == "/confirmations/") return app::models::make_confirmation_token(signer, user.email, 0, now);
        if (path == "/password-resets/") return app::models::make_reset_token(signer, user.email, 0, now);
        if (path == "/email-changes/") return app::models::make_email_change_token(signer, user, "x" + user.email, now);
        FAIL("nobody knows a token for " << path);
        return {};
    }

   private:
    int users_ = 0;
};

// One operation of a document.
struct Operation {
    World& world;
    std::string prefix;
    const Value& document;
    std::string path;
    std::string method;  // "GET"
    const Value& described;

    const Value* find_content() const {
        const Value* body = described.find("requestBody");
        return body ? body->find("content") : nullptr;
    }
    const Value& response(const std::string& status) const {
        return resolved(document, *described.find("responses")->find(status));
    }
    std::pair<std::string, const Value*> success() const {
        for (const auto& [status, response] : *described.find("responses")->object()) {
            if (status.starts_with('2')) return {status, &response};
        }
        FAIL("no success is documented");
        return {};
    }
    bool serves_anybody() const { return described.find("security")->list()->empty(); }
    std::string target(bool is_there = true) const { return prefix + world.target(path, is_there); }

    // A body of that schema. What cannot stand in a document, such as a password, is that of the caller.
    Value body(const Value& schema, const tests::Account& caller) const {
        Value sample = tests::sample(document, schema);
        Value::Object& members = *sample.object();
        if (members.contains("token")) members["token"] = world.mailed_token(path);
        if (members.contains("current_password")) {
            members["current_password"] = caller.password;
            if (members.contains("password")) members["password"] = caller.password;
        }
        return sample;
    }

    // With the body that the schema describes, in the first media type; as a client of an API, which wants no pages.
    Answer call(const Client& client, const std::string& at, Headers headers = {}, std::optional<std::string> text = {}) const {
        if (headers.empty() || headers.front().first != "Accept") headers.push_back(tests::accept_json);
        const Value* content = find_content();
        if (!content) return client.request(method, at, headers);
        const auto& [media_type, description] = *content->object()->begin();
        if (!text) text = to_json(body(*description.find("schema"), world.admin));
        headers.emplace_back("Content-Type", media_type);
        return client.request(method, at, headers, *text);
    }
    Client admin() const { return world.live.client(world.admin); }
};

// Holds an answer against what the document says of its status: the media type, the body, the headers.
void check_answer(const Operation& operation, const Answer& answer) {
    const std::string status = std::to_string(answer.status);
    INFO(status, " ", answer.body);
    const Value* responses = operation.described.find("responses");
    REQUIRE(responses->find(status));
    const Value& response = operation.response(status);
    for (const auto& [name, header] : members(response.find("headers"))) {
        INFO(name, ": ", answer.header(name));
        const Value* required = header.find("required");
        if (required && *required == Value{true}) CHECK(answer.has(name));
    }
    const Value* content = response.find("content");
    if (!content) {
        CHECK(answer.body.empty());
        return;
    }
    const std::string media_type = base_type(answer.header("Content-Type"));
    const Value* described = content->find(media_type);
    INFO(media_type);
    REQUIRE(described);
    if (!is_json(media_type)) return;
    for (const std::string& fault : tests::faults(operation.document, *described->find("schema"), answer.json()))
        FAIL_CHECK(fault);
}

void check_success(const Operation& operation) {
    const auto [status, response] = operation.success();
    const Answer answer = operation.call(operation.admin(), operation.target());
    CHECK(std::to_string(answer.status) == status);
    check_answer(operation, answer);
    for (const auto& [media_type, content] : members(response->find("content"))) {
        const Answer asked = operation.call(operation.admin(), operation.target(), {{"Accept", media_type}});
        CHECK(base_type(asked.header("Content-Type")) == media_type);
        check_answer(operation, asked);
    }
    for (const auto& [media_type, content] : members(operation.find_content())) {
        INFO("request in ", media_type);
        const Value sample = operation.body(*content.find("schema"), operation.world.admin);
        const std::string body = is_json(media_type) ? to_json(sample) : app::web::to_xml(sample, "thing");
        const Answer taken =
            operation.admin().request(operation.method, operation.target(), {{"Content-Type", media_type}}, body);
        CHECK(std::to_string(taken.status) == status);
    }
}

// An answer of 401 is documented and told, or not documented and not told, for each way to show who one is.
void check_credentials(const Operation& operation) {
    std::set<std::string> schemes;
    for (const Value& one : *operation.described.find("security")->list()) schemes.insert(one.object()->begin()->first);
    const auto status_with = [&](const Headers& headers) {
        return std::to_string(operation.call(operation.world.live.client(headers), operation.target()).status);
    };
    const std::string success = operation.success().first;
    CHECK(status_with({}) == (schemes.empty() ? success : "401"));
    if (schemes.empty()) return;
    const std::string token = *operation.admin().post(operation.prefix + "/tokens/", "").json().find("token")->string();
    CHECK(schemes.contains("basic"));
    CHECK(status_with({{"Authorization", "Bearer " + token}}) == (schemes.contains("bearer") ? success : "401"));
}

void check_permission(const Operation& operation) {
    const tests::Account& powerless = operation.world.powerless;
    std::optional<std::string> body;
    if (const Value* content = operation.find_content())
        body = to_json(operation.body(*content->object()->begin()->second.find("schema"), powerless));
    const std::string answered =
        std::to_string(operation.call(operation.world.live.client(powerless), operation.target(), {}, body).status);
    CHECK(answered == (operation.described.find("x-permission") ? "403" : operation.success().first));
}

std::string first_query_name(const Operation& operation) {
    if (const Value* parameters = operation.described.find("parameters")) {
        for (const Value& parameter : *parameters->list()) {
            if (*parameter.find("in")->string() == "query") return *parameter.find("name")->string();
        }
    }
    return {};
}

// A body that is longer than the engine takes, announced and not sent: it is refused before the application sees it.
Answer announce_too_much(const Operation& operation, const std::string& target) {
    const auto [name, value] = operation.world.admin.login();
    const std::string head = operation.method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + name +
                             ": " + value + "\r\nAccept: application/json\r\nContent-Length: 100000000\r\nContent-Type: " +
                             operation.find_content()->object()->begin()->first + "\r\n\r\n";
    return tests::parse_answer(tests::raw_exchange(operation.world.live.port(), head));
}

// A request that earns the status.
Answer provoke(const Operation& operation, const std::string& status) {
    const Client admin = operation.admin();
    const std::string target = operation.target();
    if (status == "304") return operation.call(admin, target, {{"If-None-Match", operation.call(admin, target).header("ETag")}});
    if (status == "400" && operation.find_content()) return operation.call(admin, target, {}, "[");
    if (status == "400") return operation.call(admin, target + "?" + first_query_name(operation) + "=x");
    if (status == "401") return operation.call(operation.world.live.client(), target);
    if (status == "403") return operation.call(operation.world.live.client(operation.world.unconfirmed), target);
    if (status == "404") return operation.call(admin, operation.target(false));
    if (status == "406") return operation.call(admin, target, {{"Accept", "image/png"}});
    if (status == "412") return operation.call(admin, target, {{"If-Match", "\"stale\""}});
    if (status == "413") return announce_too_much(operation, target);
    if (status == "415") return operation.call(admin, target, {{"Content-Encoding", "gzip"}});
    if (status == "422") {
        operation.call(admin, target, {{"Idempotency-Key", "one of " + target}}, R"({"body":"this"})");
        return operation.call(admin, target, {{"Idempotency-Key", "one of " + target}}, R"({"body":"that"})");
    }
    FAIL("nobody knows how to provoke " << status);
    return {};
}

void check_errors(const Operation& operation) {
    for (const auto& [status, response] : *operation.described.find("responses")->object()) {
        if (status.starts_with('2') || not_provoked.contains(status)) continue;
        INFO("provoking ", status);
        const Answer answer = provoke(operation, status);
        CHECK(std::to_string(answer.status) == status);
        check_answer(operation, answer);
    }
}

struct Version {
    std::string prefix;
    Value document;
};

std::vector<Version> versions(LiveApp& live) {
    std::vector<Version> all;
    for (const auto* api : app::openapi::find_apis(live.app().site())) {
        const Answer answer = live.client().get(api->url_prefix + "/openapi.json");
        REQUIRE(answer.status == 200);
        all.push_back({api->url_prefix, answer.json()});
    }
    return all;
}

template <class Act>
void for_each_operation(const Value& document, Act act) {
    for (const auto& [path, operations] : *document.find("paths")->object()) {
        for (const auto& [method, operation] : *operations.object()) act(path, upper_case(method), operation);
    }
}

// Goes through all operations of all versions.
template <class Act>
void walk(Act act) {
    World world;
    for (const Version& version : versions(world.live)) {
        for_each_operation(version.document, [&](const std::string& path, const std::string& method, const Value& described) {
            INFO(method, " ", version.prefix, path);
            act(Operation{world, version.prefix, version.document, path, method, described});
        });
    }
}

}  // namespace

TEST_CASE("every operation succeeds as documented, in every media type that it names") { walk(check_success); }

TEST_CASE("every operation wants the credentials that it documents, and takes no others") { walk(check_credentials); }

TEST_CASE("every operation wants the permission that it documents, and no other") { walk(check_permission); }

TEST_CASE("every documented error can be had, and looks as documented") { walk(check_errors); }

TEST_CASE("errors come in each media type that is documented for them") {
    World world;
    for (const Version& version : versions(world.live)) {
        const Value& described = *version.document.find("paths")->find("/posts/{id}")->find("get");
        const Operation operation{world, version.prefix, version.document, "/posts/{id}", "GET", described};
        for (const auto& [media_type, content] : members(operation.response("403").find("content"))) {
            INFO(media_type);
            const Answer answer =
                operation.call(world.live.client(world.unconfirmed), operation.target(), {{"Accept", media_type}});
            CHECK(base_type(answer.header("Content-Type")) == media_type);
            check_answer(operation, answer);
        }
    }
}

TEST_CASE("who asks too often is told so as documented") {
    World world([](config::Config& config) {
        config.limits.enabled = true;
        config.limits.account_requests_max = 1;
    });
    for (const Version& version : versions(world.live)) {
        const Value& described = *version.document.find("paths")->find("/posts/")->find("get");
        const Operation operation{world, version.prefix, version.document, "/posts/", "GET", described};
        operation.call(operation.admin(), operation.target());
        const Answer answer = operation.call(operation.admin(), operation.target());
        CHECK(answer.status == 429);
        check_answer(operation, answer);
    }
}

TEST_CASE("every rule below a version's prefix is in its document, and everything in the document is a rule") {
    LiveApp live;
    for (const Version& version : versions(live)) {
        std::set<std::string> served, documented;
        for (const app::web::Rule& rule : live.app().site().rules()) {
            if (!rule.text().starts_with(version.prefix + "/")) continue;
            served.insert(to_string(rule.route->methods) + " " + replaced(rule.text(), "<int:id>", "{id}"));
        }
        for_each_operation(version.document, [&](const std::string& path, const std::string& method, const Value&) {
            documented.insert(method + " " + version.prefix + path);
        });
        CHECK(served == documented);
    }
}

TEST_CASE("OPTIONS of every path allows the documented methods, HEAD beside GET, and nothing else") {
    World world;
    for (const Version& version : versions(world.live)) {
        for (const auto& [path, operations] : *version.document.find("paths")->object()) {
            std::set<std::string> documented{"OPTIONS"}, allowed;
            for (const auto& [method, operation] : *operations.object()) documented.insert(upper_case(method));
            if (documented.contains("GET")) documented.insert("HEAD");
            const std::string allow = world.live.client().options(version.prefix + world.target(path)).header("Allow");
            for (const auto method : app::base::split(allow, ',')) allowed.emplace(app::base::trim(method));
            INFO(version.prefix, path);
            CHECK(allowed == documented);
        }
    }
}

TEST_CASE("the document is public, may be kept, and is not sent to who has it") {
    LiveApp live;
    for (const char* url : {"/api/v1.0/openapi.json", "/api/v1.1/openapi.json"}) {
        const Answer answer = live.client().get(url);
        CHECK(answer.status == 200);
        CHECK(answer.header("Content-Type") == "application/json");
        CHECK(answer.header("Cache-Control") == "public, max-age=300");
        const Answer again = live.client().get(url, {{"If-None-Match", answer.header("ETag")}});
        CHECK(again.status == 304);
        CHECK(again.header("ETag") == answer.header("ETag"));
        CHECK(live.client().get(url).body == answer.body);
    }
}

TEST_CASE("the document says what the OpenAPI specification asks of one") {
    LiveApp live;
    for (const Version& version : versions(live)) {
        const Value& document = version.document;
        CHECK(*document.find("openapi") == Value{"3.1.0"});
        for (const char* name : {"title", "version"}) CHECK(document.find("info")->find(name)->string());
        std::set<std::string> ids;
        for_each_operation(document, [&](const std::string& path, const std::string& method, const Value& operation) {
            INFO(method, " ", path);
            CHECK(path.starts_with('/'));
            CHECK(ids.insert(*operation.find("operationId")->string()).second);
            for (const auto& [status, response] : *operation.find("responses")->object()) {
                CHECK(resolved(document, response).find("description")->string());
            }
            for (const Value& one : *operation.find("security")->list()) {
                CHECK(document.find("components")->find("securitySchemes")->find(one.object()->begin()->first));
            }
            std::set<std::string> variables;
            for (const Value& parameter : operation.find("parameters") ? *operation.find("parameters")->list() : Value::List{}) {
                REQUIRE(parameter.find("schema"));
                if (*parameter.find("in")->string() != "path") continue;
                CHECK(*parameter.find("required") == Value{true});
                variables.insert("{" + *parameter.find("name")->string() + "}");
            }
            CHECK(variables.size() == static_cast<std::size_t>(std::ranges::count(path, '{')));
            for (const std::string& variable : variables) CHECK(path.find(variable) != std::string::npos);
        });
    }
}
