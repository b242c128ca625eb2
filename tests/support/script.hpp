// A script of the repository that serves a test: it says in one line what it serves, then obeys a line at a time, and it ends, with
// all that it has started, when its input does, however this program ends.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>
#include <vector>

namespace tests {

class Script {
   public:
    // Starts the script, named from the repository's root, with the arguments, and waits for its first line. Throws
    // std::runtime_error when it gives up; what it said is on standard error.
    Script(const std::string& name, std::vector<std::string> arguments);
    ~Script();
    Script(const Script&) = delete;
    Script& operator=(const Script&) = delete;

    // The first line up to its blank, and what follows.
    const std::string& url() const { return url_; }
    const std::string& folder() const { return folder_; }

    // Says a line and waits for the answer.
    void command(const std::string& words);

   private:
    std::string read_line();

    pid_t process_ = -1;
    int input_ = -1;
    std::FILE* output_ = nullptr;
    std::string name_, url_, folder_;
};

}  // namespace tests
