// The practical limit: what a server costs that does the benchmark's work and nothing else. Two epoll loops, one receive and one
// send per request, no parsing beyond what these requests need, no log, no deadlines, and trust in the client. A post is rendered
// by the loop that read it and written by one thread that commits whatever has come meanwhile in one transaction (Dewar's own
// Database::write would hold up the loop that calls it). Reads run outside a transaction, each statement for itself.
// Usage: bench_limit PORT DATABASE, with SECRET_KEY in the environment.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/markup/markup.hpp"
#include "tests/bench/work.hpp"

namespace {

int checked(int result) {
    if (result < 0) throw std::runtime_error(std::strerror(errno));
    return result;
}

std::int64_t number_of(std::string_view digits) {
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

std::string_view header(std::string_view head, std::string_view name_and_blank) {
    const auto found = head.find(name_and_blank);
    if (found == std::string_view::npos) return {};
    head.remove_prefix(found + name_and_blank.size());
    return head.substr(0, head.find('\r'));
}

void append_response(std::string& out, std::string_view status, std::string_view json) {
    out.append("HTTP/1.1 ").append(status).append("\r\nContent-Type: application/json\r\nContent-Length: ");
    out.append(std::to_string(json.size())).append("\r\n\r\n").append(json);
}

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

    bench::Session session_;
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
        const auto end = input.find("\r\n\r\n");
        if (end == std::string_view::npos) return false;
        const std::string_view head = input.substr(0, end + 2);
        const bool is_post = head.starts_with("POST");
        const std::string_view body = input.substr(end + 4);
        if (is_post && static_cast<std::int64_t>(body.size()) < number_of(header(head, "Content-Length: "))) return false;

        const std::string_view target = head.substr(is_post ? 5 : 4, head.find(' ', 5) - (is_post ? 5 : 4));
        out_.clear();
        json_.clear();
        if (target == "/healthz") {
            append_response(out_, "200 OK", bench::healthy);
        } else if (const auto user = session_.authenticate(header(head, "Authorization: Basic ")); user.id == 0) {
            append_response(out_, "401 Unauthorized", "{}");
        } else if (is_post && user.may_write) {
            const std::string_view text = bench::body_of(body);
            writing_.emplace(connection, false);
            writer_.add({this, connection, user.id, std::string{text}, app::markup::render_post(text)});
            return true;
        } else {
            append_read(target);
        }
        send(connection);
        return true;
    }

    void append_read(std::string_view target) {
        constexpr std::string_view posts = "/api/v1.0/posts/";
        constexpr std::string_view page = "?page=";
        target.remove_prefix(std::min(posts.size(), target.size()));
        bool found = true;
        if (target.starts_with(page)) {
            session_.append_page(json_, number_of(target.substr(page.size())));
        } else {
            found = session_.append_post(json_, number_of(target));
        }
        append_response(out_, found ? "200 OK" : "404 Not Found", json_);
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

    bench::Session session_;
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

int listen_on(int port) {
    const int listener = checked(::socket(AF_INET, SOCK_STREAM, 0));
    const int yes = 1;
    checked(::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes));
    checked(::setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes));  // accepted sockets inherit it
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    checked(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address));
    checked(::listen(listener, SOMAXCONN));
    return listener;
}

}  // namespace

int main(int, char** arguments) {
    const app::base::Signer signer = bench::make_signer();
    Writer writer(arguments[2], signer);
    Loop loops[] = {{arguments[2], signer, writer}, {arguments[2], signer, writer}};
    const int listener = listen_on(std::atoi(arguments[1]));
    for (std::size_t next = 0;; next = (next + 1) % std::size(loops))
        loops[next].add(checked(::accept(listener, nullptr, nullptr)));
}
