// The query of a target: path and query are its two halves, and a value is found by the name that the form parser reads.
#include <string>

#include "app/base/error.hpp"
#include "app/web/form.hpp"
#include "app/web/request.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = fuzz::text(data, size);
    app::web::Request request;
    request.target = bytes;
    const bool has_query = bytes.find('?') != std::string_view::npos;
    fuzz::require(request.path().size() + (has_query ? 1 : 0) + request.query().size() == size, "path and query are the target");
    request.query_value("page");
    try {
        const auto fields = app::web::parse_form(request.query());
        for (const auto& field : fields) {
            if (field.name.empty()) continue;  // a form passes empty pieces over
            fuzz::require(request.query_value(field.name) == find_value(fields, field.name), "a query is read as a form is");
        }
    } catch (const app::base::Error&) {
        return 0;  // no form
    }
    return 0;
}
