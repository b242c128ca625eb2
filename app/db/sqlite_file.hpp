// The file below an SQLite database: found, made and checked before SQLite sees it, because SQLite answers most mistakes with
// the same "unable to open database file".
#pragma once

#include <string>

namespace app::db {

// Sees to it that `path` (absolute) is a regular file that this account may read and write, in a folder where it may make files
// (SQLite keeps its -wal and -shm there). With `create` a missing file is made with mode 0600 and its missing folders with 0700;
// -wal and -shm take the file's mode. Throws unavailable, in one line that names the file and what to do.
void prepare_sqlite_file(const std::string& path, bool create);

// A new empty file of mode 0600 in $TMPDIR (else /tmp), removed together with its -wal and -shm by the destructor.
class TemporarySqliteFile {
   public:
    TemporarySqliteFile();  // throws unavailable
    ~TemporarySqliteFile();
    TemporarySqliteFile(const TemporarySqliteFile&) = delete;
    TemporarySqliteFile& operator=(const TemporarySqliteFile&) = delete;

    const std::string& path() const { return path_; }

   private:
    std::string path_;
};

}  // namespace app::db
