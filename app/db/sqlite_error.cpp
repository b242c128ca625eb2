#include "app/db/sqlite_error.hpp"

#include <sqlite3.h>

namespace app::db {
namespace {

using base::Code;
using base::Error;

// What is wrong with the file or its disk, as the end of "the database ..."; empty when neither is at fault.
std::string_view trouble(int primary_code) {
    switch (primary_code) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL: return "is busy, another process holds its lock: try again";
        case SQLITE_FULL: return "cannot grow, its disk is full: free some space";
        case SQLITE_IOERR: return "cannot be read or written, its disk reports an error: see the system's log";
        case SQLITE_INTERRUPT: return "took too long to answer on a loop's thread";
        case SQLITE_NOMEM: return "has no memory left to work with: free some, or lower the page cache";
        case SQLITE_CANTOPEN:
            return "cannot be opened: its file, its folder or their permissions have changed, or too many files are open";
        case SQLITE_PERM:
        case SQLITE_READONLY: return "is read-only: make the file and its folder writable for this account";
        case SQLITE_NOTADB: return "is no SQLite database: name another file in DATABASE_URL";
        case SQLITE_CORRUPT: return "is damaged: restore it from a backup";
        default: return {};
    }
}

std::string detail_of(const SqliteFailure& failure) {
    return "SQLite " + std::to_string(failure.extended_code) + " (" + std::string(failure.explanation) + ") in " +
           std::string(failure.file) + ": " + std::string(failure.sql);
}

// "UNIQUE constraint failed: users.email, users.name" -> /email, /name.
std::vector<base::FieldError> fields_of(std::string_view explanation) {
    std::vector<base::FieldError> fields;
    std::size_t at = explanation.find(": ");
    while (at != std::string_view::npos) {
        at = explanation.find('.', at);
        if (at == std::string_view::npos) break;
        const std::size_t end = explanation.find(", ", at);
        fields.push_back({"/" + std::string(explanation.substr(at + 1, end == std::string_view::npos ? end : end - at - 1)),
                          "exists already"});
        at = end;
    }
    return fields;
}

}  // namespace

Error sqlite_error(const SqliteFailure& failure) {
    const std::string detail = detail_of(failure);
    switch (failure.extended_code) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
            return Error(Code::conflict, "it exists already", detail, fields_of(failure.explanation));
        case SQLITE_CONSTRAINT_FOREIGNKEY:
            return Error(Code::conflict, "something that it refers to does not exist, or something still refers to it", detail);
        default: break;
    }
    const int primary_code = failure.extended_code & 0xff;
    if (primary_code == SQLITE_TOOBIG) return Error(Code::invalid, "a value is too long to be stored", detail);
    if (primary_code == SQLITE_READONLY && failure.query_only) {
        return Error(Code::internal, "a read tried to change the database: use write", detail);
    }
    const std::string_view reason = trouble(primary_code);
    if (!reason.empty()) return Error(Code::unavailable, "the database " + std::string(reason), detail);
    return Error(Code::internal, "a database statement failed", detail);
}

Error sqlite_open_error(const SqliteFailure& failure) {
    std::string_view reason = trouble(failure.extended_code & 0xff);
    if (reason.empty()) reason = "cannot be opened: see the log";
    return Error(Code::unavailable, "database " + std::string(failure.file) + " " + std::string(reason), detail_of(failure));
}

}  // namespace app::db
