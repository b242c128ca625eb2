#include "app/mail/libraries.hpp"

#include <curl/curl.h>
#include <idn2.h>

namespace app::mail {

std::vector<base::Library> libraries() {
    return {{"curl", LIBCURL_VERSION, curl_version_info(CURLVERSION_NOW)->version},
            {"libidn2", IDN2_VERSION, idn2_check_version(nullptr)}};
}

}  // namespace app::mail
