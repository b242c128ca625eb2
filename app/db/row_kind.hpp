// What a column of a row holds, for those who show rows without knowing the statement (manage shell).
#pragma once

#include "app/db/database.hpp"

namespace app::db {

enum class Kind { null, integer, real, text, time };

// Which every backend's rows can be asked.
class KindRow {
   public:
    virtual Kind kind(int column) const = 0;

   protected:
    ~KindRow() = default;
};

// Of a column of the current row. SQLite keeps times as integers, and calls them so.
inline Kind kind_of(const Row& row, int column) { return dynamic_cast<const KindRow&>(row).kind(column); }

}  // namespace app::db
