// `manage runserver --reload`: watches app/ and config/ of the checkout that the running binary was built from, and builds it again when
// something there was changed.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "app/base/descriptor.hpp"

namespace manage {

// For one thread, which also waits for the children of this process.
class Rebuild {
   public:
    using Clock = std::chrono::steady_clock;

    // `program` is the path that the build replaces. Throws invalid when the running binary does not lie in a build folder of a checkout,
    // unavailable when its files cannot be watched.
    explicit Rebuild(std::filesystem::path program);

    // Readable when there are changes to read.
    int descriptor() const noexcept { return inotify_.get(); }
    void read_changes(Clock::time_point now);

    // When tick has something to do: files are saved in several steps, and several at a time.
    std::optional<Clock::time_point> deadline() const;
    // Starts a build if it is time to. Throws what spawn throws.
    void tick(Clock::time_point now);

    // Whether there is something to be built, or is being built.
    bool is_busy() const noexcept { return changed_at_ || build_ != 0; }

    // Ends the build, if there is one, and waits for that.
    void stop();

    enum class Outcome {
        other,      // the child was not the build
        unchanged,  // it has nothing to do with the binary: a comment's twin, a file that nobody includes
        built,
        failed,  // what the compiler said went to standard error
    };
    // To be told of each child that has ended.
    Outcome ended(pid_t pid, int status);

   private:
    void watch(const std::filesystem::path& folder);
    std::string identity() const;

    std::filesystem::path program_, build_folder_;
    app::base::Descriptor inotify_, output_;
    std::map<int, std::filesystem::path> folders_;  // by the number of their watch
    std::optional<Clock::time_point> changed_at_;   // the last time
    pid_t build_ = 0;
    std::string before_;  // the program's identity
};

}  // namespace manage
