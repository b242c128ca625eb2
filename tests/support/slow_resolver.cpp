// Loaded in front of the C library (LD_PRELOAD), for what the name servers of the machine under the tests cannot be made to do: they do
// not answer for slow.test, and know nobody below .invalid, whether there is a network or not.
#include <dlfcn.h>
#include <netdb.h>
#include <unistd.h>

#include <string_view>

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** result) {
    const std::string_view host = name == nullptr ? "" : name;
    if (host == "slow.test") ::sleep(90);
    if (host == "slow.test" || host.ends_with(".invalid")) return EAI_NONAME;
    const auto next = reinterpret_cast<decltype(&getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    return next(name, service, hints, result);
}
