// One deploy at a time, whichever machine of a cluster runs it. The right to change the schema is a row, schema_lease, with an owner
// and an expiry on the database's clock; it is taken by a conditional UPDATE, for GET_LOCK and row locks hold on one node of a
// Galera cluster only. Who dies with it blocks the others for 15 s at most.
//
// A backend with transactional DDL needs none of this: there a step is one transaction under the file's own lock, and a Lease does
// nothing.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "app/db/database.hpp"

namespace app::db {

class Lease {
   public:
    static constexpr int expiry_ms = 15'000;
    static constexpr int renewal_ms = 5'000;

    // Takes it, and waits as long as another holds it; on_wait is told who does, whenever that changes: "process 17 on alpha". From
    // then on a thread renews it, on a connection of its own. The database must outlive it. Throws what writing throws.
    explicit Lease(Database& database, const std::function<void(const std::string& holder)>& on_wait = {});

    // Gives it back. Should that fail, it expires.
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    Database& database() const noexcept { return database_; }

    // Renews it, as part of the write that must not happen without it. Throws unavailable if it was lost.
    void renew(Connection& connection) const;

   private:
    bool try_take(Connection& connection) const;
    std::string holder() const;
    void keep();

    Database& database_;
    const bool needed_;
    const std::string owner_;
    std::mutex mutex_;
    std::condition_variable released_;
    bool over_ = false;
    std::thread renewer_;
};

}  // namespace app::db
