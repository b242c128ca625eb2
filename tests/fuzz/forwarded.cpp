// The headers of proxies: the input's first byte chooses one of them, the rest is its value. Whatever stands there, what a trusted
// proxy appended counts, and nothing comes out but an address.
#include "app/web/forwarded.hpp"

#include <array>
#include <string>

#include "fuzz.hpp"

using namespace app;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const bool is_forwarded = data[0] == 'F';
    const std::string value(fuzz::text(data + 1, size - 1));
    static const std::array<std::string, 2> networks{"10.0.0.0/8", "2001:db8::/32"};
    const web::Proxies proxies(networks, is_forwarded ? web::ForwardedHeader::forwarded : web::ForwardedHeader::x_forwarded_for);
    const char* const name = is_forwarded ? "Forwarded" : "X-Forwarded-For";

    web::Request request;
    request.peer = "10.0.0.1";
    request.headers = {{name, value}, {"X-Forwarded-Proto", value}};
    const auto client = proxies.find_client(request);
    fuzz::require(client.has_value(), "a trusted proxy has a client");
    fuzz::require(base::parse_address(client->address).has_value(), "the client is an address");
    fuzz::require(client->scheme == "http" || client->scheme == "https", "the scheme is one of two");

    // As the proxy sends on what its client, 198.51.100.7, sent.
    const std::string appended = value + (is_forwarded ? ", for=198.51.100.7;proto=https" : ", 198.51.100.7");
    request.headers = {{name, appended}};
    fuzz::require(proxies.find_client(request)->address == "198.51.100.7",
                  "what stands left of a proxy's entry does not change it");

    std::string_view rest = value;
    std::size_t bytes = 0;
    while (!rest.empty()) bytes += web::take_last_element(rest).size();
    fuzz::require(bytes <= value.size(), "elements are parts of the list");
    return 0;
}
