// Clients that wrk has none of. All ask TARGET at 127.0.0.1 PORT with that Authorization, on connections that are kept.
//
//   bench_clients idle PORT TARGET AUTHORIZATION COUNT    COUNT clients ask once and then keep silent until SIGTERM, or for two
//                                                         minutes; says how many are connected once they are silent, and how
//                                                         many of these got no answer
//   bench_clients unserved PORT TARGET AUTHORIZATION COUNT    COUNT clients ask for 4 seconds; says how many never got an answer
//   bench_clients first PORT TARGET AUTHORIZATION COMMAND...  becomes COMMAND, a server, and says how many milliseconds later it
//                                                             gave its first answer
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

struct Server {
    int port;
    std::string request;
};

// A connection, from one of ten addresses so that their ports last; -1 when there is none within two seconds.
int connect_to(const Server& server, int client) {
    const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval limit{.tv_sec = 2, .tv_usec = 0};
    const int yes = 1;
    const linger reset{.l_onoff = 1, .l_linger = 0};  // leaves no port in TIME_WAIT
    ::setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    ::setsockopt(connection, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + static_cast<std::uint32_t>(client % 10));
    ::bind(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(server.port));
    if (::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return connection;
    ::close(connection);
    return -1;
}

// Whether `input` begins with a whole response, told by its Content-Length.
bool is_answer(std::string_view input) {
    constexpr std::string_view name = "content-length:";
    const auto end = input.find("\r\n\r\n");
    if (end == std::string_view::npos) return false;
    const std::string_view head = input.substr(0, end + 2);
    const auto found = std::search(head.begin(), head.end(), name.begin(), name.end(),
                                   [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
    std::size_t length = 0;
    if (found != head.end()) {
        const auto digits = head.substr(static_cast<std::size_t>(found - head.begin()) + name.size() + 1);
        std::from_chars(digits.data(), digits.data() + digits.size(), length);
    }
    return input.size() >= end + 4 + length;
}

class Clients {
   public:
    Clients(const Server& server, int count)
        : server_(server), epoll_(::epoll_create1(EPOLL_CLOEXEC)), clients_(static_cast<std::size_t>(count)) {
        const auto deadline = Clock::now() + 10s;
        for (int i = 0; i < count && Clock::now() < deadline; ++i) start(i);
    }

    // Until `deadline`, or until all have been answered if each asks only once.
    void run(Clock::time_point deadline, bool once) {
        epoll_event events[256];
        while (Clock::now() < deadline && !(once && unanswered() == 0)) {
            const int count = ::epoll_wait(epoll_, events, 256, 50);
            for (int i = 0; i < count; ++i) receive(events[i].data.fd, once);
        }
    }

    int connected() const {
        return count([](const Client& client) { return client.connection >= 0; });
    }
    int unanswered() const {
        return count([](const Client& client) { return client.connection >= 0 && !client.served; });
    }
    int unserved() const {
        return count([](const Client& client) { return !client.served; });
    }

   private:
    struct Client {
        int connection = -1;
        bool served = false;
        std::string input = {};
    };

    int count(bool (*fits)(const Client&)) const {
        return static_cast<int>(std::count_if(clients_.begin(), clients_.end(), fits));
    }

    void start(int index) {
        Client& client = clients_[static_cast<std::size_t>(index)];
        client.input.clear();
        client.connection = connect_to(server_, index);
        if (client.connection < 0) return;
        epoll_event event{.events = EPOLLIN, .data = {.fd = index}};
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, client.connection, &event);
        ask(client);
    }

    void ask(Client& client) { ::send(client.connection, server_.request.data(), server_.request.size(), MSG_NOSIGNAL); }

    void receive(int index, bool once) {
        Client& client = clients_[static_cast<std::size_t>(index)];
        char buffer[65536];
        const ssize_t received = ::recv(client.connection, buffer, sizeof buffer, MSG_DONTWAIT);
        if (received <= 0) {
            ::close(client.connection);
            client.connection = -1;
            if (!once) start(index);
            return;
        }
        client.input.append(buffer, static_cast<std::size_t>(received));
        if (!is_answer(client.input)) return;
        client.input = {};
        client.served = true;
        if (!once) ask(client);
    }

    const Server& server_;
    const int epoll_;
    std::vector<Client> clients_;
};

bool gets_answer(const Server& server) {
    const int connection = connect_to(server, 0);
    if (connection < 0) return false;
    ::send(connection, server.request.data(), server.request.size(), MSG_NOSIGNAL);
    const timeval limit{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    char first = 0;
    const bool answered = ::recv(connection, &first, 1, 0) == 1;
    ::close(connection);
    return answered;
}

// The server takes this process's place, so that its number is known to whoever started this; a grandchild asks.
int first(const Server& server, char** command) {
    const auto start = Clock::now();
    if (::fork() == 0) {
        if (::fork() != 0) ::_exit(0);
        while (!gets_answer(server) && Clock::now() < start + 20s) std::this_thread::sleep_for(100us);
        std::printf("%.2f\n", std::chrono::duration<double, std::milli>(Clock::now() - start).count());
        std::fflush(stdout);
        ::_exit(0);
    }
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    ::execvp(command[0], command);
    std::perror(command[0]);
    return 1;
}

int idle(const Server& server, int count) {
    Clients clients(server, count);
    clients.run(Clock::now() + 4s, true);
    std::printf("%d %d\n", clients.connected(), clients.unanswered());
    std::fflush(stdout);
    std::this_thread::sleep_for(2min);
    return 0;
}

int unserved(const Server& server, int count) {
    Clients clients(server, count);
    clients.run(Clock::now() + 4s, false);
    std::printf("%d\n", clients.unserved());
    return 0;
}

}  // namespace

int main(int argument_count, char** arguments) {
    if (argument_count < 6) return 2;
    const std::string_view mode = arguments[1];
    const Server server{std::atoi(arguments[2]), std::string("GET ") + arguments[3] +
                                                     " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: " + arguments[4] +
                                                     "\r\nAccept-Encoding: identity\r\n\r\n"};
    if (mode == "first") return first(server, arguments + 5);
    return (mode == "idle" ? idle : unserved)(server, std::atoi(arguments[5]));
}
