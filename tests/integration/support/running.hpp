// A server of the HTTP engine over a small service, without the application: what the engine does with bytes, time and load.
#pragma once

#include <dirent.h>
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <iostream>
#include <latch>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "app/base/log.hpp"
#include "app/http/server.hpp"
#include "app/web/response.hpp"
#include "tests/integration/support/http_client.hpp"

namespace tests {

using namespace std::chrono_literals;

// One loop and few workers, so that a test knows who waits for whom.
inline app::http::ServerOptions small_options(app::http::Limits limits = {}) {
    return {.port = 0, .threads = 1, .workers = 4, .limits = limits};
}

inline void be_quiet() {
    static std::once_flag done;  // not while another server runs
    std::call_once(done, [] { app::base::set_up_log({.level = "error", .stream = &std::cerr}); });
}

// A server that runs in a thread of its own.
class Running {
   public:
    explicit Running(app::http::Service service, app::http::ServerOptions options = small_options())
        : server_((be_quiet(), std::move(options)), std::move(service)) {
        port_ = server_.bind();
        thread_ = std::thread([this] { server_.run(); });
    }
    ~Running() { stop(); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    void stop() {
        server_.stop();
        if (thread_.joinable()) thread_.join();
    }
    app::http::Server& server() { return server_; }
    int port() const { return port_; }

   private:
    app::http::Server server_;
    int port_ = 0;
    std::thread thread_;
};

// Answers "METHOD TARGET BODY". Served by the loop; by a worker what is for /worker.
inline app::http::Service echo() {
    return {.handle =
                [](const app::web::Request& request) {
                    return app::web::text_response(std::string(request.method) + " " + std::string(request.target) + " " +
                                                   std::string(request.body));
                },
            .may_wait = [](const app::web::Request& request) { return request.target.starts_with("/worker"); }};
}

// A worker that waits until it is released; everything else is served at once.
inline app::http::Service waiting(std::latch& entered, std::latch& release) {
    return {.handle =
                [&](const app::web::Request& request) {
                    if (request.target == "/worker/wait") {
                        entered.count_down();
                        release.wait();
                    }
                    return app::web::text_response(std::string(request.target));
                },
            .may_wait = echo().may_wait};
}

inline std::string get(std::string_view target = "/", std::string_view fields = "") {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n";
}

inline std::string post(std::string_view target, std::string_view body) {
    return "POST " + std::string(target) + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
}

// What a refused connection says: one answer with a short JSON body, then its end.
inline Answer refused(Connection& connection) {
    const auto answer = parse_answer(connection.receive_all());
    CHECK(answer.header("Connection") == "close");
    CHECK(answer.header("Content-Type").starts_with("application/json"));
    CHECK(answer.header("Date").ends_with(" GMT"));
    CHECK(answer.header("Content-Length") == std::to_string(answer.body.size()));
    CHECK(answer.body.starts_with("{\"error\":\""));
    return answer;
}

// How many descriptors this process has open.
inline int open_descriptors() {
    DIR* const folder = ::opendir("/proc/self/fd");
    int count = 0;
    while (::readdir(folder)) ++count;
    ::closedir(folder);
    return count;
}

// Whether it becomes true within ten seconds.
inline bool soon(const std::function<bool()>& is_so) {
    for (int i = 0; i < 1000; ++i) {
        if (is_so()) return true;
        std::this_thread::sleep_for(10ms);
    }
    return is_so();
}

// How many descriptors this process, in which the server runs, has open when the server has served and nobody is connected to it.
inline int descriptors_at_rest(int port) {
    CHECK(parse_answer(raw_exchange(port, get("/", "Connection: close\r\n"))).status == 200);
    int last = 0;
    CHECK(soon([&] {
        const int now = open_descriptors();
        std::this_thread::sleep_for(50ms);
        return std::exchange(last, now) == now;
    }));
    return last;
}

// Runs `call` and says how long it took.
template <class Call>
std::chrono::milliseconds time_of(Call&& call) {
    const auto began = std::chrono::steady_clock::now();
    call();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
}

}  // namespace tests
