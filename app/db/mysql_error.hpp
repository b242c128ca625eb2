// MySQL's error numbers in Dewar's terms. Shared by the files of this backend only. The numbers are in mysqld_error.h and
// errmsg.h (from 2000 on: the client's own); which of them a server really sends was measured.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "app/base/error.hpp"
#include "app/db/url.hpp"

namespace app::db {

// What the library says, inside this backend: no more than its number and its words.
struct MysqlTrouble : std::runtime_error {
    unsigned number;
    MysqlTrouble(unsigned error_number, const char* words) : std::runtime_error(words), number(error_number) {}
};

// What comes of it.
class MysqlError final : public base::Error {
   public:
    MysqlError(base::Error error, unsigned number) : base::Error(std::move(error)), number_(number) {}

    unsigned number() const noexcept { return number_; }

   private:
    unsigned number_;
};

// What a failure means for the connection and its transaction.
enum class MysqlFate {
    intact,  // only the statement failed
    undone,  // the transaction is lost or must be: deadlock, lock wait; the same again may succeed
    lost     // the connection is gone, or its server serves nobody: the same may succeed on another
};

MysqlFate fate_of(unsigned number) noexcept;

// The error for a statement that failed: conflict with a field for a unique key (named after its column, as MySQL names a key
// without a name of its own; none for a primary key) and without one for a foreign key, invalid for a value that is too long
// or no text, forbidden for a right that the account lacks, unavailable for the server's troubles, else internal. SQL and MySQL's
// words, without values, are in its detail.
MysqlError mysql_error(const MysqlTrouble& trouble, std::string_view sql);

// The error for a server that could not be signed in to: unavailable, in one line with what to type; never the password.
base::Error mysql_sign_in_error(const MysqlTrouble& trouble, const Url& url, const Host& host);

// "host:port" or the socket's path, for messages.
std::string to_string(const Url& url, const Host& host);

// All of them and the database: "alpha:3306,beta:3306/blog".
std::string location_of(const Url& url);

// `name` in quotes that MySQL takes in any mode.
std::string quoted_name(std::string_view name);

// What makes the database, with exact collation.
std::string create_database_sql(std::string_view name);

// Whether a change of the schema failed because what it makes is there, or what it drops is gone.
bool is_done_already(const base::Error& error);

// Whether another host may do better: the account and the database are the same everywhere.
bool is_about_account(unsigned number) noexcept;

namespace mysql_number {

inline constexpr unsigned database_exists = 1007;
inline constexpr unsigned no_right = 1044;
inline constexpr unsigned unknown_database = 1049;
inline constexpr unsigned no_quorum = 1047;
inline constexpr unsigned not_preparable = 1295;  // such as SAVEPOINT, with MySQL 8
inline constexpr unsigned no_tls = 2026;          // CR_SSL_CONNECTION_ERROR

}  // namespace mysql_number

}  // namespace app::db
