// Clients that behave: readers and writers, each on a thread of its own, as long as the object lives. None of their requests may fail.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace soak {

class Client;

// What the text of a post begins with; "soak W N" is number N of writer W.
inline constexpr std::string_view post_prefix = "soak ";

class GoodClients {
   public:
    // `authorization` is the value of that header, for reading and writing. Readers begin once there is something to read.
    GoodClients(int port, const std::string& authorization);
    ~GoodClients() { stop(); }
    GoodClients(const GoodClients&) = delete;
    GoodClients& operator=(const GoodClients&) = delete;

    // Returns when all have their last answers.
    void stop();

    std::int64_t answers() const noexcept { return answers_; }    // of any status
    std::int64_t failed() const noexcept { return failed_; }      // no answer, or not the right one
    std::int64_t repeated() const noexcept { return repeated_; }  // sent again, since an idle connection was closed just then
    std::vector<std::string> failures() const;                    // what the first ones were

    // Posts: each writer has written number 0 to count-1, of which nobody knows whether `doubtful` were
    // written: their requests failed. Once stopped.
    struct Written {
        std::int64_t count = 0;
        std::set<std::int64_t> doubtful;
    };
    const std::vector<Written>& written() const noexcept { return written_; }

   private:
    void read(int port, const std::string& authorization);
    void write(int port, std::size_t number, const std::string& authorization);
    void write_one(Client& client, std::size_t number, const std::string& authorization);
    void note_failure(const std::string& what);

    std::atomic<bool> stopping_{false};
    std::atomic<std::int64_t> answers_{0}, failed_{0}, repeated_{0};
    mutable std::mutex mutex_;
    std::vector<std::string> failures_;
    std::vector<Written> written_;
    std::vector<std::thread> threads_;
};

}  // namespace soak
