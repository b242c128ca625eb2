// An event loop: one thread, one epoll, and the connections that were handed to it. It never waits for anything but its
// sockets: what may wait goes to the workers and comes back as bytes.
#pragma once

#include <array>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/http/connection.hpp"
#include "app/http/engine.hpp"
#include "app/http/parser.hpp"

namespace app::http {

class Loop {
   public:
    // Starts the thread. `engine` outlives the loop. Throws unavailable when the system gives no epoll.
    explicit Loop(Engine& engine);

    // As drain with no time left, then ends the thread.
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    // Takes over an accepted socket. Any thread.
    void adopt(int socket);

    // Begins to end: idle connections are closed, the others after their next answer, all after `grace`. Any thread.
    void drain(std::chrono::milliseconds grace);

    // Waits until the loop has ended after drain.
    void join();

   private:
    // What another thread leaves for the loop: a socket, or the answer for one of its connections.
    struct Message {
        int socket = -1;
        std::uint32_t place = 0, generation = 0;
        std::string bytes;
        bool keep_alive = false;
    };
    struct Work;
    friend struct Work;

    void run();
    void wake() noexcept;
    void post(Message message);
    void take_messages();
    void on_event(std::uint32_t place, std::uint32_t events);
    void serve_put_off();
    bool turn_is_over(Connection& connection);
    void read(Connection& connection);
    void shake_hands(Connection& connection);
    void finish_turn(Connection& connection);
    void account(Connection& connection);

    // admission.cpp: how connections come and go
    void admit(int socket);
    void close(Connection& connection) noexcept;

    // deadlines.cpp: who waits too long, and the end
    void sweep();
    void expire(Connection& connection);
    void give_up(Connection& connection, Refusal refusal);
    void drain_idle();

    // requests.cpp: from bytes to requests
    void consume(Connection& connection, std::string_view bytes);
    void go_on(Connection& connection);
    bool next_request(Connection& connection, std::string_view bytes, std::size_t& used);
    bool begin_body(Connection& connection, std::string_view bytes, std::size_t& used);
    bool continue_body(Connection& connection, std::string_view bytes, std::size_t& used);

    // exchange.cpp: from requests to answers, and their bytes to the socket
    void serve(Connection& connection, std::string_view head_bytes, std::string_view body);
    void give_to_worker(Connection& connection, std::string_view head_bytes, std::string_view body);
    void answer(Connection& connection, const web::Response& response);
    // `target` is that of the request, where it is known.
    void refuse(Connection& connection, Refusal refusal, std::string_view target = {});
    web::Response response_to(const Refusal& refusal, std::string_view target) const;
    void turn_away(int socket, const char* reason);
    void flush(Connection& connection);
    std::string_view date();

    Engine& engine_;
    int epoll_ = -1;
    int wake_ = -1;
    Clock::time_point now_{};
    std::deque<Connection> connections_;  // a deque: references stay while it grows
    std::vector<std::uint32_t> free_places_;
    std::size_t open_count_ = 0;
    Clock::time_point next_sweep_{};
    Clock::time_point drain_until_{};
    bool draining_ = false;

    Clock::time_point turn_end_{};  // until when the connection that is being served may keep the others waiting
    struct PutOff {
        std::uint32_t place, generation;
    };
    std::vector<PutOff> put_off_;  // connections whose turn was over before they were done

    std::array<char, 16384> buffer_{};
    std::string out_;  // the answers of one turn of one connection, sent at once
    Head head_;
    std::size_t searched_ = 0;  // of what `consume` looks at, see parse_head
    web::Request request_;
    std::string date_;
    Clock::time_point date_since_{};
    int refusals_logged_ = 0;  // in this second

    std::mutex mutex_;  // guards the two below
    std::vector<Message> inbox_;
    std::optional<std::chrono::milliseconds> drain_grace_;

    std::thread thread_;
};

}  // namespace app::http
