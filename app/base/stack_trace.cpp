#include "app/base/stack_trace.hpp"

#include <unistd.h>

#include <backward.hpp>
#include <cstdlib>
#include <string>

#include "app/base/crash_report.hpp"

namespace app::base {
namespace {

void append_place(std::string& text, const backward::ResolvedTrace::SourceLoc& place) {
    if (place.filename.empty()) return;
    text.append("\n        ").append(place.filename).append(":").append(std::to_string(place.line));
}

}  // namespace

void write_functions(int descriptor, std::span<void* const> addresses) {
    ::unsetenv("DEBUGINFOD_URLS");  // else libdw asks the network
    write_crash_text(descriptor, "\nfunctions, the innermost first\n");
    backward::TraceResolver resolver;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        // The instruction before that to return to is the call.
        void* const address = i == 0 ? addresses[i] : static_cast<char*>(addresses[i]) - 1;
        const backward::ResolvedTrace frame = resolver.resolve(backward::ResolvedTrace(backward::Trace(address, i)));
        std::string text;
        for (const auto& inlined : frame.inliners) {
            text.append("#").append(std::to_string(i)).append("  (inlined) ").append(inlined.function);
            append_place(text, inlined);
            text += '\n';
        }
        // The symbol has namespace and arguments, debug information the name alone.
        const std::string& function = frame.object_function.empty() ? frame.source.function : frame.object_function;
        text.append("#").append(std::to_string(i)).append("  ").append(function.empty() ? "?" : function);
        append_place(text, frame.source);
        if (frame.source.filename.empty()) text.append("\n        in ").append(frame.object_filename);
        write_crash_text(descriptor, text + "\n");
    }
}

}  // namespace app::base
