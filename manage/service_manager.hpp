// The two protocols between a server and who started it, as systemd and its like speak them: sockets that are handed over open
// (sd_listen_fds(3)), and datagrams that say how the server is (sd_notify(3)). Both sides of both, without libsystemd: Dewar's
// supervisor is to its workers what systemd is to a server.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "app/base/descriptor.hpp"
#include "app/http/listener.hpp"

namespace manage {

inline constexpr int first_handed_over = 3;  // the first descriptor that is, SD_LISTEN_FDS_START

// The port that was handed over to this process by LISTEN_PID and LISTEN_FDS, which are taken out of the environment, so that no program
// that this one starts takes them for its own; nothing if there is none. Throws invalid for more than one, and what Port's constructor
// throws. Before there are threads.
std::optional<app::http::Port> take_port();

// Whether systemd itself started this process, as one of a unit's: SYSTEMD_EXEC_PID is its number (systemd.exec(5)). No programs that
// those start.
bool is_of_service_manager();

// Tells who started this process how it is.
class Notifier {
   public:
    // To nobody.
    Notifier() = default;

    // To NOTIFY_SOCKET, a path or an abstract address ("@..."), which is taken out of the environment; to nobody if it is not set.
    // Throws invalid for anything else. Before there are threads.
    static Notifier of_environment();

    // Lines such as "READY=1", "STOPPING=1", "STATUS=one line for people". One that cannot be delivered is told in the log. Any thread.
    void tell(std::string_view lines) const;

    // For the environment of a program that is to go on telling; empty: nobody.
    const std::string& address() const noexcept { return address_; }

   private:
    std::string address_;
};

// Where programs that this one starts tell it how they are.
class NotifySocket {
   public:
    // At an abstract address of its own. Throws unavailable.
    NotifySocket();

    // One that this process had before it executed another program.
    explicit NotifySocket(app::base::Descriptor socket);

    // For NOTIFY_SOCKET.
    const std::string& address() const noexcept { return address_; }
    // Readable when something was told.
    int descriptor() const noexcept { return socket_.get(); }

    struct Message {
        pid_t sender = 0;  // in the kernel's words: nobody can pretend to be another
        std::string lines;

        bool has(std::string_view line) const;
        // What follows NAME=; empty: nothing.
        std::string value(std::string_view name) const;
    };
    // The next one; nothing if there is none just now. Those of strangers are among them.
    std::optional<Message> receive() const;

   private:
    app::base::Descriptor socket_;
    std::string address_;
};

}  // namespace manage
