// `client`: requests to the application in this process, with the answers that come over the wire.
#include <algorithm>

#include "app/base/text.hpp"
#include "app/models/authentication.hpp"
#include "app/test_client.hpp"
#include "app/web/json.hpp"
#include "manage/shell/model_objects.hpp"

namespace manage::shell {

namespace {

using app::TestClient;
using app::base::Code;
using app::base::Error;

constexpr const char* answer_type = "Answer";
constexpr const char* headers_type = "Headers";

// {email, password}, a token, or a User, for whom a token is made.
TestClient::Header authorization(lua_State* state, int index) {
    if (const auto* object = find_object<UserObject>(state, index)) {
        stored_id(object->user.id, "User");
        const auto& signer = session_of(state).app.services().signer;
        return app::basic_auth(app::models::make_api_token(signer, object->user, app::base::now()), "");
    }
    if (lua_type(state, index) == LUA_TSTRING) return app::basic_auth(to_text(state, index, "a token"), "");
    if (!lua_istable(state, index))
        throw Error(Code::invalid, R"(auth is {"ann@example.com", "her password"}, a token or a User)");
    const int pair = lua_absindex(state, index);
    lua_rawgeti(state, pair, 1);
    lua_rawgeti(state, pair, 2);
    TestClient::Header header = app::basic_auth(to_text(state, -2, "the e-mail address"), to_text(state, -1, "the password"));
    lua_pop(state, 2);
    return header;
}

void add_headers(lua_State* state, int index, TestClient::Headers& headers) {
    if (!lua_istable(state, index)) throw Error(Code::invalid, R"(headers are a table: {["If-Match"]='"1"'})");
    const int table = lua_absindex(state, index);
    lua_pushnil(state);
    while (lua_next(state, table) != 0) {
        headers.emplace_back(to_text(state, -2, "a header's name"), to_text(state, -1, "a header"));
        lua_pop(state, 1);
    }
}

struct Wanted {
    TestClient::Headers headers;
    std::string body;
};

Wanted to_wanted(lua_State* state, int index) {
    Wanted wanted;
    if (!check_fields(state, index, "a request", {"auth", "headers", "body"}, true)) return wanted;
    if (push_field(state, index, "headers")) add_headers(state, -1, wanted.headers);
    if (push_field(state, index, "auth")) wanted.headers.push_back(authorization(state, -1));
    if (push_field(state, index, "body")) {
        const bool is_text = lua_type(state, -1) == LUA_TSTRING;
        wanted.body = is_text ? to_text(state, -1, "a body") : app::web::to_json(to_json_value(state, -1));
        const auto is_type = [](const auto& header) { return app::base::equal_ignoring_case(header.first, "Content-Type"); };
        if (std::ranges::none_of(wanted.headers, is_type)) wanted.headers.emplace_back("Content-Type", "application/json");
    }
    return wanted;
}

// A table of the headers by their names, in any case of letters; of several with one name the values stand in one, as RFC 9110
// section 5.3 allows.
void push_headers(lua_State* state, const app::web::Response& response) {
    lua_newtable(state);
    for (const auto& [name, value] : response.headers) {
        std::string whole = value;
        if (lua_getfield(state, -1, name.c_str()) == LUA_TSTRING) whole = to_text(state, -1, "a header") + ", " + value;
        lua_pop(state, 1);
        push(state, whole);
        lua_setfield(state, -2, name.c_str());
    }
    luaL_setmetatable(state, headers_type);
}

int find_header(lua_State* state) {
    const std::string wanted = to_text(state, 2, "a header's name");
    lua_settop(state, 1);
    lua_pushnil(state);
    while (lua_next(state, 1) != 0) {
        if (app::base::equal_ignoring_case(to_text(state, -2, "a header's name"), wanted)) return 1;
        lua_pop(state, 1);
    }
    return 0;
}

void push_answer(lua_State* state, const app::web::Response& response) {
    lua_newtable(state);
    set_field(state, "status", std::int64_t{response.status});
    set_field(state, "body", response.body);
    push_headers(state, response);
    lua_setfield(state, -2, "headers");
    luaL_setmetatable(state, answer_type);
}

int parse_answer(lua_State* state) {
    luaL_checktype(state, 1, LUA_TTABLE);
    lua_getfield(state, 1, "body");
    const std::string body = to_text(state, -1, "the body of an answer");
    push_json(state, app::web::parse_json(body));
    return 1;
}

int send(lua_State* state, std::string_view method) {
    const std::string target = to_text(state, 2, "what is asked for, \"/api/v1.0/posts/\",");
    if (!target.starts_with('/')) throw Error(Code::invalid, "a URL begins with a slash here, \"/api/v1.0/posts/\": " + target);
    const Wanted wanted = to_wanted(state, 3);
    Session& session = session_of(state);
    session.guard.take_refusal();
    const app::web::Response response = TestClient(session.app).request(method, target, wanted.headers, wanted.body);
    if (const auto refusal = session.guard.take_refusal()) throw Error(*refusal);
    push_answer(state, response);
    return 1;
}

int send_get(lua_State* state) { return send(state, "GET"); }
int send_head(lua_State* state) { return send(state, "HEAD"); }
int send_post(lua_State* state) { return send(state, "POST"); }
int send_put(lua_State* state) { return send(state, "PUT"); }
int send_patch(lua_State* state) { return send(state, "PATCH"); }
int send_delete(lua_State* state) { return send(state, "DELETE"); }
int send_options(lua_State* state) { return send(state, "OPTIONS"); }

}  // namespace

void define_client(lua_State* state) {
    luaL_newmetatable(state, answer_type);
    lua_newtable(state);
    lua_pushcfunction(state, guarded<parse_answer>);
    lua_setfield(state, -2, "json");
    lua_setfield(state, -2, "__index");
    lua_pop(state, 1);
    luaL_newmetatable(state, headers_type);
    lua_pushcfunction(state, guarded<find_header>);
    lua_setfield(state, -2, "__index");
    lua_pop(state, 1);
    static constexpr Method methods[] = {{"get", guarded<send_get>},        {"head", guarded<send_head>},
                                         {"post", guarded<send_post>},      {"put", guarded<send_put>},
                                         {"patch", guarded<send_patch>},    {"delete", guarded<send_delete>},
                                         {"options", guarded<send_options>}};
    define_functions(state, "client", methods);
}

}  // namespace manage::shell
