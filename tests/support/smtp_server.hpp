// The mail server of smtp_server.py, while an object of this class lives.
//
//     const tests::SmtpServer server;
//     connect("localhost", server.port("login_denied"));
#pragma once

#include <map>
#include <string>

#include "tests/support/script.hpp"

namespace tests {

class SmtpServer {
   public:
    // `plain_port` is where the server without a fault and without TLS listens; 0: anywhere.
    explicit SmtpServer(int plain_port = 0);

    static constexpr const char* username = "ada@dewar.example";
    static constexpr const char* password = "engine no. 1";
    static constexpr const char* token = "token of ada";

    // Of the server with that fault, as smtp_server.py names it.
    int port(const std::string& mode) const;

    std::string ca_file() const { return script_.folder() + "/ca.pem"; }

    // Mails that came so far; what is known of the Nth, from 1: its JSON, and its bytes.
    int count() const;
    std::string description(int number) const;
    std::string bytes(int number) const;

   private:
    Script script_;
    std::map<std::string, int> ports_;
};

}  // namespace tests
