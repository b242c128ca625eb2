// Stock cpp-httplib, tuned as far as its settings go, doing the same work: 8 threads, no delay, connections kept. Each thread has a
// connection to the database for its reads; writes are one transaction each, on one connection behind a mutex.
// Usage: bench_stock PORT DATABASE, with SECRET_KEY in the environment.
#include <httplib.h>

#include <cstdlib>
#include <mutex>
#include <optional>

#include "app/markup/markup.hpp"
#include "tests/bench/work.hpp"

namespace {

using Session = bench::Session<bench::SqliteStatement>;

class Application {
   public:
    explicit Application(std::string file) : file_(std::move(file)) {}

    void set_up(httplib::Server& server) {
        server.new_task_queue = [] { return new httplib::ThreadPool(8); };
        server.set_tcp_nodelay(true);
        server.set_keep_alive_max_count(1'000'000'000);
        server.Get("/healthz", [](const auto&, auto& response) { answer(response, 200, std::string{bench::healthy}); });
        server.Get(R"(/api/v1\.0/posts/(\d+))", [this](const auto& request, auto& response) { get_post(request, response); });
        server.Get("/api/v1.0/posts/", [this](const auto& request, auto& response) { get_posts(request, response); });
        server.Post("/api/v1.0/posts/", [this](const auto& request, auto& response) { new_post(request, response); });
    }

   private:
    static void answer(httplib::Response& response, int status, std::string json) {
        response.status = status;
        response.set_content(std::move(json), "application/json");
    }

    Session& session() {
        thread_local std::optional<Session> mine;
        if (!mine) mine.emplace(file_, signer_);
        return *mine;
    }

    Session::User authenticate(const httplib::Request& request, httplib::Response& response) {
        constexpr std::string_view scheme = "Basic ";
        const std::string value = request.get_header_value("Authorization");
        Session::User user;
        if (value.starts_with(scheme)) user = session().authenticate(std::string_view{value}.substr(scheme.size()));
        if (user.id == 0) answer(response, 401, "{}");
        return user;
    }

    void get_post(const httplib::Request& request, httplib::Response& response) {
        if (authenticate(request, response).id == 0) return;
        std::string json;
        const bool found = session().append_post(json, std::stoll(request.matches[1]));
        answer(response, found ? 200 : 404, std::move(json));
    }

    void get_posts(const httplib::Request& request, httplib::Response& response) {
        if (authenticate(request, response).id == 0) return;
        std::string json;
        session().append_page(json, std::stoll(request.get_param_value("page")));
        answer(response, 200, std::move(json));
    }

    void new_post(const httplib::Request& request, httplib::Response& response) {
        const auto user = authenticate(request, response);
        if (user.id == 0) return;
        if (!user.may_write) return answer(response, 403, "{}");
        const std::string_view body = bench::body_of(request.body);
        const std::string html = app::markup::render_post(body);
        std::string json;
        {
            const std::lock_guard lock(mutex_);
            writer_.begin();
            writer_.add_post(json, user.id, body, html);
            writer_.commit();
        }
        answer(response, 201, std::move(json));
    }

    const std::string file_;
    const app::base::Signer signer_ = bench::make_signer();
    std::mutex mutex_;
    Session writer_{file_, signer_};
};

}  // namespace

int main(int, char** arguments) {
    Application application(arguments[2]);
    httplib::Server server;
    application.set_up(server);
    return server.listen("127.0.0.1", std::atoi(arguments[1])) ? 0 : 1;
}
