// The yardstick of scripts/bench --mysql: plain calls of MySQL's client library, a thread and a session for each client, which
// prepares its statements once; nothing is parsed beyond what these requests need, nothing logged, nothing retried.
// Usage: bench_mysql_limit PORT mysql://root@HOST:PORT/NAME, with SECRET_KEY in the environment.
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "app/markup/markup.hpp"
#include "tests/bench/http.hpp"
#include "tests/bench/mysql_statement.hpp"
#include "tests/bench/work.hpp"

namespace {

class Client {
   public:
    Client(int connection, const std::string& database, const app::base::Signer& signer)
        : connection_(connection), session_(database, signer) {}

    void serve() {
        char buffer[16384];
        std::string input;
        for (;;) {
            const ssize_t received = ::recv(connection_, buffer, sizeof buffer, 0);
            if (received <= 0) break;
            input.append(buffer, static_cast<std::size_t>(received));
            if (respond(input)) input.clear();
        }
        ::close(connection_);
    }

   private:
    // Whether `input` is a whole request.
    bool respond(std::string_view input) {
        bench::Request request;
        if (!bench::read_request(input, request)) return false;
        out_.clear();
        if (request.target == "/healthz") {
            bench::append_response(out_, "200 OK", bench::healthy);
        } else if (const auto user = session_.authenticate(request.credentials); user.id == 0) {
            bench::append_response(out_, "401 Unauthorized", "{}");
        } else if (request.is_post && user.may_write) {
            const std::string_view text = bench::body_of(request.body);
            const std::string html = app::markup::render_post(text);
            json_.clear();
            session_.begin();
            session_.add_post(json_, user.id, text, html);
            session_.commit();
            bench::append_response(out_, "201 Created", json_);
        } else {
            bench::append_read(out_, json_, session_, request.target);
        }
        ::send(connection_, out_.data(), out_.size(), MSG_NOSIGNAL);
        return true;
    }

    const int connection_;
    bench::Session<bench::MysqlStatement> session_;
    std::string out_, json_;
};

}  // namespace

int main(int, char** arguments) {
    const app::base::Signer signer = bench::make_signer();
    const std::string database = arguments[2];
    const int listener = bench::listen_on(std::atoi(arguments[1]));
    for (;;) {
        const int connection = bench::checked(::accept(listener, nullptr, nullptr));
        std::thread([connection, &database, &signer] { Client(connection, database, signer).serve(); }).detach();
    }
}
