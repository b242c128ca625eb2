#include "app/base/libraries.hpp"

#include <openssl/crypto.h>
#include <openssl/opensslv.h>

namespace app::base {

std::vector<Library> libraries() { return {{"openssl", OPENSSL_VERSION_STR, OpenSSL_version(OPENSSL_VERSION_STRING)}}; }

}  // namespace app::base
