// parse_form: bounded, UTF-8, and what was accepted can be written out and read again as the same fields.
#include "app/web/form.hpp"

#include <string>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<app::web::FormField> fields;
    try {
        fields = app::web::parse_form(fuzz::text(data, size), 20);
    } catch (const app::base::Error& error) {
        fuzz::require(error.code() == app::base::Code::invalid || error.code() == app::base::Code::too_large,
                      "the client's fault");
        return 0;
    }
    fuzz::require(fields.size() <= 20, "no more fields than allowed");
    std::string again;
    for (const auto& field : fields) {
        fuzz::require(app::base::is_utf8(field.name) && app::base::is_utf8(field.value), "fields are UTF-8");
        again += app::base::percent_encode(field.name) + "=" + app::base::percent_encode(field.value) + "&";
    }
    fuzz::require(app::web::parse_form(again, 20) == fields, "what was accepted re-serialises");
    return 0;
}
