#include "tests/soak/bad_clients.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <random>
#include <string>

#include "tests/soak/client.hpp"

namespace soak {
namespace {

constexpr std::size_t dripping = 20;
constexpr auto drip_pause = std::chrono::milliseconds(200), pause = std::chrono::milliseconds(20);

// Their paths begin with this, so that the log tells them from the others.
const std::string head = "GET /bad HTTP/1.1\r\nHost: soak\r\n";

std::string noise(std::minstd_rand& random) {
    std::string bytes(1 + random() % 2000, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    return bytes;
}

void read_to_end(const Socket& socket) {
    while (!socket.receive().empty()) continue;
}

void send_noise(Socket& socket, std::minstd_rand& random) {
    socket.send(noise(random) + "\r\n\r\n");
    socket.finish_sending();
    read_to_end(socket);
}

void send_tls(Socket& socket, std::minstd_rand& random) {
    socket.send("\x16\x03\x01\x02" + noise(random));
    socket.finish_sending();
    read_to_end(socket);
}

void close_half(Socket& socket, std::minstd_rand& random) {
    socket.send(head + "Accept: */*\r\n\r\n");
    socket.send(head.substr(0, random() % head.size()));
    socket.finish_sending();
    read_to_end(socket);
}

void leave_early(Socket& socket, std::minstd_rand& random) {
    for (unsigned i = 0; i < random() % 20; ++i) socket.send(head + "Accept: */*\r\n\r\n");
    socket.reset();
}

void send_too_much(Socket& socket, std::minstd_rand& random) {
    switch (random() % 3) {
        case 0: socket.send(head + "X: " + std::string(100'000, 'x') + "\r\n\r\n"); break;
        case 1: socket.send("GET /bad" + std::string(20'000, 'x') + " HTTP/1.1\r\nHost: soak\r\n\r\n"); break;
        default: socket.send("POST /bad HTTP/1.1\r\nHost: soak\r\nContent-Length: 9999999999\r\n\r\n" + std::string(10'000, 'x'));
    }
    socket.finish_sending();
    read_to_end(socket);
}

void promise_more(Socket& socket, std::minstd_rand& random) {
    socket.send("POST /bad HTTP/1.1\r\nHost: soak\r\nContent-Length: 1000\r\n\r\n" + std::string(random() % 1000, 'x'));
    socket.reset();
}

// Some connections at a time, a byte here and there, until the server has had enough.
void drip(int port, const std::atomic<bool>& stopping, std::atomic<std::int64_t>& connections) {
    struct Slow {
        std::unique_ptr<Socket> socket;
        std::size_t sent = 0;
    };
    std::vector<Slow> all(dripping);
    while (!stopping) {
        for (Slow& one : all) {
            try {
                if (!one.socket) {
                    one = {std::make_unique<Socket>(port), 0};
                    ++connections;
                }
                if (!one.socket->send(head.substr(one.sent % head.size(), 1))) one.socket.reset();
                ++one.sent;
            } catch (const std::exception&) {  // the server's right
                one.socket.reset();
            }
        }
        std::this_thread::sleep_for(drip_pause);
    }
}

}  // namespace

BadClients::BadClients(int port) {
    threads_.emplace_back([this, port] { drip(port, stopping_, connections_); });
    unsigned seed = 0;
    for (const auto behave : {send_noise, send_tls, close_half, leave_early, send_too_much, promise_more}) {
        threads_.emplace_back([this, port, behave, random = std::minstd_rand(++seed)]() mutable {
            while (!stopping_) {
                try {
                    Socket socket(port);
                    ++connections_;
                    behave(socket, random);
                } catch (const std::exception&) {  // the server's right
                }
                std::this_thread::sleep_for(pause);
            }
        });
    }
}

void BadClients::stop() {
    stopping_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

}  // namespace soak
