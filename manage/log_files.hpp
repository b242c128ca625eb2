// A log file with what rotation made of it, line by line; and the file that is being written, as it grows, is moved, cut or made anew.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/descriptor.hpp"
#include "config/config.hpp"

namespace manage {

// Where `manage runserver --daemon` writes: the config's log file, or runserver.log beside its pid file.
std::filesystem::path log_of_daemon(const config::Config& config);

// The file and its older neighbours FILE.1, FILE.2.gz and so on, as logrotate names them: the newest first. Only those that are there; a
// number may be missing.
std::vector<std::filesystem::path> find_log_files(const std::filesystem::path& file);

// Hands each line, without its end, to `use` until that returns false; the last one need not have an end. Unpacks what is called .gz. Throws
// unavailable for a file that cannot be read, invalid for one that is no gzip stream.
void read_log(const std::filesystem::path& file, const std::function<bool(std::string_view line)>& use);

// Follows a file by its name. For one thread.
class GrowingLog {
   public:
    // From its end on; or from its beginning, if `whole`. It need not be there yet.
    GrowingLog(std::filesystem::path file, bool whole);

    // Hands on each line that was finished since the last call. Of a file that was moved the rest comes first, then the new one's lines from
    // its beginning; one that was cut is read from its beginning. Throws unavailable if it cannot be read.
    void read(const std::function<void(std::string_view line)>& use);

   private:
    bool open();
    void read_rest(const std::function<void(std::string_view line)>& use);
    void close_file(const std::function<void(std::string_view line)>& use);

    const std::filesystem::path file_;
    app::base::Descriptor descriptor_;
    std::int64_t offset_ = 0;
    std::string rest_;  // of a line whose end has not come
};

}  // namespace manage
