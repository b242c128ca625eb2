#include "app/base/libraries.hpp"

#include <elfutils/libdwfl.h>
#include <elfutils/version.h>
#include <openssl/crypto.h>
#include <openssl/opensslv.h>

namespace app::base {

std::vector<Library> libraries() {
    return {{"elfutils", "0." + std::to_string(_ELFUTILS_VERSION), ::dwfl_version(nullptr)},
            {"openssl", OPENSSL_VERSION_STR, ::OpenSSL_version(OPENSSL_VERSION_STRING)}};
}

}  // namespace app::base
