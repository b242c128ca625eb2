// `manage` as tests call it: in a folder of its own, where its database is.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/integration/process.hpp"
#include "tests/support/checks.hpp"

namespace tests {

class Installation {
   public:
    const std::filesystem::path& path() const noexcept { return folder_.path(); }

    // How to start `manage` with these arguments; to be completed and given to run or Process.
    Start start(std::vector<std::string> arguments, std::string input = {}) const {
        arguments.insert(arguments.begin(), program_);
        return {.arguments = std::move(arguments), .environment = environment, .input = std::move(input), .folder = path()};
    }
    Finished manage(std::vector<std::string> arguments, std::string input = {}) const {
        return run(start(std::move(arguments), std::move(input)));
    }

    // From now on for an account without rights: gives it the folder, with a copy of the program, for it may not see the other.
    // False when the tests are run without root's rights, which is just as well.
    bool give_to_nobody() {
        if (getuid() != 0) return false;
        program_ = (path() / "manage").string();
        std::filesystem::copy_file(MANAGE_BINARY, program_);
        return chown(path().c_str(), nobody_id, nobody_id) == 0;
    }

    // Cheap passwords, a secret key, and a database in the folder.
    std::map<std::string, std::string> environment{{"DATABASE_URL", "sqlite:///blog.sqlite"},
                                                   {"APP_PASSWORD__MEMORY_KIB", "64"},
                                                   {"APP_PASSWORD__ITERATIONS", "1"},
                                                   {"SECRET_KEY", "vWq0Yz7Jx2Kc8Rt5Nb1Mh6Lp3Sd9FgA4"}};

   private:
    TemporaryFolder folder_;
    std::string program_ = MANAGE_BINARY;
};

// Whether it is what manage says of an error: one line.
inline bool is_one_line(const std::string& text) { return text.starts_with("manage: ") && text.find('\n') == text.size() - 1; }

}  // namespace tests
