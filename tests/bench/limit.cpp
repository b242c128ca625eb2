// The practical limit: what a server costs that does the benchmark's work and nothing else. Two epoll loops, one receive and one
// send per request, no parsing beyond what these requests need, no log, no deadlines, and trust in the client. A post is rendered
// by the loop that read it and written by one thread that commits whatever has come meanwhile in one transaction (Dewar's own
// Database::write would hold up the loop that calls it). Reads run outside a transaction, each statement for itself.
// Usage: bench_limit PORT DATABASE, with SECRET_KEY in the environment.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <iterator>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/markup/markup.hpp"
#include "tests/bench/http.hpp"
#include "tests/bench/work.hpp"

namespace {

using bench::append_response;
using bench::checked;
using Session = bench::Session<bench::SqliteStatement>;

class Loop;

struct Post {
    Loop* loop;
    int connection;
    std::int64_t author_id;
    std::string body, html;
    std::string json = {};  // the answer
};

class Writer {
   public:
    Writer(const std::string& file, const app::base::Signer& signer) : session_(file, signer), thread_([this] { run(); }) {}

    void add(Post&& post) {
        {
            const std::lock_guard lock(mutex_);
            queue_.push_back(std::move(post));
        }
        queued_.notify_one();
    }

   private:
    void run();

    Session session_;
    std::mutex mutex_;
    std::condition_variable queued_;
    std::vector<Post> queue_;
    std::jthread thread_;
};

class Loop {
   public:
    Loop(const std::string& file, const app::base::Signer& signer, Writer& writer)
        : session_(file, signer), writer_(writer), epoll_(checked(::epoll_create1(0))), written_(checked(::eventfd(0, 0))) {
        add(written_);
        thread_ = std::jthread([this] { run(); });
    }

    void add(int descriptor) {
        epoll_event event{.events = EPOLLIN, .data = {.fd = descriptor}};
        checked(::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event));
    }

    // Posts of this loop that are durable. Called by the writer's thread.
    void answer(std::vector<Post>&& posts) {
        {
            const std::lock_guard lock(mutex_);
            if (durable_.empty()) {
                durable_ = std::move(posts);
            } else {
                for (Post& post : posts) durable_.push_back(std::move(post));
            }
        }
        checked(::eventfd_write(written_, 1));
    }

   private:
    void run() {
        epoll_event events[256];
        for (;;) {
            const int count = ::epoll_wait(epoll_, events, 256, -1);
            for (int i = 0; i < count; ++i) {
                if (events[i].data.fd == written_) {
                    send_durable();
                } else {
                    serve(events[i].data.fd);
                }
            }
        }
    }

    void serve(int connection) {
        const ssize_t received = ::recv(connection, buffer_, sizeof buffer_, MSG_DONTWAIT);
        if (received <= 0) {
            if (received == 0 || errno != EAGAIN) hang_up(connection);
            return;
        }
        std::string_view input{buffer_, static_cast<std::size_t>(received)};
        const auto earlier = partial_.find(connection);
        if (earlier != partial_.end()) input = earlier->second.append(input);
        if (respond(connection, input)) {
            if (earlier != partial_.end()) partial_.erase(earlier);
        } else if (earlier == partial_.end()) {
            partial_.emplace(connection, input);
        }
    }

    // Whether `input` is a whole request.
    bool respond(int connection, std::string_view input) {
        bench::Request request;
        if (!bench::read_request(input, request)) return false;
        out_.clear();
        if (request.target == "/healthz") {
            append_response(out_, "200 OK", bench::healthy);
        } else if (const auto user = session_.authenticate(request.credentials); user.id == 0) {
            append_response(out_, "401 Unauthorized", "{}");
        } else if (request.is_post && user.may_write) {
            const std::string_view text = bench::body_of(request.body);
            writing_.emplace(connection, false);
            writer_.add({this, connection, user.id, std::string{text}, app::markup::render_post(text)});
            return true;
        } else {
            bench::append_read(out_, json_, session_, request.target);
        }
        send(connection);
        return true;
    }

    void send_durable() {
        eventfd_t ignored = 0;
        ::eventfd_read(written_, &ignored);
        std::vector<Post> posts;
        {
            const std::lock_guard lock(mutex_);
            posts.swap(durable_);
        }
        for (Post& post : posts) {
            const bool left = writing_.extract(post.connection).mapped();
            out_.clear();
            append_response(out_, "201 Created", post.json);
            if (left) {
                ::close(post.connection);
            } else {
                send(post.connection);
            }
        }
    }

    void send(int connection) { ::send(connection, out_.data(), out_.size(), MSG_NOSIGNAL); }

    // A connection that waits for the writer keeps its number until that is done: another one must not get the answer.
    void hang_up(int connection) {
        partial_.erase(connection);
        const auto writing = writing_.find(connection);
        if (writing == writing_.end()) {
            ::close(connection);
        } else if (!std::exchange(writing->second, true)) {
            ::epoll_ctl(epoll_, EPOLL_CTL_DEL, connection, nullptr);
        }
    }

    Session session_;
    Writer& writer_;
    const int epoll_, written_;
    char buffer_[16384];
    std::string out_, json_;
    std::unordered_map<int, std::string> partial_;  // requests of which not all is there yet
    std::unordered_map<int, bool> writing_;         // who waits for the writer; true: has left since
    std::mutex mutex_;
    std::vector<Post> durable_;
    std::jthread thread_;
};

void Writer::run() {
    for (;;) {
        std::vector<Post> posts;
        {
            std::unique_lock lock(mutex_);
            queued_.wait(lock, [this] { return !queue_.empty(); });
            posts.swap(queue_);
        }
        session_.begin();
        for (Post& post : posts) session_.add_post(post.json, post.author_id, post.body, post.html);
        session_.commit();
        std::unordered_map<Loop*, std::vector<Post>> by_loop;
        for (Post& post : posts) by_loop[post.loop].push_back(std::move(post));
        for (auto& [loop, its_posts] : by_loop) loop->answer(std::move(its_posts));
    }
}

}  // namespace

int main(int, char** arguments) {
    const app::base::Signer signer = bench::make_signer();
    Writer writer(arguments[2], signer);
    Loop loops[] = {{arguments[2], signer, writer}, {arguments[2], signer, writer}};
    const int listener = bench::listen_on(std::atoi(arguments[1]));
    for (std::size_t next = 0;; next = (next + 1) % std::size(loops))
        loops[next].add(checked(::accept(listener, nullptr, nullptr)));
}
