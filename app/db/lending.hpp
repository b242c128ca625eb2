// Knows which reads and writes the current thread is inside, so that nesting which would wait for itself, or would not see what
// was just written, is refused at once. Every backend puts one around each call of a task.
#pragma once

#include "app/db/database.hpp"

namespace app::db {

class Lending {
   public:
    enum class Kind { read, write };

    // Throws internal for a write inside a read or a write, and for a read inside a write, of the same database on this thread;
    // and for a write on a loop's thread.
    // A read inside a read is fine: it gets another connection.
    Lending(const Database& database, Kind kind);
    ~Lending();
    Lending(const Lending&) = delete;
    Lending& operator=(const Lending&) = delete;

   private:
    const Database* database_;
    Kind kind_;
    const Lending* outer_;
};

}  // namespace app::db
