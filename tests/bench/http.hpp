// As much HTTP as the yardsticks written by hand need (limit.cpp, mysql_limit.cpp): no parsing beyond what the benchmark's clients
// send, and trust in them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

// Throws std::runtime_error by errno if a system call failed, else returns what it did.
int checked(int result);

// Listens on 127.0.0.1; what it accepts waits for no more data before it sends.
int listen_on(int port);

// The digits at the beginning.
std::int64_t number_of(std::string_view digits);

// Views into the input.
struct Request {
    bool is_post;
    std::string_view target, credentials, body;  // credentials: what follows "Basic " in Authorization
};

// Whether `input` is a whole request.
bool read_request(std::string_view input, Request& request);

void append_response(std::string& out, std::string_view status, std::string_view json);

// The response to a GET of a post or of a page of posts. `json` is a buffer. The session is that of either backend.
template <class Session>
void append_read(std::string& out, std::string& json, Session& session, std::string_view target) {
    constexpr std::string_view posts = "/api/v1.0/posts/";
    constexpr std::string_view page = "?page=";
    target.remove_prefix(target.size() < posts.size() ? target.size() : posts.size());
    bool found = true;
    json.clear();
    if (target.starts_with(page)) {
        session.append_page(json, number_of(target.substr(page.size())));
    } else {
        found = session.append_post(json, number_of(target));
    }
    append_response(out, found ? "200 OK" : "404 Not Found", json);
}

}  // namespace bench
