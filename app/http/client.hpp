// One GET to a server that runs, for the commands that ask it how it is.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace app::http {

struct Address {
    bool tls = false;
    std::string host;  // a name or an address, without brackets
    int port = 80;
    std::string target = "/";  // begins with '/'

    // "http://[::1]:5000/metrics"
    std::string url() const;
};

// "http://host", "https://host:port/path", or "host:port". Throws invalid, in one line, for anything else.
Address parse_url(std::string_view url);

struct Fetched {
    int status = 0;
    std::string body;
};

// Redirects are not followed. A server on this machine, at a loopback address, is not asked whether its certificate names that address:
// nothing is sent to it that others may not know; any other server is. Throws unavailable, in one line that names the URL, when there is no
// answer within `timeout`. Any thread.
Fetched fetch(const Address& address, std::chrono::milliseconds timeout);

}  // namespace app::http
