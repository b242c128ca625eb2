#include "app/http/client.hpp"

#include <httplib.h>

#include <string>

#include "app/base/address.hpp"
#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace app::http {
namespace {

using base::Code;
using base::Error;

bool is_on_this_machine(const std::string& host) {
    if (host == "localhost") return true;
    const auto address = base::parse_address(host);
    const auto v4 = base::parse_network("127.0.0.0/8"), v6 = base::parse_network("::1");
    return address && (v4->contains(*address) || v6->contains(*address));
}

[[noreturn]] void refuse(std::string_view url) {
    throw Error(Code::invalid, "\"" + std::string(url) + "\" is no URL of a server; write it like http://127.0.0.1:5000");
}

std::string_view reason(httplib::Error error) {
    switch (error) {
        case httplib::Error::Connection:
        case httplib::Error::ConnectionTimeout: return "nobody answers there";
        case httplib::Error::Read: return "it does not answer, or not in HTTP";
        case httplib::Error::Write: return "it takes no request";
        case httplib::Error::SSLConnection: return "it does not speak TLS as it should";
        case httplib::Error::SSLServerVerification: return "its certificate is not valid for that name";
        default: return "the exchange failed";
    }
}

}  // namespace

std::string Address::url() const {
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return (tls ? "https://" : "http://") + (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port) + target;
}

Address parse_url(std::string_view url) {
    Address address;
    std::string_view rest = url;
    if (rest.starts_with("https://")) {
        address.tls = true;
        rest.remove_prefix(8);
    } else if (rest.starts_with("http://")) {
        rest.remove_prefix(7);
    }
    address.port = address.tls ? 443 : 80;
    const auto slash = std::min(rest.find('/'), rest.size());
    if (slash < rest.size()) address.target = rest.substr(slash);
    rest = rest.substr(0, slash);
    std::string_view port;
    const auto colon = rest.rfind(':'), bracket = rest.rfind(']');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
        port = rest.substr(colon + 1);
        rest = rest.substr(0, colon);
        const auto number = base::parse_integer(port);
        if (!number || *number < 1 || *number > 65535) refuse(url);
        address.port = static_cast<int>(*number);
    }
    if (rest.starts_with('[') && rest.ends_with(']')) rest = rest.substr(1, rest.size() - 2);
    const bool is_ipv6 = rest.find(':') != std::string_view::npos;
    if (rest.empty() || rest.find_first_of(" \t\r\n@?#[]\\%") != std::string_view::npos) refuse(url);
    if (address.target.find_first_of(" \t\r\n#") != std::string::npos || (is_ipv6 && !base::parse_address(rest))) refuse(url);
    address.host = rest;
    return address;
}

Fetched fetch(const Address& address, std::chrono::milliseconds timeout) {
    const auto ask = [&](auto&& client) -> Fetched {
        client.set_connection_timeout(timeout);
        client.set_read_timeout(timeout);
        client.set_write_timeout(timeout);
        const auto result = client.Get(address.target);
        if (!result) throw Error(Code::unavailable, "cannot read " + address.url() + ": " + std::string(reason(result.error())));
        return {.status = result->status, .body = result->body};
    };
    if (!address.tls) return ask(httplib::Client(address.host, address.port));
    httplib::SSLClient client(address.host, address.port);
    client.enable_server_certificate_verification(!is_on_this_machine(address.host));
    return ask(client);
}

}  // namespace app::http
