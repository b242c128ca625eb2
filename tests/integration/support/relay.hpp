// A relay between a client and a server on this machine that can fall silent: then whatever is sent vanishes, and no connection
// ends, as when a network loses every packet.
#pragma once

#include <atomic>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace tests {

class Relay {
   public:
    explicit Relay(int server_port);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    int port() const { return port_; }

    // From now on nothing passes: not on the connections that there are, nor on new ones, which are accepted.
    void fall_silent();
    // Ends the connections that are silent, and lets new ones pass.
    void resume();

    enum class Last { delivered, swallowed };
    // The first connection on which the client sends these bytes falls silent with them: they still reach the server, but its
    // answer is not heard; or they do not even do that. The others go on, and so do new ones.
    void fall_silent_at(std::string bytes, Last last);
    // Whether that has come.
    bool has_met() const { return has_met_; }

   private:
    struct Pair {
        int client, server;
        bool is_silent = false;
    };
    void run();
    void accept();
    void pass(Pair& pair);
    void close(Pair& pair);

    const int server_port_;
    int listener_ = -1;
    int port_ = 0;
    std::mutex mutex_;  // guards what follows
    std::list<Pair> pairs_;
    std::string last_bytes_;
    Last last_ = Last::swallowed;
    bool is_silent_ = false;
    std::atomic<bool> has_met_ = false, is_over_ = false;
    std::thread thread_;
};

}  // namespace tests
