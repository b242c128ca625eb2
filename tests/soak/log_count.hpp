// The lines of the server's log, counted while it is rotated.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace soak {

class LogCount {
   public:
    // Reads a file to its end; lines of JSON.
    void add(const std::filesystem::path& file);

    std::int64_t lines() const noexcept { return lines_; }
    // Lines of requests that clients sent who behave: not /bad, nor /readyz.
    std::int64_t accesses() const noexcept { return accesses_; }
    std::int64_t errors() const noexcept { return errors_; }
    // What was wrong with the first lines that are no JSON, or of level error.
    const std::vector<std::string>& faults() const noexcept { return faults_; }

   private:
    void add_line(std::string_view line, const std::string& where);
    void note_fault(std::string what);

    std::int64_t lines_ = 0, accesses_ = 0, errors_ = 0;
    std::vector<std::string> faults_;
};

}  // namespace soak
