#include "tests/soak/good_clients.hpp"

#include <chrono>
#include <exception>

#include "tests/soak/client.hpp"

namespace soak {
namespace {

constexpr std::size_t readers = 6, writers = 4;
constexpr int requests_per_connection = 200;
constexpr auto reader_pause = std::chrono::milliseconds(2), writer_pause = std::chrono::milliseconds(10);
constexpr std::size_t failures_kept = 20;

constexpr const char* pages[] = {"/",        "/api/v1.0/posts/",  "/api/v1.1/posts/1", "/api/v1.1/posts/?per_page=5",
                                 "/healthz", "/api/v1.0/posts/1", "/static/style.css", "/user/soak"};

std::string get(const std::string& target, const std::string& headers) {
    return "GET " + target + " HTTP/1.1\r\nHost: soak\r\n" + headers + "\r\n";
}

std::string post(const std::string& name, const std::string& authorization) {
    const std::string body = "{\"body\":\"" + std::string(post_prefix) + name + "\"}";
    return "POST /api/v1.1/posts/ HTTP/1.1\r\nHost: soak\r\nContent-Type: application/json\r\nAuthorization: " + authorization +
           "\r\nIdempotency-Key: \"" + name + "\"\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string etag_of(const std::string& head) {
    const auto begin = head.find("\r\nETag: ");
    return begin == std::string::npos ? "" : head.substr(begin + 8, head.find("\r\n", begin + 8) - begin - 8);
}

}  // namespace

GoodClients::GoodClients(int port, const std::string& authorization) : written_(writers) {
    Client first(port);
    write_one(first, 0, authorization);
    for (std::size_t i = 0; i < readers; ++i) threads_.emplace_back([this, port, authorization] { read(port, authorization); });
    for (std::size_t i = 0; i < writers; ++i) {
        threads_.emplace_back([this, port, i, authorization] { write(port, i, authorization); });
    }
}

void GoodClients::stop() {
    stopping_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

std::vector<std::string> GoodClients::failures() const {
    const std::lock_guard lock(mutex_);
    return failures_;
}

void GoodClients::note_failure(const std::string& what) {
    ++failed_;
    const std::lock_guard lock(mutex_);
    if (failures_.size() < failures_kept) failures_.push_back(what);
}

void GoodClients::read(int port, const std::string& authorization) {
    Client client(port);
    std::string etag;
    for (int number = 0; !stopping_; ++number) {
        const std::string target = pages[static_cast<std::size_t>(number) % std::size(pages)];
        const bool is_conditional = target == "/api/v1.1/posts/1" && !etag.empty();
        try {
            const int before = client.repeated();
            const Answer answer = client.request(get(
                target, "Authorization: " + authorization + "\r\n" + (is_conditional ? "If-None-Match: " + etag + "\r\n" : "")));
            repeated_ += client.repeated() - before;
            ++answers_;
            if (answer.status != 200 && !(is_conditional && answer.status == 304)) {
                note_failure("GET " + target + " is answered with " + std::to_string(answer.status) + ": " +
                             answer.body.substr(0, 200));
            }
            if (target == "/api/v1.1/posts/1" && answer.status == 200) etag = etag_of(answer.head);
        } catch (const std::exception& error) {
            note_failure("GET " + target + ": " + error.what());
            client.close();
        }
        if (number % requests_per_connection == 0) client.close();
        std::this_thread::sleep_for(reader_pause);
    }
}

void GoodClients::write(int port, std::size_t number, const std::string& authorization) {
    Client client(port);
    while (!stopping_) {
        write_one(client, number, authorization);
        if (written_[number].count % requests_per_connection == 0) client.close();
        std::this_thread::sleep_for(writer_pause);
    }
}

// The key makes it a request that may be sent twice.
void GoodClients::write_one(Client& client, std::size_t number, const std::string& authorization) {
    Written& written = written_[number];
    const std::string name = std::to_string(number) + " " + std::to_string(written.count);
    std::string failure;
    try {
        const int before = client.repeated();
        const Answer answer = client.request(post(name, authorization));
        repeated_ += client.repeated() - before;
        ++answers_;
        if (answer.status != 201)
            failure = "is answered with " + std::to_string(answer.status) + ": " + answer.body.substr(0, 200);
    } catch (const std::exception& error) {
        failure = error.what();
        client.close();
    }
    if (!failure.empty()) {
        written.doubtful.insert(written.count);
        note_failure("POST of " + name + ": " + failure);
    }
    ++written.count;
}

}  // namespace soak
