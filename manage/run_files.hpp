// What lies beside a supervised server: a file with its process number, locked as long as it lives, and one that says how it is. The
// lock says whose the number is: a number alone may be that of any program by now.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "app/base/descriptor.hpp"
#include "app/web/value.hpp"

namespace manage {

// The file of the server's process number, held by the supervisor. The lock (fcntl(2)) is the process's, not the program's: it stays when
// the supervisor executes another one, and ends with the process, however that ends.
class PidFile {
   public:
    // Makes the file, and its folder if need be. Throws conflict when a server that runs has it, unavailable when it cannot be made.
    explicit PidFile(std::string path);

    // One whose lock this process has already.
    PidFile(std::string path, app::base::Descriptor locked);

    const std::string& path() const noexcept { return path_; }
    int descriptor() const noexcept { return file_.get(); }

    // Before the end.
    void remove() const;

   private:
    std::string path_;
    app::base::Descriptor file_;
};

// The supervisor that has the lock of a pid file, if there is one.
std::optional<pid_t> find_supervisor(const std::string& pid_file);

// The supervisor that has the lock of a pid file. Throws unavailable in one line if there is none: the file is missing, or names a
// process that is gone or is another program.
pid_t get_supervisor(const std::string& pid_file);

// The file of the state that belongs to a pid file: "instance/runserver.json" of "instance/runserver.pid".
std::string state_file_of(const std::string& pid_file);

// Replaces the state at once, so that readers find the old one or the new one. Throws unavailable.
void write_state(const std::string& state_file, const app::web::Value& state);

// An object; nothing if there is none, or none that can be read.
std::optional<app::web::Value> find_state(const std::string& state_file);

}  // namespace manage
